"""What a Dockerfile is made of."""

from enum import StrEnum
from typing import NamedTuple

from ..text.span import Span
from .dockerfile_lines import Heredoc
from .joined import Joined, Word, shifted

# A named tuple's own constructor takes twice the time, and an edit moves thousands.
_new = tuple.__new__


class ProblemKind(StrEnum):
    """Why Docker refuses a file. The first group stops its parser, the second the reading of single instructions, the
    last one only the build, when it puts variables in.
    """

    BAD_DIRECTIVE = "bad-directive"
    LINE_TOO_LONG = "line-too-long"
    NO_INSTRUCTIONS = "no-instructions"
    UNTERMINATED_HEREDOC = "unterminated-heredoc"
    JSON_NOT_STRINGS = "json-not-strings"
    BAD_ASSIGNMENT = "bad-assignment"

    UNKNOWN_INSTRUCTION = "unknown-instruction"
    BEFORE_FROM = "before-from"
    NO_STAGE = "no-stage"
    MISSING_ARGUMENTS = "missing-arguments"
    TOO_MANY_ARGUMENTS = "too-many-arguments"
    BLANK_NAME = "blank-name"
    BAD_ARGUMENT = "bad-argument"
    BAD_STAGE_NAME = "bad-stage-name"
    BAD_TRIGGER = "bad-trigger"
    UNKNOWN_FLAG = "unknown-flag"
    BAD_FLAG = "bad-flag"
    UNREADABLE_WORD = "unreadable-word"

    @property
    def stops_parser(self) -> bool:
        """Whether Docker reads nothing of the file; the others it finds when all lines are read."""
        return self in _STOPS


_STOPS = frozenset(list(ProblemKind)[:6])


class Problem(NamedTuple):
    """Something that Docker refuses. `message` is what BuildKit says, as far as known."""

    kind: ProblemKind
    span: Span
    message: str


class Flag(NamedTuple):
    """`--name=value` in front of the arguments. `name` is without the dashes, `name_span` with them."""

    name: str
    span: Span
    name_span: Span
    value: Word | None

    def shift(self, by: int) -> "Flag":
        """The same flag, so many characters further on."""
        value = self.value.shift(by) if self.value is not None else None
        return _new(Flag, (self.name, self.span.shift(by), self.name_span.shift(by), value))


class Assignment(NamedTuple):
    """`name=value` of ENV, LABEL or ARG, `name` alone of ARG, or the old form `ENV name value`.

    The texts are as written, quotes and all: `substitute` makes of a value what Docker does.
    """

    name: Word
    value: Word | None
    span: Span
    is_old_form: bool

    def shift(self, by: int) -> "Assignment":
        """The same assignment, so many characters further on."""
        name, value, (start, end), is_old_form = self
        moved = shifted((name,) if value is None else (name, value), by)
        span = _new(Span, (start + by, end + by))
        return _new(Assignment, (moved[0], None if value is None else moved[1], span, is_old_form))


class Instruction(NamedTuple):
    """One instruction. Lines count from 0, `last_line` included; to Docker a line ends at LF only.

    `span` reaches from the keyword to the end of the last line, heredocs included. `args` is what follows the flags.
    `words` are the arguments as Docker parts them for this keyword, before it puts in variables and takes quotes away:
    JSON strings where `is_json`; blank-separated for FROM, EXPOSE, ADD, COPY and VOLUME (quotes hide no blanks there);
    with quotes hiding blanks for ENV, LABEL and ARG; all of `args` as one word for RUN and the others. `inner` is what
    ONBUILD wraps; its heredocs stand in both.
    """

    keyword: str
    keyword_span: Span
    span: Span
    flags: tuple[Flag, ...]
    args: Joined
    first_line: int
    last_line: int
    words: tuple[Word, ...] = ()
    is_json: bool = False
    assignments: tuple[Assignment, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    inner: "Instruction | None" = None
    refusal: Problem | None = None

    def flag(self, name: str) -> Flag | None:
        """The first flag of that name."""
        return next((each for each in self.flags if each.name == name), None)

    def shift(self, by: int, lines: int) -> "Instruction":
        """The same instruction, so many characters and lines further on. Not for one with heredocs."""
        keyword, keyword_span, span, flags, args, first, last, words, is_json, pairs, _, inner, refusal = self
        return _new(
            Instruction,
            (
                keyword,
                _new(Span, (keyword_span[0] + by, keyword_span[1] + by)),
                _new(Span, (span[0] + by, span[1] + by)),
                tuple([each.shift(by) for each in flags]) if flags else (),
                args.shift(by),
                first + lines,
                last + lines,
                shifted(words, by) if words else (),
                is_json,
                tuple([each.shift(by) for each in pairs]) if pairs else (),
                (),
                inner.shift(by, lines) if inner is not None else None,
                refusal._replace(span=refusal.span.shift(by)) if refusal is not None else None,
            ),
        )
