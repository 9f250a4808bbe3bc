"""Where the workspace is: who is asked first, what a path means, and what is none."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from envlens.core.settings import Settings
from envlens.host import config
from envlens.host.place import FILE, Chosen, PlaceError, own_choice, workspace_place


def nothing() -> None:
    return None


def says(value: str) -> Callable[[], Chosen]:
    return lambda: Chosen(value, "a setting")


def asked() -> None:
    raise AssertionError("a setting was asked for in vain")


def test_the_nearest_word_counts(tmp_path: Path) -> None:
    one, two, three = (str(tmp_path / name) for name in ("1.db", "2.db", "3.db"))
    assert workspace_place(one, asked, {"ENVLENS_WORKSPACE": two}) == (one, "--workspace")
    assert workspace_place(None, asked, {"ENVLENS_WORKSPACE": two}) == (two, "ENVLENS_WORKSPACE")
    assert workspace_place(None, says(three), {"ENVLENS_WORKSPACE": ""}) == (three, "a setting")
    default = os.path.join(platformdirs.user_data_dir("envlens", appauthor=False), FILE)
    assert workspace_place(None, nothing, {}) == (default, "default")


def test_a_folder_means_the_file_in_it(tmp_path: Path) -> None:
    file = str(tmp_path / FILE)
    for word in (tmp_path, f"{tmp_path}{os.sep}"):
        assert workspace_place(str(word), asked, {}).path == file
        assert workspace_place(None, says(str(word)), {}).path == file
    new = tmp_path / "new"
    assert workspace_place(f"{new}{os.sep}", asked, {}).path == str(new / FILE)
    assert workspace_place(str(new), asked, {}).path == str(new), "what is not there and ends like a file is a file"
    assert list(tmp_path.iterdir()) == [], "asking for a place makes nothing"


def test_only_the_option_counts_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert workspace_place("a.db", asked, {}).path == str(tmp_path / "a.db")
    assert workspace_place(".", asked, {}).path == str(tmp_path / FILE)
    for variable in ("a.db", ".", f".{os.sep}a.db", "file:///a.db"):
        with pytest.raises(PlaceError, match=r"ENVLENS_WORKSPACE: '.*' is no absolute path"):
            workspace_place(None, asked, {"ENVLENS_WORKSPACE": variable})
    with pytest.raises(PlaceError, match=r"a setting: 'a.db' is no absolute path"):
        workspace_place(None, says("a.db"), {})
    with pytest.raises(PlaceError, match="--workspace names no file"):
        workspace_place("", asked, {})


def test_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERPROFILE" if sys.platform == "win32" else "HOME", str(tmp_path))
    monkeypatch.chdir("/")
    for place in (
        workspace_place("~/a.db", asked, {}),
        workspace_place(None, asked, {"ENVLENS_WORKSPACE": "~/a.db"}),
        workspace_place(None, says("~/a.db"), {}),
    ):
        assert place.path == str(tmp_path / "a.db")
    assert workspace_place(None, says("~"), {}).path == str(tmp_path / FILE)
    with pytest.raises(PlaceError):
        workspace_place(None, says("~nobody-is-called-so/a.db"), {})


def own_file(text: str | bytes) -> Path:
    path = Path(os.environ["ENVLENS_CONFIG_DIR"]) / "envlens.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_users_own_file_need_not_be_there() -> None:
    own = config.load_own()
    assert own == (Settings(), os.path.join(os.environ["ENVLENS_CONFIG_DIR"], "envlens.toml"), ())
    assert own_choice() is None


def test_the_users_own_file_says_the_place(tmp_path: Path) -> None:
    path = own_file(f"workspace = '{tmp_path / 'ours.db'}'\n")
    assert own_choice() == (str(tmp_path / "ours.db"), f"setting 'workspace' in {path}")


def test_the_platforms_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVLENS_CONFIG_DIR")
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, appauthor: str(tmp_path / str(appauthor)))
    assert config.load_own().file == str(tmp_path / "False" / "envlens.toml")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("workspace = 1\n", ["setting 'workspace': must be a path"]),
        ("workspace = '/a'\nselect = []\n", ["setting 'select' counts in project files only: move it there"]),
        ("[tool.envlens]\nworkspace = '/a'\n", ["there is no setting 'tool'"]),
        ("workspace\n", ["not TOML: Expected '=' after a key in a key/value pair (at line 1, column 10)"]),
        ("a = " + "[" * 100_000, ["not TOML: nested too deeply"]),
        (b"\xff\xfe\x00", ["not TOML: "]),
        (b"#" * 1_000_001, ["cannot be read (too-large)"]),
    ],
)
def test_what_is_wrong_in_the_users_own_file(text: str | bytes, problems: list[str]) -> None:
    path = own_file(text)
    own = config.load_own()
    assert len(own.problems) == len(problems)
    for found, problem in zip(own.problems, problems, strict=True):
        assert found.startswith(f"{path}: {problem}")
    with pytest.raises(PlaceError) as error:
        own_choice()
    assert str(error.value) == "\n".join(own.problems)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links and devices")
def test_the_users_own_file_is_opened_only_where_it_is_a_file(tmp_path: Path) -> None:
    path = own_file("")
    path.unlink()
    os.mkfifo(path)
    assert config.load_own().problems == (f"{path}: cannot be read (special)",)
    path.unlink()
    (tmp_path / "dotfiles.toml").write_text("workspace = '/linked'\n")
    path.symlink_to(tmp_path / "dotfiles.toml")
    assert own_choice() == ("/linked", f"setting 'workspace' in {path}"), "the user's own link counts"
