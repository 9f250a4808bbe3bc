"""What is kept of earlier runs never shows: a run says the same with it and without, whatever changed in between."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from envlens.cli import judging
from envlens.cli.judging import Run
from envlens.core.settings import Settings
from envlens.host import cache, cache_folder, catalogue, disk
from envlens.host.host import Base, Host
from fixture_reader import TODAY, raising

BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
FILES = {
    "a/environment.yml": f"{SCHEMA}name: a\nimage: {BASE}\nconda_file: deps.yml\n",
    "a/deps.yml": "channels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy\n",
    "b/environment.yml": f"{SCHEMA}name: b\nbuild:\n  path: ctx\n",
    "b/ctx/Dockerfile": f"FROM {BASE}\nCOPY src /src\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
    "b/ctx/requirements.txt": "-r more.txt\npandas\n",
    "b/ctx/more.txt": "scipy\n",
    "b/ctx/src/main.py": "",
    "c/job.yml": f"type: command\ncommand: x\nenvironment:\n  image: {BASE}\n  conda_file: ../a/deps.yml\n",
    "d/conda.yml": "channels: [conda-forge]\ndependencies: [numpy]\n",
    "e/docker-compose.yml": "services: {}\n",
    # By name: who is called so, what that holds, and who uses what, all count.
    "f/job.yml": "$schema: x/commandJob.schema.json\ncommand: x\nenvironment: azureml:traning:1\n",
    "f/environment.yml": f"{SCHEMA}name: training\nversion: '3'\nimage: {BASE}\nconda_file: deps.yml\n",
    "f/deps.yml": "channels: [conda-forge]\ndependencies: [python=3.12, numpy]\n",
    "g/deployment.yml": "$schema: x/managedOnlineDeployment.schema.json\nname: a\nendpoint_name: a\n"
    "code_configuration: {code: x, scoring_script: y}\nenvironment: azureml:training:3\n",
}
# What a person, a tool or a merge may do to a folder between two runs.
TEXTS = [
    "",
    "numpy\n",
    "channels: [conda-forge]\ndependencies: [numpy=1, pip, {pip: [x]}]\n",
    f"{SCHEMA}name: b\nbuild: {{path: ., dockerfile_path: ../b/ctx/Dockerfile}}\n",
    f"{SCHEMA}name: b\nbuild: {{path: ../b/ctx}}\n",
    f"{SCHEMA}name: AzureML-x\nimage: {BASE}\nconda_file: ../d/conda.yml\n",
    "FROM python\nRUN pip install -r requirements.txt torch\nCOPY . /x\nRUN pip install -r /x/more.txt\n",
    f"{SCHEMA}name: b\nbuild: {{path: ctx}}\nos_type: windows\n",  # which has no hash
    "pandas=2\n",
    f"{SCHEMA}name: training\nversion: 4\nimage: {BASE}\nconda_file: ../f/deps.yml\n",
    f"{SCHEMA}name: traning\nimage: {BASE}\n",
    "channels: [conda-forge]\ndependencies: [python=3.12, azureml-inference-server-http=1.4]\n",
    "$schema: x/commandJob.schema.json\ncommand: x\nenvironment: azureml:training:9\n",
    "services: {}\n",
    "*.txt\n",
    "src\n!src/main.py\n",
]
NAMES = [
    *FILES,
    "b/ctx/.dockerignore",
    "b/ctx/.amlignore",
    "b/ctx/.gitignore",
    "a/conda.yml",
    "b/Dockerfile",
    "d/x.yml",
]


def write(folder: Path, name: str, text: str) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def host(folder: Path, settings: Settings | None = None) -> Host:
    base = Base(str(folder), settings or Settings())
    made = Host(catalogue.load_facts(TODAY), raising, disk.Roots([str(folder)]), lambda _: base)
    made.says_effects = True
    return made


def judged(folder: Path, kept: cache.Cache | None, settings: Settings | None = None) -> dict[str, object]:
    paths = [disk.normal(each) for each in disk.walk(str(folder))]
    run = Run(host(folder, settings), kept)
    return {each.path: each.judgement for each in run.judge(paths, [str(folder)]) if each.source is not None}


def kept(folder: Path) -> cache.Cache:
    return cache.Cache(str(folder), "run")


@pytest.mark.parametrize("seed", range(10))
def test_says_the_same_as_without(tmp_path: Path, seed: int) -> None:
    folder = (tmp_path / "project").resolve()
    for name, text in FILES.items():
        write(folder, name, text)
    chance = random.Random(seed)
    for step in range(10):
        fresh = judged(folder, None)
        assert judged(folder, kept(folder)) == fresh, f"step {step}"
        assert judged(folder, kept(folder)) == fresh, f"step {step}, from what was kept"
        name = chance.choice(NAMES)
        if chance.random() < 0.3 and (folder / name).exists():
            (folder / name).unlink()
        else:
            write(folder, name, chance.choice([*TEXTS, FILES.get(name, "")]))


def test_nothing_is_judged_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        write(tmp_path, name, text)
    first = judged(tmp_path, kept(tmp_path))
    count: list[str] = []
    judge = Host.judge
    monkeypatch.setattr(Host, "judge", lambda self, document: (count.append(document.path), judge(self, document))[1])
    assert judged(tmp_path, kept(tmp_path)) == first
    assert count == []
    write(tmp_path, "b/ctx/more.txt", "scipy\nscikit-learn\n")
    judged(tmp_path, kept(tmp_path))
    shown = [os.path.relpath(each, tmp_path) for each in count]
    assert sorted(shown) == ["b/ctx/more.txt", "b/ctx/requirements.txt"], "the file, and the one that includes it"


def test_other_settings_are_another_answer(tmp_path: Path) -> None:
    write(tmp_path, "environment.yml", f"{SCHEMA}name: a\nimage: ubuntu\n")
    strict = judged(tmp_path, kept(tmp_path))
    quiet = Settings(ignore=frozenset({"image-no-tag-or-digest"}))
    assert judged(tmp_path, kept(tmp_path), quiet) != strict
    assert judged(tmp_path, kept(tmp_path)) == strict


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("b/environment.yml", f"{SCHEMA}name: b\nbuild: {{path: ctx}}\nos_type: windows\n"),
        ("b/environment.yml", f"{SCHEMA}name: b\nbuild: {{path: .}}\n"),
        ("b/environment.yml", "services: {}\n"),
        ("b/ctx/.amlignore", "conda.yml\n"),
    ],
)
def test_what_a_file_is_to_definitions_counts(name: str, text: str, tmp_path: Path) -> None:
    files = {each: FILES[each] for each in ("b/environment.yml", "b/ctx/Dockerfile")}
    idle = "channels: [conda-forge]\ndependencies: [python=3.12]  # envlens: ignore[unpinned-dependency]\n"
    for each, content in {**files, "b/ctx/conda.yml": idle}.items():
        write(tmp_path, each, content)
    before = judged(tmp_path, kept(tmp_path))
    assert before == judged(tmp_path, kept(tmp_path)) == judged(tmp_path, None)
    write(tmp_path, name, text)
    after = judged(tmp_path, kept(tmp_path))
    assert after == judged(tmp_path, None)
    path = str(tmp_path / "b/ctx/conda.yml")
    assert (after[path] == before[path]) is ("path: ." in text)


def spoil_text(path: Path) -> None:
    path.write_text("no JSON", encoding="utf-8")


def spoil_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_shape(path: Path) -> None:
    path.write_text(json.dumps({"run": "run", "answers": [1]}), encoding="utf-8")


def spoil_answers(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    for number, name in enumerate(data["answers"]):
        data["answers"][name] = [None, 1, [], {}, "x", [*data["answers"][name], 1]][number % 6]
    path.write_text(json.dumps(data), encoding="utf-8")


def spoil_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [spoil_text, spoil_half, spoil_shape, spoil_answers, spoil_folder])
def test_a_spoilt_cache_is_no_cache(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    folder = (tmp_path / "project").resolve()
    for name, text in FILES.items():
        write(folder, name, text)
    fresh = judged(folder, kept(folder))
    (stored,) = (each for each in Path(cache_folder.home()).iterdir() if each.stat().st_mtime >= folder.stat().st_mtime)
    spoil(stored)
    assert judged(folder, kept(folder)) == fresh


@pytest.mark.parametrize("split_from", [2, 10])
def test_shares_of_other_processes_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, split_from: int
) -> None:
    for number in range(6):
        for name, text in FILES.items():
            write(tmp_path, f"{number}/{name}", text)
    alone = judged(tmp_path, None)
    monkeypatch.setattr(judging, "SPLIT_FROM", split_from)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    paths = [disk.normal(each) for each in disk.walk(str(tmp_path))]
    run = Run(host(tmp_path), None, lambda: host(tmp_path))
    shared = {each.path: each.judgement for each in run.judge(paths, [str(tmp_path)]) if each.source is not None}
    assert shared == alone


def command(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "envlens", "lint", "--format", "json", "--as-of", "2026-11-21", *options]
    return subprocess.Popen(line, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_runs_at_the_same_time(tmp_path: Path) -> None:
    for name, text in FILES.items():
        write(tmp_path, name, text)
    running = [command(tmp_path) for _ in range(6)]
    outputs = [each.communicate(timeout=60) for each in running]
    assert {each.returncode for each in running} == {0}
    assert len(set(outputs)) == 1
    again = command(tmp_path).communicate(timeout=60)
    without = command(tmp_path, "--no-cache").communicate(timeout=60)
    assert again == without == outputs[0]


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "project/environment.yml", f"{SCHEMA}name: a\nimage: ubuntu\n")
    write(tmp_path, "file", "")
    monkeypatch.setenv("ENVLENS_CACHE_DIR", str(tmp_path / "file" / "below"))
    process = command(tmp_path / "project")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    assert len(json.loads(output)["findings"]) == 1


def test_it_is_the_users_own(tmp_path: Path) -> None:
    write(tmp_path, "environment.yml", f"{SCHEMA}name: a\nimage: ubuntu\n")
    judged(tmp_path, kept(tmp_path))
    home = Path(cache_folder.home())
    assert home.stat().st_mode & 0o077 == 0
    assert all(each.stat().st_mode & 0o077 == 0 for each in home.iterdir() if each.is_file())
    assert not any(each.name.startswith(".") for each in home.iterdir()), "nothing half written is left"


def split(folder: Path, kept: cache.Cache | None) -> dict[str, object]:
    paths = [disk.normal(each) for each in disk.walk(str(folder))]
    run = Run(host(folder), kept, lambda: host(folder))
    return {each.path: each.judgement for each in run.judge(paths, [str(folder)]) if each.source is not None}


def many(folder: Path) -> None:
    for number in range(4):
        for name, text in FILES.items():
            write(folder, f"{number}/{name}", text)


def test_what_other_processes_looked_at_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = (tmp_path / "project").resolve()
    many(folder)
    monkeypatch.setattr(judging, "SPLIT_FROM", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    first = split(folder, kept(folder))
    assert kept(folder).record is not None
    changes = {"2/b/ctx/.dockerignore": "*.txt\n", "3/b/ctx/src": None, "0/a/deps.yml": None}
    for name, text in changes.items():
        if text is not None:
            write(folder, name, text)
        elif (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink()
        fresh = judged(folder, None)
        assert split(folder, kept(folder)) == fresh != first, name
        assert split(folder, kept(folder)) == fresh, name
        first = fresh


def test_nothing_is_looked_at_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = (tmp_path / "project").resolve()
    many(folder)
    first = judged(folder, kept(folder))
    monkeypatch.setattr(Host, "load", None)
    monkeypatch.setattr(Host, "judge", None)
    assert judged(folder, kept(folder)) == first


def test_an_answer_of_another_run_ends_the_record(tmp_path: Path) -> None:
    """A run over a part of the folder judges a file anew while another one is changed; then that one is as it was."""
    folder = (tmp_path / "project").resolve()
    for name, text in FILES.items():
        write(folder, name, text)
    first = judged(folder, kept(folder))
    write(folder, "a/deps.yml", "channels: [conda-forge]\n")
    part = [disk.normal(str(folder / "c" / "job.yml"))]
    list(Run(host(folder), kept(folder)).judge(part, [str(folder)]))
    write(folder, "a/deps.yml", FILES["a/deps.yml"])
    assert judged(folder, kept(folder)) == first


def test_a_link_is_no_record(tmp_path: Path) -> None:
    folder = (tmp_path / "project").resolve()
    for name, text in FILES.items():
        write(folder, name, text)
    (folder / "a" / "deps.yml").unlink()
    (folder / "a" / "deps.yml").symlink_to("../d/conda.yml")
    fresh = judged(folder, None)
    assert judged(folder, kept(folder)) == fresh == judged(folder, kept(folder))
    assert kept(folder).record is None, "what a link leads to is not in any folder's list"
    (folder / "a" / "deps.yml").unlink()
    (folder / "a" / "deps.yml").symlink_to("../b/ctx/more.txt")
    assert judged(folder, kept(folder)) == judged(folder, None) != fresh


STEPS: list[tuple[str, str | None]] = [
    ("envlens.toml", 'ignore = ["unpinned-dependency"]\n'),
    ("a/envlens.toml", 'exclude = ["deps.yml"]\n'),
    ("a/envlens.toml", None),
    ("envlens.toml", 'include = ["docker-compose.yml"]\n'),
    ("envlens.toml", None),
    (".gitignore", "b/\n"),
    (".gitignore", None),
    ("b/ctx/Dockerfile.dockerignore", "src\n"),
    ("b/ctx/Dockerfile.dockerignore", None),
    ("a/deps.yml", None),
    ("a/deps.yaml", FILES["a/deps.yml"]),
    ("a/deps.yml", FILES["a/deps.yml"]),
    ("f/environment.yml", f"{SCHEMA}name: f\nbuild: {{path: ../b/ctx}}\n"),
    ("b/ctx/src/main.py", None),
    ("b/ctx/Src/main.py", ""),
    ("pyproject.toml", '[tool.envlens]\nselect = ["image-latest-tag", "unpinned-dependency"]\n'),
]


def test_the_command_says_the_same_as_without(tmp_path: Path) -> None:
    folder = (tmp_path / "project").resolve()
    (folder / ".git").mkdir(parents=True)
    for name, text in FILES.items():
        write(folder, name, text)
    said = []
    for name, content in STEPS:
        if content is None:
            (folder / name).unlink()
        else:
            write(folder, name, content)
        outputs = [command(folder, *each).communicate(timeout=60) for each in ([], [], ["--no-cache"])]
        assert outputs[0] == outputs[1] == outputs[2], (name, content)
        said.append(outputs[0])
    assert sum(before != after for before, after in pairwise(said)) > len(STEPS) // 2, "the steps matter"
