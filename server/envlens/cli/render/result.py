"""What a lint run found, ready to be rendered."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from ...core.text.diagnostic import Diagnostic, NotRun, Severity
from ...core.text.source import Source
from ...core.text.span import Span


class FileResult(NamedTuple):
    """One checked file. `shown` is its path as the user gave it, `fail_on` the severity that fails in its project."""

    shown: str
    source: Source
    diagnostics: tuple[Diagnostic, ...]
    not_run: tuple[tuple[str, NotRun], ...] = ()
    fail_on: Severity = Severity.ERROR


class LintResult(NamedTuple):
    """A run: the files in order, and the sentences that belong on stderr.

    `known` is how many findings are left out because a baseline has them. A run that is not `complete` could not check
    all that it was asked to. `not_run` are the rules that could not run in any file, with the reason.
    """

    files: tuple[FileResult, ...]
    notes: tuple[str, ...] = ()
    known: int = 0
    complete: bool = True
    not_run: tuple[tuple[str, NotRun], ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(each.severity is severity for file in self.files for each in file.diagnostics)

    @property
    def fails(self) -> bool:
        """Whether a finding is as severe as fails in its file's project."""
        return any(each.severity >= file.fail_on for file in self.files for each in file.diagnostics)


class Report(NamedTuple):
    """A result with what programs need beside it.

    `root` is the top of the repository, from which the services of CI count paths. `shown` and `sources` serve places
    in other files than the finding's; their keys are the paths that the host uses.
    """

    result: LintResult
    root: str
    shown: Mapping[str, str]
    sources: Mapping[str, Source]

    def from_root(self, path: str) -> str:
        """A path as CI wants it: from the top of the repository, `/`-separated; absolute where it lies outside."""
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        try:
            relative = os.path.relpath(real, self.root).replace(os.sep, "/")
        except ValueError:  # another drive
            return path
        return path if relative.startswith("../") else relative


class Place(NamedTuple):
    """Where a span begins and ends: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def place_of(source: Source, span: Span) -> Place:
    """The place of a span."""
    (line, column), (end_line, end_column) = source.lines.position(span.start), source.lines.position(span.end)
    return Place(line + 1, column + 1, end_line + 1, end_column + 1)
