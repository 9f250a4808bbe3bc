"""Findings for programs, in a stable shape. Lines and columns count from 1, `end` is exclusive."""

import json
from typing import Any

from ... import __version__
from ...core.text.diagnostic import Diagnostic, Fix
from ...core.text.source import Source
from ...core.text.span import Span
from .result import FileResult, Report, place_of


def render(report: Report) -> str:
    """One JSON document."""
    result = report.result
    not_run = [{"rule": rule, "reason": each.reason} for rule, each in result.not_run] + [
        {"rule": rule, "reason": f"{file.shown}: {each.reason}"} for file in result.files for rule, each in file.not_run
    ]
    document = {
        "version": __version__,
        "files_checked": len(result.files),
        "findings": findings(report),
        "not_run": not_run,
    }
    return to_text(document)


def findings(report: Report) -> list[dict[str, Any]]:
    """The findings of a report."""
    return [_finding(file, each, report) for file in report.result.files for each in file.diagnostics]


def to_text(document: Any) -> str:
    """The text of a document. A file name can hold what is no character: it becomes a question mark."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n"


def _finding(file: FileResult, each: Diagnostic, report: Report) -> dict[str, Any]:
    path, source = file.shown, file.source
    related = []
    for place in each.related:
        other = source if place.path == source.path else report.sources.get(place.path)
        where = _range(other, place.span) if other else {}
        related.append({"path": report.shown.get(place.path, place.path), **where, "message": place.message})
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
    place = place_of(source, span)
    return {
        "start": {"line": place.line, "column": place.column},
        "end": {"line": place.end_line, "column": place.end_column},
    }
