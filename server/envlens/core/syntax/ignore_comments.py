"""The grammar of suppression comments: `# envlens: ignore[rule-name, …] reason`, and `ignore-file` for a whole file.

Behind something a comment covers its line, alone on a line the next line that is no comment. It is looked for in the
text, whatever the file's syntax: all files that are checked begin a comment with `#`.

hadolint's own comments (`# hadolint ignore=DL3006`) are read as hadolint 2.15 reads them: nothing else may stand in
one, and it is for the line below it; `# hadolint global ignore=…` is for the whole file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from ..text.source import Source
from ..text.span import Span
from .nodes import Alias, Mapping, Node, Scalar, Sequence

_COMMENT = re.compile(
    r"(?:^|(?<=[\s\ufeff]))#\s*envlens:\s*(?P<verb>ignore-file|ignore)\[(?P<rules>[^\]\r\n]*)\]", re.MULTILINE
)
_WORD = re.compile(r"[^,]+")
_CODE = r"(?:DL|SC)[0-9]+"
_HADOLINT = re.compile(
    rf"^\ufeff?[ \t]*#[ \t]*hadolint[ \t]+(?P<all>global[ \t]+)?ignore[ \t]*=[ \t]*"
    rf"(?P<codes>{_CODE}(?:[ \t]*,[ \t]*{_CODE})*)[ \t\r]*$",
    re.MULTILINE,
)


class Name(NamedTuple):
    """What stands between two commas, white space around it left out."""

    text: str
    span: Span


class IgnoreComment(NamedTuple):
    """One comment. `span` is from `#` to the bracket, `inside` what stands in the brackets.

    `covers` is the line that it is for, None for the whole file; `alone` whether its own line has nothing before it.
    """

    span: Span
    inside: Span
    names: tuple[Name, ...]
    covers: int | None
    alone: bool


class HadolintComment(NamedTuple):
    """A comment on a line of its own. `covers` is the line that it is for, None for the whole file."""

    line: int
    covers: int | None
    codes: frozenset[str]


def parse(source: Source) -> list[IgnoreComment]:
    """The comments of a text, in order."""
    text, lines = source.text, source.lines
    if "envlens:" not in text:
        return []
    found: list[IgnoreComment] = []
    covered: dict[int, int] = {}  # by line; from the end, so that a run of comments is passed over once
    for each in reversed(list(_COMMENT.finditer(text))):
        line = lines.line_of(each.start())
        alone = not text[lines.line_start(line) : each.start()].strip("\ufeff \t")
        covers: int | None = line
        if each["verb"] == "ignore-file":
            covers = None
        elif alone:
            covers = line + 1
            while lines.line_text(covers).lstrip().startswith("#"):
                covers = covered.get(covers, covers + 1)
            covered[line] = covers
        inside = Span(*each.span("rules"))
        found.append(IgnoreComment(Span(*each.span()), inside, _names(each["rules"], inside.start), covers, alone))
    return found[::-1]


def hadolint(source: Source) -> list[HadolintComment]:
    """What looks like a comment of hadolint's in a Dockerfile. Inside an instruction it is none."""
    if "hadolint" not in source.text:
        return []
    found = []
    for each in _HADOLINT.finditer(source.text):
        line = source.lines.line_of(each.start("codes"))
        codes = frozenset(code.strip() for code in each["codes"].split(","))
        found.append(HadolintComment(line, None if each["all"] else line + 1, codes))
    return found


def _names(text: str, start: int) -> tuple[Name, ...]:
    names = []
    for part in _WORD.finditer(text):
        word = part[0].strip()
        at = start + part.start() + len(part[0]) - len(part[0].lstrip())
        if word:
            names.append(Name(word, Span(at, at + len(word))))
    return tuple(names)


class Texts:
    """Where the values of a tree stand: what looks like a comment there is none."""

    def __init__(self, root: Node | None) -> None:
        self._spans = sorted(_scalars(root))

    def hold(self, offset: int) -> bool:
        """Whether an offset lies inside a value, so that what is put there belongs to it."""
        at = bisect_right(self._spans, Span(offset, -1)) - 1
        return at >= 0 and self._spans[at].start < offset < self._spans[at].end


def _scalars(root: Node | None) -> Iterable[Span]:
    pending = [root] if root is not None else []
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            yield node.span
        elif isinstance(node, Mapping):
            pending += [part for pair in node.pairs for part in (pair.key, pair.value)]
        elif isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Alias):
            continue
