"""Findings as a GitLab Code Quality report. Source: GitLab's documentation, "Implement a custom tool"."""

from ...core.text.diagnostic import Severity
from ..fingerprints import unique
from .json_report import to_text
from .result import Report, place_of

# Of info, minor, major, critical and blocker. A definition that will fail is no blocker of all work.
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """One JSON list."""
    issues = []
    for file in report.result.files:
        path = report.from_root(file.source.path)
        for each, digest in unique(path, file):
            place = place_of(file.source, each.span)
            issues.append(
                {
                    "description": f"{each.rule}: {each.message}",
                    "check_name": each.rule,
                    "fingerprint": digest,
                    "severity": _SEVERITIES[each.severity],
                    "location": {"path": path, "lines": {"begin": place.line, "end": place.end_line}},
                }
            )
    return to_text(issues)
