"""Which packages the steps before a command have brought into its stage, where that is known for sure."""

import re
from collections.abc import Iterable, Iterator

from ..syntax import commands, installs, matchspec, requirements
from ..syntax.dockerfile import Instruction
from ..syntax.installs import Install, Tool
from ..syntax.shell import Command
from . import dockerfile_files
from .dockerfile import Dockerfile, RunInstall
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


def before(dockerfile: Dockerfile, found: RunInstall) -> frozenset[str] | None:
    """The names of packages that were installed before a command; None where more can have come."""
    names: set[str] = set()
    for instruction in _instructions(dockerfile, found):
        more = _brought(instruction, None)
        if more is None:
            return None
        names |= more
    own = _brought(found.instruction, found.install.command)
    return None if own is None else frozenset(names | own)


def _instructions(dockerfile: Dockerfile, found: RunInstall) -> Iterator[Instruction]:
    """The instructions of the stages that a command's stage builds on, and those before it in its own."""
    parents = {each.stage: each.parent for each in dockerfile.bases}
    stages = {each.number: each for each in dockerfile.tree.stages}
    number: int | None = found.stage
    for _ in parents:
        if number is None or number not in stages:
            return
        for each in stages[number].instructions:
            if each.span.start < found.instruction.span.start:
                yield each
        number = parents.get(number)


def _brought(it: Instruction, until: Command | None) -> set[str] | None:
    if it.keyword in {"COPY", "ADD"}:
        target = it.words[-1].text if it.words else "/"
        return None if it.flag("from") is not None or not _HARMLESS_FOLDERS.match(target) else set()
    if it.keyword != "RUN":
        return set()
    if it.heredocs or any(flag.name == "mount" for flag in it.flags):
        return None
    names: set[str] = set()
    for command in commands.of(it):
        if until is not None and command.span.start >= until.span.start:
            break
        more = _of_command(command)
        if more is None:
            return None
        names |= more
    return names


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
