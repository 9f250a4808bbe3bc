"""Fixes that insert a line. All unsafe: what the line says is a guess."""

from .diagnostic import Edit, Fix
from .source import BOM, Source
from .span import Span


def insert_before(source: Source, at: int, line: str) -> Fix:
    """Inserts a line before the one on which `at` stands, behind the same indentation or dash."""
    text = line + source.newline + _prefix(source, at)
    return Fix(f"insert '{line}'", (Edit(Span(at, at), text),), safe=False)


def insert_after(source: Source, span: Span, line: str) -> Fix:
    """Inserts a line after those of `span`, indented like the first of them."""
    at = source.lines.whole(span).end
    indented = _prefix(source, span.start) + line
    has_break = source.text[at - 1 : at] in {"\n", "\r"}
    text = indented + source.newline if has_break else source.newline + indented
    return Fix(f"insert '{line}'", (Edit(Span(at, at), text),), safe=False)


def _prefix(source: Source, at: int) -> str:
    return source.text[source.lines.whole(Span(at, at)).start : at].removeprefix(BOM)
