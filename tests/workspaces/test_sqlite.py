"""The file of the embedded workspace: made late and for its user alone, migrated, and never taken from others."""

import os
import re
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from bench.offers import bring, bring_nothing, with_conda, with_context

from envlens.core.workspace.port import Changes, NotFoundError, Status
from envlens.core.workspace.target import Target
from envlens.workspaces import failures, schema
from envlens.workspaces.sqlite import SqliteWorkspace, open_workspace
from workspaces.saying import says

FILES = {b"Dockerfile": b"FROM a:1\nCOPY . .\n", b"src/train.py": b"print(1)\n"}
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and kinds of files")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "workspace.db"


def made(path: Path) -> SqliteWorkspace:
    workspace = open_workspace(str(path))
    workspace.register(with_conda("churn", 1), bring_nothing)
    workspace.register(with_context("ctx", FILES), bring(FILES))
    return workspace


def raw(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def ask_all(workspace: SqliteWorkspace) -> None:
    workspace.containers(archived=True)
    for each in workspace.changes(0).environments:
        for version in workspace.versions(each.name, archived=True):
            for leaf in workspace.leaves(version):
                b"".join(workspace.read(leaf))


# Made late, and for its user alone


def test_reading_makes_nothing(path: Path) -> None:
    workspace = open_workspace(str(path))
    assert workspace.changes(0) == Changes(0, is_all=True)
    assert workspace.containers() == ()
    for ask in (workspace.get, workspace.archive, workspace.restore):
        with pytest.raises(NotFoundError):
            ask(Target("churn", "1"))
    workspace.close()
    assert list(path.parent.parent.iterdir()) == []


def test_what_is_refused_makes_nothing(path: Path) -> None:
    workspace = open_workspace(str(path))
    says(lambda: workspace.register(with_conda("a/b", 1), bring_nothing))
    says(lambda: workspace.register(with_context("ctx", FILES)._replace(leaves=()), bring(FILES)))
    assert not path.parent.exists()


@posix
def test_it_is_private(path: Path) -> None:
    mask = os.umask(0)
    try:
        workspace = made(path.parent / "below" / "workspace.db")
    finally:
        os.umask(mask)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in [path.parent, *path.parent.rglob("*")]}
    assert modes == {
        "home": 0o700,
        "below": 0o700,
        "workspace.db": 0o600,
        "workspace.db-wal": 0o600,
        "workspace.db-shm": 0o600,
    }
    workspace.close()


def test_a_file_that_is_there_and_empty_is_taken(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert open_workspace(str(path)).containers() == ()
    assert path.stat().st_size == 0
    made(path).close()


@posix
@pytest.mark.parametrize("name", [b"50% #1?mode=ro&x.db", b"\xff\xfe.db", "ü \u202e.db".encode(), b"a\nb.db"])
def test_paths_of_all_kinds(tmp_path: Path, name: bytes) -> None:
    path = os.fsdecode(os.path.join(bytes(tmp_path), name))
    made(Path(path)).close()
    assert os.path.isfile(path)
    assert open_workspace(path).get(Target("churn")).version == "1"
    Path(path).write_bytes(b"garbage")
    says(open_workspace(path).containers)


def test_a_relative_path_is_the_same_file_whatever_becomes_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = open_workspace("workspace.db")
    monkeypatch.chdir("/")
    workspace.register(with_conda("churn", 1), bring_nothing)
    assert (tmp_path / "workspace.db").exists()
    workspace.close()


def test_a_text_that_is_too_large_is_said(path: Path) -> None:
    workspace = open_workspace(str(path))
    offer = with_conda("churn", 1)._replace(description="x" * 20_000_000)
    assert "too large to be registered" in says(lambda: workspace.register(offer, bring_nothing))
    assert workspace.containers() == ()
    workspace.close()


def test_a_file_that_was_being_made_when_the_power_failed(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(bytes(8192))
    # A journal of a file that had no pages yet.
    path.with_name(f"{path.name}-journal").write_bytes(
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4) + b"abcd" + bytes(4) + b"\0\0\2\0" + b"\0\0\x10\0" + bytes(484)
    )
    workspace = made(path)
    assert workspace.get(Target("churn")).version == "1"
    workspace.close()


# What is in the way


def test_a_folder_is_no_workspace(tmp_path: Path) -> None:
    workspace = open_workspace(str(tmp_path))
    for work in (workspace.containers, lambda: workspace.register(with_conda("churn", 1), bring_nothing)):
        assert "is a folder" in says(work)


@posix
def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "file" / "workspace.db", tmp_path / "file" / "below" / "workspace.db"):
        workspace = open_workspace(str(path))
        for work in (workspace.containers, lambda w=workspace: w.register(with_conda("churn", 1), bring_nothing)):
            assert "is not a folder" in says(work)
    assert (tmp_path / "file").read_text() == "mine"


@posix
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "no regular file" in says(open_workspace(str(tmp_path / "pipe")).containers)
    (tmp_path / "link").symlink_to("nothing")
    workspace = open_workspace(str(tmp_path / "link"))
    assert workspace.containers() == ()
    assert "is a link to nothing" in says(lambda: workspace.register(with_conda("churn", 1), bring_nothing))
    assert not (tmp_path / "nothing").exists()


# Schemas


def test_an_older_schema_is_read_as_it_is_and_migrated_by_writing(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name("schema_1.sql").read_text(encoding="utf-8"))
    workspace = open_workspace(str(path))
    old = workspace.get(Target("churn"))
    assert (old.description, dict(old.tags), old.created) == (
        "of the first schema",
        {"team": "a"},
        "2026-11-21T09:30:00.000000Z",
    )
    (first, second) = workspace.leaves(workspace.get(Target("ctx")))
    assert (first.path, b"".join(workspace.read(second))) == (b"Dockerfile", b"print(1)\n")
    mark = workspace.changes(0).mark
    assert schema_of(path) == 1
    assert workspace.register(with_conda("churn", 1), bring_nothing).status is Status.UNCHANGED
    assert schema_of(path) == 1
    assert workspace.register(with_conda("churn", 2), bring_nothing).version.version == "2"
    assert schema_of(path) == schema.CURRENT == 2
    assert [each.name for each in workspace.changes(mark).environments] == ["churn"]
    assert workspace.get(Target("churn", "1")) == old
    workspace.close()
    fresh = path.with_name("fresh.db")
    made(fresh).close()
    assert tables_of(path) == tables_of(fresh)


def schema_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def tables_of(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_master"))


def test_a_newer_schema_is_refused(path: Path) -> None:
    made(path).close()
    raw(path, "PRAGMA user_version = 7")
    data = path.read_bytes()
    workspace = open_workspace(str(path))
    for work in (workspace.containers, lambda: workspace.register(with_conda("churn", 9), bring_nothing)):
        assert "was made by a newer envlens (schema 7): update envlens" in says(work)
    assert path.read_bytes() == data


def test_a_schema_that_becomes_newer_is_refused_by_who_has_it_open(path: Path) -> None:
    workspace = made(path)
    raw(path, "PRAGMA user_version = 7")
    assert "newer envlens" in says(workspace.containers)
    workspace.close()


def test_a_broken_step_leaves_the_schema_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    broken = (schema.MIGRATIONS[0], ("CREATE TABLE half (a)", "CREATE TABLE half (a)"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        says(lambda: made(path))
    assert schema_of(path) == 1
    assert "half" not in {name for name, _ in tables_of(path)}
    made(path).close()


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE notes (a)", "INSERT INTO notes VALUES (1)"),
        ("PRAGMA application_id = 5", "PRAGMA user_version = 3"),
        ("PRAGMA user_version = 1",),
        ("PRAGMA journal_mode = WAL", "CREATE TABLE notes (a)"),
    ],
)
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = tmp_path / "notes.db"
    raw(path, *statements)
    data = path.read_bytes()
    workspace = open_workspace(str(path))
    for work in (workspace.containers, lambda: workspace.register(with_conda("churn", 1), bring_nothing)):
        assert "is a database of another program; it was not changed" in says(work)
    workspace.close()
    assert path.read_bytes() == data
    assert [each.name for each in tmp_path.iterdir()] == ["notes.db"]


def test_what_another_program_left_beside_its_database_is_not_taken_in(tmp_path: Path) -> None:
    source, path = tmp_path / "source.db", tmp_path / "notes.db"
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (a)")
        path.write_bytes(source.read_bytes())
        path.with_name("notes.db-wal").write_bytes(source.with_name("source.db-wal").read_bytes())
    before = {each.name: each.read_bytes() for each in tmp_path.glob("notes*")}
    workspace = open_workspace(str(path))
    for work in (workspace.containers, lambda: workspace.register(with_conda("churn", 1), bring_nothing)):
        assert "another program" in says(work)
    assert {each.name: each.read_bytes() for each in tmp_path.glob("notes*")} == before


# What is immutable, and what is not believed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE version SET fingerprint = 'a'",
        "UPDATE version SET content = 2",
        "UPDATE content SET image = 'b:1'",
        "UPDATE leaf SET executable = 1",
        "UPDATE piece SET data = x'00'",
        "UPDATE blob SET digest = NULL",
        "INSERT INTO piece VALUES (1, 9, x'00')",
    ],
)
def test_what_is_immutable_is_so_for_everybody(path: Path, statement: str) -> None:
    made(path).close()
    with pytest.raises(sqlite3.IntegrityError, match="immutable"):
        raw(path, statement)


HOSTILE = {
    "a path that leads out": (
        "leaf_stays",
        "UPDATE leaf SET path = CAST('../../x' AS BLOB) WHERE path = CAST('Dockerfile' AS BLOB)",
    ),
    "another path": ("leaf_stays", "UPDATE leaf SET path = path || 'x'"),
    "a size that is none": ("blob_stays", "UPDATE blob SET size = 'many'"),
    "another text": ("piece_stays", "UPDATE piece SET data = x'61'"),
    "a text for bytes": ("piece_stays", "UPDATE piece SET data = 'secret-token'"),
    "other content": ("content_stays", "UPDATE content SET image = 'secret-token'"),
    "a route that is none": ("content_stays", "UPDATE content SET inference = '[1]'"),
    "no JSON": ("version_stays", "UPDATE version SET tags = '{secret-token'"),
    "a kind that is none": ("version_stays", "UPDATE version SET kind = 'secret-token'"),
    "a name that nobody can have": ("version_stays", "UPDATE environment SET name = '../secret-token' || id"),
    "a version that nobody can have": ("version_stays", "UPDATE version SET version = '../' || id"),
    "a text that is none": ("version_stays", "UPDATE version SET author = CAST(x'ff' AS TEXT)"),
    "a fingerprint that steers a terminal": ("version_stays", "UPDATE version SET fingerprint = char(27) || '[2J'"),
    "a conda key that steers a terminal": ("version_stays", "UPDATE version SET conda_key = char(10)"),
    "a time that steers a terminal": ("version_stays", "UPDATE version SET created = char(155) || '2J'"),
    "no mark": ("version_stays", "DELETE FROM meta"),
    "no tables": ("version_stays", "DROP TABLE leaf"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_is_not_believed(path: Path, what: str) -> None:
    made(path).close()
    trigger, statement = HOSTILE[what]
    raw(path, "PRAGMA ignore_check_constraints = ON", f"DROP TRIGGER {trigger}", statement)
    workspace = open_workspace(str(path))
    text = says(lambda: ask_all(workspace))
    assert re.search(r"is damaged or is no workspace|is not in .* as it was registered", text)
    assert "secret-token" not in text
    workspace.close()


# Other processes and threads


def test_who_stays_busy_is_waited_for_but_not_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = made(path)
    monkeypatch.setattr("envlens.workspaces.opening._TIMEOUT", 0.05)
    monkeypatch.setattr(failures, "PATIENCE", 0.3)
    workspace.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        text = says(lambda: workspace.register(with_conda("churn", 2), bring_nothing))
        assert "another process keeps" in text
        assert workspace.get(Target("churn")).version == "1"
        other.execute("ROLLBACK")
    assert workspace.register(with_conda("churn", 2), bring_nothing).version.version == "2"
    workspace.close()


def test_it_may_go_from_thread_to_thread(path: Path) -> None:
    workspace = made(path)
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(workspace.get(Target("churn")).version))
    thread.start()
    thread.join()
    assert found == ["1"]
    workspace.close()


@posix
def test_a_file_that_is_taken_away_and_made_anew_is_another(path: Path) -> None:
    workspace = made(path)
    mark = workspace.changes(0).mark
    for each in path.parent.iterdir():
        each.unlink()
    assert workspace.changes(mark) == Changes(0, is_all=True)
    assert workspace.containers() == ()
    other = open_workspace(str(path))
    for at in range(5):
        other.register(with_conda("new", at), bring_nothing)
    told = workspace.changes(mark)
    assert told.is_all
    assert [each.name for each in told.environments] == ["new"]
    assert workspace.changes(told.mark) == Changes(told.mark)
    assert workspace.register(with_conda("new", 9), bring_nothing).version.version == "6"
    workspace.close()
    other.close()
