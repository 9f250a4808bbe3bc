"""How often each rule has something to say, the most frequent first."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ...core.features.edits import applicable_fix
from ...core.text.diagnostic import Diagnostic, Severity
from .json_report import to_text
from .result import LintResult, Report
from .style import Style
from .text import COLOURS, summary


class Row(NamedTuple):
    """The findings of one rule with one severity, and how many of them a fix would mend."""

    rule: str
    severity: Severity
    findings: int
    fixable: int
    unsafe_fixable: int

    @property
    def mark(self) -> str:
        """`*` where safe fixes mend all, `-` where they mend some or others would, blank for none."""
        return "*" if self.fixable == self.findings else "-" if self.fixable or self.unsafe_fixable else " "


def rows(result: LintResult) -> list[Row]:
    """The rows, the most frequent first."""
    found: dict[tuple[str, Severity], list[Diagnostic]] = defaultdict(list)
    for file in result.files:
        for each in file.diagnostics:
            found[each.rule, each.severity].append(each)
    made = []
    for (rule, severity), group in found.items():
        safe = sum(applicable_fix(each, unsafe=False) is not None for each in group)
        either = sum(applicable_fix(each, unsafe=True) is not None for each in group)
        made.append(Row(rule, severity, len(group), safe, either - safe))
    return sorted(made, key=lambda row: (-row.findings, -row.severity, row.rule))


def render(result: LintResult, style: Style) -> Iterator[str]:
    """A table for people, the summary last."""
    table = rows(result)
    width = max((len(str(row.findings)) for row in table), default=0)
    for row in table:
        severity = style.paint(f"{row.severity.label:7}", COLOURS[row.severity])
        yield f"{row.findings:>{width}}  {severity}  [{row.mark}] {row.rule}"
    if any(row.mark != " " for row in table):
        yield "[*] all fixable with --fix, [-] some, or with --unsafe-fixes"
    yield summary(result, style)


def render_json(report: Report) -> str:
    """One JSON list."""
    return to_text(
        [
            {
                "rule": row.rule,
                "severity": row.severity.label,
                "count": row.findings,
                "fixable_count": row.fixable,
                "unsafe_fixable_count": row.unsafe_fixable,
            }
            for row in rows(report.result)
        ]
    )
