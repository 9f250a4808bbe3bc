"""The journal hangs on what the file lies on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bench.offers import bring_nothing, with_conda

from envlens.core.workspace.target import Target
from envlens.workspaces import mounts, opening
from envlens.workspaces.mounts import ROLLBACK, WAL, Journal, by_mounts, journal_for
from envlens.workspaces.sqlite import open_workspace

MOUNTS = rb"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
24 22 0:40 / /home rw,relatime shared:2 master:3 - nfs4 server:/home rw,vers=4.2
25 24 254:1 / /home/me/scratch rw - xfs /dev/vdb rw
26 22 0:41 / /mnt/with\040blank\134and\011tab rw - cifs //server/share rw
27 22 0:42 / /mnt/batch/tasks/cloudfiles rw - fuse.blobfuse2 blobfuse2 rw
28 22 0:43 / /over rw - ext4 /dev/vdc rw
29 22 0:44 / /over rw - nfs server:/over rw
30 22 0:45 / /under rw - nfs server:/under rw
31 22 0:46 / /under rw - tmpfs tmpfs rw
32 22 0:47 / /mnt/c rw - 9p drvfs rw
33 22 8:1 / /media/stick rw - fuseblk /dev/sdb1 rw
34 22 0:48 / /strange
35 22 0:49
36 22 0:50 / /mnt/ssh rw - fuse.sshfs me@server: rw
37 22 0:51 / /\303\244 rw - lustre server rw
"""


@pytest.mark.parametrize(
    ("path", "name", "word"),
    [
        ("/var/workspace.db", WAL, "ext4"),
        ("/", WAL, "ext4"),
        ("/home/me/.local/workspace.db", ROLLBACK, "nfs4"),
        ("/home", ROLLBACK, "nfs4"),
        ("/homes/workspace.db", WAL, "ext4"),
        ("/home/me/scratch/workspace.db", WAL, "xfs"),
        ("/home/me/scratchy/workspace.db", ROLLBACK, "nfs4"),
        ("/mnt/with blank\\and\ttab/workspace.db", ROLLBACK, "cifs"),
        ("/mnt/batch/tasks/cloudfiles/code/workspace.db", ROLLBACK, "fuse.blobfuse2"),
        ("/over/workspace.db", ROLLBACK, "nfs"),
        ("/under/workspace.db", WAL, "tmpfs"),
        ("/mnt/c/Users/workspace.db", ROLLBACK, "9p"),
        ("/media/stick/workspace.db", WAL, "fuseblk"),
        ("/strange/workspace.db", WAL, "ext4"),
        ("/mnt/ssh/workspace.db", ROLLBACK, "fuse.sshfs"),
        ("/ä/workspace.db", ROLLBACK, "lustre"),
    ],
)
def test_the_mount_that_is_nearest_decides(path: str, name: str, word: str) -> None:
    found = by_mounts(MOUNTS, path.encode())
    assert found.name == name
    assert f"({word})" in found.reason


def test_what_nothing_is_known_of_gets_a_rollback_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_mounts(b"", b"/a") == Journal(ROLLBACK, "/proc/self/mountinfo does not say what it lies on")
    monkeypatch.setattr(mounts, "_MOUNTS", str(tmp_path / "none"))
    assert journal_for("/a").name == ROLLBACK
    assert "cannot be read" in journal_for("/a").reason
    monkeypatch.setattr("sys.platform", "darwin")
    assert journal_for("/a") == Journal(
        ROLLBACK, "whether a file lies on a network file system is not looked up on darwin"
    )


def test_a_share_of_windows_gets_a_rollback_journal() -> None:
    assert mounts._by_drive(r"\\server\share\workspace.db") == Journal(ROLLBACK, r"'\\server\share' is a network share")
    assert mounts._by_drive("//server/share/workspace.db").name == ROLLBACK


def test_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mounts").write_bytes(b"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / %b/far rw - nfs a rw\n" % bytes(tmp_path))
    monkeypatch.setattr(mounts, "_MOUNTS", str(tmp_path / "mounts"))
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to("far")
    assert journal_for(str(tmp_path / "near" / "not" / "yet" / "workspace.db")).name == ROLLBACK
    assert journal_for(str(tmp_path / "workspace.db")).name == WAL


def mode_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_the_file_has_that_journal_also_where_it_was_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "workspace.db"
    for at, name in enumerate((ROLLBACK, WAL, ROLLBACK)):
        monkeypatch.setattr(opening, "journal_for", lambda path, name=name: Journal(name, ""))
        workspace = open_workspace(str(path))
        workspace.register(with_conda("churn", at), bring_nothing)
        workspace.close()
        assert mode_of(path) == name
    monkeypatch.setattr(opening, "journal_for", lambda path: Journal(WAL, ""))
    assert open_workspace(str(path)).get(Target("churn")).version == "3"


def test_every_change_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ROLLBACK, WAL):
        monkeypatch.setattr(opening, "journal_for", lambda path, name=name: Journal(name, ""))
        workspace = open_workspace(str(tmp_path / name))
        workspace.register(with_conda("churn", 1), bring_nothing)
        assert workspace._file._opened is not None
        assert workspace._file._opened.connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert workspace._file._opened.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        workspace.close()
