"""What can be done about findings: their fixes, an ignore comment, and all safe fixes of a file at once."""

from collections.abc import Sequence
from typing import NamedTuple

from ..model.document import Document
from ..text.diagnostic import Diagnostic, Edit
from ..text.span import Span
from . import comment_places
from .edits import compatible_fixes
from .suppress import ABOUT_COMMENTS, CommentWriter


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
    writer = CommentWriter(document) if touched else None
    for each in touched:
        line = document.source.lines.line_of(each.span.start)
        if document.dockerfile is not None and each.span == Span(0, 0):
            edit = comment_places.edit_for_file(document, each.rule)
        else:
            edit = writer.edit(line, [each.rule]) if writer and each.rule not in ABOUT_COMMENTS else None
        if edit:
            comments.append(Action(f"ignore '{each.rule}' on this line", (edit,), each))
    return [*fixes, *comments]


def fix_all(diagnostics: Sequence[Diagnostic]) -> tuple[Edit, ...]:
    """The edits of all safe fixes that can be applied together."""
    return tuple(edit for fix in compatible_fixes(diagnostics, unsafe=False) for edit in fix.edits)
