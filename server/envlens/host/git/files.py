"""Opens the files of a git folder: regular ones only, those that are not links out of it, few at a time."""

import os
import stat
from collections import OrderedDict
from enum import Enum

from ...core.model.facts import FileState
from .. import disk


class Why(Enum):
    """What kept git from being read, for those who answer the cases differently."""

    NO_COMMIT = "no commit"
    UNKNOWN = "unknown revision"
    MISSING = "missing object"
    TOO_LARGE = "too large"
    DAMAGED = "damaged"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


class GitError(Exception):
    """The only error of reading git; its text is the reason, in lower case words."""

    def __init__(self, reason: str, why: Why = Why.DAMAGED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.why = why


# More could run into the limit for a process, which is 256 on a Mac.
_MAX_OPEN = 32


class Files:
    """Regular files of which pieces are read; for one thread.

    Nothing is mapped into memory: a mapped file that another process cuts ends this one, and on Windows cannot be
    removed by git.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[str, int] = OrderedDict()

    def close(self) -> None:
        """Closes them all."""
        while self._open:
            os.close(self._open.popitem()[1])

    def at(self, path: str, offset: int, count: int) -> bytes:
        """That many bytes, fewer only where the file ends. Raises FileNotFoundError, or GitError for all else."""
        descriptor = self._open.get(path)
        try:
            if descriptor is None:
                descriptor = self._opened(path)
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, count)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, OverflowError) as error:
            raise GitError(f"{_short(path)} cannot be read", Why.REFUSED) from error

    def exactly(self, path: str, offset: int, count: int) -> bytes:
        """That many bytes. Raises as `at`, and GitError where the file ends before."""
        data = self.at(path, offset, count)
        if len(data) != count:
            raise GitError(f"{_short(path)} ends too soon")
        return data

    def _opened(self, path: str) -> int:
        # The folder of the objects is a real path: what leads elsewhere is a link below it.
        if os.path.realpath(path) != path:
            raise GitError(f"{_short(path)} is a link", Why.REFUSED)
        descriptor = os.open(path, disk.READ_FLAGS)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise GitError(f"{_short(path)} is no regular file", Why.REFUSED)
        self._open[path] = descriptor
        if len(self._open) > _MAX_OPEN:
            os.close(self._open.popitem(last=False)[1])
        return descriptor


def text(path: str, roots: list[str], limit: int) -> bytes | None:
    """The bytes of a small file below one of the folders; None where there is none. Raises GitError for all else."""
    found = disk.read(path, roots, limit)
    if found.state is FileState.PRESENT:
        return found.data
    if found.state in {FileState.MISSING, FileState.DIRECTORY}:
        return None
    if found.state is FileState.TOO_LARGE:
        raise GitError(f"{_short(path)} is larger than {limit} bytes", Why.TOO_LARGE)
    raise GitError(f"{_short(path)} cannot be read ({_WORDS.get(found.state, 'not readable')})", Why.REFUSED)


_WORDS = {FileState.SPECIAL: "no regular file", FileState.OUTSIDE: "a link that leads outside"}


def is_remote(path: str) -> bool:
    r"""Whether looking at a path would ask another machine: a UNC path. `\\?\C:\` is the long form of a local one."""
    return path.startswith(("//", "\\\\")) and not (path[:4] == "\\\\?\\" and path[5:6] == ":")


def _short(path: str) -> str:
    """The end of a path, which is what a reader of a reason needs."""
    return "/".join(path.replace(os.sep, "/").split("/")[-3:])
