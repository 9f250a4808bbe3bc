"""Makes repositories with the `git` of this machine, without its user's settings; and packs that git would not make."""

import hashlib
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "C O Mitter",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}
# In CI nothing is left out: there a missing git is a failure.
needs_git = pytest.mark.skipif(shutil.which("git") is None and not os.environ.get("CI"), reason="NOT TESTED: no git")


def git(folder: Path, *words: str, data: bytes | None = None) -> bytes:
    """What git says; fails the test with what git says where it fails."""
    command = ["git", "-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false", *words]
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, input=data, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def says(folder: Path, *words: str) -> str:
    return git(folder, *words).decode().strip()


def makes_reftables() -> bool:
    """Whether this git can keep names in tables."""
    if shutil.which("git") is None:
        return False
    return b"ref-format" in subprocess.run(["git", "init", "-h"], capture_output=True, check=False).stdout


def new(folder: Path, *options: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    return folder


def commit(folder: Path, files: dict[str, bytes | str], message: str = "change") -> str:
    """Commits these files beside those that are there, and gives the id."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return says(folder, "rev-parse", "HEAD")


def header(kind: int, size: int) -> bytes:
    """What a pack says of an object."""
    made = bytearray()
    byte = kind << 4 | size & 15
    size >>= 4
    while size:
        made.append(byte | 0x80)
        byte = size & 0x7F
        size >>= 7
    return bytes([*made, byte])


def length(size: int) -> bytes:
    made = bytearray()
    while size > 0x7F:
        made.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*made, size])


def back(distance: int) -> bytes:
    """How far in front of a delta lies what it builds on."""
    made = [distance & 0x7F]
    while distance := distance >> 7:
        distance -= 1
        made.insert(0, 0x80 | distance & 0x7F)
    return bytes(made)


def pack(objects: Path, entries: Sequence[tuple[str, bytes]]) -> None:
    """Writes a pack of these ids and their bytes, right or not, with an index that fits."""
    body = b"PACK" + struct.pack(">LL", 2, len(entries))
    offsets = {}
    for oid, data in entries:
        offsets[bytes.fromhex(oid)] = len(body)
        body += data
    body += hashlib.sha1(body).digest()
    ids = sorted(offsets)
    fanout = [sum(each[0] <= byte for each in ids) for byte in range(256)]
    index = b"\377tOc" + struct.pack(">L256L", 2, *fanout) + b"".join(ids) + bytes(4 * len(ids))
    index += b"".join(struct.pack(">L", offsets[each]) for each in ids) + body[-20:]
    index += hashlib.sha1(index).digest()
    folder = objects / "pack"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack-made.pack").write_bytes(body)
    (folder / "pack-made.idx").write_bytes(index)


def loose(objects: Path, kind: str, data: bytes, oid: str | None = None) -> str:
    """Writes an object into a file of its own, under its id or another's."""
    whole = f"{kind} {len(data)}\0".encode() + data
    oid = oid or hashlib.sha1(whole).hexdigest()
    path = objects / oid[:2] / oid[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zlib.compress(whole))
    return oid
