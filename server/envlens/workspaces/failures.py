"""What goes wrong with the file of a workspace, in words for people; and waiting where it is only busy."""

import errno
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from typing import NoReturn, TypeVar

from ..core.workspace.port import WorkspaceError

Done = TypeVar("Done")

PATIENCE = 60.0  # seconds
_LONGEST_PAUSE = 0.02
_LITTLE = 256 * 1024  # bytes: SQLite asks for some pages at once
ELSEWHERE = "choose another file with --workspace PATH"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
# What a schema that is not as we made it leads to: no such table, rows larger than we write, rules that do not hold.
_NOT_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DamageError(Exception):
    """A row holds what nobody wrote there."""


class BusyError(Exception):
    """Another process is at it: the same may work a moment later."""


def patiently(work: Callable[[], Done], path: str) -> Done:
    """Does it again while the file is busy. Raises WorkspaceError where it stays so."""
    end, pause = time.monotonic() + PATIENCE, 0.002
    while True:
        try:
            return work()
        except (sqlite3.Error, BusyError) as error:
            if not is_busy(error):
                raise
        if time.monotonic() >= end:
            raise WorkspaceError(f"another process keeps {shown(path)} busy: try again once it is done")
        time.sleep(random.uniform(pause / 4, pause))  # noqa: S311 - so that those who wait do not wake together
        pause = min(pause * 2, _LONGEST_PAUSE)


def is_busy(error: Exception) -> bool:
    """Whether waiting may help."""
    return isinstance(error, BusyError) or primary(error) in _BUSY


def primary(error: Exception) -> int | None:
    """SQLite's result code without its details, None where Python alone complains."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def tell(error: Exception, path: str, *, is_writing: bool) -> NoReturn:
    """Raises the WorkspaceError for what SQLite, the system or a row said about a file."""
    raise WorkspaceError(_text(error, path, is_writing)) from error


def _text(error: Exception, path: str, is_writing: bool) -> str:
    if isinstance(error, OSError):
        return _of_system(error, path)
    code = primary(error)
    if code == sqlite3.SQLITE_FULL or (is_writing and code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return full(path)
    if is_writing and code == sqlite3.SQLITE_TOOBIG:
        return "a text of the definition is too large to be registered"
    if isinstance(error, DamageError | UnicodeError) or code in _DAMAGED or code in _NOT_OURS:
        return damaged(path)
    if code in _REFUSED:
        return unwritable(path) if is_writing else unreadable(path)
    if code == sqlite3.SQLITE_NOMEM:
        return f"there is not enough memory to read {shown(path)}"
    return f"{shown(path)} cannot be {'written' if is_writing else 'read'}: the disk or its file system gave an error"


def _of_system(error: OSError, path: str) -> str:
    if error.errno in _FULL:
        return full(path)
    named = shown(error.filename if isinstance(error.filename, str) else path)
    if isinstance(error, NotADirectoryError | FileExistsError):
        return f"{shown(os.path.dirname(path))} is not a folder, so there can be no workspace in it: {ELSEWHERE}"
    reason = os.strerror(error.errno).lower() if error.errno else "it cannot be used"
    return f"{named}: {reason}; {ELSEWHERE}"


def _is_full(path: str) -> bool:
    try:
        return shutil.disk_usage(os.path.dirname(path)).free < _LITTLE
    except OSError:
        return False


def full(path: str) -> str:
    """The text for a disk without space."""
    return f"no space left for {shown(path)}: nothing was registered"


def damaged(path: str) -> str:
    """The text for a file that cannot be read as what we wrote."""
    name = shown(path)
    return (
        f"{name} is damaged or is no workspace; it was not changed: move it away to begin a new one, "
        f"or try `sqlite3 {name} .recover | sqlite3 NEW`"
    )


def unwritable(path: str) -> str:
    """The text for a file that may only be read."""
    return f"{shown(path)} cannot be written, or the folder that it is in: {ELSEWHERE}"


def unreadable(path: str) -> str:
    """The text for a file that may not be read."""
    return f"{shown(path)} cannot be read: give yourself the permission, or {ELSEWHERE}"


def shown(path: str | bytes) -> str:
    """A path for a message of one line, in quotes."""
    text = path.decode("utf-8", "backslashreplace") if isinstance(path, bytes) else path
    return f"'{''.join(each if each.isprintable() else ascii(each)[1:-1] for each in text)}'"
