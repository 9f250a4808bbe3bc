"""Findings for programs, in a stable shape. Lines and columns count from 1, `end` is exclusive."""

import json
from typing import Any

from ... import __version__
from ...core.text.diagnostic import Diagnostic, Fix
from ...core.text.source import Source
from ...core.text.span import Span
from .result import LintResult


def render(result: LintResult, shown: dict[str, str], sources: dict[str, Source]) -> str:
    """One JSON document. `shown` and `sources` serve places in other files than the finding's."""
    findings = [
        _finding(file.shown, file.source, each, shown, sources) for file in result.files for each in file.diagnostics
    ]
    not_run = [
        {"rule": rule, "reason": f"{file.shown}: {each.reason}"} for file in result.files for rule, each in file.not_run
    ]
    document = {"version": __version__, "files_checked": len(result.files), "findings": findings, "not_run": not_run}
    return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _finding(
    path: str, source: Source, each: Diagnostic, shown: dict[str, str], sources: dict[str, Source]
) -> dict[str, Any]:
    related = []
    for place in each.related:
        other = source if place.path == source.path else sources.get(place.path)
        where = _range(other, place.span) if other else {}
        related.append({"path": shown.get(place.path, place.path), **where, "message": place.message})
    return {
        "path": path,
        "rule": each.rule,
        "severity": each.severity.label,
        "message": each.message,
        **_range(source, each.span),
        "help": each.rule,
        "fixes": [_fix(path, source, fix) for fix in each.fixes],
        "related": related,
    }


def _fix(path: str, source: Source, fix: Fix) -> dict[str, Any]:
    edits = [{"path": path, **_range(source, edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _range(source: Source, span: Span) -> dict[str, dict[str, int]]:
    places = (source.lines.position(span.start), source.lines.position(span.end))
    start, end = ({"line": line + 1, "column": column + 1} for line, column in places)
    return {"start": start, "end": end}
