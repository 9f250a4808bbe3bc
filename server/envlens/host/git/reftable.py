"""Finds git's names in a reftable, the format that replaces one file for each name.

The format: https://git-scm.com/docs/reftable. Tables are read from their beginning, without their own indexes.
"""

import os
import re
from collections.abc import Iterator

from .coding import distance
from .files import GitError, Why, text

_MAX_TABLE = 64_000_000
_MAX_TABLES = 1_000
_IS_TABLE = re.compile(r"[0-9A-Za-z-]+\.ref").fullmatch
_DELETED, _ID, _PEELED, _SYMBOLIC = range(4)


def find(folder: str, name: str) -> str | None:
    """What is kept under a full name: an id, or `ref: ` and another name; None for nothing. Raises GitError."""
    listed = text(os.path.join(folder, "tables.list"), [folder], _MAX_TABLE) or b""
    tables = listed.decode("ascii", "replace").split()
    if len(tables) > _MAX_TABLES:
        raise GitError(f"there are more than {_MAX_TABLES} tables of names", Why.TOO_LARGE)
    wanted = os.fsencode(name)
    for table in reversed(tables):  # the last one is the newest
        data = text(os.path.join(folder, table), [folder], _MAX_TABLE) if _IS_TABLE(table) else None
        if data is None:
            raise GitError("a table of names is not there")
        for found, kind, value in _records(data):
            if found == wanted:
                return None if kind == _DELETED else _said(kind, value)
            if found > wanted:
                break
    return None


def _said(kind: int, value: bytes) -> str:
    return f"ref: {os.fsdecode(value)}" if kind == _SYMBOLIC else value.hex()


def _records(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """The names in a table, in order, each with the kind and the bytes of what it stands for."""
    if data[:4] != b"REFT" or data[4:5] not in {b"\1", b"\2"}:
        raise GitError("a table of names has a format that is not read", Why.UNSUPPORTED)
    is_second = data[4] == 2
    width = 32 if is_second and data[24:28] == b"s256" else 20
    aligned = int.from_bytes(data[5:8], "big")
    head = 28 if is_second else 24
    end = len(data) - head - 44  # the head again, and what says where the other parts start
    start = 0
    while start < end:
        at = start or head  # the first block holds the head of the file
        if data[at : at + 1] != b"r":
            return
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        stop = start + size
        restarts = int.from_bytes(data[stop - 2 : stop], "big")
        if size < 6 or stop > end:
            raise GitError("a table of names is damaged")
        yield from _block(data[at + 4 : stop - 2 - 3 * restarts], width)
        # Blocks are padded with zeros, but for those before another kind of block.
        start = start + aligned if aligned > size and data[stop : stop + 1] == b"\0" else stop


def _block(data: bytes, width: int) -> Iterator[tuple[bytes, int, bytes]]:
    name = b""
    at = 0
    while at < len(data):
        kept, at = distance(data, at)
        more, at = distance(data, at)
        kind = more & 7
        name = name[:kept] + data[at : at + (more >> 3)]
        at += more >> 3
        _, at = distance(data, at)
        size = (0, width, 2 * width, 0)[kind] if kind <= _SYMBOLIC else -1
        if kind == _SYMBOLIC:
            size, at = distance(data, at)
        value = data[at : at + (width if kind == _PEELED else size)]
        at += size
        if size < 0 or at > len(data):
            raise GitError("a table of names is damaged")
        yield name, kind, value
