"""What definitions draw on, stored once by digest: brought before a version asks for it, swept where none does.

A blob has its digest once all of it is there, and is not changed from then on.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import count
from typing import NamedTuple

from ..core.workspace.port import WorkspaceError
from .failures import DamageError, full, shown
from .opening import File

PIECE = 1024 * 1024
_MOST_BYTES, _MOST_FILES = 8 * 1024 * 1024, 500  # of one transaction
_LARGEST_TEXT = 64 * 1024 * 1024
_SWEPT_AT_ONCE = 256
_ASKED_AT_ONCE = 500
KEPT = 24 * 60 * 60
"""For how many seconds what no version has is kept: a run may be about to make one."""


class Source(NamedTuple):
    """What is to be stored. `label` is what a message calls it; `open` gives its bytes."""

    digest: bytes
    size: int
    label: str
    open: Callable[[], Iterable[bytes]]


class LostError(Exception):
    """What was brought is there no longer: it has to be brought again."""


class _Part:
    """A blob on its way. `blob` is its number once some of it is in the file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.blob: int | None = None
        self.pieces = 0
        self.waiting: list[bytes] = []
        self.is_whole = False


def of_text(text: str, label: str) -> Source:
    """A text as it is stored. Raises WorkspaceError for one that is too large."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > _LARGEST_TEXT:
        raise WorkspaceError(f"{label} is too large to be registered")
    return Source(sha256(data).digest(), len(data), label, lambda: (data,))


def missing(connection: sqlite3.Connection, digests: Iterable[bytes]) -> set[bytes]:
    """Those of some digests that are not stored."""
    left = set(digests)
    wanted = list(left)
    for at in range(0, len(wanted), _ASKED_AT_ONCE):
        some = wanted[at : at + _ASKED_AT_ONCE]
        marks = ",".join("?" * len(some))
        left.difference_update(
            row[0]
            for row in connection.execute(f"SELECT digest FROM blob WHERE digest IN ({marks})", some)  # noqa: S608
        )
    return left


def bring(file: File, sources: Iterable[Source], now: int) -> None:
    """Stores what is given, in small transactions; nothing is read while one is open.

    Raises WorkspaceError where something is not what its digest says, LostError where that took a day.
    """
    wanted = list(sources)
    _check_room(file, sum(source.size for source in wanted))
    batch: list[_Part] = []
    try:
        size = 0
        for source in wanted:
            if len(batch) >= _MOST_FILES:
                _flush(file, batch, now)
                batch, size = [], 0
            part = _Part(source)
            batch.append(part)
            for piece in _checked(source):
                part.waiting.append(piece)
                size += len(piece)
                if size >= _MOST_BYTES:
                    _flush(file, batch, now)
                    batch, size = [part], 0
            part.is_whole = True
        if batch:
            _flush(file, batch, now)
    except BaseException:
        _discard(file, batch)
        raise


def _check_room(file: File, size: int) -> None:
    """Raises WorkspaceError before a disk is filled with what cannot be registered all the same."""
    if size < PIECE:
        return
    # SQLite writes what is new beside the file first; what was swept is written over.
    free = file.read(_free, 0) + file.room()
    if free < size + min(size, _MOST_BYTES):
        raise WorkspaceError(full(file.path))


def _free(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


def _checked(source: Source) -> Iterator[bytes]:
    """What is given, in pieces. Raises WorkspaceError at the latest behind the last where it is something else."""
    digest, left = sha256(), source.size
    for piece in _cut(source.open()):
        digest.update(piece)
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left or digest.digest() != source.digest:
        raise WorkspaceError(f"{source.label} changed while it was read: nothing was registered")


def _discard(file: File, parts: list[_Part]) -> None:
    """Takes away what is in the file of blobs that will not become whole. Where that fails, it is swept a day later."""
    begun = [(part.blob,) for part in parts if part.blob is not None]
    if begun:
        with contextlib.suppress(WorkspaceError):
            file.write(
                lambda connection: connection.executemany("DELETE FROM blob WHERE id = ? AND digest IS NULL", begun)
            )


def _cut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, but for the last."""
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        at = 0
        while len(rest) - at >= PIECE:
            yield bytes(rest[at : at + PIECE])
            at += PIECE
        del rest[:at]
    if rest:
        yield bytes(rest)


def _flush(file: File, parts: list[_Part], now: int) -> None:
    made = file.write(lambda connection: [_store(connection, part, now) for part in parts])
    for part, blob in zip(parts, made, strict=True):
        part.blob = blob
        part.pieces += len(part.waiting)
        part.waiting.clear()


def _store(connection: sqlite3.Connection, part: _Part, now: int) -> int | None:
    """Adds what waits of a blob. It may be done again from the start: nothing of the part is changed."""
    blob, source = part.blob, part.source
    is_there = connection.execute("SELECT 1 FROM blob WHERE digest = ?", (source.digest,)).fetchone()
    if blob is None:
        if is_there and part.is_whole:
            return None  # another process brought it meanwhile
        made = connection.execute("INSERT INTO blob (size, unclaimed) VALUES (?, ?)", (source.size, now))
        blob = made.lastrowid
    else:
        kept = connection.execute("UPDATE blob SET unclaimed = ? WHERE id = ? AND digest IS NULL", (now, blob))
        if kept.rowcount != 1:
            raise LostError
    connection.executemany(
        "INSERT INTO piece VALUES (?, ?, ?)",
        ((blob, number, data) for number, data in enumerate(part.waiting, part.pieces)),
    )
    if part.is_whole and is_there:
        connection.execute("DELETE FROM blob WHERE id = ?", (blob,))
    elif part.is_whole:
        connection.execute("UPDATE blob SET digest = ? WHERE id = ?", (source.digest, blob))
    return blob


def claim(connection: sqlite3.Connection, digest: bytes, size: int) -> int:
    """The number of a blob that a version is to have. Raises LostError, DamageError."""
    row = connection.execute("SELECT id, size, unclaimed FROM blob WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        raise LostError
    if row[1] != size:
        raise DamageError
    if row[2] is not None:
        connection.execute("UPDATE blob SET unclaimed = NULL WHERE id = ?", row[:1])
    return int(row[0])


def has_unclaimed(connection: sqlite3.Connection, before: int) -> bool:
    """Whether there is something to be swept."""
    return connection.execute("SELECT 1 FROM blob WHERE unclaimed < ? LIMIT 1", (before,)).fetchone() is not None


def sweep(connection: sqlite3.Connection, before: int) -> bool:
    """Takes away some of what runs left that were ended before they made a version; returns whether there is more."""
    found = connection.execute("SELECT id FROM blob WHERE unclaimed < ? LIMIT ?", (before, _SWEPT_AT_ONCE)).fetchall()
    # From here on nobody finds it by its digest, however long the rest takes.
    connection.executemany("UPDATE blob SET digest = NULL WHERE id = ? AND digest IS NOT NULL", found)
    left = _SWEPT_AT_ONCE
    for (blob,) in found:
        gone = connection.execute(
            "DELETE FROM piece WHERE rowid IN (SELECT rowid FROM piece WHERE blob = ? LIMIT ?)", (blob, left)
        ).rowcount
        left -= gone
        if left <= 0:
            return True
        connection.execute("DELETE FROM blob WHERE id = ?", (blob,))
    return len(found) == _SWEPT_AT_ONCE


def text(connection: sqlite3.Connection, blob: int | None) -> str | None:
    """A text that is stored whole. Raises DamageError where it is another than was stored."""
    if blob is None:
        return None
    row = connection.execute("SELECT digest, size FROM blob WHERE id = ?", (blob,)).fetchone()
    if row is None or not isinstance(row[1], int) or row[1] > _LARGEST_TEXT:
        raise DamageError
    data = b"".join(
        each for (each,) in connection.execute("SELECT data FROM piece WHERE blob = ? ORDER BY number", (blob,))
    )
    if sha256(data).digest() != row[0]:
        raise DamageError
    return data.decode("utf-8", "surrogatepass")


def stream(file: File, digest: bytes, label: str) -> Iterator[bytes]:
    """A blob piece by piece; no transaction is open in between. Raises WorkspaceError where it is another by now."""
    found = sha256()
    for number in count():
        data = file.read(partial(_piece, digest=digest, number=number), None)
        if data is None:
            break
        found.update(data)
        yield data
    if found.digest() != digest:
        raise WorkspaceError(f"{label} is not in {shown(file.path)} as it was registered")


def _piece(connection: sqlite3.Connection, digest: bytes, number: int) -> bytes | None:
    row = connection.execute(
        "SELECT data FROM piece JOIN blob ON blob.id = piece.blob WHERE digest = ? AND number = ?", (digest, number)
    ).fetchone()
    if row is not None and not isinstance(row[0], bytes):
        raise DamageError
    return None if row is None else row[0]
