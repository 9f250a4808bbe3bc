"""Times the digests of a build context of 10,000 files and 1 GB: first, again, in a new process, changed."""

import gc
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from envlens.host.trees import OURS, Trees

from . import rivals

FILES, SIZE = 10_000, 1_000_000_000
_IGNORED = "__pycache__/\n*.py[cod]\n.venv\n*.log\n/scratch/\n"
# The clock is that of the disk: younger files are read again.
_SETTLED = 2.5
# The garbage collector rests, as on the command line and nearly so in the server.
_NEW = """\
import gc
gc.disable()
from envlens.host.tree_cache import kept_for
from envlens.host.trees import look
import sys
tree = look(sys.argv[1], [sys.argv[1]], kept_for(sys.argv[1])).tree
assert tree.merkle and tree.sdk, tree.problem
print(tree.merkle, tree.sdk)
"""
READING = "reading the files, hashing nothing"
FIRST, OURS_FIRST, AGAIN = "first, both digests", "first, ours alone", "looked at again, nothing changed"
ASKED, NEW = "asked again, no change reported", "in a new process, start and import included"
AZURE = "azure-ai-ml, its own hash alone"
CHANGED, CHANGED_SDK = "one file changed, ours", "the same, azure-ai-ml's too"


class Row(NamedTuple):
    """What was done, and how long it took at the median, in milliseconds."""

    name: str
    wall: float


_AZURE = """\
import sys, time
from azure.ai.ml._utils._asset_utils import get_ignore_file, get_object_hash
started = time.perf_counter()
told = get_object_hash(sys.argv[1], get_ignore_file(sys.argv[1]))
print((time.perf_counter() - started) * 1000, told)
"""


def compare(cache: Path, rounds: int) -> list[Row]:
    """All in turns, `rounds` times. The files stay in the page cache."""
    folder = cache / "context"
    write(folder)
    taken: dict[str, list[float]] = {}
    gc.disable()

    def timed(name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        taken.setdefault(name, []).append((time.perf_counter() - started) * 1000)

    root = str(folder)
    for _ in range(rounds):
        timed(READING, lambda: _read(folder))
        _forget()
        timed(OURS_FIRST, lambda: Trees([root]).get(root, OURS))
        _forget()
        trees = Trees([root])
        timed(FIRST, lambda trees=trees: trees.get(root))  # type: ignore[misc]
        told = trees.get(root)
        trees.invalidate(root)
        timed(AGAIN, lambda trees=trees: trees.get(root))  # type: ignore[misc]
        timed(ASKED, lambda trees=trees: trees.get(root))  # type: ignore[misc]
        assert trees.get(root) == told
        timed(NEW, lambda told=told: _new(root, f"{told.merkle} {told.sdk}"))  # type: ignore[misc]
        changed = folder / "package_07" / "part_3" / "module_00707.bin"
        changed.write_bytes(random.randbytes(100_000))
        time.sleep(_SETTLED)
        trees.invalidate(str(changed))
        timed(CHANGED, lambda trees=trees: trees.get(root, OURS))  # type: ignore[misc]
        timed(CHANGED_SDK, lambda trees=trees: trees.get(root))  # type: ignore[misc]
        assert trees.get(root).merkle != told.merkle
    azure = rivals.azure(cache)
    if azure is not None:
        command = [azure, "-c", _AZURE, root]
        wall, told_hash = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert told_hash == trees.get(root).sdk
        taken[AZURE] = [float(wall)]
    return [Row(name, sorted(each)[len(each) // 2]) for name, each in taken.items()]


def write(folder: Path) -> None:
    """A context: sources, some large files, a folder that is left out."""
    done = folder / "done"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    noise = random.Random(1)
    large = 40
    small = (SIZE // 2) // (FILES - large)
    for at in range(FILES - 3):
        path = folder / f"package_{at % 40:02}" / f"part_{at % 7}" / f"module_{at:05}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(noise.randbytes(SIZE // 2 // large if at < large else small))
    (folder / ".amlignore").write_text(_IGNORED)
    (folder / "Dockerfile").write_text("FROM ubuntu:24.04\nCOPY . /app\n")
    done.write_text("")
    time.sleep(_SETTLED)


def _read(folder: Path) -> None:
    for base, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(base, name), "rb") as file:
                while file.read(1 << 20):
                    pass


def _forget() -> None:
    shutil.rmtree(os.environ["ENVLENS_CACHE_DIR"], ignore_errors=True)


def _new(root: str, told: str) -> None:
    done = subprocess.run([sys.executable, "-c", _NEW, root], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told, json.dumps(done.stdout)
