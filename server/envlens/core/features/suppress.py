"""Takes out what suppression comments cover, says which of them cover nothing, and writes new ones."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..model.document import Document, FileKind
from ..rules._rule import Rule
from ..rules.unused_ignore import UnusedIgnore
from ..syntax.ignore_comments import IgnoreComment, Name, Texts, hadolint, parse
from ..text.diagnostic import Diagnostic, Edit, Finding
from ..text.source import BOM
from ..text.span import Span
from . import comment_places

# In these, `#` begins a comment behind anything that stands on a line; elsewhere it goes on a line of its own.
_COMMENT_AT_THE_END = frozenset({FileKind.ENVIRONMENT, FileKind.CONDA, FileKind.JOB, FileKind.REQUIREMENTS})
# What is said about a comment is silenced by that very comment or not at all.
ABOUT_COMMENTS = frozenset({"unused-ignore", "ignore-comment-invalid"})


class Suppression(NamedTuple):
    """The diagnostics that no comment covers, and the names in comments that covered none."""

    kept: list[Diagnostic]
    idle: list[tuple[IgnoreComment, tuple[Name, ...]]]


def suppress(diagnostics: Sequence[Diagnostic], document: Document) -> Suppression:
    """Applies the comments of a document."""
    source = document.source
    comments = parse(source)
    if not comments:
        return Suppression(list(diagnostics), [])
    units = comment_places.units(document)
    comments = [each for each in comments if each.alone or units.has_comment(source.lines.line_of(each.span.start))]
    covered = {(comment.covers, name.text) for comment in comments for name in comment.names}
    used: set[tuple[int | None, str]] = set()
    kept: list[Diagnostic] = []
    for each in diagnostics:
        line = source.lines.line_of(each.span.start)
        places = {None, line, units.first_line(line)}
        if document.requirements is not None:
            places.add(units.last_line(line))
        keys = {(place, each.rule) for place in places} & covered
        used |= keys
        if not keys:
            kept.append(each)
    idle = [
        (comment, tuple(name for name in comment.names if (comment.covers, name.text) not in used))
        for comment in comments
    ]
    return Suppression(kept, [(comment, names) for comment, names in idle if names])


def not_by_hadolint(found: Sequence[tuple[Rule, Finding]], document: Document) -> Sequence[tuple[Rule, Finding]]:
    """What hadolint's own comments do not silence: they are for what its rules say, too."""
    if document.dockerfile is None or not found or "hadolint" not in document.source.text:
        return found
    lines, units = document.source.lines, comment_places.units(document)
    comments = [each for each in hadolint(document.source) if units.at(each.line) is None]
    covered = {(comment.covers, code) for comment in comments for code in comment.codes}
    kept = []
    for rule, finding in found:
        line = units.first_line(lines.line_of(finding.span.start))
        codes = rule.hadolint if covered and finding.by_hadolint else ()
        if not any((place, code) in covered for place in (None, line) for code in codes):
            kept.append((rule, finding))
    return kept


def unused(suppression: Suppression, document: Document, judged: Collection[str]) -> Iterator[UnusedIgnore]:
    """The comments, or names in them, that silence nothing. `judged` are the rules that had their say."""
    if not suppression.idle:
        return
    texts = Texts(document.root)
    for comment, names in suppression.idle:
        idle = tuple(each for each in names if each.text in judged and each.text not in ABOUT_COMMENTS)
        own = {each.text for each in comment.names}
        if idle and "unused-ignore" not in own and not texts.hold(comment.span.start):
            yield UnusedIgnore(comment, idle)


class CommentWriter:
    """Writes suppression comments into one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._texts = Texts(document.root)
        self._units = comment_places.units(document)
        self._known: dict[int | None, IgnoreComment] = {}
        for comment in parse(document.source):
            if not self._texts.hold(comment.span.start):
                self._known.setdefault(comment.covers, comment)

    def edit(self, line: int, rules: Iterable[str]) -> Edit | None:
        """The comment that silences rules on a line: at its end, or above it where the end is no place for one.

        None where neither is: inside a text that goes on over several lines, in JSON, or in a file that cannot be read.
        """
        document, lines = self._document, self._document.source.lines
        if document.tree.problems or document.kind is FileKind.V1 or document.path.lower().endswith(".json"):
            return None
        line = comment_places.line_below(document, self._units, line)
        names = ", ".join(rules)
        comment = self._known.get(line)
        if comment is not None:
            at = comment.names[-1].span.end if comment.names else comment.inside.start
            return Edit(Span(at, at), f", {names}" if comment.names else names)
        if document.dockerfile is not None:
            line = self._above_hadolint(line)
        start, end = lines.line_start(line), lines.line_end(line)
        text = lines.line_text(line)
        # For pip a comment ends the requirement that goes on.
        is_joined = document.kind is FileKind.REQUIREMENTS and text.endswith("\\")
        written = f"# envlens: ignore[{names}]"
        if document.kind in _COMMENT_AT_THE_END and text.strip() and not (is_joined or self._texts.hold(end)):
            return Edit(Span(end, end), f"  {written}")
        if self._texts.hold(start):
            return None
        if line == 0 and text.startswith(BOM):
            start, text = start + len(BOM), text.removeprefix(BOM)
        indent = text[: len(text) - len(text.lstrip(" \t"))]
        return Edit(Span(start, start), f"{indent}{written}{document.source.newline}")

    def _above_hadolint(self, line: int) -> int:
        """The line above which a comment goes: hadolint's own count for the very next line only."""
        theirs = {each.line for each in hadolint(self._document.source)}
        while line - 1 in theirs:
            line -= 1
        return line
