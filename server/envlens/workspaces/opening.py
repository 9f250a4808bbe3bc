"""The file of a workspace: found, made, opened as well as it can be, and read and written in transactions."""

import contextlib
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable
from typing import NamedTuple, TypeVar
from urllib.parse import quote_from_bytes

from ..core.workspace.port import WorkspaceError
from . import schema
from .failures import ELSEWHERE, BusyError, DamageError, is_busy, patiently, primary, shown, tell, unwritable
from .mounts import WAL, journal_for

Done = TypeVar("Done")
Work = Callable[[sqlite3.Connection], Done]

_TIMEOUT = 0.05  # seconds that SQLite itself waits: it naps longer and longer, and so the same ones come last
_LARGEST_ROW = 16 * 1024 * 1024
_LARGEST_JOURNAL = 16 * 1024 * 1024
_HEADER = 100
_WAL_VERSIONS, _APPLICATION_ID = slice(18, 20), slice(68, 72)
_IN_WAL = b"\2\2"


class _Opened(NamedTuple):
    """An open file. `key` is which file it was, and for one that nobody is thought to write, its state."""

    connection: sqlite3.Connection
    key: tuple[object, ...]
    is_writable: bool


class File:
    """A file that need not be there. Every method may raise WorkspaceError."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self._folder = os.path.dirname(self.path)
        self._opened: _Opened | None = None

    def read(self, work: Work[Done], nothing: Done) -> Done:
        """What some work reads in one transaction, or `nothing` where there is no workspace yet."""

        def once() -> Done:
            connection = self._for_reading()
            if connection is None:
                return nothing
            with _Transaction(connection, "BEGIN"):
                version = schema.check(connection, self.path)
                if version == 0:
                    return nothing
                if version < schema.READABLE:
                    raise WorkspaceError(f"{shown(self.path)} was made by an older envlens: register something in it")
                return work(connection)

        return self._guard(once, is_writing=False)

    def write(self, work: Work[Done]) -> Done:
        """Does some work in one transaction that is there whole or not at all; the work may be done several times."""

        def once() -> Done:
            connection = self._for_writing()
            with _Transaction(connection, "BEGIN IMMEDIATE"):
                if schema.check(connection, self.path) != schema.CURRENT:
                    raise BusyError  # the file was made anew in between
                return work(connection)

        return self._guard(once, is_writing=True)

    def room(self) -> int:
        """The bytes that are free where the file lies; very many where nobody can say."""
        folder = self._folder
        while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            return sys.maxsize

    def close(self) -> None:
        """Lets go of the file; the next reading or writing opens it again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with contextlib.suppress(sqlite3.Error):
                opened.connection.close()

    def _guard(self, once: Callable[[], Done], *, is_writing: bool) -> Done:
        def again() -> Done:
            try:
                return once()
            except (BusyError, sqlite3.Error) as error:
                if not is_busy(error) or isinstance(error, BusyError):
                    self.close()  # it may have been moved away, or be in a state that nobody knows
                raise

        try:
            return patiently(again, self.path)
        except (sqlite3.Error, OSError, DamageError, UnicodeError) as error:
            self.close()
            tell(error, self.path, is_writing=is_writing)

    def _status(self) -> os.stat_result | None:
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(status.st_mode):
            raise WorkspaceError(f"{shown(self.path)} is a folder, and no workspace: {ELSEWHERE}")
        if not stat.S_ISREG(status.st_mode):
            raise WorkspaceError(f"{shown(self.path)} is no regular file: {ELSEWHERE}")
        return status

    def _for_reading(self) -> sqlite3.Connection | None:
        status = self._status()
        if status is None:
            self.close()
            return None
        if self._opened is not None and self._opened.key == self._key(status, is_writable=self._opened.is_writable):
            return self._opened.connection
        self.close()
        if not status.st_size:
            return None  # it is being made, or what lies beside it is of a file that is gone
        if self._may_write():
            try:
                return self._keep(self._connect_as_owner(), status, is_writable=True)
            except sqlite3.Error as error:
                if not self._may_be_read_otherwise(error):
                    raise
        return self._keep(self._connect_without_writing(), status, is_writable=False)

    def _for_writing(self) -> sqlite3.Connection:
        status = self._status()
        if status is None:
            self.close()
            self._make()
            status = self._status()
        if status is None:
            raise BusyError  # somebody is moving it about
        if not self._may_write():
            raise WorkspaceError(unwritable(self.path))
        opened = self._opened
        if opened is not None and opened.is_writable and opened.key == self._key(status, is_writable=True):
            connection = opened.connection
        else:
            self.close()
            connection = self._keep(self._connect_as_owner(), status, is_writable=True)
        if _in_transaction(connection, lambda: schema.check(connection, self.path)) < schema.CURRENT:
            # In this order: whose it is stands in the file itself before there is anything beside it.
            schema.migrate(connection, self.path)
            self._settle_journal(connection)
        return connection

    def _connect_as_owner(self) -> sqlite3.Connection:
        self._check_owner()
        return _connect(self.path, "mode=rw")

    def _keep(self, connection: sqlite3.Connection, status: os.stat_result, *, is_writable: bool) -> sqlite3.Connection:
        """Takes a connection that can be read from; closes any other."""
        try:
            version = _in_transaction(connection, lambda: schema.check(connection, self.path))
            if is_writable and version:
                self._settle_journal(connection)
        except BaseException:
            connection.close()
            raise
        self._opened = _Opened(connection, self._key(status, is_writable=is_writable), is_writable)
        return connection

    def _key(self, status: os.stat_result, *, is_writable: bool) -> tuple[object, ...]:
        which = (status.st_dev, status.st_ino)
        if is_writable:
            return which
        # SQLite does not watch a file that it was told is not going to change.
        return (*which, status.st_mtime_ns, status.st_size, self._size_of("-wal"))

    def _size_of(self, ending: str) -> int:
        try:
            return os.stat(self.path + ending).st_size
        except OSError:
            return 0

    def _may_write(self) -> bool:
        # SQLite makes its journal beside the file.
        return os.access(self.path, os.W_OK) and os.access(self._folder, os.W_OK | os.X_OK)

    def _may_be_read_otherwise(self, error: sqlite3.Error) -> bool:
        """Whether a file that could not be opened for writing may be read all the same: a full disk, say."""
        return primary(error) in {
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_FULL,
        }

    def _header(self) -> bytes:
        with open(self.path, "rb") as file:
            return file.read(_HEADER)

    def _check_owner(self) -> None:
        """Raises WorkspaceError, sqlite3.Error or DamageError for a file that is not ours.

        Opening a database of others for writing may already change it: what is left beside it is taken in.
        """
        header = self._header()
        # Nothing but zeros is left where a file was being made when the power failed; SQLite takes that back.
        if not header.strip(b"\0") or header[_APPLICATION_ID] == schema.APPLICATION_ID.to_bytes(4, "big"):
            return
        if header[_WAL_VERSIONS] == _IN_WAL and self._size_of("-wal"):
            raise WorkspaceError(schema.foreign(self.path))
        is_in_wal = header[_WAL_VERSIONS] == _IN_WAL
        connection = _connect(self.path, "mode=ro&immutable=1" if is_in_wal else "mode=ro")
        try:
            _in_transaction(connection, lambda: schema.check(connection, self.path))
        finally:
            connection.close()

    def _connect_without_writing(self) -> sqlite3.Connection:
        if self._header()[_WAL_VERSIONS] != _IN_WAL:
            return self._connect_to_left("mode=ro", "-journal")
        if self._size_of("-wal"):
            return self._connect_to_left("mode=ro", "-wal")
        # In WAL, even reading writes beside the file, but there is nothing that is not in the file itself.
        return _connect(self.path, "mode=ro&immutable=1")

    def _connect_to_left(self, how: str, ending: str) -> sqlite3.Connection:
        try:
            connection = _connect(self.path, how)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.Error:
                connection.close()
                raise
        except sqlite3.Error as error:
            if self._size_of(ending) and self._may_be_read_otherwise(error):
                raise WorkspaceError(
                    f"{shown(self.path)} holds changes that are only in '{os.path.basename(self.path)}{ending}' "
                    "and cannot be taken in here: open it once where it can be written"
                ) from error
            raise
        return connection

    def _make(self) -> None:
        """Makes an empty file for its user alone; SQLite gives its journals the same permissions."""
        for folder in reversed(_missing_folders(self._folder)):
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o700)
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))
        except FileExistsError:
            if os.path.islink(self.path) and not os.path.exists(self.path):
                raise WorkspaceError(f"{shown(self.path)} is a link to nothing: {ELSEWHERE}") from None
        except PermissionError as error:
            raise WorkspaceError(unwritable(self.path)) from error

    def _settle_journal(self, connection: sqlite3.Connection) -> None:
        wanted = journal_for(self.path).name
        (found,) = connection.execute("PRAGMA journal_mode").fetchone()
        if found == wanted:
            return
        try:
            (found,) = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
        except sqlite3.OperationalError as error:
            if wanted != WAL or not is_busy(error):
                raise
        if wanted not in {found, WAL}:  # WAL is only faster; a network file system does not bear it
            raise BusyError


class _Transaction:
    """Begins, and commits or takes all back."""

    def __init__(self, connection: sqlite3.Connection, begin: str) -> None:
        self._connection, self._begin = connection, begin

    def __enter__(self) -> None:
        self._connection.execute(self._begin)

    def __exit__(self, kind: object, *rest: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")


def _in_transaction(connection: sqlite3.Connection, work: Callable[[], Done]) -> Done:
    with _Transaction(connection, "BEGIN"):
        return work()


def _connect(path: str, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{_address(path)}?{how}", uri=True, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False
    )
    try:
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_ROW)
        # What a schema of others could call is not called, and pages are looked at before they are used.
        for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_JOURNAL}")
    except BaseException:
        connection.close()
        raise
    return connection


def _text(data: bytes) -> str:
    """Texts of YAML may hold half of a surrogate pair."""
    return data.decode("utf-8", "surrogatepass")


def _address(path: str) -> str:
    name = path
    if sys.platform == "win32":
        name = path.replace("\\", "/")
        name = name if name.startswith("/") else f"/{name}"
    return f"file://{quote_from_bytes(os.fsencode(name))}"


def _missing_folders(folder: str) -> list[str]:
    """The folders that have to be made for a folder, the innermost first."""
    found = []
    while not os.path.isdir(folder):
        if os.path.lexists(folder):
            raise WorkspaceError(f"{shown(folder)} is not a folder, so there can be no workspace in it: {ELSEWHERE}")
        found.append(folder)
        if (above := os.path.dirname(folder)) == folder:
            break
        folder = above
    return found
