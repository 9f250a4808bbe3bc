"""What can be done about findings: their fixes, an ignore comment, and all safe fixes of a file at once."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..model.document import Document
from ..syntax.nodes import Alias, Mapping, Node, Scalar
from ..syntax.nodes import Sequence as YamlSequence
from ..text.diagnostic import Diagnostic, Edit
from ..text.span import Span
from .edits import compatible_fixes

_COMMENT = re.compile(r"#\s*envlens:\s*ignore\[([^\]\r\n]*)\]")


class Action(NamedTuple):
    """One entry of a menu. `diagnostic` is what it mends; `preferred` the one to take without thinking."""

    title: str
    edits: tuple[Edit, ...]
    diagnostic: Diagnostic | None
    preferred: bool = False


def quick_fixes(document: Document, diagnostics: Sequence[Diagnostic], span: Span) -> list[Action]:
    """The fixes of the findings that touch a span, then the comments that would silence them."""
    touched = [each for each in diagnostics if each.span.start <= span.end and span.start <= each.span.end]
    fixes = [
        Action(fix.title if fix.safe else f"{fix.title} (review it)", fix.edits, each, preferred=len(each.fixes) == 1)
        for each in touched
        for fix in each.fixes
    ]
    comments = []
    for each in touched:
        edit = _ignore_edit(document, each)
        if edit:
            comments.append(Action(f"ignore '{each.rule}' on this line", (edit,), each))
    return [*fixes, *comments]


def fix_all(diagnostics: Sequence[Diagnostic]) -> tuple[Edit, ...]:
    """The edits of all safe fixes that can be applied together."""
    return tuple(edit for fix in compatible_fixes(diagnostics, unsafe=False) for edit in fix.edits)


def _ignore_edit(document: Document, diagnostic: Diagnostic) -> Edit | None:
    """A comment behind the line; None where a comment would become part of a text that goes on over the line's end."""
    lines = document.source.lines
    line = lines.line_of(diagnostic.span.start)
    end = lines.line_end(line)
    text = lines.line_text(line)
    if _is_inside_text(document.root, end) or document.tree.problems:
        return None
    existing = _COMMENT.search(text)
    if existing:
        at = lines.line_start(line) + existing.end(1)
        return Edit(Span(at, at), f", {diagnostic.rule}" if existing[1].strip() else diagnostic.rule)
    return Edit(Span(end, end), f"{'  ' if text.strip() else ''}# envlens: ignore[{diagnostic.rule}]")


def _is_inside_text(root: Node | None, offset: int) -> bool:
    pending = [root] if root is not None else []
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            if node.span.start < offset < node.span.end:
                return True
        elif isinstance(node, Mapping):
            pending += [part for pair in node.pairs for part in (pair.key, pair.value)]
        elif isinstance(node, YamlSequence):
            pending += node.items
        elif isinstance(node, Alias):
            continue
    return False
