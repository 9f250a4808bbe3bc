"""Parses a pip requirements file into its logical lines: requirements and options, as pip takes them apart.

After pip 23.2.1 and 26.3 (`pip/_internal/req/req_file.py`, read; a test compares): lines end where `str.splitlines`
says, a backslash at the end joins the next line, a comment line ends a continuation, ` #` begins a comment. From the
first blank with a `-` behind it the line holds options, split as a shell would, and long options may be shortened.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..text.source import BOM
from ..text.span import Span
from . import requirements
from .joined import Joined
from .requirements import Requirement

_COMMENT_LINE = re.compile(r"\s*#")
_COMMENT = re.compile(r"(?:^|\s)#")
_OPTIONS = re.compile(r"(?:^| )(?=-)")
_BLANKS = " \t\r\n"
_WORD = re.compile(r"(?:[^ \t\r\n\"'\\]|\\.|\"(?:[^\"\\]|\\.)*\"|'[^']*')+", re.DOTALL)
_SPECIAL = re.compile(r"[\"'\\]")
_QUOTED = re.compile(r"\\(.)|\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", re.DOTALL)
_ESCAPED = re.compile(r"\\([\"\\])")

# What pip takes in a requirements file, by the name that an option has here (pip 23.2.1 and 26.3, run).
VALUE_OPTIONS = frozenset(
    {
        "--index-url",
        "--extra-index-url",
        "--constraint",
        "--requirement",
        "--editable",
        "--find-links",
        "--no-binary",
        "--only-binary",
        "--all-releases",
        "--only-final",
        "--trusted-host",
        "--use-feature",
        "--global-option",
        "--config-settings",
        "--hash",
    }
)
_FLAGS = frozenset(
    {"--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre"},
)
_SHORT = {
    "-i": "--index-url",
    "-c": "--constraint",
    "-r": "--requirement",
    "-e": "--editable",
    "-f": "--find-links",
    "-C": "--config-settings",
}
_SAME = {"--pypi-url": "--index-url"}
KNOWN_OPTIONS = VALUE_OPTIONS | _FLAGS
_ALL = (*sorted(KNOWN_OPTIONS), *_SAME)
# What one of the two versions does not have, and what only older ones had: which pip it is, the build chooses.
NOT_IN_ALL = frozenset({"--global-option", "--all-releases", "--only-final", "--no-require-hashes"})
FORMER_OPTIONS = frozenset(
    {
        "--install-option",
        "--process-dependency-links",
        "--use-wheel",
        "--no-use-wheel",
        "--allow-external",
        "--allow-all-external",
        "--allow-unverified",
        "--always-unzip",
        "-Z",
    }
)
_HASH = re.compile(r"(sha256|sha384|sha512):")


class Option(NamedTuple):
    """An option with its value, None where it takes none. Spans are the file's; `name` is pip's long name.

    `inner` is the offset at which the value stands in the file when it stands there letter by letter, else None.
    """

    name: str
    name_span: Span
    value: str | None
    value_span: Span
    inner: int | None = None

    def span_of(self, start: int, end: int) -> Span:
        """The span of `value[start:end]`, or the whole value where it does not stand letter by letter."""
        return self.value_span if self.inner is None else Span(self.inner + start, self.inner + end)


class Wrong(NamedTuple):
    """Why pip refuses the options of a line. `option` is the one that it does not have, as written."""

    span: Span
    message: str
    option: str | None = None


class Line(NamedTuple):
    """One logical line. `requirement` is None for a line of options; `options` may also follow a requirement.

    `extra` are words behind options that belong to none: pip ignores them. With `wrong`, pip refuses the line.
    """

    joined: Joined
    span: Span
    requirement: Requirement | None
    options: tuple[Option, ...]
    extra: tuple[tuple[str, Span], ...] = ()
    wrong: Wrong | None = None


class RequirementsFile(NamedTuple):
    """The lines of a requirements file that are no comments."""

    lines: tuple[Line, ...]

    @property
    def has_repeats(self) -> bool:
        """Whether a package is named twice."""
        names = [line.requirement.name for line in self.lines if line.requirement is not None]
        return len(set(names)) < len(names)

    def option_values(self, *names: str) -> Iterator[Option]:
        """The options of those names that have a value."""
        for line in self.lines:
            for option in line.options:
                if option.name in names and option.value:
                    yield option


def parse(text: str) -> RequirementsFile:
    """The lines of a requirements file. Never raises."""
    return RequirementsFile(tuple(line for joined in _logical_lines(text) if (line := _line(joined))))


def parse_line(joined: Joined) -> Line | None:
    """A single line, None for one that is empty or a comment."""
    return _line(_without_comment(joined))


def _logical_lines(text: str) -> Iterator[Joined]:
    """The lines with continuations joined, comments cut off."""
    parts: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    length = 0
    offset = 1 if text.startswith(BOM) else 0  # an open text may have it; pip takes it away
    for raw in text[offset:].splitlines(keepends=True):
        line = raw.splitlines()[0]
        is_comment = _COMMENT_LINE.match(line) is not None
        continues = line.endswith("\\") and not is_comment
        # A comment line ends what came before it. Of a line that goes on, pip strips backslashes at both ends.
        content = "" if is_comment else line.strip("\\") if continues else line
        if content:
            starts.append(length)
            shifts.append(offset + (line.index(content) if continues else 0) - length)
            parts.append(content)
            length += len(content)
        if not continues and parts:
            yield _without_comment(Joined("".join(parts), tuple(starts), tuple(shifts)))
            parts, starts, shifts, length = [], [], [], 0
        offset += len(raw)
    if parts:
        yield _without_comment(Joined("".join(parts), tuple(starts), tuple(shifts)))


def _without_comment(joined: Joined) -> Joined:
    found = _COMMENT.search(joined.text)
    return joined._replace(text=joined.text[: found.start()]) if found else joined


def _line(joined: Joined) -> Line | None:
    text = joined.text
    stripped = text.strip()
    if not stripped:
        return None
    start = len(text) - len(text.lstrip())
    end = start + len(stripped)
    span = joined.span_of(start, end)
    behind = _OPTIONS.search(text, start, end) if text[start] != "-" else None
    if behind is None and text[start] != "-":
        return Line(joined, span, requirements.parse(text), ())
    options, extra, wrong = _parsed(joined, behind.end() if behind else start, end)
    return Line(joined, span, requirements.parse(text) if behind else None, options, extra, wrong)


class _Word(NamedTuple):
    """A word of a line, as a shell would give it; `at` is where it stands in the line letter by letter, or None."""

    text: str
    start: int
    end: int
    at: int | None

    def tail(self, start: int) -> "_Word":
        """The word without its first characters."""
        if self.at is None:
            return _Word(self.text[start:], self.start, self.end, None)
        return _Word(self.text[start:], self.at + start, self.end, self.at + start)


class _RefusedError(Exception):
    """Raised inside this module only; `wrong` is what the line gets."""

    def __init__(self, span: Span, message: str, option: str | None = None) -> None:
        super().__init__(message)
        self.wrong = Wrong(span, message, option)


def _parsed(joined: Joined, at: int, end: int) -> tuple[tuple[Option, ...], tuple[tuple[str, Span], ...], Wrong | None]:
    """The options between two offsets, the words that belong to none, and why pip refuses them."""
    options: list[Option] = []
    extra: list[tuple[str, Span]] = []
    try:
        words = list(_words(joined, at, end))
        words.reverse()
        while words:
            word = words.pop()
            if word.text == "--":
                extra += [(each.text, joined.span_of(each.start, each.end)) for each in reversed(words)]
                break
            if word.text.startswith("-") and word.text != "-":
                options += _options(joined, word, words)
            else:
                extra.append((word.text, joined.span_of(word.start, word.end)))
    except _RefusedError as refused:
        return tuple(options), tuple(extra), refused.wrong
    return tuple(options), tuple(extra), None


def _words(joined: Joined, at: int, end: int) -> Iterator[_Word]:
    """The words between two offsets. Raises _RefusedError where a quotation is not closed."""
    text = joined.text
    while at < end:
        if text[at] in _BLANKS:
            at += 1
            continue
        found = _WORD.match(text, at, end)
        stop = found.end() if found else at
        if found is None or (stop < end and text[stop] not in _BLANKS):
            raise _RefusedError(joined.span_of(stop, end), "a quotation is never closed")
        raw = found[0]
        if not _SPECIAL.search(raw):
            yield _Word(raw, at, stop, at)
        elif len(raw) > 1 and raw[0] in "\"'" and raw[-1] == raw[0] and not _SPECIAL.search(raw[1:-1]):
            yield _Word(raw[1:-1], at, stop, at + 1)
        else:
            yield _Word(_QUOTED.sub(_unquoted, raw), at, stop, None)
        at = stop


def _unquoted(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3] or ""


def _options(joined: Joined, word: _Word, rest: list[_Word]) -> Iterator[Option]:
    """The options that a word begins; one that takes a value takes it from the word or from `rest`."""
    if word.text.startswith("--"):
        yield _long(joined, word, rest)
        return
    at = 1
    while at < len(word.text):
        letter = "-" + word.text[at]
        span = joined.span_of(word.start, word.start + 2 if at == 1 and word.at is not None else word.end)
        if letter not in _SHORT:
            raise _RefusedError(span, f"pip has no option '{letter}'", letter)
        at += 1
        # All of pip's short options take a value: what is left of the word is it.
        yield _valued(joined, _SHORT[letter], span, word.tail(at) if at < len(word.text) else None, rest)
        return


def _long(joined: Joined, word: _Word, rest: list[_Word]) -> Option:
    written, equals, _ = word.text.partition("=")
    span = joined.span_of(word.start, word.end)
    raw = joined.text[word.start : word.end]
    value = word.tail(len(written) + 1)
    if raw.startswith(written) or word.at is not None:
        start = word.start if word.at is None else word.at
        span = joined.span_of(start, start + len(written))
        quoted = raw[len(written) + 1 :]
        if len(quoted) > 1 and quoted == f"{quoted[0]}{value.text}{quoted[0]}":  # --option="value"
            value = _Word(value.text, word.end - len(quoted), word.end, word.end - len(quoted) + 1)
    meant = [written] if written in _ALL else [each for each in _ALL if each.startswith(written)]
    meant = [each for each in meant if each not in NOT_IN_ALL] or meant if len(meant) > 1 else meant
    if not meant:
        raise _RefusedError(span, f"pip has no option '{written}'", written)
    if len(meant) > 1:
        names = " or ".join(f"'{each}'" for each in meant)
        raise _RefusedError(span, f"'{written}' may stand for {names}", written)
    name = _SAME.get(meant[0], meant[0])
    if name in _FLAGS:
        if equals:
            raise _RefusedError(span, f"option '{written}' takes no value")
        return Option(name, span, None, Span(span.end, span.end))
    return _valued(joined, name, span, value if equals else None, rest)


def _valued(joined: Joined, name: str, span: Span, value: _Word | None, rest: list[_Word]) -> Option:
    if value is None:
        if not rest:
            raise _RefusedError(span, f"option '{name}' needs a value")
        value = rest.pop()
    place = joined.span_of(value.start, value.end)
    inner = None
    if value.at is not None:
        end = value.at + len(value.text)
        place = joined.span_of(value.at, end)
        inner = place.start if joined.is_contiguous(value.at, end) else None
    if name in {"--no-binary", "--only-binary"} and value.text.startswith("-"):
        raise _RefusedError(place, f"option '{name}' needs a value")
    if name == "--hash" and not _HASH.match(value.text):
        raise _RefusedError(place, "a hash begins with 'sha256:', 'sha384:' or 'sha512:'")
    if name == "--config-settings" and "=" not in value.text:
        raise _RefusedError(place, "option '--config-settings' needs 'key=value'")
    return Option(name, span, value.text, place, inner)
