"""Parses a Dockerfile into instructions, stages and arguments with exact spans.

Own code, see docs/architecture.md. What Docker refuses is told in its own words (`problems`), and the rest of the file
is still read. Docker's own parser is BuildKit's (frontend/dockerfile/parser and …/instructions); tests compare with it.
"""

import re
from typing import NamedTuple

from ..text.recent import Recent
from ..text.span import Span
from . import dockerfile_args, dockerfile_checks
from .docker_words import SPACE, substitute
from .dockerfile_edits import unchanged
from .dockerfile_lines import Directive, Heredoc, Lines, LogicalLine
from .dockerfile_parts import Assignment, Flag, Instruction, Problem, ProblemKind
from .joined import Word, whole

__all__ = [
    "Assignment",
    "Before",
    "Directive",
    "DockerfileTree",
    "Flag",
    "Heredoc",
    "Instruction",
    "Known",
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


_HEAD = re.compile(rf"[{SPACE}]*([^\t\v\f\r ]*)[\t\v\f\r ]*")


Known = Recent[tuple[str, str], Instruction]
"""Instructions by escape character and what is written. They mean the same wherever they stand.

Not those with a heredoc: what it is, is decided by the lines below.
"""


class Before(NamedTuple):
    """An earlier version of a file."""

    text: str
    tree: DockerfileTree


def parse(text: str, known: Known | None = None, before: Before | None = None) -> DockerfileTree:
    """The tree of `text`. Never raises; takes time in proportion to the text.

    Less where it is like what was read `before`, or its instructions are `known`: that saves time and changes nothing.
    """
    lines = Lines(text)
    reader = _Reader(lines, known)
    reader.read(before)
    problems = [*reader.problems, *(it.refusal for it in reader.instructions if it.refusal is not None)]
    problems += [Problem(ProblemKind.BAD_DIRECTIVE, span, message) for span, message in lines.refused]
    long = lines.too_long()
    if long is not None:
        words = "dockerfile line greater than max allowed size of 65535"
        problems.append(Problem(ProblemKind.LINE_TOO_LONG, long, words))
    if not reader.instructions:
        problems.append(Problem(ProblemKind.NO_INSTRUCTIONS, Span(0, 0), "file with no instructions"))
    global_args, stages = _stages(reader.instructions)
    problems += dockerfile_checks.order(reader.instructions, bool(stages))
    needing = [it for it in reader.instructions if it.flags or it.heredocs]
    return DockerfileTree(
        lines.escape,
        tuple(lines.directives),
        tuple(reader.instructions),
        global_args,
        stages,
        tuple(sorted(problems, key=lambda each: each.span)),
        tuple(each for it in needing for each in dockerfile_checks.needs_buildkit(it)),
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
    def __init__(self, lines: Lines, known: Known | None) -> None:
        self.lines = lines
        self.known = known
        self.instructions: list[Instruction] = []
        self.problems: list[Problem] = []

    def read(self, before: Before | None) -> None:
        """Reads the file; what an edit left as it was is taken from the earlier version."""
        kept = unchanged(before.text, self.lines.text, before.tree.instructions) if before else None
        if before is None or kept is None:
            self.instructions += map(self.take, self.lines)
            return
        self.instructions += kept.before
        self.lines.skip_to(kept.line, before.tree.escape, before.tree.directives)
        self.problems += [each for each in before.tree.problems if each.kind is ProblemKind.BAD_DIRECTIVE]
        for line in self.lines:
            at = kept.behind.get((line.joined.at(0), line.first))
            if at is not None:
                rest = before.tree.instructions[at:]
                is_moved = kept.by or kept.lines
                self.instructions += [it.shift(kept.by, kept.lines) for it in rest] if is_moved else rest
                return
            self.instructions.append(self.take(line))

    def take(self, line: LogicalLine) -> Instruction:
        """The instruction of a logical line."""
        return self.anew(line) if self.known is None else self.again(line, self.known)

    def again(self, line: LogicalLine, known: Known) -> Instruction:
        """The instruction as it was read of such a line before, moved to where it stands."""
        start = line.joined.at(0)
        key = self.lines.escape, self.lines.text[start : line.end]
        it = known.get(key)
        if it is not None and it.last_line - it.first_line == line.last - line.first:
            by, lines = start - it.span.start, line.first - it.first_line
            if not by and not lines:
                return it
            it = it.shift(by, lines)
        else:
            it = self.anew(line)
        if it.keyword and not it.heredocs and it.span.start == start:
            known.put(key, it)
        return it

    def anew(self, line: LogicalLine) -> Instruction:
        """Reads an instruction."""
        text = line.joined.text
        it = self.instruction(line, 0, len(text.rstrip(SPACE)), 0)
        inner = it if it.inner is None else it.inner
        if "<<" in text and inner.keyword in {"RUN", "COPY", "ADD"} and not inner.is_json:
            it = self.heredocs(line, it, inner)
        problem = it.refusal or dockerfile_checks.refusal(it, self.lines.escape)
        return it._replace(refusal=problem) if problem is not None else it

    def heredocs(self, line: LogicalLine, it: Instruction, inner: Instruction) -> Instruction:
        """The instruction with the heredocs that it opens."""
        found, last = self.lines.heredocs(line.joined)
        if not found:
            return it
        unclosed = next((each for each in found if each.end is None), None)
        if unclosed is not None:
            self.problems.append(Problem(ProblemKind.UNTERMINATED_HEREDOC, unclosed.span, "unterminated heredoc"))
        span = Span(it.span.start, self.lines.end_of(last))
        wrapped = None if inner is it else inner._replace(heredocs=tuple(found))
        return it._replace(span=span, last_line=last, heredocs=tuple(found), inner=wrapped)

    def instruction(self, line: LogicalLine, start: int, end: int, depth: int) -> Instruction:
        """The instruction between two offsets of a logical line."""
        joined = line.joined
        text = joined.text
        head = _HEAD.match(text, start, end)
        at, start, keyword_end = (head.end(), *head.span(1)) if head else (start, start, start)
        flags: tuple[Flag, ...] = ()
        if text.startswith("--", at, end):
            flags, at = dockerfile_args.flags(joined, at, end, self.lines.escape)
        while at < end and text[at] in SPACE:
            at += 1
        if len(joined.starts) == 1:  # written out: nearly all lines are in one piece
            shift = joined.shifts[0]
            args = whole(text[at:end], at + shift)
            keyword_span = Span(start + shift, keyword_end + shift)
            span = Span(start + shift, line.end)
        else:
            args = joined.part(at, end)
            keyword_span = joined.span_of(start, keyword_end)
            span = Span(joined.at(start), line.end)
        name = text[start:keyword_end].upper()
        if name != "ONBUILD":
            words, is_json, pairs, problem = dockerfile_args.read(name, args, self.lines.escape)
            return Instruction(
                name, keyword_span, span, flags, args, line.first, line.last, words, is_json, pairs, (), None, problem
            )
        # Docker refuses one inside another: no need to go deeper.
        inner = self.instruction(line, at, end, depth + 1) if at < end and depth < 2 else None
        problem = inner.refusal if inner is not None else None
        return Instruction(name, keyword_span, span, flags, args, line.first, line.last, inner=inner, refusal=problem)
