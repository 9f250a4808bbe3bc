"""Parses a Dockerfile into instructions, stages and arguments with exact spans.

Own code, see docs/architecture.md. What Docker refuses is told in its own words (`problems`), and the rest of the file
is still read. Docker's own parser is BuildKit's (frontend/dockerfile/parser and …/instructions); tests compare with it.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from ..text.span import Span
from . import dockerfile_checks as checks
from .docker_words import SPACE, substitute
from .dockerfile_lines import Directive, Heredoc, Lines, LogicalLine
from .dockerfile_parts import Assignment, Flag, Instruction, Problem, ProblemKind
from .joined import Joined, Word

__all__ = [
    "Assignment",
    "Directive",
    "DockerfileTree",
    "Flag",
    "Heredoc",
    "Instruction",
    "Problem",
    "ProblemKind",
    "Stage",
    "parse",
    "substitute",
]


class Stage(NamedTuple):
    """FROM and what follows it. `number` counts from 0; `name` is what AS gives, `image` None where FROM is bare."""

    number: int
    source: Instruction
    image: Word | None
    name: Word | None
    instructions: tuple[Instruction, ...]

    @property
    def platform(self) -> Flag | None:
        """`--platform=…` of FROM."""
        return self.source.flag("platform")

    @property
    def args(self) -> tuple[Assignment, ...]:
        """What ARG declares inside the stage."""
        return tuple(each for it in self.instructions if it.keyword == "ARG" for each in it.assignments)


class DockerfileTree(NamedTuple):
    """A whole file. `global_args` are those before the first FROM: only FROM sees them.

    `needs_buildkit` is what the classic builder (Docker 20.10 without BuildKit) does not know: a place, and what it is.
    """

    escape: str
    directives: tuple[Directive, ...]
    instructions: tuple[Instruction, ...]
    global_args: tuple[Assignment, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
    needs_buildkit: tuple[tuple[Span, str], ...]


_KEYWORD = re.compile(r"[^\t\v\f\r ]+")
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_NOT_BLANK = re.compile(r"[^\t\v\f\r ]+")
_ASCII_SPACE = "\t\n\v\f\r "
_HEALTH_TYPE = re.compile(rf"([^{_ASCII_SPACE}]+)[{_ASCII_SPACE}]*")
_JSON_STRING = r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"'
_JSON_ITEM = re.compile(_JSON_STRING)
_JSON_LIST = re.compile(
    rf"\[[ \t\r\n]*(?:{_JSON_STRING}[ \t\r\n]*(?:,[ \t\r\n]*{_JSON_STRING}[ \t\r\n]*)*+)?\][ \t\r\n]*"
)


def _words_pattern(escape: str, blanks: str, single: str) -> re.Pattern[str]:
    """Words with quotes that hide blanks. `single` is what stands between single quotes."""
    escaped = re.escape(escape)
    double = rf'"(?:[^"{escaped}]++|{escaped}(?s:.))*+(?:"|{escaped}?\Z)'
    return re.compile(rf"""(?:[^{blanks}"'{escaped}]++|{escaped}(?s:.)|{double}|'{single}*+(?:'|{escaped}?\Z))++""")


def _cook(word: str, escape: str) -> str:
    """A word of the flags without its quotes and escapes; an escape counts in both kinds of quotes."""
    if escape not in word and '"' not in word and "'" not in word:
        return word
    parts = []
    quote = ""
    skip = False
    for at, char in enumerate(word):
        if skip:
            skip = False
            parts.append(char)
        elif char == escape:
            skip = at + 1 < len(word)
        elif char == quote:
            quote = ""
        elif char in "\"'" and not quote:
            quote = char
        else:
            parts.append(char)
    return "".join(parts)


_WORDS = {escape: _words_pattern(escape, SPACE, "[^']") for escape in "\\`"}
_FLAGS = {
    escape: _words_pattern(escape, _ASCII_SPACE, rf"(?:[^'{re.escape(escape)}]|{re.escape(escape)}(?s:.))")
    for escape in "\\`"
}


def parse(text: str) -> DockerfileTree:
    """The tree of `text`. Never raises; takes time in proportion to the text."""
    lines = Lines(text)
    reader = _Reader(lines)
    for line in lines:
        reader.take(line)
    problems = reader.problems
    problems += [Problem(ProblemKind.BAD_DIRECTIVE, span, message) for span, message in lines.refused]
    long = lines.too_long()
    if long is not None:
        words = "dockerfile line greater than max allowed size of 65535"
        problems.append(Problem(ProblemKind.LINE_TOO_LONG, long, words))
    if not reader.instructions:
        problems.append(Problem(ProblemKind.NO_INSTRUCTIONS, Span(0, 0), "file with no instructions"))
    global_args, stages = _stages(reader.instructions)
    problems += checks.order(reader.instructions, bool(stages))
    return DockerfileTree(
        lines.escape,
        tuple(lines.directives),
        tuple(reader.instructions),
        global_args,
        stages,
        tuple(sorted(problems, key=lambda each: each.span)),
        tuple(feature for each in reader.instructions for feature in checks.needs_buildkit(each)),
    )


def _stages(instructions: list[Instruction]) -> tuple[tuple[Assignment, ...], tuple[Stage, ...]]:
    starts = [at for at, each in enumerate(instructions) if each.keyword == "FROM"]
    before = instructions[: starts[0]] if starts else instructions
    stages = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(instructions)], strict=False)):
        source = instructions[start]
        image = source.words[0] if source.words else None
        named = len(source.words) == 3 and source.words[1].text.lower() == "as"
        name = source.words[2] if named else None
        stages.append(Stage(number, source, image, name, tuple(instructions[start + 1 : end])))
    return tuple(each for it in before if it.keyword == "ARG" for each in it.assignments), tuple(stages)


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.instructions: list[Instruction] = []
        self.problems: list[Problem] = []

    def take(self, line: LogicalLine) -> None:
        joined = line.joined
        end = len(joined.text.rstrip(SPACE))
        start = len(joined.text) - len(joined.text.lstrip(SPACE)) if end else 0
        instruction = self.instruction(line, start, end, 0)
        outer = instruction if instruction.inner is None else instruction.inner
        if outer.keyword in {"RUN", "COPY", "ADD"} and not outer.is_json and "<<" in joined.text:
            found, last = self.lines.heredocs(joined)
            if found:
                span = Span(instruction.span.start, self.lines.end_of(last))
                if outer is not instruction:
                    outer = outer._replace(heredocs=tuple(found))
                    instruction = instruction._replace(inner=outer)
                instruction = instruction._replace(span=span, last_line=last, heredocs=tuple(found))
                if found[-1].end is None:
                    unclosed = next(each for each in found if each.end is None)
                    self.problem(ProblemKind.UNTERMINATED_HEREDOC, unclosed.span, "unterminated heredoc")
        if instruction.refusal is None and (problem := checks.refusal(instruction)):
            instruction = instruction._replace(refusal=problem)
        if instruction.refusal is not None:
            self.problems.append(instruction.refusal)
        self.instructions.append(instruction)

    def problem(self, kind: ProblemKind, span: Span, message: str) -> None:
        self.problems.append(Problem(kind, span, message))

    def instruction(self, line: LogicalLine, start: int, end: int, depth: int) -> Instruction:
        """The instruction between two offsets of a logical line."""
        joined = line.joined
        text = joined.text
        keyword = _KEYWORD.match(text, start, end)
        keyword_end = keyword.end() if keyword else start
        written = text[start:keyword_end]
        blanks = _BLANKS.match(text, keyword_end, end)
        at = blanks.end() if blanks else keyword_end
        flags: tuple[Flag, ...] = ()
        if text.startswith("--", at, end):
            flags, at = self._flags(joined, at, end)
        while at < end and text[at] in SPACE:
            at += 1
        args = joined.part(at, end)
        span = line.span if depth == 0 else Span(joined.at(start), line.span.end)
        keyword_span = joined.span_of(start, keyword_end)
        name = written.upper()
        base = Instruction(name, keyword_span, span, flags, args, line.first, line.last)
        if name == "ONBUILD":
            # Docker refuses one inside another: no need to go deeper.
            inner = self.instruction(line, at, end, depth + 1) if at < end and depth < 2 else None
            return base._replace(inner=inner, refusal=inner.refusal if inner and inner.is_misread else None)
        return self._read(base)

    def _flags(self, joined: Joined, at: int, end: int) -> tuple[tuple[Flag, ...], int]:
        """The `--name=value` in front of the arguments, and where these begin."""
        text = joined.text
        flags = []
        while at < end:
            if text[at] in _ASCII_SPACE:
                at += 1
                continue
            found = _FLAGS[self.lines.escape].match(text, at, end) if text.startswith("--", at, end) else None
            if found is None:
                break
            at = found.end()
            escape = self.lines.escape
            cooked = _cook(found[0], escape)
            if cooked == "--":
                break
            flags.append(_flag(joined, found.start(), found.end(), cooked))
        return tuple(flags), at

    def _read(self, it: Instruction) -> Instruction:
        """Puts in the words, as each instruction has its own way to part them."""
        text = it.args.text
        match it.keyword:
            case "ENV" | "LABEL":
                return self._pairs(it)
            case "ARG":
                words = self._split(it.args)
                return it._replace(words=words, assignments=tuple(_argument(word) for word in words))
            case "FROM" | "EXPOSE":
                return it._replace(words=_blank_separated(it.args, 0))
            case "ADD" | "COPY" | "VOLUME":
                return self._maybe_json(it, 0, _blank_separated)
            case "RUN" | "CMD" | "ENTRYPOINT" | "SHELL":
                return self._maybe_json(it, 0, _one_word)
            case "HEALTHCHECK":
                kind = _HEALTH_TYPE.match(text)
                if kind is None:
                    return it
                rest = self._maybe_json(it, kind.end(), _one_word)
                return rest._replace(words=(it.args.word(0, kind.end(1)), *rest.words))
            case "MAINTAINER" | "STOPSIGNAL" | "USER" | "WORKDIR":
                return it._replace(words=_one_word(it.args, 0))
            case _:
                return it

    def _maybe_json(
        self, it: Instruction, start: int, otherwise: Callable[[Joined, int], tuple[Word, ...]]
    ) -> Instruction:
        text = it.args.text
        if text.startswith("[", start):
            if _JSON_LIST.fullmatch(text, start):
                items = tuple(_item(it.args, *found.span()) for found in _JSON_ITEM.finditer(text, start))
                return it._replace(words=items, is_json=True)
            if _is_json_list(text[start:]):
                message = "when using JSON array syntax, arrays must be comprised of strings only"
                where = it.args.span_of(start, len(text))
                return it._replace(refusal=Problem(ProblemKind.JSON_NOT_STRINGS, where, message))
        return it._replace(words=otherwise(it.args, start))

    def _split(self, args: Joined) -> tuple[Word, ...]:
        """Words with their quotes, as ENV, LABEL and ARG part them."""
        return tuple(args.word(*found.span()) for found in _WORDS[self.lines.escape].finditer(args.text))

    def _pairs(self, it: Instruction) -> Instruction:
        words = self._split(it.args)
        text = it.args.text
        if not words:
            return it
        if "=" not in words[0].text:
            blanks = _BLANKS.search(text)
            if blanks is None:
                message = f"{it.keyword} must have two arguments"
                return it._replace(words=words, refusal=Problem(ProblemKind.BAD_ASSIGNMENT, words[0].span, message))
            name, value = it.args.word(0, blanks.start()), it.args.word(blanks.end(), len(text))
            return it._replace(words=words, assignments=(Assignment(name, value, it.args.span_of(0, len(text)), True),))
        bad = next((word for word in words if "=" not in word.text), None)
        refusal = None
        if bad is not None:
            quoted = json.dumps(bad.text, ensure_ascii=False)
            message = f"Syntax error - can't find = in {quoted}. Must be of the form: name=value"
            refusal = Problem(ProblemKind.BAD_ASSIGNMENT, bad.span, message)
        pairs = tuple(_argument(word) for word in words if "=" in word.text)
        return it._replace(words=words, assignments=pairs, refusal=refusal)


def _flag(joined: Joined, start: int, end: int, cooked: str) -> Flag:
    name, sign, value = cooked[2:].partition("=")
    equals = joined.text.find("=", start, end)
    if not sign or equals < 0:
        span = joined.span_of(start, end)
        return Flag(name, span, span, None)
    whole_value = joined.word(equals + 1, end)
    inner = whole_value.inner if whole_value.text == value else None
    return Flag(
        name,
        joined.span_of(start, end),
        joined.span_of(start, equals),
        Word(value, whole_value.span, inner, "$" not in value),
    )


def _argument(word: Word) -> Assignment:
    """`NAME=value` or `NAME` alone."""
    at = word.text.find("=")
    if at < 0:
        return Assignment(word, None, word.span, False)
    if word.inner is None:
        return Assignment(word._replace(text=word.text[:at]), word._replace(text=word.text[at + 1 :]), word.span, False)
    name = Word(word.text[:at], word.span_of(0, at), word.inner)
    value = word.text[at + 1 :]
    start = word.inner + at + 1
    return Assignment(name, Word(value, Span(start, word.span.end), start, "$" not in value), word.span, False)


def _blank_separated(args: Joined, start: int) -> tuple[Word, ...]:
    words = [args.word(*found.span()) for found in _NOT_BLANK.finditer(args.text, start)]
    return tuple(word._replace(is_literal=False) if "$" in word.text else word for word in words)


def _one_word(args: Joined, start: int) -> tuple[Word, ...]:
    if start >= len(args.text):
        return ()
    word = args.word(start, len(args.text))
    return (word._replace(is_literal="$" not in word.text),)


def _item(args: Joined, start: int, end: int) -> Word:
    """A string of a JSON list. Its span has the quotes, `inner` stands behind the first."""
    written = args.text[start + 1 : end - 1]
    if "\\" not in written:
        inner = args.at(start + 1) if args.is_contiguous(start, end) else None
        return Word(written, args.span_of(start, end), inner)
    value = str(json.loads(args.text[start:end]))
    # Halves of surrogate pairs, which JSON can spell, are no characters.
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Word(value, args.span_of(start, end), None)


def _is_json_list(text: str) -> bool:
    """Whether Go's JSON reader takes it for a list, of whatever."""
    try:
        return isinstance(json.loads(text, parse_constant=_refuse), list)
    except (ValueError, RecursionError):
        return False


def _refuse(word: str) -> None:
    raise ValueError(word)
