"""Applies fixes to files: chosen together, checked to leave the file readable, written atomically."""

import difflib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..core.features.diagnose import Judgement
from ..core.features.edits import apply, compatible_fixes
from ..core.model.document import Document, build
from ..core.text.diagnostic import Fix
from ..core.text.source import BOM, Source
from ..host import disk
from ..host.catalogue import environment_schema
from ..host.host import Host
from . import output
from .errors import UsageError
from .render.result import FileResult, LintResult
from .render.text import printable

_MAX_ROUNDS = 8


class Mended(NamedTuple):
    """A file before and after its fixes, with the diagnostics that are left."""

    shown: str
    source: Source
    text: str
    left: Judgement


def mend(host: Host, result: LintResult, *, unsafe: bool) -> list[Mended]:
    """Fixes each file, again and again while a fix makes room for another."""
    return [_mend(host, file, unsafe=unsafe) for file in result.files]


def _mend(host: Host, file: FileResult, *, unsafe: bool) -> Mended:
    text, left = file.source.text, Judgement(file.diagnostics, file.not_run)
    seen = {text}
    document = host.load(file.source.path)
    for _ in range(_MAX_ROUNDS if document else 0):
        changed = _applied(document, text, compatible_fixes(left.diagnostics, unsafe=unsafe))
        if changed is None or changed.source.text in seen:
            break
        seen.add(changed.source.text)
        text, left = changed.source.text, host.judge(changed)
    return Mended(file.shown, file.source, text, left)


def _applied(document: Document | None, text: str, fixes: Sequence[Fix]) -> Document | None:
    """The document after as many of the fixes as leave it as readable as it was; None where none does."""
    if not fixes or document is None:
        return None
    new = apply(text, [edit for fix in fixes for edit in fix.edits])
    source = Source(document.path, new, encoding=document.source.encoding)
    changed = build(source, document.kind, environment_schema())
    if len(changed.tree.problems) <= len(document.tree.problems):
        return changed
    if len(fixes) == 1:
        return None
    # One of them does harm: each half may still be fine.
    half = len(fixes) // 2
    return _applied(document, text, fixes[:half]) or _applied(document, text, fixes[half:])


def after(result: LintResult, mended: Sequence[Mended]) -> LintResult:
    """The result that the fixed files give."""
    files = tuple(
        FileResult(file.shown, Source(file.source.path, each.text), *each.left, fail_on=file.fail_on)
        for file, each in zip(result.files, mended, strict=True)
    )
    return result._replace(files=files)


def diff(mended: Sequence[Mended]) -> Iterator[str]:
    """A unified diff of what would change; `patch -p0` takes it."""
    for each in mended:
        if each.text == each.source.text:
            continue
        shown = printable(each.shown)
        for line in difflib.unified_diff(
            each.source.text.splitlines(keepends=True), each.text.splitlines(keepends=True), shown, shown
        ):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def as_bytes(mended: Sequence[Mended], data: bytes) -> bytes:
    """What a filter prints for the standard input `data`: the same where it is not ours or nothing is to be mended."""
    changed = next((each for each in mended if each.text != each.source.text), None)
    return _encoded(changed.text, changed.source, data) if changed else data


def _encoded(text: str, source: Source, old: bytes) -> bytes:
    """A text as the file is written: in its encoding, and with its byte order mark."""
    if source.encoding != "utf-8":
        return _in(source.encoding, text, old)
    mark = BOM.encode()
    return (mark if old.startswith(mark) else b"") + text.encode()


def _in(encoding: str, text: str, old: bytes) -> bytes:
    if encoding in {"utf-16", "utf-32"}:
        # Python writes these in the order of the machine; the file has its own.
        for order in ("-le", "-be"):
            mark = BOM.encode(encoding + order)
            if old.startswith(mark):
                return mark + text.encode(encoding + order)
    return text.encode(encoding)


def write(mended: Sequence[Mended], roots: Sequence[str]) -> int:
    """Writes the changed files, each as a whole or not at all, and counts them. Raises UsageError where it cannot."""
    count = 0
    for each in mended:
        if each.text == each.source.text:
            continue
        path = os.path.realpath(each.source.path)
        if not disk.is_inside(path, roots):
            raise UsageError(f"{each.shown} leads out of the project: not written")
        try:
            _replace(path, each)
        except OSError as error:
            raise UsageError(f"{each.shown} cannot be written: {error.strerror}") from error
        count += 1
    return count


def _replace(path: str, mended: Mended) -> None:
    with open(path, "rb") as file:
        old = file.read()
    if old != _encoded(mended.source.text, mended.source, old):
        raise UsageError(f"{mended.shown} changed while it was checked: not written")
    output.write(path, _encoded(mended.text, mended.source, old))
