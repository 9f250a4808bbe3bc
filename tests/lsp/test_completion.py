"""Completion, folds, selections and workspace symbols over the wire: positions, encodings, what a client can do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .wire import BASE, CONDA, ENVIRONMENT, SCHEMA, Wire, apply_edits, position

SNIPPETS: dict[str, Any] = {
    "textDocument": {
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "labelDetailsSupport": True,
                "insertTextModeSupport": {"valueSet": [1, 2]},
                "tagSupport": {"valueSet": [1]},
                "resolveSupport": {"properties": ["documentation", "detail"]},
            }
        }
    }
}
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: a\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    (folder / "train").mkdir()
    (folder / "train" / "environment.yml").write_text(SCHEMA + 'version: "3"\n' + ENVIRONMENT, encoding="utf-8")
    (folder / "image-only.yml").write_text(f"name: 'größe 🚗 serve'\nimage: {BASE}\n", encoding="utf-8")
    (folder / "compose.yml").write_text("name: other\nservices:\n  image: x\n", encoding="utf-8")
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "secret.yml").write_text(CONDA, encoding="utf-8")
    (folder / "link").symlink_to(outside)
    (folder / "linked.yml").symlink_to(outside / "secret.yml")
    return folder


@pytest.fixture(scope="module")
def wire(project: Path) -> Iterator[Wire]:
    with Wire(project, capabilities=SNIPPETS) as wire:
        yield wire
        assert wire.stop() == 0
        assert wire.stderr == b""


@pytest.fixture(scope="module")
def plain(project: Path) -> Iterator[Wire]:
    """A client that says nothing of what it can do."""
    with Wire(project, capabilities={"general": {"positionEncodings": ["utf-8"]}}) as wire:
        yield wire
        assert wire.stop() == 0


def complete(
    wire: Wire, where: Path | str, text: str, encoding: str = "utf-16"
) -> tuple[str, str, list[dict[str, Any]]]:
    """The file's URI, its text without `$0`, and what is offered there."""
    offset, text = text.index("$0"), text.replace("$0", "", 1)
    uri = wire.open(where, text)
    at = {"textDocument": {"uri": uri}, "position": position(text, offset, encoding)}
    found = wire.request("textDocument/completion", at)
    wire.close(uri)
    if found is None:
        return uri, text, []
    assert found["isIncomplete"] is False
    assert [item["sortText"] for item in found["items"]] == sorted(item["sortText"] for item in found["items"])
    return uri, text, found["items"]


def accept(text: str, items: list[dict[str, Any]], label: str, encoding: str = "utf-16") -> str:
    (item,) = [item for item in items if item["label"] == label]
    return apply_edits(text, [item["textEdit"]], encoding)


def labels(wire: Wire, where: Path, text: str) -> list[str]:
    return [item["label"] for item in complete(wire, where, text)[2]]


def test_offered(wire: Wire) -> None:
    offered = wire.capabilities["completionProvider"]
    assert offered["triggerCharacters"] == [" ", ":", "-", "/", "@", "="]
    assert offered["resolveProvider"] is True
    assert all(wire.capabilities[f"{each}Provider"] for each in ("foldingRange", "selectionRange", "workspaceSymbol"))


def test_snippets_for_a_client_that_knows_them(wire: Wire, project: Path) -> None:
    _, _, items = complete(wire, project / "new.yml", "name: 🚗\nimage: x\ninf$0\n")
    (item,) = [item for item in items if item["label"] == "inference_config"]
    assert item["insertTextFormat"] == 2
    assert item["insertTextMode"] == 2
    assert "${1:5001}" in item["textEdit"]["newText"]
    assert item["textEdit"]["range"] == {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 3}}
    assert item["labelDetails"]["description"] == "Inference routes"
    assert "documentation" not in item
    resolved = wire.request("completionItem/resolve", item)
    assert "serving container" in resolved["documentation"]["value"]
    assert resolved["textEdit"] == item["textEdit"]
    assert next(item["label"] for item in items if 1 in item.get("tags", ())) == "id"


def test_plain_text_for_a_client_that_knows_no_snippets(plain: Wire, project: Path) -> None:
    where = project / "new.yml"
    text = "name: '🚗é'\r\nimage: x\r\nconda_file:\r\n  dep$0\r\n"
    _, text, items = complete(plain, where, text, "utf-8")
    (item,) = [item for item in items if item["label"] == "dependencies"]
    assert item.get("insertTextFormat") in (None, 1)
    assert "Conda packages" in item["documentation"]["value"], "it cannot ask for it later"
    new = accept(text, items, "dependencies", "utf-8")
    assert new == "name: '🚗é'\r\nimage: x\r\nconda_file:\r\n  dependencies:\r\n    - \r\n"
    _, text, items = complete(plain, where, "name: 'é🚗'\nos_type: '🚗$0'\n", "utf-8")
    assert accept(text, items, "linux", "utf-8") == "name: 'é🚗'\nos_type: 'linux'\n"


def test_a_new_file_becomes_a_definition(wire: Wire, project: Path) -> None:
    _, _, items = complete(wire, project / "fresh.yml", "$0")
    assert items[0]["label"] == "environment: image and conda"
    assert "image:" in wire.request("completionItem/resolve", items[0])["documentation"]["value"]
    assert complete(wire, "untitled:Untitled-1", "$0")[2]


def test_files_of_the_folder_and_nothing_outside(wire: Wire, project: Path) -> None:
    where = project / "environment.yml"
    assert labels(wire, where, "name: a\nimage: b\nconda_file: $0") == [
        "compose.yml",
        "conda.yml",
        "image-only.yml",
        "train/",
    ]
    assert labels(wire, where, "name: a\nimage: b\nconda_file: train/$0") == ["train/environment.yml"]
    outside = f"../{project.name}-outside/"
    for folder in ("link/", "../", outside, "train/../../", "/", "//host/share/"):
        assert labels(wire, where, f"name: a\nimage: b\nconda_file: {folder}$0") == [], folder


def test_references_are_those_of_the_folder(wire: Wire, project: Path) -> None:
    where = project / "job.yml"
    wire.until(lambda: "azureml:demo:3" in labels(wire, where, f"{JOB}environment: $0"), "the scan")
    found = labels(wire, where, f"{JOB}environment: $0")
    assert found[:4] == ["azureml:demo:3", "azureml:demo@latest", "azureml:größe 🚗 serve@latest", "file:"]
    uri = wire.open(project / "train" / "environment.yml", ENVIRONMENT.replace("demo", "renamed"))
    assert labels(wire, where, f"{JOB}environment: $0")[1] == "azureml:renamed@latest", "unsaved text counts"
    wire.close(uri)
    assert labels(wire, where, f"{JOB}environment: $0")[0] == "azureml:demo:3"


def test_half_typed_and_foreign(wire: Wire, project: Path) -> None:
    uri = wire.open(project / "environment.yml", ENVIRONMENT)
    wire.settle()
    broken = f"{ENVIRONMENT}tags: [\n'"
    wire.change(uri, 2, broken + "\nos_")
    at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    assert "version" in [each["label"] for each in wire.request("textDocument/completion", at)["items"]]
    wire.close(uri)
    assert labels(wire, project / "compose.yml", "services:\n  a:\n    image: $0") == []


def test_excluded_files_get_nothing(tmp_path: Path) -> None:
    (tmp_path / "envlens.toml").write_text('exclude = ["old/"]\n', encoding="utf-8")
    with Wire(tmp_path) as wire:
        assert labels(wire, tmp_path / "environment.yml", "name: a\nos_type: $0")
        assert labels(wire, tmp_path / "old" / "environment.yml", "name: a\nos_type: $0") == []


def test_folds(wire: Wire, project: Path) -> None:
    uri = wire.open(project / "environment.yml", f"# a\n# b\n{ENVIRONMENT}build: [\n  path: x\n")
    found = wire.request("textDocument/foldingRange", {"textDocument": {"uri": uri}})
    assert found == [{"startLine": 0, "endLine": 1, "kind": "comment"}, {"startLine": 5, "endLine": 6}]
    wire.close(uri)
    uri = wire.open(project / "compose.yml", "services:\n  a:\n    image: x\n")
    assert wire.request("textDocument/foldingRange", {"textDocument": {"uri": uri}}) is None
    wire.close(uri)


def test_no_more_folds_than_the_client_takes(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities={"textDocument": {"foldingRange": {"rangeLimit": 2}}}) as wire:
        uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT + "tags:\n  a:\n    b:\n      c: d\n")
        found = wire.request("textDocument/foldingRange", {"textDocument": {"uri": uri}})
        assert found == [{"startLine": 3, "endLine": 6}, {"startLine": 4, "endLine": 6}]


def test_selection(wire: Wire, project: Path) -> None:
    text = "name: 'a 🚗 bc'\nimage: x\n"
    uri = wire.open(project / "environment.yml", text)
    where = {"textDocument": {"uri": uri}, "positions": [position(text, text.index("bc")), {"line": 1, "character": 0}]}
    first, second = wire.request("textDocument/selectionRange", where)
    seen = []
    while first:
        seen.append((first["range"]["start"]["character"], first["range"]["end"]["character"]))
        first = first.get("parent")
    assert seen[:4] == [(12, 14), (7, 14), (6, 15), (0, 15)]
    assert second["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 5}}
    wire.close(uri)


def test_workspace_symbols(wire: Wire, project: Path) -> None:
    def named(query: str) -> list[str]:
        return [each["name"] for each in wire.request("workspace/symbol", {"query": query}) or ()]

    wire.until(lambda: named("demo") == ["demo:3"], "the scan")
    assert sorted(named("")) == ["demo:3", "größe 🚗 serve"]
    assert named("GRÖSERV") == ["größe 🚗 serve"]
    assert named("nothing") == []
    (found,) = wire.request("workspace/symbol", {"query": "serve"})
    assert found["location"] == {
        "uri": (project / "image-only.yml").as_uri(),
        "range": {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 21}},
    }
    (found,) = wire.request("workspace/symbol", {"query": "demo"})
    assert found["containerName"] == "train"


def test_workspace_symbols_follow_the_disk(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        where = tmp_path / "environment.yml"
        where.write_text(f"name: first\nimage: {BASE}\n", encoding="utf-8")
        for kind, name in ((1, "first"), (2, "second"), (3, None)):
            if name:
                where.write_text(f"name: {name}\nimage: {BASE}\n", encoding="utf-8")
            else:
                where.unlink()
            changes = [{"uri": where.as_uri(), "type": kind}]
            wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
            found = wire.request("workspace/symbol", {"query": ""}) or []
            assert [each["name"] for each in found] == ([name] if name else [])
