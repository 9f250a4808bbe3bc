"""Which packages the steps before a command have brought into its stage, where that is known for sure."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator

from ..syntax import commands, installs, matchspec, requirements
from ..syntax.dockerfile import Instruction
from ..syntax.installs import Install, Tool
from ..syntax.shell import Command
from . import dockerfile_files
from .dockerfile import Dockerfile
from .dockerfile_runs import PIPS, is_plain

_HARMLESS_FOLDERS = re.compile(r"(?:[^/$]|/(?:app|srv|home|tmp|work|workspace|code|src|data|var/azureml-app)(?:/|\Z))")
# Managers of packages whose commands are not read.
_UNREAD = frozenset({"apk", "dnf", "microdnf", "yum"})
# What these of Debian and Ubuntu draw in is known: no MPI, no CMake, no other surprise.
_PLAIN_APT = frozenset(
    (
        *("apt-transport-https", "apt-utils", "build-essential", "bzip2", "ca-certificates", "curl", "dirmngr", "file"),
        *("g++", "gcc", "git", "git-lfs", "gnupg", "gnupg2", "htop", "jq", "less", "libffi-dev", "libgl1"),
        *("libglib2.0-0", "libgomp1", "libsm6", "libssl-dev", "libxext6", "libxrender1", "locales", "lsb-release"),
        *("make", "nano", "net-tools", "openssh-client", "openssh-server", "openssl", "pkg-config", "procps"),
        *("python-is-python3", "python3", "python3-dev", "python3-distutils", "python3-pip", "python3-setuptools"),
        *("python3-venv", "python3-wheel", "software-properties-common", "sudo", "tar", "tini", "tzdata", "unzip"),
        *("vim", "wget", "xz-utils", "zip", "zlib1g-dev", "ninja-build", "autoconf", "automake", "libtool", "patch"),
    )
)
_REQUIREMENT_FILES = ("--requirement", "--constraint", "--file")


def ends(dockerfile: Dockerfile, brings: Callable[[str], object]) -> dict[int, int]:
    """Where in the text it ends, for each stage, that surely no package of which `brings` holds has come.

    All are found in one go: asked of each command anew, a long Dockerfile would be read once a command.
    """
    found: dict[int, int] = {}
    parents = {each.stage: each.parent for each in dockerfile.bases}
    for stage in dockerfile.tree.stages:
        parent = parents.get(stage.number)
        inherited = found[parent] if parent is not None else sys.maxsize
        own = (
            at for it in stage.instructions for at, names in _brought(it) if names is None or any(map(brings, names))
        )
        found[stage.number] = inherited if inherited < sys.maxsize else next(own, sys.maxsize)
    return found


def _brought(it: Instruction) -> Iterator[tuple[int, set[str] | None]]:
    """What an instruction brings, and from where on; None where more can have come."""
    if it.keyword in {"COPY", "ADD"}:
        target = it.words[-1].text if it.words else "/"
        if it.flag("from") is not None or not _HARMLESS_FOLDERS.match(target):
            yield it.span.start, None
    elif it.keyword == "RUN":
        if it.heredocs or any(flag.name == "mount" for flag in it.flags):
            yield it.span.start, None
        for command in commands.of(it):
            yield command.span.start, _of_command(command)


def _of_command(command: Command) -> set[str] | None:
    install = next(iter(installs.find((command,))), None)
    if install is not None:
        return _names(install)
    words = [word.text for word in command.words]
    if _UNREAD.intersection(words[:2]) or "build-dep" in words:
        return None
    return None if dockerfile_files.made(command).anything else set()


def _names(install: Install) -> set[str] | None:
    if install.subcommand.startswith("env ") or any(map(install.has, _REQUIREMENT_FILES)):
        return None
    if not all(map(is_plain, install.packages)):
        return None
    texts = [word.text for word in install.packages]
    if install.tool is Tool.APT:
        named = {re.split(r"[=:/]", text)[0] for text in texts}
        return None if named - _PLAIN_APT - {"cmake"} else named
    if install.tool in PIPS:
        parsed = [requirements.parse(text) for text in texts]
        return {each.name for each in parsed} if all(each.name for each in parsed) else None
    return _conda_names(texts)


# What these draw in is known, too; other packages of conda may bring anything.
_PLAIN_CONDA = frozenset({"python", "pip", "numpy", "pandas", "scipy", "scikit-learn", "setuptools", "wheel", "cython"})


def _conda_names(texts: Iterable[str]) -> set[str] | None:
    specs = [matchspec.parse(text) for text in texts]
    names = {each.name for each in specs if each is not None}
    return None if None in specs or names - _PLAIN_CONDA - {"cmake"} else names
