"""Kills, full disks, damage, and many processes at once: nothing is lost or half there.

The same functions run in full size in `make soak`; see docs/robustness.md.
"""

import contextlib
import random
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from bench import workspace_faults, workspace_load
from bench.offers import bring, bring_nothing, leaves_of, with_conda, with_context

from editors.toolbox import UnavailableError, provide
from envlens.core.hashing.tree import Leaf, merkle
from envlens.core.workspace.content import Context
from envlens.core.workspace.port import Status, WorkspaceError
from envlens.core.workspace.target import Target
from envlens.workspaces import blobs
from envlens.workspaces.sqlite import SqliteWorkspace, open_workspace
from workspaces.saying import says

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes, permissions and mounts")
MEGABYTE = 1024 * 1024
FILES = {b"Dockerfile": b"FROM a:1\n", b"src/train.py": b"print(1)\n"}


def count(path: Path, table: str, rest: str = "") -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table} {rest}").fetchone()[0])


# Loads and kills


def test_a_load_is_answered_as_it_is(tmp_path: Path) -> None:
    path = str(tmp_path / "workspace.db")
    workspace_load.fill(path, 200, 3)
    found = workspace_load.ask(path, 200, 3)
    assert found.no_changes < found.all_changes


@pytest.mark.parametrize("is_one_name", [True, False], ids=["one name", "many names"])
def test_many_processes_at_once_lose_nothing(tmp_path: Path, is_one_name: bool) -> None:
    found = workspace_load.crowd(str(tmp_path / "new" / "workspace.db"), 4, 25, is_one_name=is_one_name)
    assert (found.failures, found.versions) == ((), 100)
    workspace_faults.check(str(tmp_path / "new" / "workspace.db"))


@pytest.mark.slow
def test_after_kills_each_version_is_whole_or_absent(tmp_path: Path) -> None:
    found = workspace_faults.kill(tmp_path, 30)
    assert (found.kills, found.early) == (30, 3)
    assert found.versions >= 5


# What is brought


def test_what_a_run_left_is_used_by_the_next_and_swept_after_a_day(tmp_path: Path) -> None:
    path, now = tmp_path / "workspace.db", datetime(2026, 11, 21, tzinfo=UTC)
    workspace = open_workspace(str(path), clock=lambda: now)
    asked: list[bytes] = []

    def give(leaf: Leaf) -> Iterator[bytes]:
        asked.append(leaf.path)
        if leaf.path == b"z" and len(asked) < 4:
            raise WorkspaceError("ended")
        return iter((files[leaf.path],))

    # `a` is in the file and whole before `z` is asked for, `b` is not: that is taken away at once.
    files = {b"a": b"a" * 8 * MEGABYTE, b"b": b"b" * 8 * MEGABYTE, b"z": b"z"}
    assert says(lambda: workspace.register(with_context("ctx", files), give)) == "ended"
    assert count(path, "blob", "WHERE unclaimed IS NOT NULL") == 1
    assert workspace.register(with_context("ctx", files), give).status is Status.CREATED
    assert asked == [b"a", b"b", b"z", b"b", b"z"]
    assert count(path, "blob", "WHERE unclaimed IS NOT NULL") == 0
    files = {b"a": b"c" * 8 * MEGABYTE, b"b": b"d" * 8 * MEGABYTE, b"z": b"y"}

    def fail(leaf: Leaf) -> Iterator[bytes]:
        if leaf.path == b"z":
            raise WorkspaceError("ended")
        return iter((files[leaf.path],))

    says(lambda: workspace.register(with_context("ctx", files), fail))
    whole = count(path, "blob")
    now += timedelta(hours=23)
    workspace.register(with_conda("churn", 1), bring_nothing)
    assert count(path, "blob") == whole + 2
    now += timedelta(hours=2)
    workspace.register(with_conda("churn", 2), bring_nothing)
    assert count(path, "blob") == whole + 3  # one less, two more
    assert count(path, "piece", "WHERE blob NOT IN (SELECT id FROM blob)") == 0
    workspace.close()


def test_two_that_bring_the_same_at_once_both_succeed_and_leave_one_copy(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    first, second = open_workspace(str(path)), open_workspace(str(path))
    files = {**FILES, b"model.bin": random.Random(1).randbytes(20 * MEGABYTE)}

    def slowly(leaf: Leaf) -> Iterator[bytes]:
        data = files[leaf.path]
        for at in range(0, len(data), 4 * MEGABYTE):
            if at == 12 * MEGABYTE:
                second.register(with_context("second", files), bring(files))
            yield data[at : at + 4 * MEGABYTE]

    assert first.register(with_context("first", files), slowly).status is Status.CREATED
    assert count(path, "blob") == 3
    assert count(path, "piece") == 22
    assert path.stat().st_size < 45 * MEGABYTE
    first.close()
    second.close()
    workspace_faults.check(str(path))


def test_what_is_swept_while_it_is_brought_is_brought_again(tmp_path: Path) -> None:
    path, turns = tmp_path / "workspace.db", 0
    workspace = open_workspace(str(path))
    files = {**FILES, b"model.bin": random.Random(1).randbytes(20 * MEGABYTE)}

    def for_days(leaf: Leaf) -> Iterator[bytes]:
        nonlocal turns
        data = files[leaf.path]
        for at in range(0, len(data), MEGABYTE):
            if at == 12 * MEGABYTE:
                turns += 1
                if turns == 1:
                    workspace_faults._sweep(str(path))
            yield data[at : at + MEGABYTE]

    assert workspace.register(with_context("ctx", files), for_days).status is Status.CREATED
    assert turns == 2
    workspace.close()
    workspace_faults.check(str(path))


def test_a_file_that_is_taken_away_while_something_is_brought_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    workspace = open_workspace(str(path))
    workspace.register(with_conda("churn", 1), bring_nothing)
    files = {**FILES, b"model.bin": random.Random(1).randbytes(10 * MEGABYTE)}

    def take_away(leaf: Leaf) -> Iterator[bytes]:
        data = files[leaf.path]
        for at in range(0, len(data), MEGABYTE):
            if at == 9 * MEGABYTE and workspace.containers() and workspace.containers()[0].name == "churn":
                for each in tmp_path.iterdir():
                    each.unlink()
            yield data[at : at + MEGABYTE]

    workspace.register(with_context("ctx", files), take_away)
    assert [each.name for each in workspace.containers()] == ["ctx"]
    workspace.close()
    workspace_faults.check(str(path))


def test_large_files_take_little_memory(tmp_path: Path) -> None:
    size = 80
    pieces = [bytes((at,)) * MEGABYTE for at in range(4)]
    digest = sha256(b"".join(pieces[at % 4] for at in range(size))).digest()
    leaves = (Leaf(b"model.bin", False, size * MEGABYTE, digest),)
    offer = with_context("ctx", {b"a": b""})._replace(leaves=leaves)
    offer = offer._replace(content=offer.content._replace(context=Context(merkle(leaves), 1, size * MEGABYTE)))
    workspace = open_workspace(str(tmp_path / "workspace.db"))
    tracemalloc.start()
    try:
        workspace.register(offer, lambda leaf: (pieces[at % 4] for at in range(size)))
        assert sum(map(len, workspace.read(leaves[0]))) == size * MEGABYTE
        assert tracemalloc.get_traced_memory()[1] < 30 * MEGABYTE
    finally:
        tracemalloc.stop()
    workspace.close()


def test_many_small_files_are_few_transactions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    real = blobs._flush
    monkeypatch.setattr(blobs, "_flush", lambda file, parts, now: (flushed.append(len(parts)), real(file, parts, now)))
    files = {b"%d.py" % at: b"%d" % at for at in range(1200)}
    workspace = open_workspace(str(tmp_path / "workspace.db"))
    workspace.register(with_context("ctx", files), bring(files))
    assert flushed == [500, 500, 200]
    assert workspace.leaves(workspace.get(Target("ctx"))) == leaves_of(files)
    workspace.close()


# Full and damaged


def test_a_full_disk(tmp_path: Path) -> None:
    def mounted() -> list[workspace_faults.Outcome]:
        try:
            return workspace_faults.full_disk(tmp_path / "disk")
        except OSError as error:
            raise UnavailableError(str(error)) from error

    large, small, again = provide("a small tmpfs", mounted)
    for each in (large, small):
        assert each.said == f"no space left for '{tmp_path}/disk/workspace.db': nothing was registered"
        assert each.after == "1 version whole"
    assert (again.said, again.after) == ("registered", "2 versions whole")


LIMITED = """
import resource, sys
sys.path[:0] = {paths!r}
from bench.offers import bring, with_context
from envlens.core.workspace.port import WorkspaceError
from envlens.workspaces.sqlite import open_workspace
files = {{b"Dockerfile": b"FROM a:1", b"large": bytes(3_000_000)}}
workspace = open_workspace({path!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    workspace.register(with_context("ctx", files), bring(files))
except WorkspaceError as error:
    print(error)
"""


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    workspace = open_workspace(str(path))
    workspace.register(with_conda("churn", 1), bring_nothing)
    workspace.close()
    code = LIMITED.format(paths=sys.path, path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"'{path}' cannot be written: the disk or its file system gave an error\n"
    assert len(workspace_faults.check(str(path))) == 1
    assert workspace.register(with_context("ctx", FILES), bring(FILES)).status is Status.CREATED
    workspace.close()


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    *unreadable, flipped = workspace_faults.damaged(tmp_path)
    for each in unreadable:
        assert "' is damaged or is no workspace; it was not changed: move it away to begin a new one" in each.said
        assert ".recover | sqlite3 NEW" in each.said
    assert flipped.said.startswith("'model.bin' is not in ")
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"name: churn\n" * 500)
    assert "it was not changed" in says(
        lambda: open_workspace(str(garbage)).register(with_conda("churn", 1), bring_nothing)
    )
    assert garbage.read_bytes() == b"name: churn\n" * 500
    assert not list(tmp_path.glob("garbage.db-*"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filled") / "workspace.db"
    workspace = open_workspace(str(path))
    workspace.register(with_context("ctx", FILES), bring(FILES))
    for at in range(30):
        workspace.register(with_conda(f"churn-{at}", at), bring_nothing)
    workspace.close()
    return path.read_bytes()


@pytest.mark.parametrize("seed", range(60))
def test_bytes_overwritten_anywhere_never_end_in_anything_but_words(tmp_path: Path, filled: bytes, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(filled)
    for _ in range(chance.choice((1, 20, 400))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "workspace.db").write_bytes(data)
    workspace = open_workspace(str(tmp_path / "workspace.db"))
    for work in (lambda: ask_all(workspace), lambda: workspace.register(with_conda("new", seed), bring_nothing)):
        with contextlib.suppress(WorkspaceError):
            work()
    workspace.close()


def ask_all(workspace: SqliteWorkspace) -> None:
    for each in workspace.changes(0).environments:
        for version in workspace.versions(each.name, archived=True):
            for leaf in workspace.leaves(version):
                b"".join(workspace.read(leaf))
