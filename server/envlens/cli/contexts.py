"""How build contexts are looked at on the command line: with what earlier runs know, progress in a terminal."""

import argparse
import sys
import time

from ..core.hashing import sdk
from ..core.hashing.inputs import size
from ..core.hashing.tree import Tree
from ..host.host import Host
from ..host.tree_cache import Kept, kept_for
from ..host.trees import Trees, Wanted
from .definitions import Look

_SILENT = 1.0
_BETWEEN = 0.1
_CLEAR = "\r\x1b[K"


def looker(host: Host, args: argparse.Namespace) -> Look:
    """What looks at build contexts."""
    # Plain folders: what a run knows of names must not stand between a link and what it leads to.
    trees = Trees(list(host.roots) or None, (lambda _: Kept()) if args.no_cache else kept_for)

    def look(folder: str, release: str | None) -> Tree:
        is_old = release is not None and sdk.algorithm_of(release) == "md5"
        progress = _Progress(sys.stderr.isatty() and not args.quiet)
        try:
            return trees.get(folder, Wanted(sdk=not is_old, md5=is_old), progress.tell)
        finally:
            progress.clear()

    return look


class _Progress:
    """One line of a terminal that says how far the reading is, where that takes a while."""

    def __init__(self, is_shown: bool) -> None:
        self._next = time.monotonic() + _SILENT if is_shown else float("inf")
        self._is_written = False

    def tell(self, files: int, count: int) -> None:
        """Takes the files and bytes that were read so far."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BETWEEN
            self._is_written = True
            print(
                f"{_CLEAR}envlens: reading the build context: {files:,} files, {size(count)}", end="", file=sys.stderr
            )
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the line away."""
        if self._is_written:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
