"""Shows a result in the format that was asked for, where it was asked for."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator

from ..host.host import Host
from . import output
from .errors import UsageError
from .render import text as text_report
from .render.result import LintResult, Report
from .render.style import Style


def show(result: LintResult, host: Host, args: argparse.Namespace) -> None:
    """Prints the report, or writes it to `--output-file`. Raises UsageError where that cannot be written."""
    for note in result.notes:
        if not args.quiet:
            say(note)
    if args.format in {"text", "concise"}:
        colours = sys.stdout.isatty() and args.output_file is None and not os.environ.get("NO_COLOR")
        text = "".join(f"{line}\n" for line in _lines(result, Style(colours), args))
    else:
        text = _renderer(args)(as_report(result, host))
    emit(text, args)
    if args.output_file is not None and not args.quiet:
        say(f"{text_report.summary(result, Style())}; see {args.output_file}")


def emit(text: str, args: argparse.Namespace) -> None:
    """Prints a text, or writes it to `--output-file`. Raises UsageError where that cannot be written."""
    if args.output_file is None:
        sys.stdout.write(text)
        return
    try:
        output.write(args.output_file, text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"{args.output_file} cannot be written: {error.strerror}") from error


def say(sentence: str) -> None:
    """Tells the user something beside the report."""
    print(f"envlens: {text_report.printable(sentence)}", file=sys.stderr)


def _lines(result: LintResult, style: Style, args: argparse.Namespace) -> Iterator[str]:
    if args.statistics:
        from .render import statistics

        found = statistics.render(result, style)
    elif args.format == "text":
        found = text_report.render(result, style)
    else:
        found = text_report.concise(result, style)
        if not result.files and not args.quiet and args.output_file is None:
            say(text_report.summary(result, Style()))
    summary = text_report.summary(result, style) if args.quiet else None
    yield from (line for line in found if line != summary)


def _renderer(args: argparse.Namespace) -> Callable[[Report], str]:
    if args.statistics:
        from .render.statistics import render_json

        return render_json
    if args.format == "json":
        from .render.json_report import render
    elif args.format == "sarif":
        from .render.sarif import render
    elif args.format == "github":
        from .render.github import render
    elif args.format == "gitlab":
        from .render.gitlab import render
    else:
        from .render.junit import render
    return render


def as_report(result: LintResult, host: Host) -> Report:
    """A result with what programs need beside it."""
    # Of a file without findings the text was not read where an earlier run's answer held.
    sources = {file.source.path: file.source for file in result.files if file.diagnostics}
    shown = {file.source.path: file.shown for file in result.files}
    pointed = ((file, place.path) for file in result.files for each in file.diagnostics for place in each.related)
    for file, path in pointed:
        if path not in shown:
            shown[path] = path if os.path.isabs(file.shown) else os.path.relpath(path).replace(os.sep, "/")
        if path not in sources and (source := host.source_of(path)):
            sources[path] = source
    return Report(result, _repository(), shown, sources)


def _repository() -> str:
    """The top of the repository around the working folder; that folder where there is none."""
    here = current = os.path.realpath(os.getcwd())
    while not os.path.exists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return here
        current = parent
    return current
