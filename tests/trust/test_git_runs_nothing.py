"""Repositories that mean harm: reading them runs nothing, opens nothing outside, and ends soon with a reason.

Each is read in a process of its own, with 600 MB of memory, 64 open files and 90 seconds, which notes what it opens,
runs and connects to.
"""

import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from git_maker import ENVIRONMENT, back, commit, git, header, length, loose, needs_git, new, pack, says

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="POSIX links, devices and limits"), needs_git]

# Asks all that can be asked, notes the answers, and what Python itself says that it did meanwhile (PEP 578).
READER = r"""
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (600_000_000,) * 2)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
import hashlib, zlib
from envlens.host import git
import envlens.host.git.pack, encodings.ascii, encodings.idna
folder, *oids = sys.argv[1:]
said, opened, ran = [], set(), []
OPENING = {"open", "os.listdir", "os.scandir"}
CHANGING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate"}
def note(event, words):
    if event in OPENING:
        opened.add(os.path.abspath(os.fsdecode(words[0])) if isinstance(words[0], (str, bytes)) else repr(words[0]))
        if event == "open" and words[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            ran.append(["writes", str(words[0])])
    elif event in CHANGING or event.split(".")[0] in {"socket", "subprocess", "ctypes"} or event in {
        "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill"
    }:
        ran.append([event, repr(words)[:200]])
def ask(what, *words):
    try:
        found = what(*words)
        said.append(f"{what.__name__}: {found if isinstance(found, str) else type(found).__name__}")
        return found
    except git.GitError as error:
        said.append(f"{what.__name__}: {error.why.name}: {error}")
def listed(reader, commit):
    found = []
    for each in git.entries(reader, commit, "", 20_000):
        found.append(each)
        if each.kind is not git.Kind.SUBMODULE:
            ask(git.digest, reader, each.object_id, 5_000_000)
            ask(git.read, reader, commit, os.fsdecode(each.path), 5_000_000)
    return found
def all_of(repository):
    with git.opened(repository) as reader:
        for revision in ("HEAD", "main", "v1", "HEAD~3", "origin/main", "HEAD^{}", "abcd", "FETCH_HEAD", "side"):
            commit = ask(git.commit, reader, revision)
            if commit and revision in ("HEAD", "v1"):
                ask(listed, reader, commit)
        for oid in oids:
            ask(git.digest, reader, oid, 5_000_000)
            ask(git.commit, reader, oid)
# Of this program alone: what the system counts for a process can begin with the size of the one that started it.
status = open("/proc/self/status") if os.path.exists("/proc/self/status") else None
sys.addaudithook(note)
repository = ask(git.find, folder)
if repository is not None:
    ask(git.head, repository)
    ask(all_of, repository)
    ask(git.place, repository, folder)
said, opened, ran = list(said), sorted(opened), list(ran)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status is not None:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"said": said, "opened": opened, "ran": ran, "peak": peak}))
"""


class Answer:
    def __init__(self, said: list[str], opened: list[str], ran: list[str], peak: int) -> None:
        self.said = said
        self.opened = opened
        self.ran = ran
        self.peak = peak

    def of(self, what: str) -> str:
        return "\n".join(each for each in self.said if each.startswith(f"{what}: "))


def ask(folder: Path, *oids: str, allowed: tuple[Path, ...] = ()) -> Answer:
    """What reading a repository answers; the test fails if anything ran, or was opened elsewhere."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder), *oids],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=environment,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer = Answer(**json.loads(done.stdout))
    assert answer.ran == []
    inside = [str(folder), *map(str, allowed), str(Path(sys.executable).parents[1]), sys.base_prefix]
    assert [each for each in answer.opened if not each.startswith(tuple(inside))] == []
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = new(tmp_path / "project")
    commit(made, {"environment.yml": "name: demo\n", "a/b": "text\n" * 100})
    commit(made, {"a/b": "text\n" * 101})
    git(made, "tag", "-a", "-m", "x", "v1")
    return made


def objects(folder: Path) -> Path:
    return folder / ".git/objects"


def test_nothing_that_is_configured_runs(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    script = tmp_path / "leave-a-trace"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >> {trace}\ncat\nexit 0\n')
    script.chmod(0o755)
    names = ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.gitProxy", "core.askPass")
    names += ("diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge")
    names += ("filter.evil.process", "merge.evil.driver", "gpg.program", "credential.helper", "alias.rev-parse")
    names += ("alias.cat-file", "pager.show", "sequence.editor", "core.alternateRefsCommand", "interactive.diffFilter")
    names += (
        "remote.origin.uploadpack",
        "remote.origin.receivepack",
        "uploadpack.packObjectsHook",
        "trailer.x.command",
    )
    for name in names:
        git(folder, "config", name, f"!{script}" if name.startswith("alias") else str(script))
    for name, value in {
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{script} %S",
        "core.hooksPath": str(tmp_path / "hooks"),
        "core.worktree": "/",
        "core.attributesFile": str(tmp_path / "attributes"),
    }.items():
        git(folder, "config", name, value)
    (tmp_path / "hooks").mkdir()
    for name in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(script, tmp_path / "hooks" / name)
        shutil.copy(script, folder / ".git/hooks" / name)
    (folder / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    # An object that is missing is what a partial clone would fetch.
    gone = says(folder, "rev-parse", "HEAD:a/b")
    (objects(folder) / gone[:2] / gone[2:]).unlink()
    environment = {**ENVIRONMENT, "GIT_DIR": str(folder / ".git"), "GIT_WORK_TREE": str(folder)}
    for words in (["status"], ["diff"]):
        subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, timeout=30, check=False)
    assert trace.exists(), "git itself runs none of these: the test shows nothing"
    trace.unlink()
    os.mkfifo(tmp_path / "never")
    with (folder / ".git/config").open("a") as file:
        file.write(f'[include]\n\tpath = {tmp_path}/never\n[includeIf "gitdir:/"]\n\tpath = {tmp_path}/never\n')
    answer = ask(folder, gone)
    assert not trace.exists()
    assert f"digest: MISSING: object {gone} is not in this copy" in answer.of("digest")
    assert "head: " in answer.of("head")
    assert "listed: list" in answer.of("listed")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gitdir: //host.invalid/share", "leads to another machine"),
        ("gitdir: \\\\host.invalid\\share", "leads to another machine"),
        ("gitdir: .git", "names no git folder"),
        ("gitdir: .", "names no git folder"),
        ("gitdir: /dev", "names no git folder"),
        ("gitdir: ../project/.git/../.git", "names no git folder"),
        ("gitdir: a\0b", "holds no path"),
        ("gitdir: " + "x/" * 20_000, "holds no path"),
        ("gitdir: ", "holds no path"),
        ("", "holds no path"),
        ("x" * 100_000, "larger than"),
    ],
)
def test_a_file_that_says_where_the_folder_is(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/.git").write_text(text)
    assert reason in ask(tmp_path / "project").of("find")


def test_git_folders_that_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    os.mkfifo(folder / ".git")
    assert "no regular file" in ask(folder).of("find")
    (folder / ".git").unlink()
    (folder / ".git").symlink_to("//host.invalid/share")
    assert "another machine" in ask(folder).of("find")
    (folder / ".git").unlink()
    (folder / ".git").symlink_to(".git")
    assert "REFUSED" in ask(folder).of("find")


@pytest.mark.parametrize("path", ["//host.invalid/x", "/dev", "../nowhere", "a\0b"])
def test_common_folders_that_are_none(folder: Path, path: str) -> None:
    (folder / ".git/commondir").write_text(path)
    assert "find: REFUSED" in (said := ask(folder).of("find")) or "holds no path" in said


FILES = ("HEAD", "config", "packed-refs", "shallow", "refs/heads/main", "objects/info/alternates", "commondir")


@pytest.mark.parametrize("name", FILES)
def test_no_device_no_fifo_no_link_out_and_nothing_endless(folder: Path, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2-swordfish\n")
    path = folder / ".git" / name
    path.parent.mkdir(exist_ok=True)

    def fifo() -> None:
        os.mkfifo(path)

    def sparse() -> None:
        with path.open("wb") as file:
            file.truncate(50_000_000_000)

    makers: dict[str, Callable[[], object]] = {
        "no regular file": fifo,
        "leads outside": lambda: path.symlink_to(secret),
        "cannot be read": lambda: path.symlink_to("/dev/zero"),
        "larger than": sparse,
    }
    for reason, make in makers.items():
        path.unlink(missing_ok=True)
        make()
        answer = ask(folder)
        assert reason in "\n".join(answer.said), reason
        assert "swordfish" not in "\n".join(answer.said)


@pytest.mark.parametrize(
    "text",
    ["ref: ../../secret", "ref: refs/heads/../../../secret", "ref: /etc/passwd", "ref: refs/heads/a b", "ref: config",
     "ref: ", "ref: refs/heads/\0", "ref: refs/" + "x/" * 5_000 + "x", "", "hunter2", "ref: refs//heads"],
)  # fmt: skip
def test_a_head_that_leads_elsewhere(folder: Path, text: str) -> None:
    (folder / ".git/HEAD").write_text(text)
    said = ask(folder).of("head")
    assert any(why in said for why in ("DAMAGED", "NO_COMMIT", "REFUSED")), said


def test_symbolic_refs_that_name_each_other(folder: Path) -> None:
    (folder / ".git/refs/heads/a").write_text("ref: refs/heads/b\n")
    (folder / ".git/refs/heads/b").write_text("ref: refs/heads/a\n")
    (folder / ".git/HEAD").write_text("ref: refs/heads/a\n")
    assert "without end" in ask(folder).of("head")


def test_alternates_that_lead_to_themselves(folder: Path) -> None:
    alternates = objects(folder) / "info/alternates"
    alternates.write_text(
        f"{objects(folder)}\n.\n../objects\n//host.invalid/x\n\\\\host.invalid\\x\n/dev/zero\n/dev/null\n\0\n"
    )
    answer = ask(folder)
    assert "listed: list" in answer.of("listed")
    assert not any("host.invalid" in each for each in answer.opened)
    for number in range(300):
        place = folder / f"store{number}"
        (place / "info").mkdir(parents=True)
        (place / "info/alternates").write_text(f"../store{number + 1}\n")
    alternates.write_text(f"{folder}/store0\n")
    assert "borrowed from more than" in ask(folder).of("all_of")


def no_files(path: Path, tmp_path: Path) -> Iterator[None]:
    """Puts other things where a file was."""
    shutil.copy(path, tmp_path / "copy")
    for target in (tmp_path / "copy", "/dev/zero", None):
        path.unlink()
        path.symlink_to(target) if target else os.mkfifo(path)
        yield


def test_objects_that_are_no_files(folder: Path, tmp_path: Path) -> None:
    tree = says(folder, "rev-parse", "HEAD^{tree}")
    path = objects(folder) / tree[:2] / tree[2:]
    shutil.copy(path, tmp_path / "copy")
    for make in (
        lambda: os.mkfifo(path),
        lambda: path.symlink_to(tmp_path / "copy"),
        lambda: path.symlink_to("/dev/zero"),
    ):
        path.unlink()
        make()
        assert "REFUSED" in ask(folder).of("listed")
    path.unlink()
    shutil.move(path.parent, tmp_path / "elsewhere")
    path.parent.symlink_to(tmp_path / "elsewhere")
    shutil.copy(tmp_path / "copy", path)
    assert "REFUSED" in ask(folder).of("listed")


@pytest.mark.parametrize("ending", ["pack", "idx"])
def test_packs_that_are_no_files(folder: Path, tmp_path: Path, ending: str) -> None:
    git(folder, "gc", "-q", "--prune=now")
    path = next(objects(folder).glob(f"pack/*.{ending}"))
    shutil.copy(path, tmp_path / "copy")
    for make in (
        lambda: os.mkfifo(path),
        lambda: path.symlink_to(tmp_path / "copy"),
        lambda: path.symlink_to("/dev/zero"),
    ):
        path.unlink()
        make()
        assert "REFUSED" in ask(folder).of("commit")


def test_packs_that_are_cut(folder: Path) -> None:
    git(folder, "gc", "-q", "--aggressive", "--prune=now")
    for path in objects(folder).glob("pack/pack-*"):
        path.chmod(0o644)
        whole = path.read_bytes()
        for count in (0, 1, 11, 40, 1031, 1040, len(whole) // 2, len(whole) - 30):
            path.write_bytes(whole[:count])
            assert "Error" not in "".join(ask(folder).said)
        path.write_bytes(whole)
    assert "listed: list" in ask(folder).of("listed")


def deflated(size: int, first: bytes = b"") -> bytes:
    engine = zlib.compressobj(1)
    piece = bytes(1 << 20)
    return engine.compress(first) + b"".join(engine.compress(piece) for _ in range(size >> 20)) + engine.flush()


OID = "ab" * 20
BASE = "cd" * 20


def test_objects_that_are_larger_than_they_say(folder: Path) -> None:
    path = objects(folder) / OID[:2] / OID[2:]
    path.parent.mkdir(exist_ok=True)
    for said in (b"blob 10\0", b"blob 4999999\0", b"blob 99999999999999\0", b"blob 0\0", b"", b"commit 300\0"):
        path.write_bytes(deflated(1 << 28, said))
        answer = ask(folder, OID)
        assert any(why in answer.of("digest") for why in ("DAMAGED", "TOO_LARGE")), said
        assert answer.peak < 80_000
    path.unlink()
    for size in (10, 4_999_999, 10**15):
        pack(objects(folder), [(OID, header(3, size) + deflated(1 << 28))])
        assert any(why in ask(folder, OID).of("digest") for why in ("DAMAGED", "TOO_LARGE")), size
    empty = zlib.compressobj(0, wbits=-15)
    blocks = b"\x78\x01" + empty.flush(zlib.Z_SYNC_FLUSH) * 2_000_000
    pack(objects(folder), [(OID, header(3, 10) + blocks)])
    assert "ends too soon" in ask(folder, OID).of("digest")


def test_lengths_that_do_not_end(folder: Path) -> None:
    for data in (b"\xff" * 5_000_000, header(6, 5) + b"\xff" * 5_000_000, header(0, 5), header(5, 5) * 100, b""):
        pack(objects(folder), [(OID, data)])
        assert "DAMAGED" in ask(folder, OID).of("digest")


def by_id(base: str, delta: bytes) -> bytes:
    return header(7, len(delta)) + bytes.fromhex(base) + zlib.compress(delta)


def test_deltas_that_build_on_one_another(folder: Path) -> None:
    delta = length(1) + length(1) + b"\x01x"
    third = "ef" * 20
    for base, other in ((OID, BASE), (BASE, OID), (BASE, BASE), (BASE, third), ("00" * 20, OID)):
        pack(objects(folder), [(OID, by_id(base, delta)), (BASE, by_id(other, delta)), (third, by_id(OID, delta))])
        assert "DAMAGED" in ask(folder, OID).of("digest")
    for distance in (0, 1, 5, 10**6, 10**18):
        pack(objects(folder), [(OID, header(6, len(delta)) + back(distance) + zlib.compress(delta))])
        assert "DAMAGED" in ask(folder, OID).of("digest")


def test_deltas_that_build_on_thousands(folder: Path) -> None:
    start = header(3, 1) + zlib.compress(b"y")
    step = zlib.compress(length(1) + length(1) + b"\x90\x01")
    for count, reason in ((4_000, "its content is another's"), (5_000, "without end")):
        entries = [(f"{0:040x}", start)]
        size = len(start)
        for number in range(1, count):
            entries.append((f"{number:040x}", header(6, 4) + back(size) + step))
            size = len(entries[-1][1])
        pack(objects(folder), entries)
        assert reason in ask(folder, entries[-1][0]).of("digest")


def test_deltas_that_make_too_much(folder: Path) -> None:
    base = header(3, 65536) + deflated(0, bytes(65536))
    copy = b"\x80"
    for count, reason in ((40_000, "TOO_LARGE"), (60, "its content is another's")):
        delta = length(65536) + length(65536 * count) + copy * count
        pack(objects(folder), [(BASE, base), (OID, by_id(BASE, delta))])
        assert reason in ask(folder, OID).of("digest")
    # Each one small enough, and each one doubled: three steps make more than is held.
    entries = [(f"{0:040x}", base)]
    size = 65536
    for number in range(1, 40):
        delta = length(size) + length(size * 8) + (b"\xf0" + size.to_bytes(3, "little")) * 8
        entries.append((f"{number:040x}", by_id(f"{number - 1:040x}", delta)))
        size *= 8
        if size >= 1 << 24:
            break
    pack(objects(folder), entries)
    answer = ask(folder, entries[-1][0])
    assert any(why in answer.of("digest") for why in ("DAMAGED", "TOO_LARGE"))
    # Steps that each make one byte: a chain of them is paid for in time.
    steps = 2_000_000
    delta = length(steps) + length(steps) + b"\x90\x01" * steps
    entries = [(f"{0:040x}", header(3, steps) + deflated(0, bytes(steps)))]
    entries += [(f"{number:040x}", by_id(f"{number - 1:040x}", delta)) for number in range(1, 100)]
    pack(objects(folder), entries)
    assert "takes too long" in ask(folder, entries[-1][0]).of("digest")


def as_commit(folder: Path, tree: str) -> None:
    made = loose(objects(folder), "commit", f"tree {tree}\nauthor a <a> 1 +0000\n\nx\n".encode())
    (folder / ".git/refs/heads/main").write_text(made + "\n")


def test_folders_that_hold_each_other_millions_of_times(folder: Path) -> None:
    tree = loose(objects(folder), "tree", b"")
    for _ in range(40):
        names = b"".join(b"40000 %c\0" % letter + bytes.fromhex(tree) for letter in b"abcdefghij")
        tree = loose(objects(folder), "tree", names)
    as_commit(folder, tree)
    assert "listed: TOO_LARGE" in ask(folder).of("listed")


@pytest.mark.parametrize("name", [b"..", b".", b"a/b", b"../x", b"/etc/passwd", b""])
def test_names_that_are_paths(folder: Path, name: bytes) -> None:
    blob = loose(objects(folder), "blob", b"x")
    as_commit(folder, loose(objects(folder), "tree", b"100644 %s\0" % name + bytes.fromhex(blob)))
    assert "listed: DAMAGED" in ask(folder).of("listed")


@pytest.mark.parametrize(
    "data",
    [b"100644", b"100644 a", b"100644 a\0", b"100644 a\0xyz", b"777777 a\0" + b"x" * 20, b"\0" * 100, b" " * 100],
)
def test_folders_that_are_damaged(folder: Path, data: bytes) -> None:
    as_commit(folder, loose(objects(folder), "tree", data))
    assert "listed: DAMAGED" in ask(folder).of("listed")


def test_commits_and_tags_that_are_damaged(folder: Path) -> None:
    for kind in ("commit", "tag"):
        for data in (
            b"",
            b"tree x\n",
            b"object \n",
            b"object " + b"f" * 40 + b"\n",
            b"\n\n",
            b"parent 1\n" * 1_000_000,
        ):
            oid = loose(objects(folder), kind, data)
            (folder / ".git/refs/heads/main").write_text(oid + "\n")
            said = ask(folder, oid)
            assert "UNKNOWN" in said.of("commit") or "DAMAGED" in said.of("listed") or "MISSING" in said.of("commit")


def test_content_that_is_not_that_of_its_id(folder: Path) -> None:
    blob = says(folder, "rev-parse", "HEAD:a/b")
    path = objects(folder) / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob 5\0other"))
    assert "its content is another's" in ask(folder).of("digest")


def test_more_packs_than_files_may_be_open(folder: Path) -> None:
    for number in range(150):
        commit(folder, {"n": str(number)})
        git(folder, "repack", "-q", "-d")
    assert len(list(objects(folder).glob("pack/*.idx"))) > 100
    answer = ask(folder)
    assert "listed: list" in answer.of("listed")
    assert "REFUSED" not in "\n".join(answer.said)


def test_what_is_borrowed_is_opened_where_it_lies(folder: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--shared", str(folder), "shared")
    answer = ask(tmp_path / "shared", allowed=(objects(folder),))
    assert "listed: list" in answer.of("listed")
    opened = [each for each in answer.opened if each.startswith(str(folder))]
    assert opened
    assert not any("config" in each or "HEAD" in each for each in opened)
