"""Findings as GitHub workflow commands, which the runner turns into annotations of a pull request.

Source: GitHub's documentation of workflow commands; the runner's own checks (columns are dropped with a complaint
where a span has several lines).
"""

from collections.abc import Iterator

from ...core.text.diagnostic import Diagnostic, Severity
from .result import FileResult, Report, place_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """One command a line."""
    return "".join(f"{line}\n" for file in report.result.files for line in _commands(file, report))


def _commands(file: FileResult, report: Report) -> Iterator[str]:
    path = report.from_root(file.source.path)
    for each in file.diagnostics:
        yield _command(path, file, each)


def _command(path: str, file: FileResult, each: Diagnostic) -> str:
    place = place_of(file.source, each.span)
    where = [("line", place.line)]
    if place.line == place.end_line:
        # A span of no width must still cover something.
        end = max(place.end_column, place.column + 1)
        where += [("col", place.column), ("endLine", place.end_line), ("endColumn", end)]
    else:
        where += [("endLine", place.end_line)]
    properties = [("title", f"envlens ({each.rule})"), ("file", path), *where]
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties)
    # In the log the properties are not shown: the place is said again for those who read it there.
    message = f"{file.shown}:{place.line}:{place.column}: {each.rule}: {each.message}"
    return f"::{_COMMANDS[each.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
