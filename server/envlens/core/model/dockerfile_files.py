"""Where a file in the image can have come from: what COPY, ADD and mounts bring, and what commands may have made.

Of two questions the second decides what a rule may say: which paths of the build context can lie there, and whether
nothing else can have put a file there.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..syntax.dockerfile import Instruction
from ..syntax.joined import Word
from ..syntax.shell import Command
from .dockerfile import Made, Origin

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")
# Folders have no such names.
_FILE = re.compile(r"\.(?:txt|in|ya?ml|toml|cfg|ini|json|lock|md|py|sh|whl|csv)\Z")
_MAGIC = re.compile(r"[*?\[]")
_MAX_CANDIDATES = 8
# Copies to one place that are looked through for one file.
_MAX_COPIES = 32


class _Copied(NamedTuple):
    """One source; None for what is not a path of the context that is known. `into` says the destination is a folder."""

    stage: int
    order: int
    source: str | None
    into: bool
    is_archive: bool


class Copies:
    """What COPY and ADD put where, by destination."""

    def __init__(self) -> None:
        self._by_place: dict[str, list[_Copied]] = {}
        self._elsewhere: set[int] = set()
        self._count = 0
        self._pending: list[tuple[Instruction, int, Sequence[Word], str]] = []
        """What was not looked at yet: most Dockerfiles have nothing that somebody asks about."""

    def add(self, instruction: Instruction, stage: int, sources: Sequence[Word], destination: str | None) -> None:
        """Takes up an instruction. `sources` are those that are paths of the context, `destination` is absolute."""
        if destination is None:
            self._elsewhere.add(stage)
        else:
            self._pending.append((instruction, stage, sources, destination))

    def _take(self, instruction: Instruction, stage: int, sources: Sequence[Word], destination: str) -> None:
        place = destination.rstrip("/") or "/"
        into = destination.endswith("/")
        self._count += 1
        found = self._by_place.setdefault(place, [])
        for word in sources:
            is_archive = instruction.keyword == "ADD" and word.text.lower().endswith(_ARCHIVES)
            source = posixpath.normpath(word.text.lstrip("/") or ".")
            found.append(_Copied(stage, self._count, source, into, is_archive))
        if len(sources) < len(instruction.words) - 1 or instruction.flag("from") is not None:
            found.append(_Copied(stage, self._count, None, into, False))

    def origin(self, path: str, stages: Iterable[int]) -> Origin:
        """Where the file at an absolute path can come from, in a stage and those that it builds on."""
        for pending in self._pending:
            self._take(*pending)
        self._pending.clear()
        stages = set(stages)
        is_sure = not stages & self._elsewhere
        exact: list[tuple[int, str]] = []
        guessed: list[tuple[int, str]] = []
        for place in _places(path):
            copied = self._by_place.get(place)
            if copied is None:
                continue
            rest = path[len(place) :].lstrip("/")
            is_sure = is_sure and len(copied) <= _MAX_COPIES
            for each in copied[-_MAX_COPIES:]:
                if each.stage not in stages:
                    continue
                if each.source is None or each.is_archive:
                    is_sure = False
                if each.source is None:
                    continue
                source = each.source
                name = source.rpartition("/")[2]
                has_magic = _MAGIC.search(source) is not None
                if not rest:
                    exact.append((-each.order, source))
                elif each.into and fnmatchcase(rest, name) and source != ".":
                    exact.append((-each.order, posixpath.join(posixpath.dirname(source), rest)))
                elif not _FILE.search(name):
                    # The source may be a folder, whose content is copied.
                    guessed.append((-each.order, posixpath.normpath(posixpath.join(source, rest))))
                is_sure = is_sure and not (has_magic and rest)
        found = tuple(dict.fromkeys(each for _, each in (*sorted(exact), *sorted(guessed))))
        return Origin(found[:_MAX_CANDIDATES], is_sure and len(found) <= _MAX_CANDIDATES)


def _places(path: str) -> Iterator[str]:
    """The path and the folders above it."""
    # Deeper than any image; each folder is looked up.
    for _ in range(64):
        yield path
        if path == "/":
            return
        path = posixpath.dirname(path)


def mounted(path: str, instruction: Instruction, directory: str | None) -> Origin:
    """The paths of the context that `RUN --mount=type=bind` puts at `path`."""
    found: list[str] = []
    is_sure = True
    for flag in instruction.flags:
        if flag.name != "mount" or flag.value is None:
            continue
        parts = dict(part.partition("=")[::2] for part in flag.value.text.split(","))
        target = parts.get("target") or parts.get("dst") or parts.get("destination")
        kind = parts.get("type", "bind")
        if kind != "bind" or "from" in parts or not target or "$" in flag.value.text or directory is None:
            # A cache holds what was put there by an earlier build, a secret what is given on the command line.
            is_sure = is_sure and kind in {"tmpfs", "ssh"}
            continue
        source = posixpath.normpath((parts.get("source") or parts.get("src") or ".").lstrip("/") or ".")
        place = posixpath.normpath(posixpath.join(directory, target))
        if place == path:
            found.append(source)
        elif path.startswith(place.rstrip("/") + "/"):
            found.append(posixpath.normpath(posixpath.join(source, posixpath.relpath(path, place))))
    return Origin(tuple(found), is_sure)


# Programs that make no file of the user's choice, but for what is redirected, and install nothing from elsewhere.
_TAME = frozenset(
    (
        *("apt", "apt-get", "apt-key", "apt-mark", "apk", "dnf", "microdnf", "yum", "pip", "pip2", "pip3", "conda"),
        *("mamba", "micromamba", "mkdir", "rm", "rmdir", "chmod", "chown", "chgrp", "cd", "pushd", "ls", "pwd", "echo"),
        *("printf", "cat", "grep", "test", "[", "[[", "true", "false", ":", "set", "unset", "export", "exit", "umask"),
        *("useradd", "groupadd", "usermod", "adduser", "addgroup", "locale-gen", "update-locale", "ldconfig", "which"),
        *("update-alternatives", "add-apt-repository", "dpkg-reconfigure", "sleep", "date", "whoami", "id", "nvcc"),
    )
)
_MODULES = frozenset({"pip", "venv", "virtualenv", "ensurepip"})
_NOWHERE = ("/dev/", "/proc/", "/etc/", "/var/log/")


def made(command: Command) -> Made:
    """What a command may have put on the disk of the image."""
    words = command.words[1:] if command.name == "sudo" else command.words
    if words and not _is_tame(words):
        return Made(True)
    names = []
    for each in command.redirections:
        if ">" not in each.operator or each.target is None or each.operator.endswith(">&"):
            continue
        if not each.target.is_literal:
            return Made(True)
        if not each.target.text.startswith(_NOWHERE):
            names.append(posixpath.basename(each.target.text))
    return Made(False, tuple(names))


def _is_tame(words: tuple[Word, ...]) -> bool:
    name = words[0].text.rpartition("/")[2]
    texts = [word.text for word in words[1:4]]
    if not words[0].is_literal:
        return False
    if name.startswith("python"):
        is_module = texts[:1] == ["-m"] and len(texts) > 1 and texts[1] in _MODULES
        return is_module and not _makes_wheels(texts[1], words[3:])
    if name == "uv":
        return texts[:2] == ["pip", "install"] or texts[:1] == ["venv"]
    # `conda env export -f FILE`
    return name in _TAME and "export" not in texts and not _makes_wheels(name, words[1:])


def _makes_wheels(name: str, words: tuple[Word, ...]) -> bool:
    """Whether it is `pip wheel` or `pip download`."""
    subcommand = next((word.text for word in words if not word.text.startswith("-")), "")
    return name.startswith("pip") and subcommand in {"wheel", "download"}
