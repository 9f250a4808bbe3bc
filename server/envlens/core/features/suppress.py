"""Takes out what suppression comments cover, says which of them cover nothing, and writes new ones."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..model.document import Document, FileKind
from ..rules.unused_ignore import UnusedIgnore
from ..syntax.ignore_comments import IgnoreComment, Name, Texts, parse
from ..text.diagnostic import Diagnostic, Edit
from ..text.source import Source
from ..text.span import Span

# In these, `#` begins a comment behind anything that stands on a line; elsewhere it goes on a line of its own.
_COMMENT_AT_THE_END = frozenset({FileKind.ENVIRONMENT, FileKind.CONDA})
# What is said about a comment is silenced by that very comment or not at all.
ABOUT_COMMENTS = frozenset({"unused-ignore", "ignore-comment-invalid"})


class Suppression(NamedTuple):
    """The diagnostics that no comment covers, and the names in comments that covered none."""

    kept: list[Diagnostic]
    idle: list[tuple[IgnoreComment, tuple[Name, ...]]]


def suppress(diagnostics: Sequence[Diagnostic], source: Source) -> Suppression:
    """Applies the comments of a text."""
    comments = parse(source)
    if not comments:
        return Suppression(list(diagnostics), [])
    by_line: dict[tuple[int, str], list[Span]] = {}
    everywhere: dict[str, list[Span]] = {}
    for comment in comments:
        for name in comment.names:
            if comment.covers is None:
                everywhere.setdefault(name.text, []).append(name.span)
            else:
                by_line.setdefault((comment.covers, name.text), []).append(name.span)
    kept: list[Diagnostic] = []
    used: set[Span] = set()
    for each in diagnostics:
        covering = [
            *everywhere.get(each.rule, ()),
            *by_line.get((source.lines.line_of(each.span.start), each.rule), ()),
        ]
        used.update(covering)
        if not covering:
            kept.append(each)
    idle = [(each, tuple(name for name in each.names if name.span not in used)) for each in comments]
    return Suppression(kept, [(comment, names) for comment, names in idle if names])


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


def ignore_edit(document: Document, line: int, rules: Iterable[str]) -> Edit | None:
    """The comment that silences rules on a line: at its end, or above it where the end is no place for one.

    None where neither is: inside a text that goes on over several lines, or in a file that cannot be read.
    """
    if document.tree.problems:
        return None
    source, lines = document.source, document.source.lines
    texts = Texts(document.root)
    start, end = lines.line_start(line), lines.line_end(line)
    names = ", ".join(rules)
    for comment in parse(source):
        if comment.covers == line and not texts.hold(comment.span.start):
            at = comment.names[-1].span.end if comment.names else comment.inside.start
            return Edit(Span(at, at), f", {names}" if comment.names else names)
    text = lines.line_text(line)
    written = f"# envlens: ignore[{names}]"
    if document.kind in _COMMENT_AT_THE_END and text.strip() and not texts.hold(end):
        return Edit(Span(end, end), f"  {written}")
    if texts.hold(start):
        return None
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    return Edit(Span(start, start), f"{indent}{written}{source.newline}")
