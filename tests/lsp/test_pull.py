"""Findings that a client asks for: of one file, of the folder, and what is said of what has not changed."""

from pathlib import Path
from typing import Any

from .wire import BASE, CONDA, ENVIRONMENT, SCHEMA, Message, Wire

PULLING: Message = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
WRONG = f"{SCHEMA}name: demo\nimage: {BASE}\nos_type: mac\n"


def pull(wire: Wire, uri: str, known: str | None = None) -> Any:
    params = {"textDocument": {"uri": uri}, "identifier": "envlens"}
    return wire.request("textDocument/diagnostic", params | ({"previousResultId": known} if known else {}))


def pull_all(wire: Wire, known: dict[str, str] | None = None) -> dict[str, Any]:
    previous = [{"uri": uri, "value": value} for uri, value in (known or {}).items()]
    items = wire.request("workspace/diagnostic", {"identifier": "envlens", "previousResultIds": previous})["items"]
    return {each["uri"]: each for each in items}


def codes(report: Any) -> list[str]:
    return [each["code"] for each in report["items"]]


def test_says_that_files_depend_on_each_other() -> None:
    with Wire() as wire:
        provider = wire.capabilities["diagnosticProvider"]
    assert provider == {"identifier": "envlens", "interFileDependencies": True, "workspaceDiagnostics": True}


def test_pulled_is_what_is_published(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "environment.yml", WRONG)
        published = wire.diagnostics(uri)
        report = pull(wire, uri)
        assert report["kind"] == "full"
        assert report["items"] == published != []
        wire.change(uri, 2, WRONG.replace("mac", "linux"))
        assert wire.rules(uri) == [], "a client that never said that it pulls is told all the same"


def test_unchanged_until_the_findings_change(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "environment.yml", WRONG)
        first = pull(wire, uri)
        assert pull(wire, uri, first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}
        wire.change(uri, 2, WRONG + "# a comment\n")
        assert pull(wire, uri, first["resultId"])["kind"] == "unchanged"
        wire.change(uri, 3, "\n" + WRONG)
        moved = pull(wire, uri, first["resultId"])
        assert (moved["kind"], codes(moved)) == ("full", codes(first))
        assert moved["resultId"] != first["resultId"]


def test_another_file_changes_the_findings(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "environment.yml", SCHEMA + ENVIRONMENT)
        before = pull(wire, uri)
        assert codes(before) == ["conda-file-not-found"]
        (tmp_path / "conda.yml").write_text(CONDA, encoding="utf-8")
        assert codes(pull(wire, uri, before["resultId"])) == []


def test_somebody_elses_file(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "compose.yml", "services: {}\n")
        assert codes(pull(wire, uri)) == []


def test_a_client_that_pulls_is_told_once(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities=PULLING) as wire:
        uri = wire.open(tmp_path / "environment.yml", WRONG)
        wire.settle()
        assert codes(pull(wire, uri)) == ["os-type-invalid"]
        wire.settle()
        assert wire.published(uri)[-1]["diagnostics"] == [], "what was published is taken back"
        count = len(wire.published(uri))
        wire.change(uri, 2, WRONG + "x: 1\n")
        wire.settle()
        assert len(wire.published(uri)) == count
        assert "env-unknown-key" in codes(pull(wire, uri))


def test_a_change_on_disk_asks_for_a_new_pull(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities=PULLING) as wire:
        uri = wire.open(tmp_path / "environment.yml", SCHEMA + ENVIRONMENT)
        pull(wire, uri)
        (tmp_path / "conda.yml").write_text(CONDA, encoding="utf-8")
        change = {"uri": (tmp_path / "conda.yml").as_uri(), "type": 1}
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        wire.until(
            lambda: any(each["method"] == "workspace/diagnostic/refresh" for each in wire.asked), "a refresh request"
        )


def test_whole_folder(tmp_path: Path) -> None:
    (tmp_path / "ctx").mkdir()
    (tmp_path / "environment.yml").write_text(f"{SCHEMA}name: a\nbuild:\n  path: ctx\n", encoding="utf-8")
    (tmp_path / "ctx" / "Dockerfile").write_text(
        f"FROM {BASE}\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n", encoding="utf-8"
    )
    (tmp_path / "ctx" / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    (tmp_path / "compose.yml").write_text("services: {}\n", encoding="utf-8")
    with Wire(tmp_path) as wire:
        opened = wire.open(tmp_path / "open.yml", WRONG, version=7)
        found = pull_all(wire)
        drawn = (tmp_path / "ctx" / "requirements.txt").as_uri()
        assert set(found) == {opened, drawn}
        assert (found[opened]["version"], found[drawn]["version"]) == (7, None)
        assert codes(found[drawn]) == ["unpinned-dependency"]
        known = {uri: report["resultId"] for uri, report in found.items()}
        again = pull_all(wire, known)
        assert {uri: report["kind"] for uri, report in again.items()} == dict.fromkeys(known, "unchanged")
        (tmp_path / "ctx" / "requirements.txt").unlink()
        gone = pull_all(wire, known)
        assert codes(gone[drawn]) == []
