"""What a real engine, Docker 20.10, makes of the cases of `tests/dockerfiles`, beside what our parser says."""

from __future__ import annotations

import io
import os
import re
import subprocess
from typing import NamedTuple

import case_reader
import docker
import pytest

from editors.toolbox import UnavailableError, provide
from envlens.core.syntax.dockerfile import DockerfileTree, Problem, ProblemKind, parse, substitute

from .docker_engine import CLIENT, Engine

CASES = {case.name: case for case in case_reader.read()}
TREES = {name: parse(case.text) for name, case in CASES.items()}
# A stage that no file has: the engine reads the file and says so, before it builds anything.
NOWHERE = "nowhere"
UNKNOWN_STAGE = re.compile(rf"build target {NOWHERE}|target stage {NOWHERE} could not be found")

# Where 20.10 says otherwise. We read as Docker does now.
OTHERWISE = {
    "a check directive twice": "`# check=` is a directive from Dockerfile 1.8 on",
    "only ARG": "a file without a stage is read, and its build ends the engine",
    "only a comment and ARG": "a file without a stage is read, and its build ends the engine",
}
# The classic builder reads `RUN --mount`, and refuses it as it is built.
READ_BUT_NOT_BUILT = {"--mount"}
NEWER_SUBSTITUTIONS = {"ENV that refers to others": "`${name#pattern}` came with Dockerfile 1.7"}
# It would get a newer parser out of an image registry, and there is none here.
WANTS_AN_IMAGE = {"syntax and escape directives"}


class Refusal(NamedTuple):
    """What an engine said, and the line that it named."""

    line: int | None
    message: str


@pytest.fixture(scope="module")
def docker_20(engine: Engine) -> Engine:
    """The engine, if it is the one that the differences are listed of."""
    return provide("Docker 20.10", lambda: check(engine))


def check(engine: Engine) -> Engine:
    if not engine.version.startswith("20.10."):
        raise UnavailableError(f"this is {engine.version}, of which nobody has looked through the differences")
    return engine


def classic(engine: Engine, text: str, target: str = NOWHERE) -> Refusal | None:
    """What the classic builder says of a file; None where it reads it."""
    file = io.BytesIO(text.encode())
    said = ""
    try:
        for step in engine.client.api.build(fileobj=file, target=target, rm=True, forcerm=True, decode=True):
            said = step.get("error", said)
    except docker.errors.APIError as error:
        said = str(error.explanation)
    return refusal(said)


def buildkit(engine: Engine, text: str, target: str = NOWHERE) -> Refusal | None:
    """What BuildKit says of a file; None where it reads it."""
    environment = {**os.environ, "DOCKER_HOST": engine.address, "DOCKER_BUILDKIT": "1"}
    command = [CLIENT, "build", "--progress=plain", f"--target={target}", "-"]
    done = subprocess.run(command, input=text.encode(), env=environment, capture_output=True, check=False)
    return refusal(done.stderr.decode().strip().rpartition("\n")[2] if done.returncode else "")


def refusal(said: str) -> Refusal | None:
    if not said or UNKNOWN_STAGE.search(said):
        return None
    line = re.search(r"parse error (?:on )?line (\d+)", said)
    return Refusal(int(line[1]) if line else None, said)


def is_found_while_building(problem: Problem) -> bool:
    """Whether the file is read, and refused only when variables are put in."""
    return problem.kind is ProblemKind.UNREADABLE_WORD


def is_only_refused_when_built(tree: DockerfileTree) -> bool:
    """Whether the classic builder reads the file, though it does not know all that is in it."""
    return {what for _, what in tree.needs_buildkit} == READ_BUT_NOT_BUILT


def agree(name: str, theirs: Refusal | None) -> None:
    """An engine refuses what we refuse first, at the same line or, where it names none, in the same words."""
    text, problems = CASES[name].text, TREES[name].problems
    if theirs is None or not problems:
        assert (theirs, problems) == (None, ())
        return
    first = problems[0]
    if theirs.line is not None:
        assert theirs.line == text.count("\n", 0, first.span.start) + 1, theirs.message
    else:
        # How it names an unreadable word's mistake differs from version to version.
        words = first.message.partition('": ')[0] if is_found_while_building(first) else first.message
        assert words in theirs.message


def telling() -> list[str]:
    """The cases that something is said of, and a third of the others."""
    said = [name for name, tree in TREES.items() if tree.problems or tree.needs_buildkit]
    return said + [name for name in TREES if name not in said][::3]


@pytest.mark.parametrize("name", telling())
def test_the_classic_builder_reads_as_we_do(docker_20: Engine, name: str) -> None:
    tree = TREES[name]
    target = "" if any(map(is_found_while_building, tree.problems)) else NOWHERE
    theirs = classic(docker_20, CASES[name].text, target)
    if name in OTHERWISE:
        assert (theirs is None) == bool(tree.problems), "no difference any more: take it off the list"
    elif tree.needs_buildkit:
        assert (theirs is None) == is_only_refused_when_built(tree)
    else:
        agree(name, theirs)


def samples() -> list[str]:
    """Cases for BuildKit, whose answers take longer: one for each kind of problem, some without, and its own flags."""
    plain = {name: tree for name, tree in TREES.items() if name not in OTHERWISE and name not in WANTS_AN_IMAGE}
    broken = {tree.problems[0].kind: name for name, tree in plain.items() if tree.problems and not tree.needs_buildkit}
    good = [name for name, tree in plain.items() if not tree.problems and not tree.needs_buildkit]
    return [*broken.values(), *good[::15], *(name for name, tree in plain.items() if is_only_refused_when_built(tree))]


@pytest.mark.parametrize("name", samples())
def test_buildkit_reads_as_we_do(docker_20: Engine, name: str) -> None:
    target = "" if any(map(is_found_while_building, TREES[name].problems)) else NOWHERE
    agree(name, buildkit(docker_20, CASES[name].text, target))


def sets_values(name: str) -> bool:
    """Whether an image can be made of it without running anything, and has values to look at."""
    tree = TREES[name]
    if name in NEWER_SUBSTITUTIONS or tree.problems:
        return False
    keywords = {each.keyword for each in tree.instructions}
    starts_empty = all(stage.image is not None and stage.image.text == "scratch" for stage in tree.stages)
    return starts_empty and keywords <= {"FROM", "ENV", "LABEL"} and keywords != {"FROM"}


@pytest.mark.parametrize("name", list(filter(sets_values, CASES)))
def test_an_image_gets_the_values_that_we_read(docker_20: Engine, name: str) -> None:
    text, tree = CASES[name].text, TREES[name]
    image, _ = docker_20.client.images.build(fileobj=io.BytesIO(text.encode()), rm=True, forcerm=True)
    environment: dict[str, str | None] = {}
    labels: dict[str, str | None] = {}
    for it in tree.instructions:
        before = dict(environment)  # an instruction does not see what it sets
        made = labels if it.keyword == "LABEL" else environment
        for each in it.assignments:
            value = each.value.text if each.value is not None else ""
            made[substitute(each.name.text, before, tree.escape) or ""] = substitute(value, before, tree.escape)
    built = docker_20.client.api.inspect_image(image.id)["Config"]
    theirs = dict(each.partition("=")[::2] for each in built["Env"])
    assert {"PATH": theirs["PATH"], **environment} == theirs
    assert labels == (built["Labels"] or {})
