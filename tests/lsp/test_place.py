"""Whose word counts about the workspace in the server: the command line's, the editor's, the user's, no folder's."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envlens.host.host import normal
from envlens.lsp.registrations import Given, Registrations
from envlens.lsp.server import Server


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVLENS_WORKSPACE")
    monkeypatch.setattr(Registrations, "configure", lambda *_: None)  # it would look, and there is no event loop


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Path]:
    """A folder that names a place itself, in both kinds of files and below."""
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    for file, head in (("envlens.toml", ""), ("sub/pyproject.toml", "[tool.envlens]\n")):
        (folder / file).write_text(f"{head}workspace = '{tmp_path / 'theirs.db'}'\nfail-on = 'info'\n")
    yield folder
    assert not (tmp_path / "theirs.db").exists()


def _nothing_opens(path: str) -> Any:
    raise AssertionError(f"nobody asked for {path}")


def served(folder: Path, settings: dict[str, Any], option: str | None = None) -> tuple[Server, list[str]]:
    """A server that has read its settings, and what it logs."""
    server, said = Server(given=Given(option, _nothing_opens)), []
    server.window_log_message = lambda params: said.append(params.message)  # type: ignore[method-assign]
    server.roots = [normal(str(folder.resolve()))]
    server.client_settings = settings
    server.reload()
    return server, said


def test_the_editors_word_counts_beside_a_project_that_names_another(theirs: Path, tmp_path: Path) -> None:
    ours = str(tmp_path / "ours.db")
    server, said = served(theirs, {"workspace": ours})
    for folder in ("", "/sub"):
        settings = server.host.settings_for(f"{server.roots[0]}{folder}/a.yml")
        assert settings.workspace == ours
        assert settings.fail_on.label == "info", "what a project may say counts"
    assert server.place() == (ours, "the editor's setting 'workspace'")
    assert len([each for each in said if "'workspace' is the user's own" in each]) == 2
    server.client_settings = {}
    server.reload()
    assert server.place() is not None
    assert server.place()[1] == "default"  # type: ignore[index]


def test_no_word_of_a_project_fills_a_gap(theirs: Path) -> None:
    server, _ = served(theirs, {})
    for folder in ("", "/sub"):
        assert server.host.settings_for(f"{server.roots[0]}{folder}/a.yml").workspace is None
    place = server.place()
    assert place is not None
    assert place.source == "default"


def test_who_is_asked_first(theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(os.environ["ENVLENS_CONFIG_DIR"]) / "envlens.toml"
    file.parent.mkdir(parents=True)
    one, two, three, four = (str(tmp_path / f"{name}.db") for name in "1234")
    file.write_text(f"workspace = '{four}'\n")
    assert served(theirs, {})[0].place() == (four, f"setting 'workspace' in {file}")
    assert served(theirs, {"workspace": three})[0].place() == (three, "the editor's setting 'workspace'")
    monkeypatch.setenv("ENVLENS_WORKSPACE", two)
    assert served(theirs, {"workspace": three})[0].place() == (two, "ENVLENS_WORKSPACE")
    assert served(theirs, {"workspace": three}, one)[0].place() == (one, "--workspace")


def test_what_cannot_be_a_place_is_logged(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, said = served(theirs, {"workspace": "ours.db"})
    assert [each for each in said if "setting 'workspace': must be an absolute path" in each]
    file = Path(os.environ["ENVLENS_CONFIG_DIR"]) / "envlens.toml"
    file.parent.mkdir(parents=True)
    file.write_text("ignore = []\n")
    assert server.place() is None
    assert said[-1] == f"{file}: setting 'ignore' counts in project files only: move it there"
    monkeypatch.setenv("ENVLENS_WORKSPACE", "ours.db")
    assert server.place() is None
    assert said[-1] == "ENVLENS_WORKSPACE: 'ours.db' is no absolute path"
