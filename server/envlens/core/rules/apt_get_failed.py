"""apt-get cannot install: it has no package lists, it asks a question that nobody answers, or it is not root.

## Why
The official images of Python, Debian and Ubuntu come without package lists, and `rm -rf /var/lib/apt/lists/*` deletes
them: without `apt-get update` in front, apt locates no package. Without `-y`, apt-get asks whether to go on where more
than the named packages is needed, and a build gives no answer: it aborts. And behind `USER` it may not open its lock.
hadolint's DL3014 is about `-y` alone, and so is a comment that names it.
Source: Azure ML, Troubleshoot environment issues; Docker 20.10 on a minimal Debian 12, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12-slim
RUN apt-get install git
```

## Good
```dockerfile Dockerfile
FROM python:3.12-slim
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
```

## Fix safety
Safe for `apt-get update` where the build fails without, and for `-y`: the same packages are installed. Unsafe for
`apt-get update` where the packages may be there already, and for `USER root` around the step.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model import known_bases, programs
from ..model.dockerfile import Dockerfile
from ..model.dockerfile_files import made
from ..model.flow import Failure, failure
from ..model.image import ImageReference
from ..syntax import commands, installs
from ..syntax.dockerfile import Flag, Instruction
from ..syntax.installs import Install, Tool
from ..syntax.joined import Word
from ..syntax.shell import Command
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.recent import Recent
from ..text.span import Span
from ._rule import Context, rule

_COUNT = frozenset({"USER", "COPY", "ADD", "SHELL", "RUN"})
_HINT = re.compile(r"\bapt(?:-get)?\s")
_APT = frozenset({"apt", "apt-get"})
_NO_QUESTIONS = ("assume-yes", "apt.conf", "apt_config", "apt::")
_LISTS = re.compile(r"/var/lib/apt(?:/lists)?(?:/\*?)?")
# Programs that leave the package lists alone, whatever else they do.
_APART = frozenset(
    {"cp", "curl", "dpkg", "git", "gpg", "install", "ln", "mv", "sed", "tar", "tee", "unzip", "wget", "yes"}
)
# What larger images often have, `python:3.12` among them, and headers.
_COMMON = re.compile(
    r".*-dev|git|curl|wget|unzip|gcc|g\+\+|make|autoconf|automake|patch|file|imagemagick|mercurial|subversion"
    r"|openssh-client|build-essential|python3.*|libgl1.*|sudo|vim|nano|less|zip"
)
# What minimal images have, and what may come along with it: libraries, but for those to develop with.
_MAY_HAVE = re.compile(
    r"lib(?!.*-dev$|gl1|sm6|xext6|xrender|glib2|gomp1|pq5|sndfile|magic).*|.*[*?+]|(?:apt|base|ca|debian|dpkg|init"
    r"|ncurses|perl|tzdata|ubuntu|util|usr|gnupg|gpg|zlib1g|cuda|media|readline|mime|sys)\b(?!.*-dev$).*"
    r"|adduser|bash|bsdutils|bzip2|coreutils|dash|debconf|debianutils|diffutils|dirmngr|e2fsprogs|fdisk|findutils|gcc-\d+-base"
    r"|gpgv|grep|gzip|hostname|login|logsave|mawk|mount|netbase|openssl|passwd|pinentry.*|procps|sed|sensible-utils"
    r"|tar|xz-utils"
)
# What surely needs more than itself on a minimal image, so that apt-get asks.
_NEED_MORE = frozenset(
    (
        *("git", "curl", "wget", "build-essential", "gcc", "g++", "gfortran", "cmake", "python3", "python3-pip"),
        *("python3-venv", "python3-dev", "ffmpeg", "vim", "nodejs", "npm", "openssh-client", "openssh-server", "clang"),
        *("software-properties-common", "default-jre", "default-jdk", "libgl1", "libgl1-mesa-glx", "libsndfile1"),
    )
)
# What needs nothing but itself on any Debian or Ubuntu, so that apt-get does not ask.
_ALONE = frozenset({"less", "make", "sudo", "tree", "unzip"})
# What larger images have with all that it needs: nothing else is installed, and apt-get does not ask.
_THERE = re.compile(
    r"git|curl|wget|gcc|g\+\+|build-essential|autoconf|automake|patch|file|imagemagick|mercurial|subversion"
    r"|(?:default-libmysqlclient|lib(?:bz2|c6|curl4-openssl|db|event|ffi|gdbm|glib2\.0|gmp|jpeg|krb5|lzma|magick\w+"
    r"|maxminddb|ncursesw?5|png|pq|readline|sqlite3|ssl|webp|xml2|xslt|yaml)|zlib1g|tk|uuid|dpkg)-dev"
    r"|openssh-client|ca-certificates|procps|netbase|gnupg|bzip2|xz-utils|tzdata|pkg-config|libtool"
)
_NO_INSTALL = frozenset(
    (
        *("--yes", "--force-yes", "--assume-no", "--trivial-only", "--simulate", "-s", "--just-print", "--dry-run"),
        *("--recon", "--no-act", "--download-only", "--print-uris", "--help", "--version"),
    )
)


class _State(NamedTuple):
    """Where a stage stands. `lists` says why there are no package lists, empty where there may be some.

    `user` is who runs the commands, None for root or nobody knows who. `had` are the packages that were installed,
    None where that is not known.
    """

    lists: str = ""
    user: Word | None = None
    had: frozenset[str] | None = frozenset()


# What RUNs about which there is nothing to say leave behind: most of a file is as it was before an edit.
_QUIET: Recent[tuple[str, bool, _State, str | None, bool], _State] = Recent(4096)


@rule("apt-get-failed", on=Dockerfile, severity=Severity.ERROR, hadolint=("DL3014",))
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if _HINT.search(ctx.document.source.text):
        yield from _Walk(dockerfile, ctx).findings()


class _Walk:
    def __init__(self, dockerfile: Dockerfile, ctx: Context) -> None:
        self._dockerfile = dockerfile
        self._ctx = ctx
        text = ctx.document.source.text.lower()
        self._asks = not any(each in text for each in _NO_QUESTIONS)
        self._state = _State()
        self._root: ImageReference | None = None
        self._said: set[Span] = set()

    def findings(self) -> Iterator[Finding]:
        parents = {each.stage: each.parent for each in self._dockerfile.bases}
        roots = self._dockerfile.roots
        left: dict[int, _State] = {}
        for stage in self._dockerfile.tree.stages:
            parent = parents.get(stage.number)
            self._root = roots.get(stage.number)
            if parent is not None:
                self._state = left[parent]
            else:
                bare = self._root is not None and known_bases.has_no_package_lists(self._root)
                self._state = _State("the image comes without package lists" if bare else "")
            for it in stage.instructions:
                if it.keyword in _COUNT:
                    yield from self._take(it)
            left[stage.number] = self._state

    def _take(self, it: Instruction) -> Iterator[Finding]:
        state = self._state
        match it.keyword:
            case "USER":
                self._state = state._replace(user=_user(it))
            case "COPY" | "ADD":
                target = it.words[-1].text if it.words else ""
                if programs.may_copy(it) or target.startswith(("/var", "/etc")):
                    self._state = state._replace(lists="", had=None)
            case "SHELL":
                self._state = _State(had=None)
            case "RUN":
                if it.heredocs or any(map(_is_for_apt, it.flags)):
                    self._state = state._replace(lists="", had=None)
                else:
                    yield from self._commands(it)

    def _commands(self, it: Instruction) -> Iterator[Finding]:
        state, root = self._state, self._root.text if self._root else None
        key = (it.args.text, it.is_json, state, root, self._asks)
        after = _QUIET.get(key) if state.user is None else None
        if after is not None:
            self._state = after
            return
        is_quiet = True
        for at, command in enumerate(commands.of(it)):
            for finding in self._run(it, at, command):
                is_quiet = False
                yield finding
        if is_quiet and state.user is None:
            _QUIET.put(key, self._state)

    def _run(self, it: Instruction, at: int, command: Command) -> Iterator[Finding]:
        words = command.words[1:] if command.name == "sudo" else command.words
        name = words[0].text.rpartition("/")[2] if words else ""
        found = installs.find((command,))
        if found and found[0].tool is Tool.APT:
            yield from self._install(it, at, found[0])
        elif name in _APT:
            verb = next((word.text for word in words[1:] if not word.text.startswith("-")), "")
            if verb in {"distclean", "dist-clean"}:
                self._clear(it, at)
            elif verb not in {"clean", "autoclean", "autoremove", "remove", "purge"}:
                self._state = self._state._replace(lists="")
                if verb == "update":
                    yield from self._as_user(it, at, command)
        elif name == "rm":
            recursive = any(word.text.startswith("-") and "r" in word.text.lower() for word in words[1:])
            if recursive and any(_LISTS.fullmatch(word.text) for word in words[1:]):
                self._clear(it, at)
        elif name == "add-apt-repository" or (name not in _APART and made(command).anything):
            self._state = self._state._replace(lists="", had=None)

    def _clear(self, it: Instruction, at: int) -> None:
        if failure(it, at) is not Failure.UNKNOWN:
            self._state = self._state._replace(lists="the package lists were deleted")

    def _as_user(self, it: Instruction, at: int, command: Command) -> Iterator[Finding]:
        user = self._state.user
        if user is None or command.name not in _APT or it.span in self._said:
            return
        if failure(it, at) is not Failure.ENDS_BUILD:
            return
        self._said.add(it.span)
        yield Finding(
            command.words[0].span,
            f"'{user.text}' runs this, and {command.name} works for root only: the build fails here",
            tuple(self._root_around(it, user)),
            by_hadolint=False,
        )

    def _root_around(self, it: Instruction, user: Word) -> Iterator[Fix]:
        source = self._ctx.document.source
        start, end = it.span
        line = source.lines.line_start(source.lines.line_of(start))
        if source.text[line:start].strip("\ufeff") or source.text[end : end + 1] not in {"", "\n", "\r"}:
            return
        edits = (
            Edit(Span(start, start), f"USER root{source.newline}"),
            Edit(Span(end, end), f"{source.newline}USER {user.text}"),
        )
        yield Fix("run it as root", edits, safe=False)

    def _install(self, it: Instruction, at: int, install: Install) -> Iterator[Finding]:
        command = install.command
        outcome = failure(it, at)
        names = [_name(word) for word in install.packages]
        if outcome is Failure.ENDS_BUILD and not (it.is_json and command.span.end == it.words[-1].span.end):
            yield from self._as_user(it, at, command)
            yield from self._without_lists(install, [each for each in names if each])
            if None not in names and all(word.is_literal for word in command.words):
                yield from self._without_answer(install, frozenset(filter(None, names)))
        had = self._state.had
        known = frozenset(each for each in names if each)
        self._state = self._state._replace(had=None if had is None or None in names else had | known)

    def _without_lists(self, install: Install, names: list[str]) -> Iterator[Finding]:
        reason, had = self._state.lists, self._state.had
        if not reason or had is None:
            return
        lacking = [each for each in names if each not in had and not _MAY_HAVE.fullmatch(each)]
        is_minimal = self._root is not None and known_bases.is_minimal(self._root)
        is_sure = not had and is_minimal
        if not lacking or (not is_minimal and all(map(_COMMON.fullmatch, lacking))):
            return
        self._state = self._state._replace(lists="")
        then = "and the build fails here" if is_sure else "and the build fails here unless the image has it already"
        start = install.command.span.start
        edit = Edit(Span(start, start), f"{_sudo(install)}{install.program.text} update && ")
        fixes = () if install.command.before == "|" else (Fix("run 'apt-get update' before", (edit,), safe=is_sure),)
        yield Finding(
            install.program.span,
            f"{reason}, and no 'apt-get update' follows: apt cannot locate '{lacking[0]}', {then}",
            fixes,
            severity=Severity.ERROR if is_sure else Severity.WARNING,
            by_hadolint=False,
        )

    def _without_answer(self, install: Install, names: frozenset[str]) -> Iterator[Finding]:
        command = install.command
        root = self._root
        if not self._asks or root is None or not known_bases.asks_before_installing(root) or not names:
            return
        switches = [each.name for each in install.options]
        is_quiet = switches.count("--quiet") > 1 or any(
            each.text.startswith(("-q=", "--quiet=")) for each in command.words
        )
        if is_quiet or set(switches) & _NO_INSTALL or command.before in {"|", "|&"} or _reads(command):
            return
        if names <= _ALONE or (not known_bases.is_minimal(root) and all(map(_is_there, names))):
            return
        had = self._state.had
        is_sure = had == frozenset() and known_bases.is_minimal(root) and bool(names & _NEED_MORE)
        verb = next(word for word in command.words if word.text == install.subcommand)
        edit = Edit(Span(verb.span.end, verb.span.end), " -y")
        then = "and aborts here" if is_sure else "and aborts here, where more than the named packages is needed"
        yield Finding(
            verb.span,
            f"without '-y' {install.program.text} asks whether to go on, gets no answer {then}",
            (Fix("add '-y'", (edit,)),),
            severity=Severity.ERROR if is_sure else Severity.WARNING,
            by_hadolint=command.name == "apt-get",
        )


def _is_for_apt(flag: Flag) -> bool:
    return programs.is_open(flag) or (flag.value is not None and "apt" in flag.value.text)


def _user(it: Instruction) -> Word | None:
    word = it.words[0] if it.words else None
    name = word.text.partition(":")[0].strip() if word is not None else ""
    is_known = name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name not in {"root", "0"}
    return word if is_known else None


def _name(word: Word) -> str | None:
    """The package that a word names; empty for a file, None where it is not known."""
    if "$" in word.text or "`" in word.text or "{" in word.text:
        return None
    if "/" in word.text.partition("=")[0] and word.text.startswith((".", "/")):
        return ""
    return re.split(r"[=:/]", word.text)[0]


def _is_there(name: str) -> bool:
    return name in _ALONE or _THERE.fullmatch(name) is not None


def _sudo(install: Install) -> str:
    return "sudo " if install.command.name == "sudo" else ""


def _reads(command: Command) -> bool:
    return any(each.operator.endswith("<") or "<<" in each.operator for each in command.redirections)
