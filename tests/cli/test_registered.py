"""What a workspace has is part of what answers hang on: a run says the same with what is kept and without."""

import os
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from envlens.cli import judging
from envlens.cli.judging import Run
from envlens.core.model.registered import Registered, RegisteredVersion
from envlens.host import cache, disk
from envlens.host.host import Host
from envlens.host.registered import RegisteredNames

from .test_cache import FILES, TEXTS, host, kept, write

JOB = "$schema: x/commandJob.schema.json\ncommand: x\nenvironment: azureml:{}\n"
# Beside those of the folders' own definitions: a name that the workspace alone has, one that nobody has, a slip.
MORE = {
    "h/job.yml": JOB.format("scoring@latest"),
    "i/job.yml": JOB.format("elsewhere:1"),
    "j/job.yml": JOB.format("scorring:2"),
    "k/job.yml": JOB.format("training:2"),
}
NAMES = ["training", "traning", "scoring", "scorings", "a", "b"]


def of(name: str, *versions: str, archived: bool = False) -> Registered:
    """An environment of a workspace; a version ends in `-` where it is archived."""
    made = (RegisteredVersion(each.rstrip("-"), f"{name}{each}", is_archived=each.endswith("-")) for each in versions)
    return Registered(name, tuple(made), archived)


def opened(folder: Path, workspace: Iterable[Registered]) -> Host:
    made = host(folder)
    made.registered = RegisteredNames(lambda: workspace)
    return made


def judged(folder: Path, workspace: Iterable[Registered], kept: cache.Cache | None) -> dict[str, object]:
    paths = [disk.normal(each) for each in disk.walk(str(folder))]
    run = Run(opened(folder, workspace), kept, (lambda: opened(folder, workspace)) if kept is not None else None)
    return {each.path: each.judgement for each in run.judge(paths, [str(folder)]) if each.source is not None}


def write_all(folder: Path) -> None:
    for name, text in {**FILES, **MORE}.items():
        write(folder, name, text)


@pytest.mark.parametrize("split_from", [2, 1000])
@pytest.mark.parametrize("seed", range(6))
def test_says_the_same_as_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, split_from: int) -> None:
    folder = (tmp_path / "project").resolve()
    write_all(folder)
    monkeypatch.setattr(judging, "SPLIT_FROM", split_from)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    chance = random.Random(seed)
    workspace: dict[str, Registered] = {}
    said = []
    for step in range(10 if split_from > 2 else 4):
        fresh = judged(folder, workspace.values(), None)
        assert judged(folder, workspace.values(), kept(folder)) == fresh, f"step {step}"
        assert judged(folder, workspace.values(), kept(folder)) == fresh, f"step {step}, from what was kept"
        said.append(fresh)
        name = chance.choice(NAMES)
        versions = [chance.choice(["1", "2", "3-", "9", "b"]) for _ in range(chance.randrange(4))]
        workspace[name] = of(name, *dict.fromkeys(versions), archived=chance.random() < 0.3)
        if chance.random() < 0.2:
            workspace.pop(chance.choice(list(workspace)))
        if chance.random() < 0.3:
            write(folder, chance.choice(list(FILES)), chance.choice(TEXTS))
    assert split_from == 2 or any(each != said[0] for each in said), "the steps matter"


def judged_anew(
    folder: Path, before: list[Registered], after: list[Registered], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The files that are judged again when a workspace is another one in the next run."""
    judged(folder, before, kept(folder))
    count: list[str] = []
    judge = Host.judge
    with monkeypatch.context() as patched:
        patched.setattr(Host, "judge", lambda self, document: (count.append(document.path), judge(self, document))[1])
        assert judged(folder, after, kept(folder)) == judged(folder, after, kept(folder))
    return sorted(os.path.relpath(each, folder) for each in count)


@pytest.mark.parametrize(
    ("after", "files"),
    [
        ([of("scoring", "1")], []),
        ([of("scoring", "1", "2")], ["h/job.yml"]),
        ([of("scoring", "1", archived=True)], ["h/job.yml"]),
        ([], ["h/job.yml", "j/job.yml"]),
        ([of("scoring", "1"), of("training", "3")], ["f/environment.yml", "g/deployment.yml", "k/job.yml"]),
        ([of("scoring", "1"), of("unheard-of", "3")], []),
        ([of("scoring", "1"), of("scorring", "3")], ["j/job.yml"]),
    ],
)
def test_only_what_hangs_on_it_is_judged_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: list[Registered], files: list[str]
) -> None:
    folder = (tmp_path / "project").resolve()
    write_all(folder)
    (folder / "f/job.yml").unlink()
    assert judged_anew(folder, [of("scoring", "1")], after, monkeypatch) == files


def test_the_first_registration_is_told_where_a_name_is_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = (tmp_path / "project").resolve()
    write_all(folder)
    assert judged_anew(folder, [], [of("unheard-of", "1")], monkeypatch) == ["f/job.yml"]


def test_nothing_is_looked_at_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = (tmp_path / "project").resolve()
    write_all(folder)
    workspace = [of("scoring", "1", "2-"), of("training", "3-")]
    first = judged(folder, workspace, kept(folder))
    monkeypatch.setattr(Host, "load", None)
    monkeypatch.setattr(Host, "judge", None)
    assert judged(folder, workspace, kept(folder)) == first
