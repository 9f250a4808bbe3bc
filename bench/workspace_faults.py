"""What happens to the embedded workspace when its process is killed, its disk is full or its file is damaged."""

import contextlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from envlens.core.hashing.tree import merkle
from envlens.core.workspace.definition import predict
from envlens.core.workspace.port import Version, Workspace, WorkspaceError
from envlens.workspaces.sqlite import open_workspace

from .offers import Files, bring, bring_nothing, with_conda, with_context

_MEGABYTE = 1_000_000
_LONGEST = 0.25  # seconds that a process lives at most
_SHARED = 4
_LARGE = 0.2  # of all contexts


class Kills(NamedTuple):
    """What was found after many kills. `early` were killed while the file itself was made."""

    kills: int
    early: int
    seconds: float
    said: int
    versions: int
    size: int
    orphans: int
    orphan_bytes: int


def kill(folder: Path, count: int, seed: int = 1) -> Kills:
    """Kills a process at random moments of its registering; asserts that all is whole afterwards, and swept in time.

    Every tenth one works in a workspace that it has to make first.
    """
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    path, start, said, early = str(folder / "workspace.db"), time.perf_counter(), 0, 0
    for at in range(count):
        is_early = at % 10 == 9
        mine = str(folder / f"new-{at}" / "workspace.db") if is_early else path
        begun, tell = context.Pipe(duplex=False)
        process = context.Process(target=_register_on_and_on, args=(mine, seed * count + at, tell))
        process.start()
        tell.close()
        begun.recv()
        time.sleep(chance.uniform(0, 0.02 if is_early else _LONGEST))
        process.kill()
        process.join()
        names = set(_told(begun))
        if is_early:
            early += 1
            assert names <= {each.name for each in check(mine)}
            shutil.rmtree(os.path.dirname(mine), ignore_errors=True)
            continue
        said += len(names)
        assert names <= set(_names(path)), "what was said to be registered is there"
    versions = check(path)
    orphans = _orphans(path)
    seconds = time.perf_counter() - start
    size = os.stat(path).st_size
    _sweep(path)
    assert _orphans(path) == (0, 0), "what no version has is swept"
    assert len(check(path)) == len(versions) + 1, "and nothing else"
    return Kills(count, early, seconds, said, len(versions), size, *orphans)


def _told(pipe: "multiprocessing.connection.Connection") -> Iterator[str]:
    with contextlib.suppress(EOFError, OSError):
        while pipe.poll():
            yield pipe.recv()


def _register_on_and_on(path: str, seed: int, tell: "multiprocessing.connection.Connection") -> None:
    chance = random.Random(seed)
    workspace = open_workspace(path)
    tell.send("")
    at = 0
    while True:
        name = f"killed-{seed}-{at}"
        files = context_of(chance)
        workspace.register(with_context(name, files), bring(files))
        tell.send(name)
        at += 1


def context_of(chance: random.Random) -> Files:
    """A build context of one to four megabytes, sometimes of thirteen; some of its files are in others, too.

    The large ones do not fit into one transaction.
    """
    files: dict[bytes, bytes] = {b"Dockerfile": b"FROM a:1\nCOPY . .\n"}
    for at in range(chance.randrange(20)):
        files[b"src/%d.py" % at] = chance.randbytes(chance.randrange(5000))
    for _ in range(2):
        shared = chance.randrange(_SHARED)
        files[b"shared/%d.bin" % shared] = random.Random(shared).randbytes(300_000)
    size = chance.randrange(_MEGABYTE // 2, 3 * _MEGABYTE) + (9 * _MEGABYTE if chance.random() < _LARGE else 0)
    files[b"model.bin"] = chance.randbytes(size)
    return files


def _names(path: str) -> Iterator[str]:
    workspace = open_workspace(path)
    yield from (each.name for each in workspace.changes(0).environments)
    workspace.close()


def check(path: str) -> list[Version]:
    """All versions of a workspace; asserts that each is what its digests say, and the file as SQLite wants it."""
    workspace = open_workspace(path)
    found = [version for each in workspace.changes(0).environments for version in workspace.versions(each.name)]
    known: set[bytes] = set()
    for version in found:
        _check_version(workspace, version, known)
    workspace.close()
    if os.path.exists(path):
        # On a full disk SQLite cannot make what it needs beside the file; then all is in the file itself.
        has_journal = os.path.exists(f"{path}-wal") and os.stat(f"{path}-wal").st_size
        address = f"file:{path}{'' if has_journal else '?immutable=1'}"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return found


def _check_version(workspace: Workspace, version: Version, known: set[bytes]) -> None:
    (entry,) = (
        each
        for found in workspace.changes(0).environments
        if found.name == version.name
        for each in found.versions
        if each.version == version.version
    )
    assert version.content.digest == entry.content
    leaves = workspace.leaves(version)
    context = version.content.context
    if context is not None:
        assert merkle(leaves) == context.merkle
        assert (len(leaves), sum(leaf.size for leaf in leaves)) == (context.files, context.size)
    for leaf in leaves:
        if leaf.digest not in known:  # what many have is read once
            found, size = sha256(), 0
            for piece in workspace.read(leaf):
                found.update(piece)
                size += len(piece)
            assert (found.digest(), size) == (leaf.digest, leaf.size)
            known.add(leaf.digest)
    if context is not None:
        assert predict(version, leaves).fingerprint == version.forecast.fingerprint


def _orphans(path: str) -> tuple[int, int]:
    """How many blobs no version has, and the bytes in them."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id FROM blob WHERE unclaimed IS NOT NULL").fetchall()
        sizes = [
            connection.execute("SELECT coalesce(sum(length(data)), 0) FROM piece WHERE blob = ?", row).fetchone()[0]
            for row in rows
        ]
    return len(rows), sum(sizes)


def _sweep(path: str) -> None:
    workspace = open_workspace(path, clock=lambda: datetime.now(UTC) + timedelta(days=2))
    workspace.register(with_conda("two-days-later", 1), bring_nothing)
    workspace.close()


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of a few megabytes. Raises OSError where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(folder: Path) -> Path:
    """Leaves no byte on a disk; returns the file to be removed for space."""
    filler = folder / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    for size in (65536, 4096, 1):
        with contextlib.suppress(OSError):
            while True:
                os.write(descriptor, b"\0" * size)
    os.close(descriptor)
    return filler


class Outcome(NamedTuple):
    """What was done to a workspace, and what it said."""

    what: str
    said: str
    after: str


def full_disk(folder: Path, size: int = 24 * _MEGABYTE) -> list[Outcome]:
    """Registers on a disk that is full, and once more where there is space. Raises OSError where nothing is mounted."""
    found = []
    with small_disk(folder, size) as disk:
        workspace = open_workspace(str(disk / "workspace.db"))
        chance = random.Random(1)
        first = context_of(chance)
        workspace.register(with_context("first", first), bring(first))
        large = {b"Dockerfile": b"FROM a:1\n", b"large.bin": chance.randbytes(size)}
        said = _said(lambda: workspace.register(with_context("large", large), bring(large)))
        workspace.close()
        found.append(Outcome("a build context that is larger than the disk", said, _whole(disk)))
        filler = fill_up(disk)
        said = _said(lambda: workspace.register(with_conda("second", 1), bring_nothing))
        found.append(Outcome("a conda file on a disk without a byte left", said, _whole(disk)))
        workspace.close()
        filler.unlink()
        workspace.register(with_conda("second", 1), bring_nothing)
        workspace.close()
        found.append(Outcome("the same once there is space", "registered", _whole(disk)))
    return found


def _whole(disk: Path) -> str:
    versions = check(str(disk / "workspace.db"))
    return f"{len(versions)} version{'s' * (len(versions) != 1)} whole"


def _said(work: Callable[[], object]) -> str:
    try:
        work()
    except WorkspaceError as error:
        return str(error)
    return "nothing"


def damaged(folder: Path) -> list[Outcome]:
    """Damages a workspace in several ways, reads and writes it; asserts that no byte of it is changed by that."""
    good = folder / "good.db"
    workspace = open_workspace(str(good))
    files = context_of(random.Random(1))
    workspace.register(with_context("first", files), bring(files))
    for at in range(300):
        workspace.register(with_conda(f"other-{at}", at), bring_nothing)
    workspace.close()
    data = good.read_bytes()
    place = data.index(files[b"model.bin"][:64]) + 20
    middle = data.index(b"other-150") // 4096 * 4096
    ways = {
        "a header of garbage": b"\x93garbage\n" * 20 + data[180:],
        "not a database at all": b"name: churn\n" * 500,
        "cut in the middle": data[: len(data) // 2 // 4096 * 4096],
        "the middle overwritten": data[:middle] + b"\xa5" * 8192 + data[middle + 8192 :],
        "one byte of a stored file flipped": data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :],
    }
    return [_damage(folder, what, spoilt) for what, spoilt in ways.items()]


def _damage(folder: Path, what: str, data: bytes) -> Outcome:
    path = folder / f"{sha256(what.encode()).hexdigest()[:8]}.db"
    path.write_bytes(data)
    workspace = open_workspace(str(path))

    def all_of_it() -> None:
        for each in workspace.changes(0).environments:
            for version in workspace.versions(each.name):
                _check_version(workspace, version, set())

    said = _said(all_of_it)
    workspace.close()
    assert path.read_bytes() == data, "it is as it was"
    return Outcome(what, said.replace(str(folder) + os.sep, ""), "not changed")
