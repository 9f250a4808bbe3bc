"""Findings for people: message, place, the source line with carets, and the remedy."""

import unicodedata
from collections.abc import Iterator

from ...core.features.edits import applicable_fix
from ...core.syntax.urls import masked
from ...core.text.diagnostic import Diagnostic, Severity
from .result import FileResult, LintResult
from .style import Style

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_MAX_WIDTH = 160


def render(result: LintResult, style: Style) -> Iterator[str]:
    """The parts of the report, several lines each, the summary last."""
    for file in result.files:
        shown = printable(file.shown)
        for diagnostic in file.diagnostics:
            yield _finding(file, shown, diagnostic, style)
    yield summary(result, style)


def concise(result: LintResult, style: Style) -> Iterator[str]:
    """One line for each finding: path:line:column: severity[rule] message."""
    for file in result.files:
        for each in file.diagnostics:
            line, column = file.source.lines.position(each.span.start)
            label = style.paint(f"{each.severity.label}[{each.rule}]", COLOURS[each.severity])
            yield f"{printable(file.shown)}:{line + 1}:{column + 1}: {label} {printable(each.message)}"


def summary(result: LintResult, style: Style) -> str:
    """What was found, in one line."""
    files = len(result.files)
    checked = f"{files} file{'s' * (files != 1)} checked"
    counts = [(severity, result.count(severity)) for severity in sorted(Severity, reverse=True)]
    words = [
        style.paint(f"{count} {_plural(severity, count)}", COLOURS[severity]) for severity, count in counts if count
    ]
    if not words:
        return (
            style.paint("no findings", "green") + f", {checked}{_known(result)}"
            if files
            else "nothing to check: no file is an environment definition or a conda file in scope"
        )
    found = [each for file in result.files for each in file.diagnostics if each.fixes]
    safe = sum(applicable_fix(each, unsafe=False) is not None for each in found)
    fixable = sum(applicable_fix(each, unsafe=True) is not None for each in found)
    remedies = [f"{safe} fixable with --fix"] if safe else []
    if fixable > safe:
        remedies.append(f"{fixable - safe} {'more ' if safe else 'fixable '}with --fix --unsafe-fixes")
    remedy = f"; {', '.join(remedies)}" if remedies else ""
    return f"{', '.join(words)} in {checked}{_known(result)}{remedy}"


def _known(result: LintResult) -> str:
    return f", {result.known} more in the baseline" if result.known else ""


def printable(text: str) -> str:
    """Text without control characters: a file name or a file's own text must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(
        char if char == "\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else "\ufffd"
        for char in text
    )


def _finding(file: FileResult, shown_path: str, diagnostic: Diagnostic, style: Style) -> str:
    """A finding with the line that it is in, and an empty line below."""
    paint, lines = style.paint, file.source.lines
    line, column = lines.position(diagnostic.span.start)
    last, end_column = lines.position(diagnostic.span.end)
    colour = COLOURS[diagnostic.severity]
    label = paint(f"{diagnostic.severity.label}[{diagnostic.rule}]", colour, bold=True)
    number = str(line + 1)
    gutter = " " * len(number)
    parts = [
        f"{label}: {paint(printable(diagnostic.message), bold=True)}",
        f"{gutter}{paint('-->', 'blue')} {shown_path}:{number}:{column + 1}",
    ]
    text = masked(lines.line_text(line))
    if text or file.source.text:
        stop = end_column if last == line else len(text)
        start = max(0, column - _MAX_WIDTH // 2) if len(text) > _MAX_WIDTH else 0
        shown = printable(text[start : start + _MAX_WIDTH]).replace("\t", "    ")
        shown = f"{shown}…" if start + _MAX_WIDTH < len(text) else shown
        before = printable(text[start:column]).replace("\t", "    ")
        marked = printable(text[column:stop])[: _MAX_WIDTH // 2].replace("\t", "    ")
        bar = paint("|", "blue")
        carets = paint("^" * max(1, width(marked)), colour)
        parts += [
            f"{gutter} {bar}",
            f"{paint(number, 'blue')} {bar} {shown}",
            f"{gutter} {bar} {' ' * width(before)}{carets}",
        ]
    for fix in diagnostic.fixes:
        kind = "fix" if fix.safe else "unsafe fix"
        parts.append(f"{gutter} {paint('=', 'blue')} {paint(kind, 'green')}: {printable(fix.title)}")
    parts.append("")
    return "\n".join(parts)


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _plural(severity: Severity, count: int) -> str:
    if severity is Severity.INFO:
        return "info"
    return severity.label + "s" * (count != 1)
