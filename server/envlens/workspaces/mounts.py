"""Which journal SQLite keeps for a file: WAL needs memory that processes share, and network file systems have none."""

import ntpath
import os
import re
import sys
from typing import NamedTuple

WAL, ROLLBACK = "wal", "delete"
"""What `PRAGMA journal_mode` calls them."""

_MOUNTS = "/proc/self/mountinfo"
_SHARED = {
    "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs", "gpfs", "lustre",
    "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf",
    "virtiofs", "vmhgfs", "wekafs",
}  # fmt: skip
_DRIVE_REMOTE = 4
_LOCAL_DRIVES = {2: "removable", 3: "local", 6: "RAM"}
_ESCAPE = re.compile(rb"\\([0-7]{3})")


class Journal(NamedTuple):
    """The journal of a file: its name as SQLite has it (`wal`, `delete`), and why this one."""

    name: str
    reason: str


def journal_for(path: str) -> Journal:
    """The journal for a file at a path, whether it is there or not. Never raises."""
    if sys.platform == "win32":
        return _by_drive(os.path.abspath(path))
    if sys.platform != "linux":
        return Journal(ROLLBACK, f"whether a file lies on a network file system is not looked up on {sys.platform}")
    try:
        with open(_MOUNTS, "rb") as file:
            return by_mounts(file.read(), os.fsencode(os.path.realpath(path)))
    except (OSError, ValueError) as error:
        return Journal(ROLLBACK, f"{_MOUNTS} cannot be read: {error}")


def by_mounts(mounts: bytes, path: bytes) -> Journal:
    """The journal for an absolute path without links, by what `/proc/self/mountinfo` holds."""
    best, kind = b"", ""
    for line in mounts.splitlines():
        head, dash, tail = line.partition(b" - ")
        fields = head.split(b" ")
        if not dash or len(fields) < 6:
            continue
        point = _ESCAPE.sub(lambda found: bytes((int(found[1], 8) & 0xFF,)), fields[4])
        # What was mounted later at the same place is what one sees.
        if len(point) >= len(best) and (path == point or path.startswith(point.rstrip(b"/") + b"/")):
            best, kind = point, tail.partition(b" ")[0].decode("ascii", "replace")
    where = os.fsdecode(best)
    if not kind:
        return Journal(ROLLBACK, f"{_MOUNTS} does not say what it lies on")
    if kind in _SHARED or kind.startswith("fuse."):
        return Journal(ROLLBACK, f"'{where}' is a network file system, or may be one ({kind})")
    return Journal(WAL, f"'{where}' is a local file system ({kind})")


def _by_drive(path: str) -> Journal:
    drive = ntpath.splitdrive(path)[0]
    if drive.startswith(("\\\\", "//")):
        return Journal(ROLLBACK, f"'{drive}' is a network share")
    if sys.platform == "win32":  # mypy knows the call there only
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\")
        if kind in _LOCAL_DRIVES:
            return Journal(WAL, f"'{drive}' is a {_LOCAL_DRIVES[kind]} drive")
        return Journal(ROLLBACK, f"'{drive}' is {'a network drive' if kind == _DRIVE_REMOTE else 'an unknown drive'}")
    return Journal(ROLLBACK, f"'{drive}' is an unknown drive")
