"""What a walk through a build context finds, before anything of it is read."""

import os
import stat
from collections.abc import Callable
from typing import NamedTuple

# Called with the files and bytes read so far. Raises what ends the work.
Checkpoint = Callable[[int, int], None]
# What changes when a file changes: size, times of content and of status in nanoseconds, inode.
Stamp = tuple[int, int, int, int]


class File(NamedTuple):
    """A regular file. `path` is the one in the context, `place` where it lies: no link, as far as that was seen."""

    path: str
    place: str
    stamp: Stamp
    executable: bool


# A name, or a file with its name: what azure-ai-ml hashes one behind the other.
Step = str | File


class Survey(NamedTuple):
    """The files of a context.

    `problem` says why there is no upload, `sdk_problem` why there is no hash. `beyond` are the places outside of the
    context that links lead to.
    """

    uploaded: list[File]
    steps: list[Step]
    problem: str | None = None
    sdk_problem: str | None = None
    notes: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    is_file: bool = False


def to_file(path: str, place: str, status: os.stat_result) -> File:
    """A file by what the disk says of it."""
    return File(path, place, to_stamp(status), bool(status.st_mode & stat.S_IXUSR))


def to_stamp(status: os.stat_result) -> Stamp:
    """What is compared to find out whether a file has changed. All of it fits into 64 bits."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _MOST)


_MOST = (1 << 63) - 1


def shown(path: str) -> str:
    """A path in the text of a message: names need not be text."""
    return os.fsencode(path).decode("utf-8", "replace")
