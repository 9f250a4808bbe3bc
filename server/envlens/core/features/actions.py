"""What can be done about findings: their fixes, an ignore comment, and all safe fixes of a file at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..index.snapshot import Snapshot
from ..model.document import Document
from ..text.diagnostic import Diagnostic, Edit
from ..text.span import Span
from . import comment_places
from .edits import compatible_fixes
from .suppress import ABOUT_COMMENTS, CommentWriter

if TYPE_CHECKING:
    from .hash_effect import HashEffect


class Action(NamedTuple):
    """One entry of a menu. `diagnostic` is what it mends; `preferred` the one to take without thinking."""

    title: str
    edits: tuple[Edit, ...]
    diagnostic: Diagnostic | None
    preferred: bool = False


def quick_fixes(snapshot: Snapshot, document: Document, diagnostics: Sequence[Diagnostic], span: Span) -> list[Action]:
    """The fixes of the findings that touch a span, then the comments that would silence them.

    Each title says whether the predicted hash changes with it.
    """
    touched = [each for each in diagnostics if each.span.start <= span.end and span.start <= each.span.end]
    if not touched:
        return []
    effect = _effect(snapshot, document)
    fixes = [
        Action(
            effect.titled(fix.title, fix.edits, *(() if fix.safe else ("review it",))),
            fix.edits,
            each,
            preferred=len(each.fixes) == 1,
        )
        for each in touched
        for fix in each.fixes
    ]
    comments = []
    writer = CommentWriter(document)
    for each in touched:
        line = document.source.lines.line_of(each.span.start)
        if document.dockerfile is not None and each.span == Span(0, 0):
            edit = comment_places.edit_for_file(document, each.rule)
        else:
            edit = writer.edit(line, [each.rule]) if each.rule not in ABOUT_COMMENTS else None
        if edit:
            comments.append(Action(effect.titled(f"ignore '{each.rule}' on this line", (edit,)), (edit,), each))
    return [*fixes, *comments]


def fix_all(snapshot: Snapshot, document: Document, diagnostics: Sequence[Diagnostic]) -> Action | None:
    """All safe fixes that can be applied together; None for none."""
    edits = tuple(edit for fix in compatible_fixes(diagnostics, unsafe=False) for edit in fix.edits)
    if not edits:
        return None
    title = _effect(snapshot, document).titled("fix all that envlens can fix safely", edits)
    return Action(title, edits, None)


def _effect(snapshot: Snapshot, document: Document) -> "HashEffect":
    from .hash_effect import HashEffect  # it takes time to load

    return HashEffect(snapshot, document)
