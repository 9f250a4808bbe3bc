"""Keeps the digests of a build context's files, in memory and in the user's cache folder: paths and digests only.

A digest counts while size, times and inode of its file are as they were. A file that was changed within the last two
seconds before it was looked at is not kept: a change in the same tick of the disk's clock would not show.

Safe to delete at any moment. Of two processes at once the later one's digests stay. What is spoilt counts as absent.
"""

import contextlib
import os
import sys
import time
from array import array
from collections.abc import Container, Sequence
from typing import NamedTuple

from ..core.hashing.tree import Tree
from . import cache_folder
from .folders import digest
from .tree_files import File, Stamp, Step, Survey

# Ticks of file systems in use are shorter, those of FAT are as long.
_TICK = 2_000_000_000
_HEAD = f"envlens trees 1 {sys.byteorder} ".encode()
_MAX_SIZE = 100_000_000
_MAX_KEPT = 64
_MAX_KEPT_SIZE = 300_000_000
_LEFTOVER_AGE = 3600
# Reading again costs less than writing.
_WORTH_BYTES = 8 << 20
_WORTH_FILES = 100


class Known(NamedTuple):
    """What is known of a file's content: its SHA-256, and whether it is text with a CRLF line end."""

    digest: bytes
    has_crlf: bool


class Kept:
    """The digests of one context, for one thread at a time."""

    def __init__(self, path: str | None = None) -> None:
        """What is kept in a file; without one, in memory only."""
        self._path = path
        # Plain tuples: those of nothing but numbers and bytes are none for the garbage collector.
        self._files: dict[str, tuple[Stamp, bytes, bool]] = {}
        self._sdk: tuple[str, str] = ("", "")
        self._tree: tuple[Survey, Tree] | None = None
        self._unsaved_bytes = self._unsaved_files = 0
        if path is not None:
            self._load(path)

    def known(self, file: File) -> Known | None:
        """What is known of a file, None where it has to be read."""
        found = self._files.get(file.place)
        return Known(found[1], found[2]) if found is not None and found[0] == file.stamp else None

    def sdk(self, steps: Sequence[Step]) -> str | None:
        """The hash of azure-ai-ml for what it hashes one behind the other."""
        key, value = self._sdk
        return value if key and key == _key(steps) else None

    def tree(self, found: Survey) -> Tree | None:
        """All that came out for the same files, in this process."""
        return self._tree[1] if self._tree is not None and self._tree[0] == found else None

    def take(self, file: File, known: Known, moment: int) -> None:
        """Takes up what a file was found to hold when looked at in a moment, in nanoseconds of the clock."""
        if _is_settled(file, moment):
            self._files[file.place] = (file.stamp, *known)
            self._unsaved_bytes += file.stamp[0]
            self._unsaved_files += 1

    def take_sdk(self, steps: Sequence[Step], value: str, moment: int) -> None:
        """Takes up the hash of azure-ai-ml."""
        files = [step for step in steps if isinstance(step, File)]
        if all(_is_settled(file, moment) for file in files):
            self._sdk = (_key(steps), value)
            self._unsaved_bytes += sum(file.stamp[0] for file in files)

    def take_tree(self, found: Survey, tree: Tree) -> None:
        """Takes up what came out, if it hangs on no file that may have changed unseen."""
        files = self._files
        is_kept = all(file.place in files and files[file.place][0] == file.stamp for file in found.uploaded)
        self._tree = (found, tree) if is_kept else None

    def save(self, places: Container[str]) -> None:
        """Writes what is new, if it is worth it, leaving out files that lie elsewhere."""
        if self._path is None or (self._unsaved_bytes < _WORTH_BYTES and self._unsaved_files < _WORTH_FILES):
            return
        self._unsaved_bytes = self._unsaved_files = 0
        self._files = {place: found for place, found in self._files.items() if place in places}
        # A time that no clock of today shows does not fit.
        with contextlib.suppress(OSError, OverflowError):
            data = self._packed()
            cache_folder.write(self._path, _HEAD + digest(data).encode() + b"\n" + data)
            _clear(os.path.dirname(self._path))

    def _packed(self) -> bytes:
        """All of it, so that little is to be done to have it again: stamps, digests and paths in rows of their own."""
        stamps = array("q", [number for stamp, _, _ in self._files.values() for number in stamp])
        parts = (
            f"{len(self._files)} {' '.join(self._sdk)}\n".encode(),
            stamps.tobytes(),
            b"".join([digest for _, digest, _ in self._files.values()]),
            bytes([has_crlf for _, _, has_crlf in self._files.values()]),
            os.fsencode("\0".join(self._files)),
        )
        return b"".join(parts)

    def _load(self, path: str) -> None:
        try:
            with open(path, "rb") as file:
                head, _, data = file.read(_MAX_SIZE).partition(b"\n")
            os.utime(path)  # the ones that were not used longest go first
        except OSError:
            return
        if head == _HEAD + digest(data).encode():
            self._unpack(data)

    def _unpack(self, data: bytes) -> None:
        told, _, rest = data.partition(b"\n")
        counted, key, value = told.decode().split(" ")
        count = int(counted)
        numbers = iter(array("q", rest[: count * 32]))
        digests = rest[count * 32 : count * 64]
        has_crlf = rest[count * 64 : count * 65]
        places = os.fsdecode(rest[count * 65 :]).split("\0") if count else []
        self._files = {
            place: (stamp, digests[at * 32 : at * 32 + 32], bool(has_crlf[at]))
            for at, (place, stamp) in enumerate(zip(places, zip(*[numbers] * 4, strict=True), strict=True))
        }
        self._sdk = (key, value)


def kept_for(root: str) -> Kept:
    """What is kept of the context at a path."""
    name = digest(os.path.realpath(root).encode("utf-8", "surrogateescape"))
    return Kept(os.path.join(cache_folder.home(), f"trees-{name}"))


def _is_settled(file: File, moment: int) -> bool:
    _, changed, status, _ = file.stamp
    return max(changed, status) < moment - _TICK


def _key(steps: Sequence[Step]) -> str:
    names = [f"{step}/" if isinstance(step, str) else step.path for step in steps]
    try:
        stamps = array("q", [number for step in steps if isinstance(step, File) for number in step.stamp])
    except OverflowError:  # a time that no clock of today shows
        return ""
    return digest(os.fsencode("\0".join(names)) + b"\0" + stamps.tobytes())


def _clear(folder: str) -> None:
    """Deletes the contexts that were not used longest, and what writing left behind when it was ended."""
    found = []
    with os.scandir(folder) as listing:
        for each in listing:
            status = each.stat(follow_symlinks=False)
            if each.name.startswith("trees-"):
                found.append((status.st_mtime, status.st_size, each.path))
            elif each.name.startswith(".trees-") and status.st_mtime < time.time() - _LEFTOVER_AGE:
                os.unlink(each.path)
    size = 0
    for at, (_, each_size, path) in enumerate(sorted(found, reverse=True)):
        size += each_size
        if at >= _MAX_KEPT or size > _MAX_KEPT_SIZE:
            os.unlink(path)
