"""What Docker refuses in an instruction, in its own words (BuildKit's frontend/dockerfile/instructions)."""

import json
import re
from collections.abc import Iterator, Sequence

from ..text.span import Span
from . import docker_words
from .dockerfile_parts import Flag, Instruction, Problem, ProblemKind
from .joined import Word

# What each instruction knows, and what kind its value is: a text, many, or true and false. Rules guess with it and with
# KEYWORDS what was meant. The parser does not: a file of something else has thousands of unknown instructions.
FLAGS: dict[str, dict[str, str]] = {
    "ADD": {
        "chown": "text",
        "chmod": "text",
        "link": "bool",
        "keep-git-dir": "bool",
        "checksum": "text",
        "unpack": "bool",
        "exclude": "many",
    },
    "COPY": {"chown": "text", "from": "text", "chmod": "text", "link": "bool", "exclude": "many", "parents": "bool"},
    "FROM": {"platform": "text"},
    "HEALTHCHECK": dict.fromkeys(("interval", "timeout", "start-period", "start-interval", "retries"), "text"),
    "RUN": {"mount": "many", "network": "text", "security": "text", "device": "many"},
}
KEYWORDS = frozenset(
    (
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    )
)
# These take flags without a look.
_CARELESS = frozenset({"ARG", "STOPSIGNAL"})
_CLASSIC_FLAGS = {
    "ADD": {"chown"},
    "COPY": {"chown", "from"},
    "FROM": {"platform"},
    "HEALTHCHECK": {"interval", "timeout", "start-period", "retries"},
}
# In their arguments Docker puts variables in, and so reads quotes.
_EXPANDED = frozenset(
    {"ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
_STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*")
_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")


def order(instructions: Sequence[Instruction], has_stages: bool) -> Iterator[Problem]:
    """What Docker says of the file as a whole: something stands before the first FROM, or there is none."""
    for each in instructions:
        if each.keyword == "FROM":
            return
        if each.keyword in KEYWORDS and each.keyword != "ARG":
            yield Problem(ProblemKind.BEFORE_FROM, each.keyword_span, "no build stage in current context")
            return
    if instructions and not has_stages and all(each.keyword == "ARG" for each in instructions):
        yield Problem(ProblemKind.NO_STAGE, instructions[-1].keyword_span, "dockerfile contains no stages to build")


def needs_buildkit(it: Instruction) -> Iterator[tuple[Span, str]]:
    """What the classic builder does not know, where BuildKit does."""
    for heredoc in it.heredocs:
        yield heredoc.span, "heredoc"
    known = _CLASSIC_FLAGS.get(it.keyword, set())
    for flag in it.flags:
        if flag.name in FLAGS.get(it.keyword, {}) and flag.name not in known:
            yield flag.span, f"--{flag.name}"


def refusal(it: Instruction, escape: str) -> Problem | None:
    """The first thing that Docker refuses in an instruction that its parser could read, or None."""
    if it.keyword not in KEYWORDS:
        return Problem(ProblemKind.UNKNOWN_INSTRUCTION, it.keyword_span, f"unknown instruction: {it.keyword}")
    return _arguments_first(it) or (_flags(it) if it.flags else None) or _rest(it) or _words(it, escape)


def _problem(kind: ProblemKind, where: Word | Instruction | Flag, message: str) -> Problem:
    return Problem(kind, where.keyword_span if isinstance(where, Instruction) else where.span, message)


def _arguments_first(it: Instruction) -> Problem | None:
    """What is wrong with the number of arguments."""
    count = len(it.words)
    match it.keyword:
        case "ADD" | "COPY" if count < 2:
            message = (
                f"{it.keyword} requires at least two arguments, but only one was provided. "
                "Destination could not be determined"
            )
            return _problem(ProblemKind.MISSING_ARGUMENTS, it, message)
        case "FROM":
            return _from(it)
        case "ONBUILD" if it.inner is None:
            return _at_least_one(it)
        case "HEALTHCHECK" | "EXPOSE" | "VOLUME" | "ENV" | "LABEL" | "ARG" | "SHELL" if not count:
            return _at_least_one(it)
        case "MAINTAINER" | "STOPSIGNAL" | "USER" | "WORKDIR" if not count:
            return _problem(ProblemKind.MISSING_ARGUMENTS, it, f"{it.keyword} requires exactly one argument")
    return None


def _at_least_one(it: Instruction) -> Problem:
    return _problem(ProblemKind.MISSING_ARGUMENTS, it, f"{it.keyword} requires at least one argument")


def _from(it: Instruction) -> Problem | None:
    words = it.words
    if len(words) == 3 and words[1].text.lower() == "as":
        if _STAGE_NAME.fullmatch(words[2].text.lower()):
            return None
        message = f'invalid name for build stage: "{words[2].text}", name can\'t start with a number or contain symbols'
        return _problem(ProblemKind.BAD_STAGE_NAME, words[2], message)
    if len(words) == 1:
        return None
    kind = ProblemKind.TOO_MANY_ARGUMENTS if words else ProblemKind.MISSING_ARGUMENTS
    return _problem(kind, words[1] if words else it, "FROM requires either one or three arguments")


def _flags(it: Instruction) -> Problem | None:
    if it.keyword in _CARELESS:
        return None
    if it.keyword == "HEALTHCHECK" and it.words and it.words[0].text.upper() == "NONE":
        return None
    known = FLAGS.get(it.keyword, {})
    used: set[str] = set()
    for flag in it.flags:
        kind = known.get(flag.name)
        if kind is None:
            message = f"unknown flag: --{flag.name}"
            return Problem(ProblemKind.UNKNOWN_FLAG, flag.name_span, message)
        if flag.name in used and kind != "many":
            return _problem(ProblemKind.BAD_FLAG, flag, f"duplicate flag specified: --{flag.name}")
        used.add(flag.name)
        if refused := _flag_value(flag, kind):
            return _problem(ProblemKind.BAD_FLAG, flag, refused)
    return None


def _flag_value(flag: Flag, kind: str) -> str | None:
    if flag.value is None:
        return None if kind == "bool" else f"missing a value on flag: --{flag.name}"
    value = flag.value.text
    if kind != "bool" or value.lower() in {"true", "false"}:
        return None
    return (
        f"expecting boolean value for flag --{flag.name}, not: {value}"
        if value
        else f"missing a value on flag: --{flag.name}"
    )


def _rest(it: Instruction) -> Problem | None:
    match it.keyword:
        case "ENV" | "LABEL" | "ARG":
            blank = next((each for each in it.assignments if not each.name.text), None)
            if blank is not None:
                return Problem(ProblemKind.BLANK_NAME, blank.span, f"{it.keyword} names can not be blank")
        case "ONBUILD" if it.inner is not None:
            return _trigger(it.inner)
        case "SHELL" if not it.is_json:
            message = "SHELL requires the arguments to be in JSON form"
            return _problem(ProblemKind.BAD_ARGUMENT, it.words[0], message)
        case "VOLUME":
            empty = next((word for word in it.words if not word.text.strip()), None)
            if empty is not None:
                return _problem(ProblemKind.BAD_ARGUMENT, empty, "VOLUME specified can not be an empty string")
        case "HEALTHCHECK":
            return _healthcheck(it)
        case "RUN":
            return _run(it)
        case "ADD" | "COPY":
            target = it.words[-1]
            if any(heredoc.span == target.span for heredoc in it.heredocs):
                message = f"{it.keyword} cannot accept a heredoc as a destination"
                return _problem(ProblemKind.BAD_ARGUMENT, target, message)
    return None


def _words(it: Instruction, escape: str) -> Problem | None:
    """What the build cannot read when it puts variables in."""
    if it.keyword not in _EXPANDED:
        return None
    words = [part for pair in it.assignments for part in (pair.name, pair.value) if part is not None] or it.words
    for word in words:
        message = docker_words.refusal(word.text, escape)
        if message is not None and not any(heredoc.span == word.span for heredoc in it.heredocs):
            quoted = json.dumps(word.text, ensure_ascii=False)
            return _problem(ProblemKind.UNREADABLE_WORD, word, f"failed to process {quoted}: {message}")
    return None


def _trigger(inner: Instruction) -> Problem | None:
    if inner.keyword == "ONBUILD":
        message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
    elif inner.keyword in {"MAINTAINER", "FROM"}:
        message = f"{inner.keyword} isn't allowed as an ONBUILD trigger"
    else:
        return None
    return _problem(ProblemKind.BAD_TRIGGER, inner, message)


def _run(it: Instruction) -> Problem | None:
    for name, values in (("network", ("default", "none", "host")), ("security", ("insecure", "sandbox"))):
        flag = it.flag(name)
        if flag is not None and flag.value is not None and flag.value.text not in values:
            text = flag.value.text
            message = f'invalid network mode "{text}"' if name == "network" else f'security "{text}" is not valid'
            return _problem(ProblemKind.BAD_FLAG, flag, message)
    return None


def _healthcheck(it: Instruction) -> Problem | None:
    kind = it.words[0].text.upper()
    if kind == "NONE":
        if len(it.words) > 1:
            return _problem(ProblemKind.TOO_MANY_ARGUMENTS, it.words[1], "HEALTHCHECK NONE takes no arguments")
        return None
    if kind != "CMD":
        return _problem(ProblemKind.BAD_ARGUMENT, it.words[0], f'Unknown type "{kind}" in HEALTHCHECK (try CMD)')
    if len(it.words) < 2:
        return _problem(ProblemKind.MISSING_ARGUMENTS, it.words[0], "Missing command after HEALTHCHECK CMD")
    for flag in it.flags:
        value = flag.value.text if flag.value else ""
        if flag.name == "retries":
            if value and not re.fullmatch(r"[+-]?[0-9]+", value):
                message = f'strconv.ParseInt: parsing "{value}": invalid syntax'
                return _problem(ProblemKind.BAD_FLAG, flag, message)
            if value.startswith("-") and int(value[:20]) < 0:
                return _problem(ProblemKind.BAD_FLAG, flag, f"--retries cannot be negative ({value})")
        elif value and not _DURATION.fullmatch(value):
            what = "missing unit in" if re.fullmatch(r"[+-]?[0-9.]*[0-9]", value) else "invalid"
            return _problem(ProblemKind.BAD_FLAG, flag, f'time: {what} duration "{value}"')
    return None
