"""What is kept of a build context never shows: digests are those of the files as they are."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from envlens.core.hashing.tree import Tree
from envlens.host import tree_cache, tree_read, trees
from envlens.host.tree_cache import Kept, kept_for
from envlens.host.trees import BOTH, OURS, Trees, Wanted, look

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX times and links")


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "ctx"
    (folder / "src").mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM a\n")
    for at in range(120):
        (folder / f"src/{at}.py").write_text(f"{at}")
    return folder


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files are older than the clock's tick."""
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 10_000_000_000)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read."""
    found: list[str] = []
    real = tree_read._stream

    def spy(file: tree_read.File, *rest: object) -> None:
        found.append(file.path)
        real(file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(tree_read, "_stream", spy)
    return found


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENVLENS_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def again(context: Path, kept: Kept, wanted: Wanted = BOTH) -> Tree:
    """The tree with what is kept, which must be the one without."""
    found = look(str(context), None, kept, wanted).tree
    plain = look(str(context), None, None, wanted).tree
    assert found.merkle == plain.merkle
    assert found.leaves == plain.leaves
    assert (found.sdk == plain.sdk) or not wanted.sdk
    return found


def fresh(context: Path, reads: list[str], wanted: Wanted = BOTH) -> list[str]:
    """What a new process reads."""
    reads.clear()
    look(str(context), None, kept_for(str(context)), wanted)
    return reads.copy()


@pytest.mark.usefixtures("later")
def test_nothing_is_read_twice(context: Path, reads: list[str]) -> None:
    kept = Kept()
    look(str(context), None, kept)
    assert len(reads) == len(set(reads)) == 121
    reads.clear()
    assert look(str(context), None, kept).tree.sdk
    assert reads == []


@pytest.mark.usefixtures("later")
def test_only_what_changed_is_read(context: Path, reads: list[str]) -> None:
    kept = Kept()
    look(str(context), None, kept)
    (context / "src/7.py").write_text("other")
    reads.clear()
    found = look(str(context), None, kept, OURS).tree
    assert reads == ["src/7.py"]
    assert found.is_sdk_pending
    reads.clear()
    look(str(context), None, kept)
    assert len(reads) == 121  # azure-ai-ml's hash is one of everything in a row


@pytest.mark.usefixtures("later")
def test_a_new_process_reads_nothing(context: Path, reads: list[str]) -> None:
    look(str(context), None, kept_for(str(context)))
    assert fresh(context, reads) == []


def overwrite_and_turn_back_the_time(context: Path) -> None:
    path = context / "src/7.py"
    status = path.stat()
    path.write_text("8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def swap(context: Path) -> None:
    (context / "src/7.py").rename(context / "aside")
    (context / "src/8.py").rename(context / "src/7.py")
    (context / "aside").rename(context / "src/8.py")


def replace_by_one_of_the_same_time(context: Path) -> None:
    path, new = context / "src/7.py", context / "new"
    new.write_text("8")
    status = path.stat()
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.rename(path)


def link_elsewhere(context: Path) -> None:
    (context / "src/7.py").unlink()
    (context / "src/7.py").symlink_to("8.py")


def make_executable(context: Path) -> None:
    (context / "src/7.py").chmod(0o755)


def rename(context: Path) -> None:
    (context / "src/7.py").rename(context / "src/x.py")


def ignore(context: Path) -> None:
    (context / ".amlignore").write_text("src/7.py\n")


CHANGES = [overwrite_and_turn_back_the_time, swap, replace_by_one_of_the_same_time, link_elsewhere, make_executable]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", [*CHANGES, rename, ignore])
def test_every_change_shows(context: Path, change: Callable[[Path], None]) -> None:
    kept = kept_for(str(context))
    before = again(context, kept)
    change(context)
    assert again(context, kept).merkle != before.merkle
    assert again(context, kept_for(str(context))).merkle != before.merkle


def test_what_is_too_young_is_read_again(context: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was written in the last two seconds may be written again in the same tick."""
    real = time.time_ns
    young = context / "src/7.py"
    for path in context.rglob("*.py"):
        os.utime(path, ns=(0, real() - 10**12))
    now = young.stat().st_ctime_ns
    kept = kept_for(str(context))
    monkeypatch.setattr(time, "time_ns", lambda: now + 1_999_000_000)
    look(str(context), None, kept)
    reads.clear()
    look(str(context), None, kept)
    assert "src/7.py" in reads
    monkeypatch.setattr(time, "time_ns", lambda: real() + 10**11)
    look(str(context), None, kept)
    reads.clear()
    look(str(context), None, kept)
    assert reads == []


@pytest.mark.usefixtures("later")
def test_what_comes_from_the_future_is_read_again(context: Path, reads: list[str]) -> None:
    os.utime(context / "src/7.py", (2**33, 2**33))
    kept = Kept()
    look(str(context), None, kept)
    reads.clear()
    look(str(context), None, kept, OURS)
    assert reads == ["src/7.py"]


def change(path: Path, how: int, content: str) -> None:
    if path.is_file():
        (lambda: path.write_text(content), path.unlink, lambda: path.chmod(0o755))[how]()
    else:
        path.unlink(missing_ok=True)
        (lambda: path.write_text(content), path.touch, lambda: path.symlink_to("50.py"))[how]()


@pytest.mark.usefixtures("later")
def test_random_changes(context: Path) -> None:
    chance = random.Random(1)
    kept = kept_for(str(context))
    for turn in range(60):
        change(context / f"src/{chance.randrange(9)}.py", chance.randrange(3), f"{turn}")
        again(context, chance.choice([kept, kept_for(str(context))]), chance.choice([OURS, BOTH]))


@pytest.mark.usefixtures("later")
def test_no_content_is_kept(context: Path, home: Path) -> None:
    (context / "src/secret.py").write_text("hunter2-swordfish")
    look(str(context), None, kept_for(str(context)))
    (file,) = home.iterdir()
    assert b"hunter2" not in file.read_bytes()
    assert b"secret.py" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("seed", range(8))
def test_a_spoilt_file_counts_as_absent(context: Path, home: Path, reads: list[str], seed: int) -> None:
    expected = look(str(context), None, kept_for(str(context))).tree
    (file,) = home.iterdir()
    whole = file.read_bytes()
    chance = random.Random(seed)
    at = chance.randrange(len(whole))
    for spoilt in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], b"", whole + b"x", b"\0" * 99):
        file.write_bytes(spoilt)
        kept = kept_for(str(context))
        assert look(str(context), None, kept).tree == expected
    file.write_bytes(whole)
    assert fresh(context, reads) == []


@pytest.mark.usefixtures("later")
def test_a_folder_that_cannot_be_written(context: Path, home: Path) -> None:
    home.write_text("no folder")
    assert look(str(context), None, kept_for(str(context))).tree.merkle


@pytest.mark.usefixtures("later")
def test_names_that_are_no_text(context: Path, reads: list[str]) -> None:
    (context / os.fsdecode(b"\xff\n")).write_text("x")
    again(context, kept_for(str(context)))
    assert fresh(context, reads) == []


def test_the_contexts_not_used_longest_go(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tree_cache, "_MAX_KEPT", 3)
    monkeypatch.setattr(tree_cache, "_WORTH_FILES", 0)
    home.mkdir()
    old, young = home / ".trees-old", home / ".trees-young"
    for left in (old, young, home / "lint-a.json"):
        left.touch()
    os.utime(old, (1, 1))
    os.utime(home / "lint-a.json", (1, 1))
    used = []
    for at in range(5):
        context = tmp_path / f"c{at}"
        context.mkdir()
        (context / "a").touch()
        look(str(context), None, kept_for(str(context)))
        (new,) = set(home.glob("trees-*")) - set(used)
        used.append(new)
        for age, path in enumerate(used):
            if path.exists():
                os.utime(path, (1000 + age, 1000 + age))
        kept_for(str(tmp_path / "c0"))  # is used all the time
    assert {path for path in used if path.exists()} == {used[0], used[3], used[4]}
    assert not old.exists()
    assert young.exists()
    assert (home / "lint-a.json").exists()


SCRIPT = """
import os, random, sys, time
real = time.time_ns
time.time_ns = lambda: real() + 10_000_000_000
from envlens.host import tree_cache
from envlens.host.trees import look
tree_cache._WORTH_FILES = 1
for turn in range(int(sys.argv[2])):
    kept = tree_cache.kept_for(sys.argv[1])
    kept._files.pop(random.choice(list(kept._files)), None) if kept._files else None
    tree = look(sys.argv[1], None, kept).tree
    print(tree.merkle, tree.sdk, flush=True)
"""


def start(context: Path, turns: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(context), str(turns)], stdout=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("later")
def test_two_processes_at_once(context: Path, reads: list[str]) -> None:
    expected = look(str(context), None).tree
    processes = [start(context, 40) for _ in range(3)]
    said = {line for each in processes for line in each.communicate(timeout=60)[0].splitlines()}
    assert [each.returncode for each in processes] == [0, 0, 0]
    assert said == {f"{expected.merkle} {expected.sdk}"}
    assert fresh(context, reads) == []


def test_an_end_at_any_moment_leaves_what_is_kept_whole(
    context: Path, home: Path, reads: list[str], later: None
) -> None:
    chance = random.Random(3)
    for _ in range(6):
        process = start(context, 10_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.random() / 20)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert len(fresh(context, reads, OURS)) <= 1
    assert all(each.name.startswith((".trees-", "trees-")) for each in home.iterdir())


@pytest.mark.usefixtures("later")
def test_an_end_by_request_leaves_what_is_kept_valid(context: Path) -> None:
    def cancel(files: int, _bytes: int) -> None:
        if files:
            raise trees.Cancelled

    for at in range(400):
        (context / f"{at}").write_text(f"{at}")
    kept = kept_for(str(context))
    with pytest.raises(trees.Cancelled):
        look(str(context), None, kept, BOTH, cancel)
    again(context, kept)
    again(context, kept_for(str(context)))


# What the server keeps until a change is reported


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The looks that were taken."""
    found: list[str] = []
    real = trees.look

    def spy(root: str, *rest: object) -> object:
        found.append(root)
        return real(root, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(trees, "look", spy)
    return found


def test_until_a_change_is_reported(context: Path, counted: list[str]) -> None:
    root = str(context)
    known = Trees([root])
    assert known.peek(root) is None
    found = known.get(root, OURS)
    assert found.is_sdk_pending
    assert known.peek(root) == found
    found = known.get(root)
    assert found.sdk
    assert known.peek(root + "/../ctx") is known.get(root) is known.get(root, OURS) is found
    assert len(counted) == 2
    known.invalidate(str(context.parent / "ctx2" / "src"))
    assert known.peek(root) is found
    for path in (context / "src/1.py", context / "new", context, context.parent):
        known.invalidate(str(path))
        assert known.peek(root) is None
        assert known.get(root) == found


def test_the_old_hash_is_not_forgotten(context: Path, counted: list[str]) -> None:
    known = Trees(None)
    found = known.get(str(context), Wanted(sdk=False, md5=True))
    assert found.sdk_md5
    assert known.get(str(context), OURS) is found
    assert len(counted) == 1


def test_changes_beyond_the_context(context: Path) -> None:
    beside = context.parent / "beside"
    (beside / "below").mkdir(parents=True)
    (beside / "file").touch()
    (beside / "ignore").write_text("*.log\n")
    (context / "a").symlink_to("../beside/below")
    (context / "b").symlink_to("../beside/file")
    (context / ".amlignore").symlink_to("../beside/ignore")
    (context.parent / "link").symlink_to("ctx")
    root = str(context.parent / "link")
    known = Trees([str(context.parent)])
    for path in (beside / "below/new", beside / "file", beside / "ignore", context / "src"):
        assert known.get(root)
        known.invalidate(str(path))
        assert known.peek(root) is None


def test_what_a_broken_link_leads_to(context: Path) -> None:
    (context / "a").symlink_to("../beside")
    known = Trees(None)
    assert known.get(str(context)).problem
    (context.parent / "beside").touch()
    known.invalidate(str(context.parent / "beside"))
    assert known.get(str(context)).problem is None


def test_a_change_while_it_is_looked_at(context: Path) -> None:
    known = Trees(None)
    known.get(str(context), checkpoint=lambda *_: known.invalidate(str(context / "Dockerfile")))
    assert known.peek(str(context)) is None
    known.get(str(context), checkpoint=lambda *_: known.invalidate("/elsewhere"))
    assert known.peek(str(context))


def test_whoever_asks_meanwhile_waits_and_finds_it(context: Path, counted: list[str]) -> None:
    known = Trees(None)
    inside, go = threading.Event(), threading.Event()

    def wait(*_: int) -> None:
        inside.set()
        assert go.wait(10)

    first = threading.Thread(target=known.get, args=(str(context), BOTH, wait))
    first.start()
    assert inside.wait(10)
    others = [threading.Thread(target=known.get, args=(str(context),)) for _ in range(3)]
    for other in others:
        other.start()
    assert known.peek(str(context)) is None  # and does not wait
    go.set()
    for thread in (first, *others):
        thread.join(10)
    assert len(counted) == 1


def test_not_all_contexts_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_MAX_CONTEXTS", 2)
    known = Trees(None)
    for name in "abac":
        (tmp_path / name).mkdir(exist_ok=True)
        known.get(str(tmp_path / name))
    assert [name for name in "abc" if known.peek(str(tmp_path / name))] == ["a", "c"]
