"""What to select next, from a word outwards: the word, the text, the value, the entry, the mapping, the file."""

import re
from collections.abc import Iterator

from ..model.document import Document
from ..syntax.nodes import Mapping, Node, Scalar, Sequence
from ..text.span import Span

_WORD = re.compile(r"[\w.]+")
_INDENT = re.compile(r"[ \t]*")


def selection(document: Document, offset: int) -> list[Span]:
    """The spans around an offset, the smallest first; each lies within the next. At least one, which may be empty."""
    text = document.source.text
    spans = [Span(0, len(text))]
    spans += _by_tree(document.root, offset) if document.tree.is_whole and document.kind.is_yaml else []
    if len(spans) == 1:
        spans += _by_lines(document, offset)
    word = _word(document, offset)
    if word:
        spans.append(word)
    return _nested([each for each in spans if each.start <= offset <= each.end]) or [Span(offset, offset)]


def _nested(spans: list[Span]) -> list[Span]:
    """From the inside out, without those that are no larger than the one before or do not hold it."""
    found: list[Span] = []
    for span in sorted(set(spans), key=lambda each: each.end - each.start):
        if not found or (span.start <= found[-1].start and found[-1].end <= span.end):
            found.append(span)
    return found


def _by_tree(root: Node | None, offset: int) -> Iterator[Span]:
    """The nodes of the tree that hold an offset, from the outside in."""
    node = root
    while node is not None:
        yield node.span
        inner: Node | None = None
        if isinstance(node, Mapping):
            for pair in node.pairs:
                if pair.span.contains(offset):
                    yield pair.span
                    inner = pair.key if pair.key.span.contains(offset) else pair.value
                    break
        elif isinstance(node, Sequence):
            inner = next((item for item in node.items if item.span.contains(offset)), None)
        elif isinstance(node, Scalar) and node.inner is not None:
            yield Span(node.inner, node.inner + len(node.text))
        node = inner


def _by_lines(document: Document, offset: int) -> Iterator[Span]:
    """The line without its indentation, and the blocks around it by indentation: for text that is broken."""
    lines = document.source.lines
    at = lines.line_of(offset)
    text = lines.line_text(at)
    indent = _depth(text)
    yield Span(lines.line_start(at) + indent, lines.line_start(at) + len(text.rstrip()))
    first = last = at
    while True:
        while first > 0 and _is_within(lines.line_text(first - 1), indent):
            first -= 1
        while last + 1 < lines.line_count and _is_within(lines.line_text(last + 1), indent):
            last += 1
        yield Span(lines.line_start(first), lines.line_end(last))
        if indent == 0 or first == 0:
            return
        # The line above is the parent of the block: from here on it belongs to what is selected.
        first -= 1
        indent = _depth(lines.line_text(first))
        yield Span(lines.line_start(first), lines.line_end(last))


def _depth(line: str) -> int:
    found = _INDENT.match(line)
    return found.end() if found else 0


def _is_within(line: str, indent: int) -> bool:
    return not line.strip() or _depth(line) >= indent


def _word(document: Document, offset: int) -> Span | None:
    lines = document.source.lines
    start = lines.line_start(lines.line_of(offset))
    for found in _WORD.finditer(lines.line_text(lines.line_of(offset))):
        span = Span(start + found.start(), start + found.end())
        if span.contains(offset):
            return span
        if span.start > offset:
            break
    return None
