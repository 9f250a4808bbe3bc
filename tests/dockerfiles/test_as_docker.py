"""Our reading of a Dockerfile beside that of Docker's own Go parser, of hadolint, and of what the cases say."""

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import case_reader
import docker_reader
import docker_texts
import pytest

from envlens.core.syntax.dockerfile import ProblemKind, parse

CASES = {case.name: case for case in case_reader.read()}
GENERATED = docker_texts.make(600, seed=20)
# The package `dockerfile` holds BuildKit 0.12 (2024). We read as Docker does now.
NEWER = {
    "a blank before the name": "`<< EOF` is a heredoc from Dockerfile 1.16 on",
    "text behind a list": "up to Dockerfile 1.9 what stands behind a JSON list was not looked at",
    "a check directive twice": "`# check=` is a directive from Dockerfile 1.8 on",
}
# Its Go code reads flags byte by byte, and takes each for a character.
BYTEWISE = {"a flag with letters that are not ASCII"}
CRASHES_HADOLINT = {"an empty list to COPY"}


def is_newer(text: str) -> bool:
    """Whether a generated text has something in it that `NEWER` or `BYTEWISE` tells of."""
    joined = re.sub(r"[\\`][ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*", "", text)
    return bool(re.search(r"<<[ \t\r]|\[.*\][^\n]*\S|--[^\n]*[^\x00-\x7f]", joined))


@pytest.mark.parametrize("name", CASES)
def test_reads_as_docker(name: str) -> None:
    text = CASES[name].text
    if name in NEWER or name in BYTEWISE:
        assert docker_reader.ours(text) != docker_reader.theirs(text), "no difference any more: take it off the list"
    else:
        assert docker_reader.ours(text) == docker_reader.theirs(text)


def test_reads_generated_texts_as_docker() -> None:
    compared = [text for text in GENERATED if not is_newer(text)]
    assert len(compared) > 400
    read = [docker_reader.theirs(text) for text in compared]
    # Neither all good nor all broken: else it would compare little.
    assert 50 < sum(each is None for each in read) < len(compared) - 50
    for text, theirs in zip(compared, read, strict=True):
        assert docker_reader.ours(text) == theirs, text


def say(text: str) -> list[str]:
    tree = parse(text)
    said = [f"{text.count(chr(10), 0, each.span.start) + 1}: {each.kind}: {each.message}" for each in tree.problems]
    return said + [f"needs BuildKit: {what}" for _, what in tree.needs_buildkit]


@pytest.fixture(scope="session")
def hadolint(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether hadolint reads a case. It knows less of what Docker refuses, and not all that Docker reads."""
    folder = tmp_path_factory.mktemp("cases")
    program = shutil.which("hadolint", path=sysconfig.get_path("scripts")) or shutil.which("hadolint")
    assert program, "hadolint is missing: install the development dependencies"
    names = [name for name in CASES if name not in CRASHES_HADOLINT]
    for number, name in enumerate(names):
        (folder / str(number)).write_text(CASES[name].text, encoding="utf-8", newline="")
    files = [str(folder / str(number)) for number in range(len(names))]
    done = subprocess.run([program, "--format", "json", "--no-fail", *files], capture_output=True, check=True)
    refused = {int(Path(each["file"]).name) for each in json.loads(done.stdout) if each["code"] == "DL1000"}
    return {name: number not in refused for number, name in enumerate(names)}


def test_says_what_is_expected(update: bool, hadolint: dict[str, bool]) -> None:
    """`hadolint …` stands where its verdict is not ours; `tests/engine` asks Docker itself."""
    found = []
    for name, case in CASES.items():
        said = say(case.text)
        reads = not any(not each.startswith("needs") for each in said)
        if hadolint.get(name, reads) != reads:
            said.append("hadolint refuses it" if reads else "hadolint reads it")
        found.append(case._replace(expected=said))
    if update:
        case_reader.write(found)
    else:
        assert {case.name: case.expected for case in found} == {name: case.expected for name, case in CASES.items()}


def test_hadolint_is_some_use(hadolint: dict[str, bool]) -> None:
    agreed = sum(
        reads != any(": " in line and line[0].isdigit() for line in CASES[name].expected)
        for name, reads in hadolint.items()
    )
    assert agreed > 120


def test_there_are_cases_of_each_kind() -> None:
    told = {line.split(": ")[1] for case in CASES.values() for line in case.expected if line[0].isdigit()}
    assert {kind.value for kind in ProblemKind} - told == {"line-too-long"}


def test_a_line_that_is_too_long() -> None:
    for length in (65_535, 65_536):
        text = "FROM a\nRUN ".ljust(length + len("FROM a\n"), "x") + "\n"
        assert (docker_reader.theirs(text) is None) == (length == 65_536)
        assert docker_reader.ours(text) == docker_reader.theirs(text)
