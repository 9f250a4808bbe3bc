"""Reads git's packs: many objects in one file, most of them as what differs from another, with an index beside it.

The formats: https://git-scm.com/docs/gitformat-pack. Indexes of version 1, which git has not written since 2007, are
not read.
"""

import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .coding import Work, beginning, distance, inflated, length, patched, sizes
from .files import Files, GitError, Why

COMMIT, TREE, BLOB, TAG = 1, 2, 3, 4
_BY_OFFSET, _BY_ID = 6, 7

# As deep as git makes them at most (`pack.depth`).
_MAX_CHAIN = 4_096
# What has to be held in memory: an object kept as a delta, and each one that it builds on.
_MAX_HELD = 100_000_000
_MAX_KEPT = 16_000_000
_PIECE = 1 << 16
_HEADER = 12
_NAMES_AT = 8 + 256 * 4


class Found(NamedTuple):
    """An object that was found: its kind, how many bytes it has, and what gives these in pieces, once."""

    kind: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


class Kept:
    """Objects that others build on, so that each is put together once; those that came first make room."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[int, bytes]] = {}
        self._size = 0

    def get(self, pack: str, offset: int) -> tuple[int, bytes] | None:
        """The kind and the content of the object at an offset, if it is known."""
        return self._known.get((pack, offset))

    def put(self, pack: str, offset: int, kind: int, data: bytes) -> None:
        """Keeps the content of an object, unless it is large."""
        if len(data) > _MAX_KEPT // 4 or (pack, offset) in self._known:
            return
        self._known[pack, offset] = kind, data
        self._size += len(data)
        while self._size > _MAX_KEPT:
            self._size -= len(self._known.pop(next(iter(self._known)))[1])


class _Entry(NamedTuple):
    """An object in a pack: where it lies, where its bytes start, and for a delta where that lies which it builds on."""

    offset: int
    start: int
    kind: int
    size: int
    base: int | None


class Pack:
    """A pack and its index. Its methods raise GitError, and FileNotFoundError once git has removed the files."""

    def __init__(self, files: Files, path: str, width: int, kept: Kept) -> None:
        """With the path but for `.pack` and `.idx`, and the bytes of an id."""
        self._files = files
        self._pack = f"{path}.pack"
        self._index = f"{path}.idx"
        self._width = width
        self._kept = kept
        self._fanout: tuple[int, ...] = ()

    def offset(self, oid: bytes) -> int | None:
        """Where in the pack an object lies; None if it does not."""
        at, end = self._place(oid)
        if at == end or self._name(at) != oid:
            return None
        small = _NAMES_AT + self._fanout[-1] * (self._width + 4)
        (offset,) = struct.unpack(">L", self._files.exactly(self._index, small + at * 4, 4))
        if offset >> 31:
            large = small + self._fanout[-1] * 4 + (offset & 0x7FFFFFFF) * 8
            (offset,) = struct.unpack(">Q", self._files.exactly(self._index, large, 8))
        return int(offset)

    def starting(self, start: str, limit: int) -> Iterator[str]:
        """The ids that begin with these digits (two at least), the first ones."""
        at, end = self._place(bytes.fromhex(start.ljust(self._width * 2, "0")))
        for index in range(at, min(end, at + limit)):
            oid = self._name(index).hex()
            if not oid.startswith(start):
                return
            yield oid

    def find(self, oid: str) -> Found | None:
        """An object, if it lies here; of deltas no more is inflated than says their size."""
        offset = self.offset(bytes.fromhex(oid))
        if offset is None:
            return None
        chain = self._chain(offset)
        known = self._kept.get(self._pack, chain[-1].base or chain[-1].offset)
        kind = known[0] if known else chain[-1].kind
        size = chain[0].size
        if chain[0].base is not None:
            _, size, _ = sizes(beginning(self._files.at(self._pack, chain[0].start, 256), 20))
            return Found(kind, size, lambda: iter([self._together(chain)]))
        return Found(kind, size, lambda: self._inflated(chain[0]))

    def _place(self, oid: bytes) -> tuple[int, int]:
        """Where in the index an id stands or would stand, and where those end that begin with the same byte."""
        if not self._fanout:
            head = self._files.exactly(self._index, 0, _NAMES_AT)
            if head[:8] != b"\377tOc\0\0\0\2":
                raise GitError("the index of a pack has a format that is not read", Why.UNSUPPORTED)
            fanout = struct.unpack(">256L", head[8:])
            if list(fanout) != sorted(fanout):
                raise GitError("the index of a pack is damaged")
            self._fanout = fanout
        lowest = self._fanout[oid[0] - 1] if oid[0] else 0
        end = self._fanout[oid[0]]
        return bisect_left(range(end), oid, lowest, end, key=self._name), end

    def _name(self, index: int) -> bytes:
        return self._files.exactly(self._index, _NAMES_AT + index * self._width, self._width)

    def _chain(self, offset: int) -> list[_Entry]:
        """An object and those that it builds on, up to one that is whole or that is known."""
        entry = self._entry(offset)
        chain = [entry]
        met = {offset}
        while entry.base is not None and self._kept.get(self._pack, entry.base) is None:
            entry = self._entry(entry.base)
            if entry.offset in met or len(chain) == _MAX_CHAIN:
                raise GitError("deltas build on one another without end")
            met.add(entry.offset)
            chain.append(entry)
        return chain

    def _entry(self, offset: int) -> _Entry:
        """What is said of the object at an offset."""
        data = self._files.at(self._pack, offset, 64)
        value, at = length(data, 0)
        # The first byte holds four bits of the size only, and the kind above them.
        kind = value >> 4 & 7
        size = value & 15 | value >> 7 << 4
        base: int | None = None
        if kind == _BY_OFFSET:
            back, at = distance(data, at)
            base = offset - back
        elif kind == _BY_ID:
            base = self.offset(data[at : at + self._width].ljust(self._width))
            at += self._width
            if base is None:
                raise GitError("a delta builds on what is not there")
        elif kind not in {COMMIT, TREE, BLOB, TAG}:
            raise GitError("an object is of a kind that there is not")
        if base is not None and base < _HEADER:
            raise GitError("a delta builds on what is no object")
        return _Entry(offset, offset + at, kind, size, base)

    def _together(self, chain: list[_Entry]) -> bytes:
        """The content of the first of these, which build on one another."""
        work = Work()
        last = chain[-1]
        known = self._kept.get(self._pack, last.base) if last.base is not None else None
        if known is None:
            known = last.kind, self._whole(last, work)
            self._kept.put(self._pack, last.offset, *known)
            chain = chain[:-1]
        kind, data = known
        for entry in reversed(chain):
            delta = self._whole(entry, work)
            if sizes(delta)[1] > _MAX_HELD:
                raise GitError(f"a delta makes more than {_MAX_HELD} bytes", Why.TOO_LARGE)
            data = patched(data, delta, work)
            self._kept.put(self._pack, entry.offset, kind, data)
        return data

    def _whole(self, entry: _Entry, work: Work) -> bytes:
        if entry.size > _MAX_HELD:
            raise GitError(f"what a delta needs has more than {_MAX_HELD} bytes", Why.TOO_LARGE)
        work.add(entry.size)
        return b"".join(self._inflated(entry))

    def _inflated(self, entry: _Entry) -> Iterator[bytes]:
        return inflated(self._from(entry.start, entry.size), entry.size)

    def _from(self, start: int, size: int) -> Iterator[bytes]:
        """The bytes of a pack from there on; at first as many as a small object takes at most."""
        count = min(_PIECE, size + 64)
        while piece := self._files.at(self._pack, start, count):
            yield piece
            start += len(piece)
            count = _PIECE
