"""Which programs are surely not there when a command of a RUN runs: the image lacks them, and no step brought them.

A step that nobody can see through may have brought anything: from then on nothing is said.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..syntax import commands, installs
from ..syntax.dockerfile import Flag, Instruction
from ..syntax.installs import Tool
from ..syntax.shell import Command
from . import known_bases
from .dockerfile import Dockerfile
from .dockerfile_files import made
from .image import ImageReference

Packages = Mapping[str, frozenset[str]]
_NONE: frozenset[str] = frozenset()
_SYSTEM_FOLDERS = re.compile(r"/(?:usr(?:/(?!(?:src|share)(?:/|\Z)).*)?|s?bin(?:/.*)?|opt/?)?")
_SHELLS = re.compile(r"(?:.*/)?(?:ba|da|a)?sh")
# Package managers of which it is not known what comes with a package.
_OTHERS = frozenset({"apk", "dnf", "microdnf", "yum", "conda", "mamba", "micromamba", "update-alternatives"})
_APT = frozenset({"apt", "apt-get"})
_BRING_NOTHING = frozenset(
    {"update", "clean", "autoclean", "autoremove", "remove", "purge", "upgrade", "distclean", "dist-clean"}
)
# There are packages of these names, or that bring such programs, on the package index.
_BY_PIP = frozenset({"cmake", "python", "python3", "pip", "pip3"})
# Folders of which none is in PATH.
_APART = re.compile(r"/(?:root|var|tmp|home|run)(?:/|\Z)")
_VERSION = re.compile(r"[=:/].*")


class Moment(NamedTuple):
    """Command number `at` of a RUN, and the programs that are surely not there when it runs."""

    instruction: Instruction
    at: int
    command: Command
    root: ImageReference
    lacking: frozenset[str]


def moments(dockerfile: Dockerfile, packages: Packages, asked: frozenset[str]) -> Iterator[Moment]:
    """The commands that run while some of the programs in `asked` surely lack, in order.

    `packages` says which programs come with a package of apt; of others nobody knows.
    """
    roots = dockerfile.roots
    parents = {each.stage: each.parent for each in dockerfile.bases}
    left: dict[int, frozenset[str]] = {}
    for stage in dockerfile.tree.stages:
        root, parent = roots.get(stage.number), parents.get(stage.number)
        lacking = _NONE
        if root is not None:
            lacking = left[parent] if parent is not None else known_bases.lacks(root) & asked
            for it in stage.instructions:
                if not lacking:
                    break
                if it.keyword != "RUN":
                    lacking = _NONE if _may_bring(it) else lacking
                    continue
                if it.heredocs or any(map(is_open, it.flags)):
                    lacking = _NONE
                    break
                for at, command in enumerate(commands.of(it)):
                    yield Moment(it, at, command, root, lacking)
                    lacking -= brought(command, packages, lacking)
                    if not lacking:
                        break
        left[stage.number] = lacking


def brought(command: Command, packages: Packages, asked: frozenset[str]) -> frozenset[str]:
    """Which of the programs in `asked` a command may have brought."""
    found = installs.find((command,))
    if found and found[0].tool is Tool.APT:
        names = [_VERSION.sub("", word.text) if word.is_literal else "" for word in found[0].packages]
        known = [packages.get(name) for name in names]
        return asked if None in known else asked & _NONE.union(*(each for each in known if each is not None))
    if found and found[0].tool in {Tool.PIP, Tool.UV}:
        return asked & _BY_PIP
    does = made(command)
    words = command.words[1:] if command.name == "sudo" else command.words
    name = words[0].text.rpartition("/")[2] if words else ""
    if does.anything or name in _OTHERS or asked & set(does.names):
        return asked
    if name in _APT:
        verb = next((word.text for word in words[1:] if not word.text.startswith("-")), "update")
        return _NONE if verb in _BRING_NOTHING else asked
    return _NONE


def may_copy(it: Instruction) -> bool:
    """Whether a COPY or ADD may put a program where the shell finds it."""
    target = it.words[-1].text if it.words else ""
    return it.flag("from") is not None or "$" in target or _SYSTEM_FOLDERS.fullmatch(target) is not None


def _may_bring(it: Instruction) -> bool:
    match it.keyword:
        case "COPY" | "ADD":
            return may_copy(it)
        case "SHELL":
            return not (it.words and _SHELLS.fullmatch(it.words[0].text))
        case "ENV" | "ARG":
            # A folder of the user's own, for all we know with programs.
            return any(each.name.text in {"PATH", "BASH_ENV"} for each in it.assignments)
    return False


def is_open(flag: Flag) -> bool:
    """Whether a flag of RUN may bring programs: a mount that is neither a cache nor a secret of its own place."""
    if flag.name != "mount" or flag.value is None:
        return flag.name == "mount"
    parts = dict(part.partition("=")[::2] for part in flag.value.text.split(","))
    target = parts.get("target") or parts.get("dst") or parts.get("destination") or ""
    if parts.get("type") in {"secret", "ssh"} and not target:
        return False
    is_kept = parts.get("type") in {"cache", "tmpfs", "secret", "ssh"} and "from" not in parts
    return not (is_kept and _APART.match(target))


def install_line(package: str) -> str:
    """The line of a Dockerfile that installs a package of apt, and leaves no package lists behind."""
    names = f"ca-certificates {package}" if package in {"curl", "git", "wget"} else package
    return f"RUN apt-get update && apt-get install -y --no-install-recommends {names} && rm -rf /var/lib/apt/lists/*"


def is_all_root(dockerfile: Dockerfile) -> bool:
    """Whether all commands run as root, for all that the file says."""
    return not any(it.keyword == "USER" for stage in dockerfile.tree.stages for it in stage.instructions)
