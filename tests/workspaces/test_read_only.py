"""Where nothing may be written, what is there is read, and what cannot be done is said."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench.offers import bring, bring_nothing, with_conda, with_context

from editors.toolbox import UnavailableError, provide
from envlens.core.hashing.tree import Leaf
from envlens.core.workspace.port import WorkspaceError
from envlens.core.workspace.target import Target
from envlens.workspaces.sqlite import SqliteWorkspace, open_workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and mounts")
NOBODY = 65534
FILES = {b"Dockerfile": b"FROM a:1\n", b"src/train.py": b"print(1)\n"}


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that everybody may enter; those of pytest are its user's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(work: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What some work says in a process without permissions; who has none anyway stays who they are."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            told = json.dumps(work())
        except BaseException as error:  # noqa: BLE001 - it is told and not lost
            told = json.dumps({"raised": repr(error)})
        os.write(send, told.encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return json.loads(data)


def ask(path: Path) -> dict[str, str]:
    """What reading and writing say."""
    workspace, told = open_workspace(str(path)), {}
    for name, work in {
        "get": lambda: workspace.get(Target("churn")).version,
        "read": lambda: str([b"".join(workspace.read(leaf)) for leaf in leaves_in(workspace)]),
        "same": lambda: workspace.register(with_conda("churn", 1), bring_nothing).status,
        "other": lambda: workspace.register(with_conda("churn", 2), bring_nothing).status,
        "archive": lambda: str(workspace.archive(Target("churn"))),
    }.items():
        try:
            told[name] = work()
        except WorkspaceError as error:
            told[name] = str(error)
    workspace.close()
    return told


def leaves_in(workspace: SqliteWorkspace) -> tuple[Leaf, ...]:
    return workspace.leaves(workspace.get(Target("ctx")))


def readable(path: Path) -> dict[str, str]:
    """What `ask` answers where nothing may be written."""
    refused = f"'{path}' cannot be written, or the folder that it is in: choose another file with --workspace PATH"
    contents = str([FILES[name] for name in sorted(FILES)])
    return {"get": "1", "read": contents, "same": "unchanged", "other": refused, "archive": refused}


def fill(path: Path) -> SqliteWorkspace:
    workspace = open_workspace(str(path))
    workspace.register(with_conda("churn", 1), bring_nothing)
    workspace.register(with_context("ctx", FILES), bring(FILES))
    return workspace


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_who_may_only_read_reads(outside: Path, folder_mode: int) -> None:
    path = outside / "workspace.db"
    fill(path).close()
    path.chmod(0o444)
    outside.chmod(folder_mode if os.geteuid() == 0 else 0o555)
    assert as_nobody(lambda: ask(path)) == readable(path)
    outside.chmod(0o755)
    assert [each.name for each in outside.iterdir()] == ["workspace.db"]


def test_changes_that_cannot_be_taken_in_are_said(outside: Path) -> None:
    source, path = outside / "source.db", outside / "workspace.db"
    workspace = fill(source)
    for ending in ("", "-wal"):  # as a copy may leave them
        shutil.copy(f"{source}{ending}", f"{path}{ending}")
        Path(f"{path}{ending}").chmod(0o444)
    workspace.close()
    outside.chmod(0o555)
    told = as_nobody(lambda: ask(path))
    outside.chmod(0o755)
    assert told["get"] == (
        f"'{path}' holds changes that are only in 'workspace.db-wal' and cannot be taken in here: "
        "open it once where it can be written"
    )
    assert ask(path)["get"] == "1"


def test_who_may_not_read_is_told(outside: Path) -> None:
    path = outside / "workspace.db"
    fill(path).close()
    path.chmod(0)
    if os.geteuid() != 0:
        assert "cannot be read" in ask(path)["get"] or "permission denied" in ask(path)["get"]
        return
    assert "permission denied" in as_nobody(lambda: ask(path))["get"]
    outside.chmod(0o700)
    assert "permission denied" in as_nobody(lambda: ask(path))["get"]
    assert "permission denied" in as_nobody(lambda: ask(path))["other"]


def test_a_new_one_where_nothing_may_be_made(outside: Path) -> None:
    outside.chmod(0o555)
    for path in (outside / "workspace.db", outside / "below" / "workspace.db"):
        told = as_nobody(lambda path=path: ask(path))
        assert "'churn' is not registered" in told["get"]
        assert "--workspace PATH" in told["other"]
    outside.chmod(0o755)
    assert list(outside.iterdir()) == []


def test_a_mount_that_may_only_be_read_shows_what_others_write(tmp_path: Path) -> None:
    source, mount = tmp_path / "source", tmp_path / "mount"
    mount.mkdir()
    workspace = fill(source / "workspace.db")

    def mounted() -> None:
        for options in (["--bind", str(source), str(mount)], ["-o", "remount,ro,bind", str(mount)]):
            done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
            if done.returncode:
                raise UnavailableError(done.stderr.strip())

    provide("a read-only mount", mounted)
    try:
        path = mount / "workspace.db"
        assert ask(path) == readable(path)  # while another has it open
        reader = open_workspace(str(path))
        assert reader.get(Target("churn")).version == "1"
        workspace.register(with_conda("churn", 2), bring_nothing)
        assert reader.get(Target("churn")).version == "2"
        workspace.close()
        assert reader.get(Target("churn")).version == "2"
        workspace.register(with_conda("churn", 3), bring_nothing)
        assert reader.get(Target("churn")).version == "3"
        workspace.close()
        assert ask(path)["other"] == readable(path)["other"]
        reader.close()
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)
