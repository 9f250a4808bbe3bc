"""Findings as SARIF 2.1.0 (OASIS), for code scanning services and editors."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...core import rules
from ...core.features.pages import page, summary, why
from ...core.text.diagnostic import Diagnostic, Fix, NotRun, Severity
from ...core.text.source import Source
from ...core.text.span import Span
from ...core.text.titles import noted
from ..fingerprints import unique
from .json_report import to_text
from .result import FileResult, Report, place_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report) -> str:
    """One SARIF log with one run. Only rules that have something to say in it are described."""
    files = report.result.files
    silent: list[tuple[FileResult | None, str, NotRun]] = [(None, *each) for each in report.result.not_run]
    silent += [(file, *each) for file in files for each in file.not_run]
    spoken = {each.rule for file in files for each in file.diagnostics} | {name for _, name, _ in silent}
    indices = {name: index for index, name in enumerate(sorted(spoken))}
    invocation = {
        "executionSuccessful": report.result.complete,
        "toolExecutionNotifications": [_notification(file, name, each, indices, report) for file, name, each in silent],
    }
    run = {
        "tool": {
            "driver": {
                "name": "envlens",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(name) for name in indices],
            }
        },
        "invocations": [invocation],
        "originalUriBaseIds": {_ROOT: {"uri": f"{Path(report.root).as_uri().rstrip('/')}/"}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(file, each, digest, indices, report)
            for file in files
            for each, digest in unique(report.from_root(file.source.path), file)
        ],
    }
    return to_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str) -> dict[str, Any]:
    reason = why(name)
    return {
        "id": name,
        "shortDescription": {"text": summary(name)},
        "fullDescription": {"text": reason},
        "help": {"text": f"{summary(name)} {reason}", "markdown": page(name)},
        "defaultConfiguration": {"level": _LEVELS[rules.load(name).severity]},
    }


def _result(file: FileResult, each: Diagnostic, digest: str, indices: dict[str, int], report: Report) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": each.rule,
        "ruleIndex": indices[each.rule],
        "level": _LEVELS[each.severity],
        "message": {"text": each.message},
        "locations": [_location(file.source, each.span, report)],
        "partialFingerprints": {"envlensFinding/v1": digest},
    }
    related = []
    for number, place in enumerate(each.related, 1):
        other = file.source if place.path == file.source.path else report.sources.get(place.path)
        if other is not None:
            message = {"message": {"text": place.message}}
            related.append({"id": number, **_location(other, place.span, report), **message})
    if related:
        made["relatedLocations"] = related
    if each.fixes:
        made["fixes"] = [_fix(file.source, fix, report) for fix in each.fixes]
    return made


def _fix(source: Source, fix: Fix, report: Report) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(source, edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    title = fix.title if fix.safe else noted(fix.title, "unsafe: review it")
    change = {"artifactLocation": _artifact(source.path, report), "replacements": replacements}
    return {"description": {"text": title}, "artifactChanges": [change]}


def _notification(
    file: FileResult | None, name: str, each: NotRun, indices: dict[str, int], report: Report
) -> dict[str, Any]:
    artifact = _artifact(file.source.path, report) if file is not None else None
    return {
        "level": "note",
        "message": {"text": f"{name} did not run: {each.reason}"},
        "associatedRule": {"id": name, "index": indices[name]},
        **({"locations": [{"physicalLocation": {"artifactLocation": artifact}}]} if artifact else {}),
    }


def _location(source: Source, span: Span, report: Report) -> dict[str, Any]:
    artifact = _artifact(source.path, report)
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(source, span)}}


def _region(source: Source, span: Span) -> dict[str, int]:
    place = place_of(source, span)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(path: str, report: Report) -> dict[str, str]:
    relative = report.from_root(path)
    if os.path.isabs(relative):
        return {"uri": Path(relative).as_uri()}
    # A name is bytes where it is no text.
    return {"uri": quote(os.fsencode(relative), safe="/"), "uriBaseId": _ROOT}
