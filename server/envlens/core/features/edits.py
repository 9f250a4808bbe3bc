"""Applies edits to a text, and chooses the fixes that can be applied together."""

from collections.abc import Iterable, Sequence

from ..text.diagnostic import Diagnostic, Edit, Fix


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after non-overlapping edits of this file."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda each: each.span):
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def compatible_fixes(diagnostics: Sequence[Diagnostic], *, unsafe: bool) -> list[Fix]:
    """The first applicable fix of each diagnostic, left out where it would touch text that another one changes."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for diagnostic in diagnostics:
        fix = applicable_fix(diagnostic, unsafe=unsafe)
        if fix is None or any(_overlap(new, old) for new in fix.edits for old in taken):
            continue
        chosen.append(fix)
        taken += fix.edits
    return chosen


def applicable_fix(diagnostic: Diagnostic, *, unsafe: bool) -> Fix | None:
    """The fix that may be applied unasked, or with `unsafe`. Of several unsafe ones only a person can choose."""
    fix = next((each for each in diagnostic.fixes if (each.safe or unsafe) and _is_local(each)), None)
    return fix if fix is None or fix.safe or len(diagnostic.fixes) == 1 else None


def _is_local(fix: Fix) -> bool:
    return all(edit.path is None for edit in fix.edits)


def _overlap(one: Edit, other: Edit) -> bool:
    if one.span.start == one.span.end or other.span.start == other.span.end:
        return one.span.start <= other.span.end and other.span.start <= one.span.end
    return one.span.start < other.span.end and other.span.start < one.span.end
