"""How git codes what it keeps: lengths, zlib streams and deltas. Each is read within bounds; GitError for what is none.

The formats: https://git-scm.com/docs/gitformat-pack.
"""

import zlib
from collections.abc import Iterator

from .files import GitError, Why

# What putting one object together may cost, a few seconds: far more than any that git has written, whose chains of
# deltas are 50 long and whose objects kept as deltas are small. A step through a delta takes as long as many bytes.
_MAX_WORK = 4_000_000_000
_STEP = 1_000
# A length of ten bytes is beyond 64 bits.
_MAX_LENGTH = 10
# Bytes out of zlib at once.
_PIECE = 1 << 16


class Work:
    """What putting an object together has cost so far: deltas can be made to cost any time."""

    def __init__(self) -> None:
        self._left = _MAX_WORK

    def add(self, size: int, steps: int = 0) -> None:
        """Counts bytes that were made. Raises GitError when they are too many."""
        self._left -= size + steps * _STEP
        if self._left < 0:
            raise GitError("an object takes too long to be put together", Why.TOO_LARGE)

    @property
    def steps(self) -> int:
        """How many steps through a delta there may still be."""
        return self._left // _STEP


def length(data: bytes, at: int) -> tuple[int, int]:
    """A length of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for index, byte in enumerate(data[at : at + _MAX_LENGTH]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, at + index + 1
    raise GitError("a length does not end")


def distance(data: bytes, at: int) -> tuple[int, int]:
    """A length of seven bits a byte, the highest first, without two ways to write one; and where it ends."""
    value = -1
    for index, byte in enumerate(data[at : at + _MAX_LENGTH]):
        value = ((value + 1) << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + index + 1
    raise GitError("a length does not end")


def inflated(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """What a zlib stream holds, which must be that many bytes; no more than one piece beyond is made."""
    engine = zlib.decompressobj()
    left = size
    read = 0
    for piece in pieces:
        read += len(piece)
        # zlib makes nothing larger than this; empty blocks without end make nothing at all.
        if read > 2 * size + 2 * _PIECE:
            break
        tail = piece
        while not engine.eof:
            made = _more(engine, tail, min(left + 1, _PIECE))
            left -= len(made)
            if left < 0:
                raise GitError("an object is larger than it says")
            if made:
                yield made
            tail = engine.unconsumed_tail
            if not tail and not made:
                break
        if engine.eof:
            break
    if left or not engine.eof:
        raise GitError("an object ends too soon")


def beginning(data: bytes, count: int) -> bytes:
    """The first bytes that a zlib stream holds, fewer where it or the data ends."""
    return _more(zlib.decompressobj(), data, count)


def _more(engine: "zlib._Decompress", data: bytes, count: int) -> bytes:
    try:
        return engine.decompress(data, count)
    except zlib.error as error:
        raise GitError("an object is no zlib stream") from error


def sizes(delta: bytes) -> tuple[int, int, int]:
    """What a delta says of the sizes of its base and of its result, and where that ends."""
    base, at = length(delta, 0)
    result, at = length(delta, at)
    return base, result, at


def patched(base: bytes, delta: bytes, work: Work) -> bytes:
    """What a delta makes of its base."""
    expected, size, at = sizes(delta)
    if expected != len(base):
        raise GitError("a delta is for another object")
    try:
        made = _pieces(base, delta, at, size, work.steps)
    except IndexError as error:
        raise GitError("a delta ends too soon") from error
    work.add(size, len(made))
    result = b"".join(made)
    # A piece can only have come out shorter than it should be.
    if len(result) != size:
        raise GitError("a delta makes another size than it says")
    return result


def _pieces(base: bytes, delta: bytes, at: int, size: int, most: int) -> list[bytes]:
    """What a delta takes from its base or holds itself, one piece more than the most at most."""
    made: list[bytes] = []
    left = size
    end = len(delta)
    while at < end and len(made) <= most:
        op = delta[at]
        at += 1
        if op & 0x80:
            start = count = 0
            # Unrolled: nearly all the time that an object takes is spent here.
            if op & 0x01:
                start = delta[at]
                at += 1
            if op & 0x02:
                start |= delta[at] << 8
                at += 1
            if op & 0x04:
                start |= delta[at] << 16
                at += 1
            if op & 0x08:
                start |= delta[at] << 24
                at += 1
            if op & 0x10:
                count = delta[at]
                at += 1
            if op & 0x20:
                count |= delta[at] << 8
                at += 1
            if op & 0x40:
                count |= delta[at] << 16
                at += 1
            count = count or 0x10000
            made.append(base[start : start + count])
        else:
            count = op
            made.append(delta[at : at + count])
            at += count
        left -= count
        if left < 0 or not count:
            raise GitError("a delta is damaged")
    return made
