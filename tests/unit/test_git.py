"""What is read of repositories is what `git` says of them."""

import hashlib
import os
import random
import shutil
import sys
import time
from contextlib import suppress
from itertools import islice, pairwise
from pathlib import Path

import pytest

from envlens.host import git as ours
from envlens.host.git import GitError, Kind, Repository, Why, files
from envlens.host.git.pack import BLOB
from git_maker import commit, git, makes_reftables, needs_git, new, says

pytestmark = needs_git

LIMIT = 10_000_000
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
_MODES = {b"100644": Kind.FILE, b"100755": Kind.EXECUTABLE, b"120000": Kind.LINK, b"160000": Kind.SUBMODULE}


def found(folder: Path) -> Repository:
    repository = ours.find(str(folder))
    assert repository is not None
    return repository


def resolved(folder: Path, revision: str) -> str:
    with ours.opened(found(folder)) as reader:
        return ours.commit(reader, revision)


def content(folder: Path, path: str, revision: str = "HEAD", limit: int = LIMIT) -> ours.Blob | None:
    with ours.opened(found(folder)) as reader:
        return ours.read(reader, ours.commit(reader, revision), path, limit)


def why(folder: Path, revision: str) -> Why:
    with pytest.raises(GitError) as raised:
        resolved(folder, revision)
    return raised.value.why


def agrees(folder: Path, *revisions: str) -> None:
    """Holds all that can be asked of these revisions to what git says."""
    if "HEAD" in revisions:
        assert ours.head(found(folder)) == says(folder, "rev-parse", "HEAD")
    with ours.opened(found(folder)) as reader:
        for revision in revisions:
            expected = says(folder, "rev-parse", "--verify", f"{revision}^{{commit}}")
            assert ours.commit(reader, revision) == expected, revision
            listed = []
            for line in git(folder, "ls-tree", "-r", "-z", "--full-tree", expected).split(b"\0")[:-1]:
                said, path = line.split(b"\t", 1)
                mode, _, oid = said.split()
                listed.append(ours.Entry(path, _MODES[mode], oid.decode()))
            assert list(ours.entries(reader, expected, "", LIMIT)) == listed
            for each in listed:
                if each.kind is Kind.SUBMODULE:
                    continue
                data = git(folder, "cat-file", "blob", each.object_id)
                read = ours.read(reader, expected, os.fsdecode(each.path), LIMIT)
                assert read == ours.Blob(each.kind, each.object_id, data)
                digest = ours.digest(reader, each.object_id, LIMIT)
                assert digest[:2] == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    folder = new(tmp_path / "plain")
    commit(folder, {"environment.yml": "name: demo\n", "src/a/train.py": "print(1)\n", "empty": b""})
    commit(folder, {"environment.yml": "name: demo\nversion: 2\n"})
    return folder


def test_plain(plain: Path) -> None:
    agrees(plain, "HEAD", "main", "HEAD~1", "@", "HEAD^", "HEAD^0", "refs/heads/main", "heads/main")
    assert content(plain, "src/a/missing.py") is None
    assert content(plain, "environment.yml/x") is None
    assert content(plain, "../plain/environment.yml") is None
    folder = content(plain, "src/a")
    assert folder is not None
    assert (folder.kind, folder.data) == (Kind.FOLDER, b"")
    with ours.opened(found(plain)) as reader:
        head = ours.commit(reader, "HEAD")
        assert [each.path for each in ours.entries(reader, head, "src", LIMIT)] == [b"a/train.py"]
        assert list(ours.entries(reader, head, "missing", LIMIT)) == []
        with pytest.raises(GitError) as raised:
            list(ours.entries(reader, head, "", 3))
    assert raised.value.why is Why.TOO_LARGE


def test_head_follows_what_git_does(plain: Path) -> None:
    repository = found(plain)
    before = ours.head(repository)
    after = commit(plain, {"new": "x"})
    assert (before, ours.head(repository)) == (says(plain, "rev-parse", "HEAD~"), after)
    git(plain, "checkout", "-q", "--detach", "HEAD~1")
    assert ours.head(repository) == before
    git(plain, "checkout", "-q", "-b", "feature/deep/name", "main")
    assert ours.head(repository) == after
    git(plain, "pack-refs", "--all")
    assert ours.head(repository) == after
    git(plain, "gc", "-q", "--aggressive", "--prune=now")
    agrees(plain, "HEAD", "feature/deep/name", "main")
    git(plain, "multi-pack-index", "write")
    agrees(plain, "HEAD")
    git(plain, "-c", "pack.indexVersion=1", "repack", "-q", "-adf")
    assert why(plain, "HEAD") is Why.UNSUPPORTED


def test_a_repository_is_found_from_below(plain: Path) -> None:
    for place in (plain, plain / "src", plain / "src/a/train.py", plain / "src/a/not-there/yet.py"):
        assert found(place).top == str(plain)
        assert ours.place(found(plain), str(place)) == place.relative_to(plain).as_posix()
    assert ours.place(found(plain), str(plain.parent)) is None
    (plain / "src" / ".git").mkdir()  # holds nothing
    assert found(plain / "src").top == str(plain)
    assert ours.find(os.sep) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_head_that_is_a_link(plain: Path) -> None:
    (plain / ".git/HEAD").unlink()
    (plain / ".git/HEAD").symlink_to("refs/heads/main")
    agrees(plain, "HEAD")


@pytest.mark.parametrize(
    ("path", "is_remote"),
    [
        ("//host/x", True),
        (r"\\host\x", True),
        (r"\\?\UNC\host\x", True),
        (r"\\.\pipe\x", True),
        (r"\\?\C:\x", False),
        ("/x", False),
    ],
)
def test_paths_of_other_machines(path: str, is_remote: bool) -> None:
    assert files.is_remote(path) is is_remote


def test_names_win_as_in_git(plain: Path) -> None:
    first, second = says(plain, "rev-parse", "HEAD~1"), says(plain, "rev-parse", "HEAD")
    git(plain, "tag", "both", first)
    git(plain, "branch", "both", second)
    git(plain, "branch", first[:7], second)
    git(plain, "update-ref", "refs/remotes/origin/main", first)
    git(plain, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(plain, "tag", "-a", "-m", "annotated", "v1.0", first)
    git(plain, "tag", "-a", "-m", "a tag of a tag", "v1.1", "v1.0")
    names = ("both", "heads/both", "tags/both", first[:7], "origin", "origin/main", "remotes/origin/main")
    names += ("v1.0", "v1.1", "v1.1^{}", "v1.1^{commit}", "main~1", "v1.0-3-g" + second[:8], second.upper())
    agrees(plain, *names)
    git(plain, "pack-refs", "--all")
    git(plain, "gc", "-q", "--prune=now")
    agrees(plain, *names)
    git(plain, "update-ref", "ORIG_HEAD", first)
    agrees(plain, "ORIG_HEAD")


def test_merges(plain: Path) -> None:
    git(plain, "checkout", "-q", "-b", "side", "HEAD~1")
    commit(plain, {"side": "1"})
    git(plain, "checkout", "-q", "main")
    git(plain, "merge", "-q", "--no-edit", "side")
    agrees(plain, "HEAD", "HEAD^1", "HEAD^2", "HEAD^2~1", "HEAD^^", "HEAD~2", "main^2^{}~")
    assert why(plain, "HEAD^3") is Why.UNKNOWN
    assert why(plain, "HEAD~9") is Why.UNKNOWN


def test_what_is_no_revision(plain: Path) -> None:
    for revision in ("missing", "main/x", "config", "0" * 40, "a..b", "refs/heads/../../config", "HEAD.lock", "refs"):
        assert why(plain, revision) in {Why.UNKNOWN, Why.MISSING, Why.UNSUPPORTED}, revision
    for revision in (
        "",
        "@{1}",
        "main@{upstream}",
        ":/x",
        "HEAD:src",
        "HEAD^{tree}",
        "HEAD^{/x}",
        "x" * 5_000,
        "\0",
        "~",
    ):
        assert why(plain, revision) is Why.UNSUPPORTED, revision
    tree = says(plain, "rev-parse", "HEAD^{tree}")
    assert why(plain, tree) is Why.UNKNOWN
    assert why(plain, tree[:12]) is Why.UNKNOWN


def test_beginnings_of_ids(tmp_path: Path) -> None:
    folder = new(tmp_path / "many")
    lines = [f"commit refs/heads/main\ncommitter a <a> {number} +0000\ndata 0\n" for number in range(1500)]
    git(folder, "fast-import", "--quiet", data="\n".join(lines).encode())
    ids = says(folder, "rev-list", "main").split()
    starts = sorted(each[:4] for each in ids)
    shared = [a for a, b in pairwise(starts) if a == b]
    assert shared, "1500 ids share no four digits"
    assert why(folder, shared[0]) is Why.UNKNOWN
    for packed in (False, True):
        if packed:
            git(folder, "repack", "-q", "-a", "-d")
        for each in ids[::100]:
            short = next(each[:count] for count in range(4, 41) if sum(x.startswith(each[:count]) for x in ids) == 1)
            assert resolved(folder, short) == each
    agrees(folder, "main~1400")


def test_before_the_first_commit(tmp_path: Path) -> None:
    folder = new(tmp_path / "unborn")
    with pytest.raises(GitError, match="main has no commit yet") as raised:
        ours.head(found(folder))
    assert raised.value.why is Why.NO_COMMIT
    assert why(folder, "HEAD") is Why.NO_COMMIT
    assert why(folder, "main") is Why.UNKNOWN


def test_worktrees(plain: Path, tmp_path: Path) -> None:
    git(plain, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    there = commit(tmp_path / "other", {"there": "x"})
    assert ours.head(found(tmp_path / "other")) == there != ours.head(found(plain))
    agrees(tmp_path / "other", "HEAD", "main", "other")
    assert found(tmp_path / "other").common_dir == found(plain).git_dir
    shutil.rmtree(plain / ".git")
    with pytest.raises(GitError, match="names no git folder"):
        ours.find(str(tmp_path / "other"))


def test_submodules(plain: Path, tmp_path: Path) -> None:
    inner = new(tmp_path / "inner")
    commit(inner, {"x": "1"})
    git(plain, "submodule", "--quiet", "add", str(inner), "libs/inner")
    commit(plain, {})
    agrees(plain, "HEAD")
    agrees(plain / "libs/inner", "HEAD")
    assert found(plain / "libs/inner/x").top == str(plain / "libs/inner")
    held = content(plain, "libs/inner")
    assert held == ours.Blob(Kind.SUBMODULE, says(inner, "rev-parse", "HEAD"))
    assert content(plain, "libs/inner/x") is None


def test_shallow(plain: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", plain.as_uri(), "shallow")
    agrees(tmp_path / "shallow", "HEAD", "origin/main", "origin")
    with pytest.raises(GitError, match="cut off"):
        resolved(tmp_path / "shallow", "HEAD~1")


def test_partial(plain: Path, tmp_path: Path) -> None:
    git(plain, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", plain.as_uri(), "partial")
    folder = tmp_path / "partial"
    with ours.opened(found(folder)) as reader:
        head = ours.commit(reader, "HEAD")
        assert len(list(ours.entries(reader, head, "", LIMIT))) == 3
        with pytest.raises(GitError, match="not in this copy") as raised:
            ours.read(reader, head, "environment.yml", LIMIT)
    assert raised.value.why is Why.MISSING


def test_borrowed_objects(plain: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--shared", str(plain), "shared")
    git(tmp_path, "clone", "-q", "--shared", str(tmp_path / "shared"), "again")
    commit(tmp_path / "again", {"more": "x"})
    agrees(tmp_path / "again", "HEAD", "HEAD~1")
    alternates = tmp_path / "again/.git/objects/info/alternates"
    alternates.write_text("# where they are\n../../../shared/.git/objects\n/not/there\n\n")
    agrees(tmp_path / "again", "HEAD", "HEAD~2")


def test_sha256(tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    commit(folder, {"a/b": "1", "c": "2" * 3000})
    commit(folder, {"c": "2" * 3000 + "3"})
    git(folder, "tag", "-a", "-m", "x", "v1")
    agrees(folder, "HEAD", "HEAD~1", "v1", says(folder, "rev-parse", "HEAD")[:9])
    git(folder, "gc", "-q", "--aggressive", "--prune=now")
    agrees(folder, "HEAD", "HEAD~1", "v1", says(folder, "rev-parse", "HEAD")[:9])


# git makes them since 2.45; an older one has nothing to compare with.
if makes_reftables():

    @pytest.mark.parametrize("hashes", ["sha1", "sha256"])
    def test_reftable(tmp_path: Path, hashes: str) -> None:
        folder = tmp_path / "table"
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main", "--ref-format=reftable", f"--object-format={hashes}")
        assert why(folder, "HEAD") is Why.NO_COMMIT
        first = commit(folder, {"a": "1"})
        git(folder, "tag", "-a", "-m", "x", "v1")
        for number in range(300):
            git(folder, "update-ref", "--stdin", data=f"create refs/heads/topic/{number:05} {first}\n".encode())
        git(folder, "branch", "gone")
        git(folder, "branch", "-D", "-q", "gone")
        commit(folder, {"a": "2"})
        for _ in range(2):
            agrees(folder, "HEAD", "main~1", "v1", "topic/00000", "topic/00299", "topic/00123")
            assert why(folder, "gone") is Why.UNKNOWN
            git(folder, "pack-refs")
        many = "".join(f"create refs/heads/many/{number:05} {first}\n" for number in range(5000))
        git(folder, "update-ref", "--stdin", data=many.encode())
        git(folder, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
        commit(tmp_path / "other", {"a": "3"})
        agrees(folder, "HEAD", "many/00000", "many/02500", "many/04999", "other")
        agrees(tmp_path / "other", "HEAD", "main")


def test_line_ends_are_gits(tmp_path: Path) -> None:
    folder = new(tmp_path / "ends")
    git(folder, "config", "core.autocrlf", "true")
    commit(folder, {"a.txt": b"one\r\ntwo\r\n"})
    blob = content(folder, "a.txt")
    assert blob is not None
    assert blob.data == b"one\ntwo\n"
    agrees(folder, "HEAD")


def test_lfs(tmp_path: Path) -> None:
    folder = new(tmp_path / "lfs")
    oid = hashlib.sha256(b"large").hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 5\n"
    extended = pointer.replace("oid", f"ext-0-foo sha256:{oid}\noid", 1)
    commit(folder, {"p": pointer, "almost": pointer + " ", "long": pointer + "x" * 2000, "extended": extended})
    with ours.opened(found(folder)) as reader:
        named = {each.path: each.object_id for each in ours.entries(reader, ours.head(reader.repository), "", LIMIT)}
        digest = ours.digest(reader, named[b"p"], LIMIT)
        assert digest.lfs == ours.Digest(oid, 5)
        assert digest[:2] == (hashlib.sha256(pointer.encode()).hexdigest(), len(pointer))
        assert ours.digest(reader, named[b"almost"], LIMIT).lfs is None
        assert ours.digest(reader, named[b"long"], LIMIT).lfs is None
        with pytest.raises(GitError, match="extensions"):
            ours.digest(reader, named[b"extended"], LIMIT)


def test_sizes_are_known_before_anything_is_inflated(tmp_path: Path) -> None:
    folder = new(tmp_path / "sizes")
    commit(folder, {"x": bytes(3_000_000), "edge": bytes(1000)})
    for _ in range(2):
        assert content(folder, "edge", limit=1000) is not None
        with pytest.raises(GitError, match="1000 bytes, more than 999") as raised:
            content(folder, "edge", limit=999)
        assert raised.value.why is Why.TOO_LARGE
        with ours.opened(found(folder)) as reader:
            assert ours.entry(reader, ours.commit(reader, "HEAD"), "x") is not None
        git(folder, "gc", "-q", "--prune=now")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8, links, bits")
def test_links_bits_and_names(tmp_path: Path) -> None:
    folder = new(tmp_path / "names")
    for name in (b"caf\xe9", b"tab\tand\nline", "日本語".encode(), b"a b", b"-dash", b'quo"te', b"back\\slash"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(name)
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("../outside/caf\udce9")
    (folder / "to-folder").symlink_to(".")
    commit(folder, {})
    agrees(folder, "HEAD")
    link = content(folder, "link")
    assert link is not None
    assert (link.kind, link.data) == (Kind.LINK, b"../outside/caf\xe9")
    assert content(folder, "to-folder/link") is None, "links are not followed"
    assert ours.place(found(folder), str(folder / "link")) == "link"


def test_ten_thousand_files(tmp_path: Path) -> None:
    folder = new(tmp_path / "large")
    parts = [b"commit refs/heads/main\ncommitter a <a> 1 +0000\ndata 0\n"]
    for number in range(10_000):
        data = b"%d\n" % number
        parts.append(b"M 644 inline d%d/e%d/f%d\ndata %d\n%s\n" % (number % 90, number % 7, number, len(data), data))
    git(folder, "fast-import", "--quiet", data=b"".join(parts))
    git(folder, "gc", "-q", "--prune=now")
    repository = found(folder)
    with ours.opened(repository) as reader:
        start = time.perf_counter()
        listed = list(ours.entries(reader, ours.commit(reader, "HEAD"), "", LIMIT))
        taken = time.perf_counter() - start
    assert len(listed) == 10_000
    assert taken < 3, "0.3 s are meant; a busy machine may take longer"
    start = time.perf_counter()
    for _ in range(100):
        ours.head(repository)
    assert time.perf_counter() - start < 1, "1 ms each is meant"


@pytest.mark.parametrize("seed", SEEDS)
def test_any_repository(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    folder = new(tmp_path / "any")
    words = [b"%d\n" % choose.randrange(10**6) for _ in range(3000)]
    for number in range(12):
        for _ in range(choose.randrange(1, 8)):
            name = "/".join(choose.choice("abcdé .-") * choose.randrange(1, 3) for _ in range(choose.randrange(1, 4)))
            path = folder / f"{name.strip('. ')}_{choose.randrange(9)}.x"
            path.parent.mkdir(parents=True, exist_ok=True)
            start = choose.randrange(2000)
            lines = words[start : start + choose.choice((0, 1, 50, 900))]
            path.write_bytes(b"".join(lines) if choose.random() < 0.8 else choose.randbytes(choose.randrange(70_000)))
        commit(folder, {})
        if number % 5 == 2:
            git(folder, "checkout", "-q", "-b", f"b/{number}", "HEAD~1")
            commit(folder, {f"merged{number}": str(number)})
            git(folder, "checkout", "-q", "main")
            git(folder, "merge", "-q", "--no-edit", f"b/{number}")
        if choose.random() < 0.4:
            git(
                folder,
                *choose.choice((("gc", "-q", "--aggressive"), ("repack", "-q", "-d"), ("repack", "-q", "-adfF"))),
            )
    ids = says(folder, "rev-list", "--all").split()
    agrees(folder, "HEAD", *ids[::3], *(f"HEAD~{number}" for number in range(4)))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_bytes_give_a_reason(tmp_path: Path, seed: int) -> None:
    """Damage anywhere below `.git` leads to GitError or to what was there before, never to anything else."""
    choose = random.Random(seed)
    folder = new(tmp_path / "damaged")
    text = "".join(f"line {number}\n" for number in range(400))
    for number in range(6):
        commit(folder, {"big": text + str(number), "a/b/c": str(number), f"only{number}": text[number:]})
        if number == 3:
            git(folder, "tag", "-a", "-m", "x", "v1")
            git(folder, "pack-refs", "--all")
            git(folder, "gc", "-q", "--aggressive", "--prune=now")
    contents = {says(folder, "rev-parse", f"HEAD:{name}"): (folder / name).read_bytes() for name in ("big", "a/b/c")}
    contents |= {says(folder, "rev-parse", "HEAD~4:big"): (text + "1").encode()}
    kept = [path for path in sorted((folder / ".git").rglob("*")) if path.is_file() and "hooks" not in path.parts]
    repository = found(folder)
    for _ in range(150):
        victim = choose.choice([path for path in kept if choose.random() < 0.5 or "pack" in path.parts])
        before = victim.read_bytes()
        data = bytearray(before)
        kind = choose.randrange(4)
        for _ in range(choose.choice((1, 1, 5, 50))):
            if data and kind < 3:
                at = choose.randrange(min(len(data), choose.choice((64, 1100, 10**9))))
                data[at] = (choose.randrange(256), data[at] ^ 1 << choose.randrange(8), 0xFF)[kind]
        data = data[: choose.randrange(len(data) + 1)] if kind == 3 else data
        victim.chmod(0o644)
        victim.write_bytes(data)
        start = time.perf_counter()
        for revision in ("HEAD", "v1~1", "main~3", "abcd"):
            with suppress(GitError), ours.opened(repository) as reader:
                commit_id = ours.commit(reader, revision)
                for each in islice(ours.entries(reader, commit_id, "", 1000), 1000):
                    ours.entry(reader, commit_id, os.fsdecode(each.path))
                    ours.digest(reader, each.object_id, LIMIT)
        for oid, data in contents.items():
            with suppress(GitError), ours.opened(repository) as reader:
                assert reader.objects.read(oid, BLOB, LIMIT) == data
        with suppress(GitError):
            ours.find(str(folder))
        victim.write_bytes(before)
        assert time.perf_counter() - start < 20
    agrees(folder, "HEAD", "v1")
