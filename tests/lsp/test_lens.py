"""The line above each environment: where it stands, what it says, and that it keeps up with the world."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from git_maker import commit, git, needs_git, new

from .wire import BASE, CONDA, ENVIRONMENT, SCHEMA, Message, Wire, edit, range_of

LAZY: Message = {
    "workspace": {"codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}},
    "textDocument": {"codeLens": {"resolveSupport": {"properties": ["command"]}}},
}
INLINE = (
    f"{SCHEMA}name: demo\nimage: {BASE}\nconda_file:\n  channels: [conda-forge]\n  dependencies: [python=3.12, pip]\n"
)
JOB = f"""\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
jobs:
  train:
    command: python train.py
    environment:
      image: {BASE}
      conda_file: conda.yml
  score:
    command: python score.py
    environment:
      image: {BASE}
  report:
    command: python report.py
    environment: azureml:reports:1
"""
HEX = re.compile(r"[0-9a-f]{6,}")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A definition with its conda file and a job, committed."""
    commit(new(tmp_path), {"environment.yml": ENVIRONMENT, "conda.yml": CONDA, "job.yml": JOB})
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, Path]]:
    """A folder outside git, for tests that change nothing on disk."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    with Wire(folder, capabilities=LAZY) as wire:
        yield wire, folder
        assert wire.stop() == 0
        assert wire.stderr == b""


def test_stands_above_the_name(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    text = f"# 🚗\r\n{ENVIRONMENT}".replace("\n", "\r\n").replace("\r\r", "\r")
    (lens,) = wire.lenses(wire.open(folder / "a.yml", text))
    assert lens["range"] == range_of(text, "name")
    assert lens["command"]["title"].startswith("azureml_")
    (lens,) = wire.lenses(wire.open(folder / "b.yml", SCHEMA + ENVIRONMENT.replace("name: demo\n", "version: 1\n")))
    assert lens["range"]["start"] == {"line": 0, "character": 0}, "without a name above the first key"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_counts_in_the_units_of_the_client(encoding: str, tmp_path: Path) -> None:
    text = f'{{description: "🚗🚗", name: demo, image: "{BASE}"}}\n'
    capabilities = LAZY | {"general": {"positionEncodings": [encoding]}}
    with Wire(tmp_path, capabilities=capabilities, settings={"inlay-hints": True}) as wire:
        uri = wire.open(tmp_path / "environment.yml", text)
        (lens,) = wire.lenses(uri)
        assert lens["range"] == range_of(text, "name", encoding)
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        (hint,) = wire.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": whole})
        assert hint["position"] == range_of(text, text.strip(), encoding)["end"]
        assert hint["label"].startswith("envlens ")
        at = range_of(text, "name", encoding)["start"]
        assert "envlens `" in wire.hover(uri, at["line"], at["character"])


def test_a_job_has_one_for_each_definition(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    lenses = wire.lenses(wire.open(folder / "job.yml", JOB))
    assert [JOB.split("\n")[each["range"]["start"]["line"]].strip() for each in lenses] == ["environment:"] * 2
    assert [each["command"]["arguments"][0]["at"] for each in lenses] == [
        ["jobs", "train", "environment"],
        ["jobs", "score", "environment"],
    ]
    first, second = (each["command"]["title"] for each in lenses)
    assert first.startswith("azureml_")
    assert second.startswith("envlens "), "never presented as Azure's"


def test_a_definition_and_the_same_in_a_job_agree(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    own = wire.titles(wire.open(folder / "environment.yml", ENVIRONMENT))
    assert own == wire.titles(wire.open(folder / "other.yml", JOB))[:1]


def test_without_git(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    (lens,) = wire.lenses(wire.open(folder / "environment.yml", ENVIRONMENT))
    assert re.fullmatch(r"azureml_[0-9a-f]{6}… · predicted", lens["command"]["title"])
    assert lens["command"]["command"] == "envlens.showHash"


def test_a_conda_file_has_its_key(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    assert re.fullmatch(
        r"conda key azureml_[0-9a-f]{6}… · predicted", *wire.titles(wire.open(folder / "conda.yml", CONDA))
    )
    assert wire.titles(wire.open(folder / "conda.yaml", "dependencies: [python\n")) == []


def test_a_v1_definition_has_it_on_the_first_line(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    text = '{\n  "name": "old", "docker": {"baseImage": null, "baseDockerfile": "FROM x\\n"}\n}\n'
    (lens,) = wire.lenses(wire.open(folder / "v1" / "azureml_environment.json", text, language="json"))
    assert lens["range"]["start"] == {"line": 0, "character": 0}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docker-compose.yml", "services:\n  web:\n    image: nginx\n    environment:\n      A: b\n"),
        ("Dockerfile", f"FROM {BASE}\n"),
        ("requirements.txt", "numpy\n"),
        ("job2.yml", JOB[: JOB.index("  train")] + JOB[JOB.index("  report") :]),
    ],
)
def test_other_files_have_none(name: str, text: str, shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    assert wire.titles(wire.open(folder / name, text)) == []


UNTOLD = {
    "broken": (INLINE + "image: [\n", "the file cannot be read as YAML"),
    "windows": (INLINE + "os_type: windows\n", "of Windows images no key is known"),
    "no conda file": (ENVIRONMENT.replace("conda.yml", "no.yml"), "the conda file 'no.yml' does not exist"),
}


@pytest.mark.parametrize("case", UNTOLD)
def test_without_a_hash_it_says_why(case: str, shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    text, reason = UNTOLD[case]
    assert wire.titles(wire.open(folder / "environment.yml", text)) == [f"no predicted hash: {reason}"]


def test_a_credential_inside_shows_nothing(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    text = INLINE.replace("channels: [", 'channels: ["https://user:hunter2-swordfish@x.org/a", ')
    uri = wire.open(folder / "environment.yml", text)
    (lens,) = wire.lenses(uri)
    assert lens["command"]["title"] == "no predicted hash: it holds a credential"
    commands = ("envlens.showHash", "envlens.compare")
    shown = [wire.run(command, *lens["command"]["arguments"])["text"] for command in commands]
    for each in (*shown, wire.hover(uri, 1, 1)):
        assert "credential" in each
        assert "hunter2" not in each
        assert not HEX.search(each.replace(str(folder), ""))


def test_half_typed_text_never_fails(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    uri = wire.open(folder / "environment.yml", INLINE)
    for version, end in enumerate(range(len(INLINE), 0, -7), 2):
        wire.change(uri, version, INLINE[:end])
        for title in wire.titles(uri):
            assert title
    wire.change(uri, 1000, INLINE)
    assert wire.titles(uri)[0].startswith("azureml_")


def test_a_line_that_is_gone_does_no_harm(shared: tuple[Wire, Path]) -> None:
    wire, folder = shared
    uri = wire.open(folder / "job.yml", JOB)
    before = wire.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    wire.change(uri, 2, JOB[: JOB.index("  score")])
    first, second = (wire.request("codeLens/resolve", each)["command"] for each in before)
    assert first["title"].startswith("azureml_")
    assert second == {"title": "…", "command": ""}
    for data in (None, 7, [], {}, {"uri": 7, "at": 7}, {"uri": uri, "at": [7]}, {"uri": "file:///%00", "at": []}):
        answer = wire.request("codeLens/resolve", {"range": before[0]["range"], "data": data})
        assert answer["command"]["command"] == ""


def test_without_resolve_they_come_whole(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities={}) as wire:
        uri = wire.open(tmp_path / "environment.yml", INLINE)
        lens, *_ = wire.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert lens["command"]["title"].startswith("azureml_")
        assert wire.capabilities["codeLensProvider"] == {"resolveProvider": True}


@pytest.mark.parametrize("method", ["textDocument/codeLens", "textDocument/hover", "textDocument/inlayHint"])
def test_findings_go_out_first(method: str, shared: tuple[Wire, Path]) -> None:
    """Whoever asks in the same breath as an edit does not keep its findings waiting."""
    wire, folder = shared
    uri = wire.open(folder / "environment.yml", INLINE)
    wire.settle()
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    for version in range(2, 12):
        wire.change(uri, version, f"{INLINE}# {version}\n")
        wire.request(method, {"textDocument": {"uri": uri}, "position": whole["start"], "range": whole})
        assert wire.published(uri)[-1]["version"] == version


def test_a_text_without_a_file(shared: tuple[Wire, Path]) -> None:
    wire, _ = shared
    uri = wire.open("untitled:Untitled-1", INLINE)
    (lens,) = wire.lenses(uri)
    assert lens["command"]["title"].endswith(" · predicted")
    page = wire.run("envlens.showHash", *lens["command"]["arguments"])
    assert wire.request("envlens/document", {"uri": page["uri"]})["text"] == page["text"]


@needs_git
def test_against_head(repository: Path) -> None:
    with Wire(repository, capabilities=LAZY) as wire:
        uri = wire.open(repository / "environment.yml")
        (lens,) = wire.lenses(uri)
        assert re.fullmatch(r"azureml_[0-9a-f]{6}… · as in HEAD", lens["command"]["title"])
        assert lens["command"]["command"] == "envlens.showHash"

        conda = wire.open(repository / "conda.yml")
        changed = CONDA.replace("  - python=3.12\n  - pip=24.3.1\n", "  - pip=24.3.2\n  - python=3.12\n  - numpy\n")
        wire.change(conda, 2, changed)
        wire.until(lambda: wire.asked_for("workspace/codeLens/refresh"), "the client is told that it changed")
        (lens,) = wire.lenses(uri)
        assert re.fullmatch(
            r"azureml_[0-9a-f]{6}… · another image: pip 24\.3\.1 → 24\.3\.2, numpy added and 1 more",
            lens["command"]["title"],
        ), "unsaved text counts"
        assert lens["command"]["command"] == "envlens.compare"
        refreshed = len(wire.asked_for("workspace/codeLens/refresh"))

        wire.change(uri, 2, edit(ENVIRONMENT, "name: demo", "name: other"))
        wire.change(conda, 3, CONDA)
        assert wire.titles(uri)[0].endswith(" · as in HEAD"), "names never count"

        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": f"{uri}.txt", "type": 1}]})
        wire.settle()
        time.sleep(0.5)
        assert len(wire.asked_for("workspace/codeLens/refresh")) <= refreshed + 1, "only where it says something else"

        new_file = wire.open(repository / "new.yml", ENVIRONMENT)
        assert wire.titles(new_file)[0].endswith(" · not in HEAD")
        assert wire.stop() == 0
        assert wire.stderr == b""


@needs_git
def test_rules_are_told_what_stood_at_head(repository: Path) -> None:
    commit(repository, {"environment.yml": f'{ENVIRONMENT}version: "3"\n'})
    with Wire(repository, capabilities=LAZY) as wire:
        text = f'{ENVIRONMENT}version: "3"\n'.replace("20251130", "20251230")
        uri = wire.open(repository / "environment.yml", text)
        wire.until(lambda: "definition-changed-same-version" in wire.rules(uri), "the rule speaks")
        wire.change(uri, 2, text.replace('"3"', '"4"'))
        assert "definition-changed-same-version" not in wire.rules(uri)
        wire.change(uri, 3, text)
        commit(repository, {"environment.yml": text})
        assert wire.titles(uri)[0].endswith(" · as in HEAD")
        wire.until(lambda: "definition-changed-same-version" not in wire.rules(uri), "HEAD is another one")


def test_what_is_excluded_has_none(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities=LAZY, settings={"exclude": ["old/"], "inlay-hints": True}) as wire:
        uri = wire.open(tmp_path / "old" / "environment.yml", INLINE)
        assert wire.titles(uri) == []


@needs_git
def test_head_that_moves(repository: Path) -> None:
    with Wire(repository, capabilities=LAZY) as wire:
        uri = wire.open(repository / "environment.yml", ENVIRONMENT.replace("20251130", "20251230"))
        assert ": base image 20251130.v1 → 20251230.v1" in wire.titles(uri)[0]
        commit(repository, {"environment.yml": ENVIRONMENT.replace("20251130", "20251230")})
        assert wire.titles(uri)[0].endswith(" · as in HEAD"), "noticed when asked"
        git(repository, "reset", "-q", "--soft", "HEAD~1")
        before = len(wire.asked_for("workspace/codeLens/refresh"))
        log = (repository / ".git" / "logs" / "HEAD").as_uri()
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": log, "type": 2}]})
        wire.until(lambda: len(wire.asked_for("workspace/codeLens/refresh")) > before, "and when git says so")
        assert "another image" in wire.titles(uri)[0]


@needs_git
def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    with Wire(new(tmp_path), capabilities=LAZY) as wire:
        uri = wire.open(tmp_path / "environment.yml", INLINE)
        assert wire.titles(uri)[0].endswith(" · predicted")
        assert "Not compared with HEAD" in wire.hover(uri, 1, 1)


@needs_git
def test_a_new_definition_is_not_taken_for_another(repository: Path) -> None:
    """The only definition of HEAD stands where it stood: one that came beside it is new."""
    one = JOB[: JOB.index("  score")]
    commit(repository, {"job.yml": one})
    with Wire(repository, capabilities=LAZY) as wire:
        first, second = wire.titles(wire.open(repository / "job.yml", JOB[: JOB.index("  report")]))
        assert first.endswith(" · as in HEAD")
        assert second.endswith(" · not in HEAD")


def test_hints_are_off_unless_wanted(tmp_path: Path) -> None:
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    with Wire(tmp_path, capabilities=LAZY) as wire:
        uri = wire.open(tmp_path / "environment.yml", INLINE)
        params: dict[str, Any] = {"textDocument": {"uri": uri}, "range": whole}
        assert not wire.request("textDocument/inlayHint", params)
        wire.notify("workspace/didChangeConfiguration", {"settings": {"envlens": {"inlay-hints": True}}})
        wire.until(lambda: wire.asked_for("workspace/inlayHint/refresh"), "the client is told to ask again")
        (hint,) = wire.request("textDocument/inlayHint", params)
        assert hint["position"] == {"line": 1, "character": len("name: demo")}
        assert re.fullmatch(r"azureml_[0-9a-f]{6}…", hint["label"])
        assert hint["tooltip"].startswith("azureml/azureml_")
