"""What a person sees: one server, one folder, one call for each thing, and what changes when the world changes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from .wire import (
    BASE,
    CONDA,
    ENVIRONMENT,
    FULL_CAPABILITIES,
    SCHEMA,
    Wire,
    apply_edits,
    edit,
    edits_of,
    position,
    range_of,
)

TEXT = f"{SCHEMA}name: demo\nimage: {BASE}\ndescripton: x\nos_type: mac\nconda_file: conda.yml\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, Path]]:
    """For tests that neither change settings nor files that others use."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    with Wire(folder) as wire:
        yield wire, folder
        assert wire.stop() == 0
        assert wire.stderr == b""


Open = Callable[..., str]


@pytest.fixture
def opened(shared: tuple[Wire, Path]) -> Iterator[tuple[Wire, Open]]:
    """The server, and a function that opens a text as a file of its folder until the test is over."""
    wire, folder = shared
    uris: list[str] = []

    def open_text(text: str = TEXT, name: str = "environment-under-test.yml") -> str:
        uris.append(wire.open(folder / name, text))
        wire.settle()
        return uris[-1]

    yield wire, open_text
    for uri in uris:
        wire.close(uri)


def at(text: str, part: str) -> tuple[int, int]:
    where = position(text, text.index(part))
    return where["line"], where["character"]


def test_findings_lead_to_their_pages(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    for each in wire.diagnostics(open_text()):
        page = urlsplit(each["codeDescription"]["href"])
        assert page.scheme == "file"
        assert Path(unquote(page.path)).read_text(encoding="utf-8").startswith(f"# {each['code']}\n")


def test_hover(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    text = TEXT.replace("conda_file: conda.yml\n", "")
    text += "conda_file:\n  channels: [conda-forge]\n  dependencies:\n    - python=3.12\n    - pip=24.3.1\n    - pip:\n"
    text += "        - pandas==2.2.3\n# envlens: ignore[image-latest-tag]\n"
    uri = open_text(text)
    assert "**image**" in wire.hover(uri, *at(text, "image"))
    assert "openmpi5.0-ubuntu24.04" in wire.hover(uri, *at(text, "mcr.microsoft.com"))
    assert "conda package" in wire.hover(uri, *at(text, "python=3.12"))
    assert "pip package" in wire.hover(uri, *at(text, "pandas"))
    assert "**channels**" in wire.hover(uri, *at(text, "channels"))
    assert "os-type-invalid" in wire.hover(uri, *at(text, "mac\n"))
    assert "image-latest-tag" in wire.hover(uri, *at(text, "image-latest-tag"))


def test_quick_fix_mends_its_finding(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    found = {each["code"]: each for each in wire.diagnostics(uri)}
    unknown = found["env-unknown-key"]
    actions = wire.actions(uri, unknown["range"], ["quickfix"], [unknown])
    (fix,) = [each for each in actions if each.get("isPreferred")]
    assert fix["diagnostics"] == [unknown]
    wire.change(uri, 2, apply_edits(TEXT, edits_of(fix, uri)))
    assert wire.rules(uri) == ["os-type-invalid"]


def test_fix_all_takes_safe_fixes_only(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    nothing = range_of(TEXT, "$schema")
    assert all(each["kind"] == "quickfix" for each in wire.actions(uri, nothing)), "only where it is asked for"
    for kind in ("source.fixAll.envlens", "source.fixAll", "source"):
        (action,) = wire.actions(uri, nothing, [kind])
        assert action["kind"] == "source.fixAll.envlens"
        assert apply_edits(TEXT, edits_of(action, uri)) == TEXT.replace("descripton", "description")
    assert wire.actions(uri, nothing, ["source.organizeImports"]) == []
    assert wire.actions(uri, nothing, ["source.fixAll.other"]) == []


def test_ignore_comment_silences(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri, text = open_text(), TEXT
    for version, rule in enumerate(("os-type-invalid", "env-unknown-key"), 2):
        found = {each["code"]: each for each in wire.diagnostics(uri)}
        actions = wire.actions(uri, found[rule]["range"])
        (action,) = [each for each in actions if each["title"] == f"ignore '{rule}' on this line"]
        text = apply_edits(text, edits_of(action, uri))
        wire.change(uri, version, text)
    assert wire.rules(uri) == []
    assert "descripton: x  # envlens: ignore[env-unknown-key]\n" in text


def test_document_symbols_nest(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    text = TEXT + "tags:\n  team: a\n"
    (root,) = wire.request("textDocument/documentSymbol", {"textDocument": {"uri": open_text(text)}})
    assert root["name"] == "demo"
    assert [each["name"] for each in root["children"]][-2:] == ["conda_file", "tags"]
    assert [each["name"] for each in root["children"][-1]["children"]] == ["team"]


def test_document_link(shared: tuple[Wire, Path], opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    (link,) = wire.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
    assert link == {"range": range_of(TEXT, "conda.yml"), "target": (shared[1] / "conda.yml").as_uri()}
    wire.change(uri, 2, TEXT.replace("conda.yml", "no-such.yml"))
    assert wire.request("textDocument/documentLink", {"textDocument": {"uri": uri}}) in (None, [])


def test_explain_rule(shared: tuple[Wire, Path]) -> None:
    wire, _ = shared
    explain = {"command": "envlens.explainRule", "arguments": [{"rule": "image-latest-tag"}]}
    answer = wire.request("workspace/executeCommand", explain)
    assert answer["rule"] == "image-latest-tag"
    assert answer["markdown"].startswith("# image-latest-tag\n")
    explain["arguments"] = [{"rule": "no-such-rule"}]
    assert wire.request("workspace/executeCommand", explain) == {"rule": "no-such-rule", "markdown": None}


OTHERS = {
    "docker-compose.yml": "services:\n  a:\n    image: example.io/a\n",
    "deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n",
    "workflow.yml": "name: ci\non: push\njobs:\n  a:\n    runs-on: ubuntu\n",
    "requirements.txt": "numpy\n",
    "broken.yml": "a: [\n",
    "empty.yml": "",
    "exported.yml": "channels: [conda-forge]\ndependencies: [pip]\n",
    "notes.md": "# name: a\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_not_ours_gets_nothing(name: str, shared: tuple[Wire, Path], opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text(OTHERS[name], name)
    assert wire.diagnostics(uri) == []
    assert wire.published(uri) == []
    assert wire.hover(uri, 0, 0) == ""
    assert wire.actions(uri, range_of("x", "x")) == []


def test_a_half_typed_file_keeps_its_kind(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    for version, text in enumerate((TEXT + "tags: {a", TEXT + "tags:\n  - [", TEXT + "'", "name: [\n", "{", ""), 2):
        wire.change(uri, version, text)
        assert wire.rules(uri), f"{text!r} has no finding any more"
    wire.change(uri, 20, TEXT)
    assert wire.rules(uri) == ["env-unknown-key", "os-type-invalid"]


def test_a_key_that_is_being_typed_does_not_take_the_findings_away(opened: tuple[Wire, Open]) -> None:
    """`descr: x` on the way to `description: x` is no reason to call the file somebody else's."""
    wire, open_text = opened
    text = ENVIRONMENT + "os_type: mac\n"
    uri = open_text(text)
    assert wire.rules(uri) == ["os-type-invalid"]
    wire.change(uri, 2, text + "descr: x\n")
    assert "os-type-invalid" in wire.rules(uri)


def test_a_file_that_turns_into_another_kind_loses_its_findings(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    assert wire.rules(uri)
    wire.change(uri, 2, OTHERS["docker-compose.yml"])
    assert wire.diagnostics(uri) == []


def test_untitled_files(shared: tuple[Wire, Path]) -> None:
    wire, _ = shared
    uri = wire.open("untitled:Untitled-1", TEXT)
    assert wire.rules(uri)[:2] == ["env-unknown-key", "os-type-invalid"]
    assert "**image**" in wire.hover(uri, *at(TEXT, "image"))
    assert wire.actions(uri, range_of(TEXT, "descripton"))
    wire.close(uri)
    assert wire.diagnostics(uri) == []


@pytest.mark.parametrize("folder", ["with space", "a%3Ab", "c%20d", "größe 🚗 中", "a#b?c", "a+b&c", "[x]{y}"])
def test_uris(folder: str, shared: tuple[Wire, Path]) -> None:
    """The client's own spelling of a URI comes back, and the path behind it is found whatever it holds."""
    wire, root = shared
    home = root / folder
    home.mkdir(exist_ok=True)
    (home / "train me.yml").write_text("- a list\n", encoding="utf-8")
    text = ENVIRONMENT.replace("conda.yml", "train me.yml")
    uri = wire.open(home / "environment.yml", text)
    (found,) = wire.diagnostics(uri)
    assert found["code"] == "conda-file-wrong-shape"
    related = found["relatedInformation"][0]["location"]["uri"]
    assert Path(unquote(urlsplit(related).path)) == home / "train me.yml"
    (link,) = wire.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
    assert Path(unquote(urlsplit(link["target"]).path)) == home / "train me.yml"
    wire.close(uri)


def test_a_uri_that_is_spelled_otherwise_is_the_same_file(shared: tuple[Wire, Path]) -> None:
    """VS Code writes `%3A` where others write `:`."""
    wire, root = shared
    name = "environment a:b.yml"
    plain = f"file://{root}/{name}".replace(" ", "%20")
    escaped = plain.replace("a:b", "a%3Ab")
    wire.open(escaped, TEXT)
    assert wire.rules(escaped) == ["env-unknown-key", "os-type-invalid"]
    wire.change(plain, 2, TEXT.replace("descripton", "description"))
    assert wire.rules(escaped) == ["os-type-invalid"]
    assert wire.published(plain) == [], "a client knows a file by the URI that it opened it with"
    wire.close(escaped)


def test_closing_clears(opened: tuple[Wire, Open]) -> None:
    wire, open_text = opened
    uri = open_text()
    assert wire.diagnostics(uri)
    wire.close(uri)
    assert wire.diagnostics(uri) == []


# What changes around a file


@pytest.fixture
def project(tmp_path: Path) -> Iterator[tuple[Wire, Path]]:
    with Wire(tmp_path) as wire:
        yield wire, tmp_path
        assert wire.stop() == 0
        assert wire.stderr == b""


def test_settings_sent_along(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    uri = wire.open(folder / "environment.yml", TEXT.replace("conda_file: conda.yml\n", ""))
    assert wire.rules(uri) == ["env-unknown-key", "os-type-invalid"]
    for settings, left in (
        ({"envlens": {"ignore": ["os-type-invalid"]}}, ["env-unknown-key"]),
        ({"envlens": {"severity": {"env-unknown-key": "off"}}}, ["os-type-invalid"]),
        ({"envlens": {"select": ["no-such-rule"]}}, ["env-unknown-key", "os-type-invalid"]),
        ({"envlens": {}}, ["env-unknown-key", "os-type-invalid"]),
    ):
        wire.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert wire.rules(uri) == left, settings
    wire.notify(
        "workspace/didChangeConfiguration", {"settings": {"envlens": {"severity": {"os-type-invalid": "info"}}}}
    )
    assert {each["code"]: each["severity"] for each in wire.diagnostics(uri)}["os-type-invalid"] == 3
    messages = [params["message"] for method, params in wire.notifications if method == "window/logMessage"]
    assert any("no-such-rule" in each for each in messages)


def test_settings_fetched(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities=FULL_CAPABILITIES) as wire:
        uri = wire.open(tmp_path / "environment.yml", TEXT.replace("conda_file: conda.yml\n", ""))
        wire.until(lambda: wire.rules(uri) == ["env-unknown-key", "os-type-invalid"], "the findings")
        wire.configuration = {"ignore": ["os-type-invalid"]}
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        wire.until(lambda: wire.rules(uri) == ["env-unknown-key"], "the new settings")
        wire.configuration = None
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        wire.until(lambda: len(wire.rules(uri)) == 2, "the defaults")
        assert {each["method"] for each in wire.asked} == {"workspace/configuration", "client/registerCapability"}


def test_initialization_options(tmp_path: Path) -> None:
    with Wire(tmp_path, settings={"ignore": ["os-type-invalid", "conda-file-not-found"]}) as wire:
        assert wire.rules(wire.open(tmp_path / "environment.yml", TEXT)) == ["env-unknown-key"]


def test_project_settings_are_live(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    uri = wire.open(folder / "environment.yml", TEXT.replace("conda_file: conda.yml\n", ""))
    (folder / "envlens.toml").write_text('ignore = ["os-type-invalid"]\n')
    changed = {"changes": [{"uri": (folder / "envlens.toml").as_uri(), "type": 1}]}
    wire.notify("workspace/didChangeWatchedFiles", changed)
    assert wire.rules(uri) == ["env-unknown-key"]
    (folder / "envlens.toml").unlink()
    wire.notify("workspace/didChangeWatchedFiles", changed)
    assert wire.rules(uri) == ["env-unknown-key", "os-type-invalid"]


def test_mistakes_in_settings_are_shown_where_they_stand(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    wire.open(folder / "environment.yml", TEXT)
    (folder / "sub").mkdir()
    settings, below = folder / "pyproject.toml", folder / "sub" / "envlens.toml"
    changed = {"changes": [{"uri": settings.as_uri(), "type": 2}]}
    settings.write_text('# 🚗\n[tool.envlens]\nfail_on = "info"\nignore = ["🚗", "no-rule"]\n', encoding="utf-8")
    below.write_text("ignore = 1\n")
    wire.notify("workspace/didChangeWatchedFiles", changed)
    found = wire.diagnostics(settings.as_uri())
    assert [(each["code"], each["range"]["start"]["line"], each["severity"]) for each in found] == [
        ("settings-invalid", 2, 1), ("settings-invalid", 3, 1), ("settings-invalid", 3, 1)
    ]  # fmt: skip
    assert found[2]["range"] == {"start": {"line": 3, "character": 16}, "end": {"line": 3, "character": 25}}
    assert "settings-invalid.md" in found[0]["codeDescription"]["href"]
    # A folder's settings are met with its first file.
    assert wire.published(below.as_uri()) == []
    uri = wire.open(folder / "sub" / "environment.yml", TEXT)
    assert "env-unknown-key" in wire.rules(uri)
    assert [each["code"] for each in wire.diagnostics(below.as_uri())] == ["settings-invalid"]
    settings.write_text("[tool.envlens]\n")
    wire.notify("workspace/didChangeWatchedFiles", changed)
    assert wire.diagnostics(settings.as_uri()) == []
    assert [each["code"] for each in wire.diagnostics(below.as_uri())] == ["settings-invalid"]


def test_a_project_cannot_say_where_the_workspace_is(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    wire.open(folder / "environment.yml", TEXT)
    settings = folder / "envlens.toml"
    settings.write_text('ignore = ["os-type-invalid"]\nworkspace = "/theirs.db"\n')
    changed = {"changes": [{"uri": settings.as_uri(), "type": 1}]}
    wire.notify("workspace/didChangeWatchedFiles", changed)
    (found,) = wire.diagnostics(settings.as_uri())
    assert (found["code"], found["severity"]) == ("settings-invalid", 1)
    assert "setting 'workspace' is the user's own: a project file cannot set it" in found["message"]
    assert found["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 9}}
    assert "os-type-invalid" not in wire.rules((folder / "environment.yml").as_uri()), "the rest of it counts"
    settings.write_text('ignore = ["os-type-invalid"]\n')
    wire.notify("workspace/didChangeWatchedFiles", changed)
    assert wire.diagnostics(settings.as_uri()) == []


def test_the_nearest_settings_count_and_excluded_files_are_quiet(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    (folder / "envlens.toml").write_text('exclude = ["old/"]\n')
    for name in ("train", "old"):
        (folder / name).mkdir()
    (folder / "train" / "envlens.toml").write_text('ignore = ["os-type-invalid"]\n')
    changed = {"changes": [{"uri": (folder / "envlens.toml").as_uri(), "type": 1}]}
    wire.notify("workspace/didChangeWatchedFiles", changed)
    text = TEXT.replace("conda_file: conda.yml\n", "")
    assert wire.rules(wire.open(folder / "environment.yml", text)) == ["env-unknown-key", "os-type-invalid"]
    assert wire.rules(wire.open(folder / "train" / "environment.yml", text)) == ["env-unknown-key"]
    assert wire.rules(wire.open(folder / "old" / "environment.yml", text)) == []


def test_an_unsaved_conda_file_counts(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    environment = wire.open(folder / "environment.yml", ENVIRONMENT)
    conda = wire.open(folder / "conda.yml")
    assert wire.rules(environment) == []
    wire.change(conda, 2, "- python=3.12\n")
    (found,) = wire.diagnostics(environment)
    assert found["code"] == "conda-file-wrong-shape"
    assert found["relatedInformation"][0]["location"]["uri"] == conda
    assert "conda-file-wrong-shape" in wire.rules(conda)
    wire.change(conda, 3, CONDA)
    assert wire.rules(environment) == []
    wire.change(conda, 4, "- python=3.12\n")
    wire.close(conda)  # what is on disk counts again
    assert wire.rules(environment) == []


def test_a_conda_file_of_any_name_is_ours_while_a_definition_draws_on_it(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    text = CONDA.replace("pip=24.3.1", "pip")
    (folder / "train.yml").write_text(text, encoding="utf-8")
    train = wire.open(folder / "train.yml")
    assert wire.diagnostics(train) == []
    environment = wire.open(folder / "environment.yml", ENVIRONMENT)
    wire.change(environment, 2, edit(ENVIRONMENT, "conda.yml", "train.yml"))
    assert wire.rules(train) == ["pip-not-pinned"]
    wire.change(environment, 3, ENVIRONMENT)
    assert wire.diagnostics(train) == []
    wire.change(environment, 4, ENVIRONMENT.replace("conda.yml", "./train.yml"))
    assert wire.rules(train) == ["pip-not-pinned"]
    wire.close(environment)  # the definition is not on disk: nothing draws on it any more
    assert wire.diagnostics(train) == []


def test_definitions_on_disk_bring_their_conda_files_into_scope(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "demo.yml").write_text(ENVIRONMENT.replace("conda.yml", "../train.yml"), encoding="utf-8")
    with Wire(tmp_path) as wire:
        train = wire.open(tmp_path / "train.yml", CONDA.replace("pip=24.3.1", "pip"))
        wire.until(lambda: wire.rules(train) == ["pip-not-pinned"], "the scan")


def test_watched_files(project: tuple[Wire, Path]) -> None:
    wire, folder = project
    environment = wire.open(folder / "environment.yml", ENVIRONMENT)
    assert wire.rules(environment) == ["conda-file-not-found"]
    conda = folder / "conda.yml"
    for kind, text, rules in (
        (1, CONDA, []),
        (2, "- a\n", ["conda-file-wrong-shape"]),
        (3, None, ["conda-file-not-found"]),
    ):
        conda.unlink() if text is None else conda.write_text(text, encoding="utf-8")
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": conda.as_uri(), "type": kind}]})
        assert wire.rules(environment) == rules


def test_folders_come_and_go(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, rule in ((first, "os-type-invalid"), (second, "env-unknown-key")):
        folder.mkdir()
        (folder / "envlens.toml").write_text(f'ignore = ["{rule}"]\n')
        (folder / "conda.yml").write_text(CONDA, encoding="utf-8")
    with Wire(first) as wire:
        one, two = (wire.open(folder / "environment.yml", TEXT) for folder in (first, second))
        assert wire.rules(one) == ["env-unknown-key"]
        folder = {"uri": second.as_uri(), "name": "second"}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        assert wire.rules(two) == ["os-type-invalid"]
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert "env-unknown-key" in wire.rules(two)


def test_no_folder_at_all(tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text(CONDA, encoding="utf-8")
    with Wire() as wire:
        uri = wire.open(tmp_path / "environment.yml", TEXT)
        assert wire.rules(uri)[:2] == ["env-unknown-key", "os-type-invalid"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_folder_that_is_a_link(tmp_path: Path) -> None:
    """The folder as the client names it and its real path are one: its files are inside."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "conda.yml").write_text("- a\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with Wire(tmp_path / "link") as wire:
        uri = wire.open(tmp_path / "link" / "environment.yml", ENVIRONMENT)
        assert wire.rules(uri) == ["conda-file-wrong-shape"]
