"""The files of a build context as they would be uploaded, and the digest that tells such trees apart."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple


class Leaf(NamedTuple):
    """A file of the context. A link to a file is a leaf with the name of the link and all else of the file.

    `path` is relative to the context, `/`-separated, in the bytes of the file system. `executable` is the owner's
    permission, the only one that git keeps. `digest` is the raw SHA-256 of the `size` bytes of content.
    """

    path: bytes
    executable: bool
    size: int
    digest: bytes


class Tree(NamedTuple):
    """What is known of a build context as a whole.

    `problem` says why there is no `merkle`, `sdk_problem` why there is no `sdk`; there can be either without the other.
    """

    leaves: tuple[Leaf, ...] = ()
    """The files that azure-ai-ml would upload, in the order of its own hash; none where there is a problem."""
    merkle: str | None = None
    """64 hex digits, see `merkle`."""
    sdk: str | None = None
    """64 hex digits: the hash by which azure-ai-ml names an upload since release 1.28."""
    sdk_md5: str | None = None
    """32 hex digits: the same as releases before 1.28 had it, where it was asked for."""
    problem: str | None = None
    sdk_problem: str | None = None
    notes: tuple[str, ...] = ()
    """What is worth knowing though it is no problem."""
    crlf: tuple[str, ...] = ()
    """Text files with a CRLF line end: such that hold no NUL in their first 8 KiB."""
    as_crlf: Mapping[bytes, bytes] = MappingProxyType({})
    """Of a tree that git keeps: the digests that text files have where git makes CRLF of LF in the work tree."""
    size: int = 0
    """The bytes of all leaves together."""
    is_file: bool = False
    """Whether the path of the context is a single file."""

    @property
    def is_sdk_pending(self) -> bool:
        """Whether the hash of azure-ai-ml is neither known nor known to be impossible: nobody has asked for it yet."""
        return self.sdk is None and self.sdk_problem is None


def merkle(leaves: Iterable[Leaf]) -> str:
    r"""The digest of a tree of files, 64 lower-case hex digits.

    H is SHA-256, u32 and u64 are big-endian numbers of 4 and 8 bytes, `+` puts bytes one behind the other.

    - a file: H(00 + mode + u64(size) + digest), where mode is the byte 01 for an executable file and 00 for any other,
      and digest the 32 bytes of the SHA-256 of the content;
    - a folder: H(01 + u64(number of entries) + entries), where an entry is u32(length of name) + name + the 32 bytes
      of the file or folder. A name is the bytes of one part of a path, without `/`. Entries are sorted by their names
      as bytes. A folder that holds no file at any depth is no entry.

    The digest is that of the folder that is the context. The first byte tells files from folders, and every part of
    changing length has its length in front, so two trees with one digest would be a collision of SHA-256.

    Raises ValueError for paths that no folder can hold together: the same one twice, or a file below a file.
    """
    folders: dict[bytes, list[tuple[bytes, bytes]]] = {b"": []}
    for path, executable, size, digest in leaves:
        head, _, name = path.rpartition(b"/")
        node = sha256((_PROGRAM if executable else _FILE) + size.to_bytes(8, "big") + digest).digest()
        if head in folders:
            folders[head].append((name, node))
        else:
            folders[head] = [(name, node)]
            while head:  # a folder may hold nothing but folders
                head = head.rpartition(b"/")[0]
                if head in folders:
                    break
                folders[head] = []
    for path in sorted(folders, key=_depth, reverse=True):
        if path:
            head, _, name = path.rpartition(b"/")
            folders[head].append((name, _folder(folders[path])))
    return _folder(folders[b""]).hex()


_FILE, _PROGRAM = b"\0\0", b"\0\1"


def _folder(entries: list[tuple[bytes, bytes]]) -> bytes:
    entries.sort()
    if len(dict(entries)) != len(entries):
        raise ValueError("two entries of one name")
    told = [b"\1", len(entries).to_bytes(8, "big")]
    for name, node in entries:
        told += (len(name).to_bytes(4, "big"), name, node)
    return sha256(b"".join(told)).digest()


def _depth(path: bytes) -> int:
    return path.count(b"/") + 1 if path else 0
