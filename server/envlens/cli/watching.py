"""`--watch`: checks again whenever something changes that a run depended on.

By looking at the files, not by events: those do not come on network file systems, nor from another machine.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from ..host import config, disk
from .errors import UsageError

Stamps = dict[str, disk.Stamp | None]
_PAUSE = 0.3  # seconds between two looks
_SHARE = 10  # a look may take a tenth of the time
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(run: Callable[[], Stamps], paths: Iterable[str], *, quiet: bool) -> int:
    """Runs at once and after each change, until it is interrupted. `run` gives the stamps of what it has read."""
    paths = list(paths)
    try:
        while True:
            seen = stamps(paths)
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            try:
                seen |= run()
            except UsageError as error:  # it may be mended while we watch
                for line in str(error).splitlines():
                    print(f"envlens: {line}", file=sys.stderr)
            if not quiet:
                print("envlens: watching for changes, Ctrl-C ends", file=sys.stderr)
            sys.stdout.flush()
            sys.stderr.flush()
            _wait(seen, paths)
    except KeyboardInterrupt:
        return 0


def _wait(seen: Stamps, paths: list[str]) -> None:
    pause = _PAUSE
    while True:
        time.sleep(pause)
        begin = time.monotonic()
        now = stamps(paths)
        others = {path: disk.stamp(path, None) for path in seen.keys() - now.keys()}
        if now | others != seen:
            return
        pause = max(_PAUSE, _SHARE * (time.monotonic() - begin))


def stamps(paths: Iterable[str]) -> Stamps:
    """The files that a run over paths would look at, and the settings that would hold for them."""
    found: Stamps = {}
    folders: set[str] = set()
    for path in paths:
        files = [path] if not os.path.isdir(path) else [path, *disk.walk(path, disk.ignored_above(path))]
        for each in files:
            absolute = os.path.abspath(each)
            if not os.path.isdir(absolute):
                found[absolute] = disk.stamp(absolute, None)
                absolute = os.path.dirname(absolute)
            folders.add(absolute)
    for folder in folders | {above for each in folders for above in _above(each)}:
        for name in (*config.NAMES, ".gitignore"):
            path = os.path.join(folder, name)
            found[path] = disk.stamp(path, None)
    return found


def _above(folder: str) -> Iterator[str]:
    """The folders above one, up to the top of its project: settings may come to stand there."""
    root = config.project_root(folder)
    while folder != root and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        yield folder
