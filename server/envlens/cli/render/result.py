"""What a lint run found, ready to be rendered."""

from typing import NamedTuple

from ...core.text.diagnostic import Diagnostic, NotRun, Severity
from ...core.text.source import Source


class FileResult(NamedTuple):
    """One checked file. `shown` is its path as the user gave it, `fail_on` the severity that fails in its project."""

    shown: str
    source: Source
    diagnostics: tuple[Diagnostic, ...]
    not_run: tuple[tuple[str, NotRun], ...] = ()
    fail_on: Severity = Severity.ERROR


class LintResult(NamedTuple):
    """A run: the files in order, and the sentences that belong on stderr."""

    files: tuple[FileResult, ...]
    notes: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(each.severity is severity for file in self.files for each in file.diagnostics)

    @property
    def fails(self) -> bool:
        """Whether a finding is as severe as fails in its file's project."""
        return any(each.severity >= file.fail_on for file in self.files for each in file.diagnostics)
