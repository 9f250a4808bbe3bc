"""The digests of build contexts: what counts for them, what ends them, and that nothing outside is opened."""

import contextlib
import hashlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.hashing.tree import Leaf, Tree, merkle
from envlens.host import tree_read, tree_walk, trees
from envlens.host.trees import BOTH, OURS, Wanted, look

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX names, links and special files")
SEED = b"Initialize for october 2021 AML CLI version"


def tree(root: Path, roots: list[Path] | None = None, wanted: Wanted = BOTH) -> Tree:
    return look(str(root), None if roots is None else [os.path.realpath(each) for each in roots], None, wanted).tree


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def paths(found: Tree) -> list[bytes]:
    return [leaf.path for leaf in found.leaves]


def sdk(*parts: bytes) -> str:
    return hashlib.sha256(SEED + b"".join(parts)).hexdigest()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    return write(tmp_path / "ctx", {"Dockerfile": "FROM a\n", "src/main.py": "x", "src/data/a.bin": b"\0\1"})


# The digest of leaves


def leaf(path: str, content: str = "", executable: bool = False) -> Leaf:
    data = content.encode()
    return Leaf(path.encode(), executable, len(data), hashlib.sha256(data).digest())


names = st.text("abAB.-é", min_size=1, max_size=3)
contents = st.text("abc\n", max_size=4)
folders = st.dictionaries(names, contents | st.deferred(lambda: folders), max_size=4)


def flat(folder: dict[str, object], above: str = "") -> Iterator[Leaf]:
    for name, content in folder.items():
        if isinstance(content, dict):
            yield from flat(content, f"{above}{name}/")
        else:
            yield leaf(above + name, str(content))


def test_the_digest_by_hand() -> None:
    def h(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def entry(name: bytes, node: bytes) -> bytes:
        return len(name).to_bytes(4, "big") + name + node

    one = h(b"\0\0" + (1).to_bytes(8, "big") + h(b"x"))
    two = h(b"\0\1" + (0).to_bytes(8, "big") + h(b""))
    below = h(b"\1" + (1).to_bytes(8, "big") + entry(b"two", two))
    top = h(b"\1" + (2).to_bytes(8, "big") + entry(b"Z", one) + entry(b"a", below))
    assert merkle([leaf("a/two", "", True), leaf("Z", "x")]) == top.hex()
    assert merkle([]) == h(b"\1" + bytes(8)).hex()


@given(folders, folders)
def test_trees_share_a_digest_only_if_they_are_the_same(one: dict[str, object], other: dict[str, object]) -> None:
    first, second = list(flat(one)), list(flat(other))
    assert (merkle(first) == merkle(second)) is (sorted(first) == sorted(second))


@given(folders, st.randoms())
def test_order_does_not_count(folder: dict[str, object], random: object) -> None:
    leaves = list(flat(folder))
    shuffled = leaves.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merkle(shuffled) == merkle(leaves)


@given(folders, st.data())
def test_every_part_of_a_leaf_counts(folder: dict[str, object], data: st.DataObject) -> None:
    leaves = list(flat(folder))
    if not leaves:
        return
    at = data.draw(st.integers(0, len(leaves) - 1))
    old = leaves[at]
    changes = [
        old._replace(executable=not old.executable),
        old._replace(size=old.size + 1),
        old._replace(digest=hashlib.sha256(old.digest).digest()),
        old._replace(path=old.path + b"+"),
        old._replace(path=b"+/" + old.path),
    ]
    for new in changes:
        assert merkle([*leaves[:at], new, *leaves[at + 1 :]]) != merkle(leaves)


def test_what_the_hash_of_azure_ai_ml_runs_together() -> None:
    assert merkle([leaf("a", "bc"), leaf("d", "e")]) != merkle([leaf("abcde")])


def test_paths_that_no_folder_holds() -> None:
    for pair in (("a", "a"), ("a", "a/b"), ("a/b/c", "a/b")):
        with pytest.raises(ValueError, match="one name"):
            merkle(map(leaf, pair))


# What counts on the disk


def rename(context: Path) -> None:
    (context / "src/main.py").rename(context / "src/other.py")


def move(context: Path) -> None:
    (context / "src/main.py").rename(context / "main.py")


def edit(context: Path) -> None:
    (context / "src/main.py").write_text("y")


def add(context: Path) -> None:
    (context / "new").touch()


def remove(context: Path) -> None:
    (context / "src/main.py").unlink()


def make_executable(context: Path) -> None:
    (context / "src/main.py").chmod(0o755)


@pytest.mark.parametrize("change", [rename, move, edit, add, remove, make_executable])
def test_what_counts(context: Path, change: Callable[[Path], None]) -> None:
    before = tree(context)
    change(context)
    assert tree(context).merkle != before.merkle


def make_empty_folders(context: Path) -> None:
    (context / "src/void/void").mkdir(parents=True)


def touch(context: Path) -> None:
    os.utime(context / "src/main.py", (1, 1))


def open_to_the_group(context: Path) -> None:
    (context / "src/main.py").chmod(0o664)


def rename_the_context(context: Path) -> None:
    context.rename(context.with_name("other"))
    context.symlink_to("other")


def link(context: Path) -> None:
    (context / "src/main.py").rename(context.parent / "beside.py")
    (context / "src/main.py").symlink_to("../../beside.py")


def link_a_folder(context: Path) -> None:
    (context / "src").rename(context.parent / "beside")
    (context / "src").symlink_to("../beside")


@pytest.mark.parametrize(
    "change", [make_empty_folders, touch, open_to_the_group, rename_the_context, link, link_a_folder]
)
def test_what_does_not_count(context: Path, change: Callable[[Path], None]) -> None:
    before = tree(context)
    change(context)
    assert tree(context).merkle == before.merkle is not None


def test_both_digests(context: Path) -> None:
    found = tree(context, [context], Wanted(sdk=True, md5=True))
    parts = (b"Dockerfile", b"FROM a\n", b"src", b"data", b"a.bin", b"\0\1", b"main.py", b"x")
    assert found.sdk == sdk(*parts)
    assert found.sdk_md5 == hashlib.md5(SEED + b"".join(parts)).hexdigest()
    assert paths(found) == [b"Dockerfile", b"src/data/a.bin", b"src/main.py"]
    assert found.merkle == merkle(found.leaves)
    assert found.size == 10
    assert (found.problem, found.sdk_problem, found.notes, found.crlf, found.is_file) == (None, None, (), (), False)


def test_the_hash_of_azure_ai_ml_can_come_later(context: Path) -> None:
    found = tree(context, wanted=OURS)
    assert found.merkle
    assert found.is_sdk_pending
    assert not tree(context).is_sdk_pending


def test_a_single_file(context: Path) -> None:
    found = tree(context / "Dockerfile")
    assert found.is_file
    assert paths(found) == [b"Dockerfile"]
    assert found.sdk == sdk(b"FROM a\n")


def test_left_out(context: Path) -> None:
    before = tree(context)
    write(context, {".amlignore": ".amlignore\n*.log\nvenv\n", "a.log": "a", "venv/lib/x": "x"})
    found = tree(context)
    assert found.merkle == before.merkle
    assert found.sdk == before.sdk


def test_a_folder_left_out_by_a_slash_keeps_its_name(context: Path) -> None:
    write(context, {".amlignore": "src/\n"})
    found = tree(context)
    assert paths(found) == [b".amlignore", b"Dockerfile"]
    assert found.sdk == sdk(b".amlignore", b"src/\n", b"Dockerfile", b"FROM a\n", b"src")


def test_what_is_uploaded_and_not_hashed(context: Path) -> None:
    write(context, {".amlignore": "src\n!src/main.py\n"})
    found = tree(context)
    assert paths(found) == [b".amlignore", b"Dockerfile", b"src/main.py"]
    assert found.sdk == sdk(b".amlignore", b"src\n!src/main.py\n", b"Dockerfile", b"FROM a\n")
    (note,) = found.notes
    assert note.startswith("'src/main.py' is uploaded: ")


def test_names_that_differ_in_case_only(context: Path) -> None:
    write(context, {"a": "", "A": ""})
    (note,) = tree(context).notes
    assert "differs from a name beside it in case only" in note


def test_crlf(tmp_path: Path) -> None:
    many = b"a" * ((1 << 20) - 1)
    text = {"a": "x\r\ny\n", "b": "x\ry\n", "c": b"\0\r\n"}
    write(tmp_path, {**text, "d": many + b"\r\n", "e": many + b"\n\r", "f/g": b"x" * 9000 + b"\r\n\0"})
    assert tree(tmp_path).crlf == ("a", "d", "f/g")


def test_names_that_are_no_text(context: Path) -> None:
    (context / "src" / os.fsdecode(b"\xff.py")).write_text("x")
    found = tree(context)
    assert b"src/\xff.py" in paths(found)
    assert found.sdk is None
    assert found.sdk_problem == "the name 'src/\ufffd.py' is not UTF-8: azure-ai-ml cannot take it"


# What ends it


def missing(context: Path) -> None:
    (context / "Dockerfile").unlink()
    (context / "src/main.py").unlink()
    (context / "src/data/a.bin").unlink()


def broken_link(context: Path) -> None:
    (context / "a").symlink_to("nowhere")


def link_to_itself(context: Path) -> None:
    (context / "a").symlink_to("a")


def link_upwards(context: Path) -> None:
    (context / "src/up").symlink_to("..")


def links_in_a_ring(context: Path) -> None:
    (context / "one").mkdir()
    (context / "two").mkdir()
    (context / "one/a").symlink_to("../two")
    (context / "two/b").symlink_to("../one")


def fifo(context: Path) -> None:
    os.mkfifo(context / "fifo")


def link_to_a_device(context: Path) -> None:
    (context / "zero").symlink_to("/dev/zero")


def unix_socket(context: Path) -> None:
    here = os.getcwd()
    os.chdir(context)  # such paths are short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket")
    finally:
        os.chdir(here)


def ignore_file_that_is_none(context: Path) -> None:
    os.mkfifo(context / ".amlignore")


@pytest.mark.parametrize(
    ("change", "problem", "has_sdk"),
    [
        (missing, "no file would be uploaded: azure-ai-ml refuses an empty folder", True),
        (broken_link, "the link 'a' leads to nothing", True),
        (link_to_itself, "the link 'a' cannot be followed", False),
        (link_upwards, "the link 'src/up' leads back to a folder that holds it", False),
        (links_in_a_ring, "the link 'one/a/b' leads back to a folder that holds it", False),
        (fifo, "'fifo' is no regular file", True),
        (link_to_a_device, "'zero' is no regular file", True),
        (unix_socket, "'socket' is no regular file", True),
        (ignore_file_that_is_none, "'.amlignore' is no regular file", False),
    ],
)
def test_problems(context: Path, change: Callable[[Path], None], problem: str, has_sdk: bool) -> None:
    change(context)
    found = tree(context)
    assert found.problem == problem
    assert (found.merkle, found.leaves) == (None, ())
    assert found.sdk_problem == (None if has_sdk else problem)
    assert (found.sdk is not None) is has_sdk


def test_a_path_that_is_no_context(tmp_path: Path) -> None:
    assert tree(tmp_path / "gone").problem == "the build context does not exist"
    os.mkfifo(tmp_path / "fifo")
    assert tree(tmp_path / "fifo").sdk_problem == "the build context is no regular file"
    (tmp_path / "in").mkdir()
    assert tree(tmp_path, [tmp_path / "in"]).problem == "the build context leads out of the project"
    assert tree(Path("a\0b")).problem


def test_more_than_there_may_be(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_walk, "MAX_FILES", 2)
    assert tree(context).problem == tree(context).sdk_problem == "more than 2 files would be uploaded"


def test_more_bytes_than_there_may_be(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("src/huge", "huge"):
        with (context / name).open("wb") as file:
            file.truncate(11 << 30)
    monkeypatch.setattr(tree_read, "read", None)  # decided before anything is read
    assert tree(context).problem == "more than 20 GiB would be uploaded"


def test_links_that_multiply(tmp_path: Path) -> None:
    for level in range(8):
        (tmp_path / f"d{level}").mkdir()
        (tmp_path / f"d{level}" / "f").touch()
        for at in range(10):
            (tmp_path / f"d{level}" / f"l{at}").symlink_to(f"../d{level + 1}")
    (tmp_path / "d8").mkdir()
    assert tree(tmp_path).problem == "links lead to the same folders more than 10,000 times"


def test_depth(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("aa", dir_fd=at)
        below = os.open("aa", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    found = tree(tmp_path)
    assert found.problem is not None
    assert found.problem.endswith("cannot be read")
    os.system(f"rm -rf {tmp_path}/aa")  # shutil recurses


# Trust


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    return write(tmp_path / "outside", {"secret": "hunter2", "below/secret": "hunter2"})


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The real paths that were opened and listed."""
    found: list[str] = []
    real_open, real_scan = os.open, os.scandir

    def spy_open(path: str, *arguments: int) -> int:
        found.append(os.path.realpath(path))
        return real_open(path, *arguments)

    def spy_scan(path: str) -> "os._ScandirIterator[str]":
        found.append(os.path.realpath(path))
        return real_scan(path)

    monkeypatch.setattr(os, "open", spy_open)
    monkeypatch.setattr(os, "scandir", spy_scan)
    return found


def to_file(context: Path, outside: Path) -> None:
    (context / "a").symlink_to(outside / "secret")


def to_folder(context: Path, outside: Path) -> None:
    (context / "a").symlink_to(outside)


def to_folder_left_out(context: Path, outside: Path) -> None:
    (context / "a").symlink_to(outside)
    write(context, {".amlignore": "a\n"})


def by_steps(context: Path, outside: Path) -> None:
    (context / "a").symlink_to("src/b")
    (context / "src/b").symlink_to(outside)


def as_ignore_file(context: Path, outside: Path) -> None:
    (context / ".amlignore").symlink_to(outside / "secret")


@pytest.mark.parametrize("change", [to_file, to_folder, to_folder_left_out, by_steps, as_ignore_file])
def test_nothing_outside_is_opened(
    context: Path, outside: Path, opened: list[str], change: Callable[[Path, Path], None]
) -> None:
    change(context, outside)
    found = tree(context, [context])
    assert found.problem is not None
    assert "leads out of the project" in found.problem
    assert not [path for path in opened if path.startswith(str(outside))]


def test_links_out_that_are_left_out(context: Path, outside: Path) -> None:
    to_file(context, outside)
    write(context, {".amlignore": "a\n"})
    assert tree(context, [context]).problem is None


def test_links_inside_the_project_are_followed(context: Path, outside: Path, opened: list[str]) -> None:
    to_folder(context, outside)
    found = look(str(context), [str(context.parent)])
    assert str(outside / "below/secret") in opened
    assert b"a/below/secret" in paths(found.tree)
    assert found.beyond == (str(outside),)


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_is_swapped_on_the_way_is_not_read(
    context: Path, outside: Path, monkeypatch: pytest.MonkeyPatch, is_folder: bool
) -> None:
    """A file or a folder that was seen, and is a link to the outside when it is to be read."""
    write(outside, {"main.py": "x"})
    real = trees.survey

    def swap(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        place = context / "src" if is_folder else context / "src/main.py"
        if not place.is_symlink():
            place.rename(context.parent / "away")
            place.symlink_to(outside if is_folder else outside / "main.py")
        return found

    monkeypatch.setattr(trees, "survey", swap)
    found = tree(context, [context])
    assert found.problem is not None
    assert "leads out of the project" in found.problem


# What changes meanwhile


def after_each_survey(monkeypatch: pytest.MonkeyPatch, change: Callable[[int], None]) -> None:
    real, count = trees.survey, iter(range(9))

    def changing(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        change(next(count))
        return found

    monkeypatch.setattr(trees, "survey", changing)


def test_a_file_that_vanishes(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_each_survey(monkeypatch, lambda _: (context / "Dockerfile").unlink(missing_ok=True))
    found = tree(context)
    assert paths(found) == [b"src/data/a.bin", b"src/main.py"]
    assert found.sdk == sdk(b"src", b"data", b"a.bin", b"\0\1", b"main.py", b"x")


def test_a_file_that_is_saved_meanwhile(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(turn: int) -> None:
        if not turn:
            (context / "new").write_text("FROM b\n")
            (context / "new").rename(context / "Dockerfile")

    after_each_survey(monkeypatch, save)
    found = tree(context)
    assert found.problem is None
    assert found.leaves[0].digest == hashlib.sha256(b"FROM b\n").digest()


def test_a_file_that_changes_all_the_time(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_each_survey(monkeypatch, lambda turn: (context / "src/main.py").write_text("x" * turn))
    found = tree(context)
    assert found.problem == found.sdk_problem == "'src/main.py' changes while it is read"
    assert (found.merkle, found.sdk) == (None, None)


@pytest.mark.parametrize("change", ["grow", "shrink", "touch"])
def test_a_file_that_changes_while_it_is_read(context: Path, change: str) -> None:
    log = write(context, {"log": b"\0" * (20 << 20)}) / "log"
    sizes = iter([21 << 20, 22 << 20, 23 << 20] if change == "grow" else [9 << 20, 3 << 20])

    def meanwhile(_files: int, count: int) -> None:
        if 0 < count < 16 << 20:
            with contextlib.suppress(StopIteration):
                os.utime(log) if change == "touch" else os.truncate(log, next(sizes))

    found = look(str(context), None, None, BOTH, meanwhile).tree
    assert found.problem == "'log' changes while it is read"


# Rights


def as_nobody(work: Callable[[], str]) -> str:
    """What comes out where files have rights: tests may run as root."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            if not os.getuid():
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(writing, work().encode())
        except BaseException as error:  # noqa: BLE001 - it must not go on as a second pytest
            os.write(writing, f"{error!r}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def open_context(context: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A context that anybody can reach."""
    opened = [context.parent, *context.parent.parents]
    closed = [(path, path.stat().st_mode) for path in opened if path.stat().st_mode & 0o005 != 0o005]
    for path, mode in closed:
        path.chmod(mode | 0o005)
    yield context
    for path, mode in closed:
        path.chmod(mode)


@pytest.mark.parametrize("name", ["src/main.py", "src/data"])
def test_what_may_not_be_read(open_context: Path, name: str) -> None:
    path = open_context / name
    mode = path.stat().st_mode
    path.chmod(0)
    kind = "the folder " if path.is_dir() else ""
    try:
        said = as_nobody(lambda: repr(tree(open_context)[4:6]))
        assert said == repr((f"{kind}'{name}' cannot be read",) * 2)
        write(open_context, {".amlignore": f"{name}\n"})
        assert as_nobody(lambda: repr(tree(open_context).problem)) == "None"
    finally:
        path.chmod(mode)


# Progress and cancellation


def test_progress(context: Path) -> None:
    write(context, {"large": b"\0" * (30 << 20), **{f"many/{at}": b"x" for at in range(700)}})
    told: list[tuple[int, int]] = []
    look(str(context), None, None, BOTH, lambda files, count: told.append((files, count)))
    assert told[0] == (0, 0)
    assert told[-1] == (704, (30 << 20) + 710)
    assert told == sorted(told)
    assert len(told) > 6


@pytest.mark.parametrize("turn", range(6))
def test_cancellation(context: Path, turn: int) -> None:
    write(context, {"large": b"\0" * (30 << 20), **{f"many/{at}": b"x" for at in range(700)}})
    count = iter(range(99))

    def cancel(_files: int, _bytes: int) -> None:
        if next(count) == turn:
            raise trees.Cancelled

    known = trees.Trees([str(context)])
    with pytest.raises(trees.Cancelled):
        known.get(str(context), checkpoint=cancel)
    assert known.peek(str(context)) is None
    assert known.get(str(context)) == tree(context)
