"""Fixes that are sound whatever the text around them is. Each is a tuple, empty where no sound fix can be made."""

import re
from collections.abc import Callable

from ..text.diagnostic import Edit, Fix
from ..text.source import BOM, Source
from ..text.span import Span
from .nodes import Mapping, Node, Scalar, find, key_text
from .scalars import kind_of

Fixes = tuple[Fix, ...]
# What YAML reads as written in every position, numbers and words such as `null` aside.
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+@-]*(:[A-Za-z0-9_./+@-]+)*")
_INDENT = re.compile(r"[ \t]*(?:-[ \t]+)*")


def replace(scalar: Scalar, text: str, title: str, *, safe: bool) -> Fixes:
    """Puts `text` in place of a value, quoted where YAML would not read it as that text."""
    span = scalar.written
    if span is None or not text.isprintable() or re.search(r"[\"'\\]", text):
        return ()
    new = as_scalar(text) if scalar.is_plain else scalar.style + text + scalar.style
    return (Fix(title, (Edit(span, new),), safe),)


def as_scalar(text: str) -> str:
    """A text as a YAML scalar: plain where YAML reads it as that text, else in quotes."""
    is_plain = _PLAIN.fullmatch(text) and kind_of(Scalar(Span(0, 0), text, "", None, None)) == "str"
    return text if is_plain else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def quote(scalar: Scalar) -> Fixes:
    """Quotes a plain value, so that it stays the text that is written."""
    if scalar.written is None or not scalar.is_plain or scalar.tag is not None or re.search(r"[\"\\]", scalar.text):
        return ()
    return (Fix(f'quote it: "{scalar.text}"', (Edit(scalar.written, f'"{scalar.text}"'),)),)


def rename(mapping: Mapping, key: Node, meant: Callable[[str], str | None], *, safe: bool) -> Fixes:
    """Renames a key to the one that it was meant to be.

    Nothing where the mapping has that one, or another key that means the same: of the two values one would be lost.
    """
    name = meant(key.text) if isinstance(key, Scalar) else None
    if not isinstance(key, Scalar) or name is None or find(mapping, name) is not None:
        return ()
    if sum(meant(key_text(pair) or "") == name for pair in mapping.pairs) != 1:
        return ()
    return replace(key, name, f"rename to '{name}'", safe=safe)


def insert_before(source: Source, at: int, line: str) -> Fixes:
    """Inserts a line before the one on which `at` stands, indented like it. Unsafe: what it says is a guess."""
    prefix = _prefix(source, at)
    if prefix is None:
        return ()
    return (Fix(f"insert '{line}'", (Edit(Span(at, at), line + source.newline + prefix),), safe=False),)


def insert_after(source: Source, span: Span, line: str) -> Fixes:
    """Inserts a line after those of `span`, indented like the first of them. Unsafe: what it says is a guess."""
    prefix = _prefix(source, span.start)
    if prefix is None:
        return ()
    at = source.lines.whole(span).end
    has_break = source.text[at - 1 : at] in {"\n", "\r"}
    text = prefix + line + source.newline if has_break else source.newline + prefix + line
    return (Fix(f"insert '{line}'", (Edit(Span(at, at), text),), safe=False),)


def delete_lines(source: Source, span: Span, title: str, *, safe: bool, dash: bool = False) -> Fixes:
    """Deletes the whole lines of `span`, where nothing else stands on them and no anchor goes with them.

    With `dash` it is an item of a list, and its dash goes too.
    """
    whole = source.lines.whole(span)
    before = source.text[whole.start : span.start].removeprefix(BOM)
    after = source.text[span.end : whole.end].strip()
    if before.strip() != "-" * dash or (after and not after.startswith("#")):
        return ()
    if "&" in source.text[span.start : span.end]:
        return ()  # an alias elsewhere may need it
    return (Fix(title, (Edit(Span(span.start - len(before), whole.end), ""),), safe),)


def _prefix(source: Source, at: int) -> str | None:
    prefix = source.text[source.lines.whole(Span(at, at)).start : at].removeprefix(BOM)
    return prefix if _INDENT.fullmatch(prefix) else None
