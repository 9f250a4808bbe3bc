"""Reads the files of a build context, each once for all the digests that want its bytes."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Protocol

from . import disk
from .tree_cache import Known
from .tree_files import Checkpoint, File, to_stamp

_BLOCK = 1 << 20
_TEXT_HEAD = 8 << 10
_FILES_BETWEEN = 200
_BYTES_BETWEEN = 8 << 20
_FLAGS = disk.READ_FLAGS | getattr(os, "O_NOFOLLOW", 0)
# A folder above is gone or another, or a link came in place of the file.
_MOVED = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE}


class Hasher(Protocol):
    """What takes bytes."""

    def update(self, data: bytes, /) -> None:
        """Takes up more."""


class MovedError(Exception):
    """A file is not what was seen on the way to it, or changes while it is read."""

    def __init__(self, file: File) -> None:
        super().__init__(file.path)
        self.file = file


class UnreadableError(Exception):
    """A file cannot be read."""

    def __init__(self, file: File) -> None:
        super().__init__(file.path)
        self.file = file


class Progress:
    """Counts what was read, and tells it now and then."""

    def __init__(self, checkpoint: Checkpoint | None) -> None:
        self._checkpoint = checkpoint
        self._files = self._bytes = 0
        self._next_files, self._next_bytes = _FILES_BETWEEN, _BYTES_BETWEEN

    def add(self, files: int, size: int) -> None:
        """Raises what `checkpoint` raises."""
        self._files += files
        self._bytes += size
        if self._files >= self._next_files or self._bytes >= self._next_bytes:
            self.tell()

    def tell(self) -> None:
        """Tells it now."""
        self._next_files, self._next_bytes = self._files + _FILES_BETWEEN, self._bytes + _BYTES_BETWEEN
        if self._checkpoint is not None:
            self._checkpoint(self._files, self._bytes)


def read(file: File, others: Iterable[Hasher], progress: Progress) -> Known:
    """What a file holds, its bytes given to other hashers on the way. Raises MovedError and UnreadableError."""
    own = sha256()
    lines = _Lines()
    _stream(file, (own, *others, lines), progress)
    return Known(own.digest(), lines.has_crlf)


def pass_on(file: File, others: Iterable[Hasher], progress: Progress) -> None:
    """Gives a file's bytes to hashers. Raises MovedError and UnreadableError."""
    _stream(file, tuple(others), progress)


def _stream(file: File, hashers: tuple[Hasher, ...], progress: Progress) -> None:
    for block in blocks(file):
        for hasher in hashers:
            hasher.update(block)
        progress.add(0, len(block))
    progress.add(1, 0)


def blocks(file: File) -> Iterator[bytes]:
    """A file's bytes in pieces of a megabyte at most. Raises MovedError and UnreadableError."""
    try:
        descriptor = os.open(file.place, _FLAGS)
    except OSError as error:
        raise (MovedError if error.errno in _MOVED else UnreadableError)(file) from None
    try:
        _check(file, descriptor)
        left = file.stamp[0]
        # One byte more shows that it has grown.
        while block := _read(file, descriptor, left + 1):
            left -= len(block)
            if left < 0:
                raise MovedError(file)
            yield block
        if left:
            raise MovedError(file)
        _check(file, descriptor)
    finally:
        os.close(descriptor)


def _read(file: File, descriptor: int, count: int) -> bytes:
    try:
        return os.read(descriptor, min(count, _BLOCK))
    except OSError:
        raise UnreadableError(file) from None


def _check(file: File, descriptor: int) -> None:
    """Whether the open file is the one that was seen: what is no regular one is not read, and nothing from outside."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        raise UnreadableError(file) from None
    if to_stamp(found) != file.stamp or not stat.S_ISREG(found.st_mode):
        raise MovedError(file)


class _Lines:
    """Looks for a CRLF line end in text."""

    def __init__(self) -> None:
        self.has_crlf = False
        self._is_done = False
        self._head = _TEXT_HEAD
        self._last = b""

    def update(self, data: bytes, /) -> None:
        if self._is_done:
            return
        if self._head > 0:
            if b"\0" in data[: self._head]:
                self.has_crlf, self._is_done = False, True
                return
            self._head -= len(data)
        # Most text holds no CR at all, which is seen ten times as fast.
        if (b"\r" in data and b"\r\n" in data) or (self._last == b"\r" and data.startswith(b"\n")):
            self.has_crlf = True
            self._is_done = self._head <= 0
        self._last = data[-1:]
