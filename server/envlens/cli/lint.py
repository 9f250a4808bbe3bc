"""`envlens lint`: checks files and folders, shows or mends what is found."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from ..core.text.diagnostic import Severity
from ..core.text.source import decode
from ..host import catalogue, config
from ..host.host import Host, normal
from .errors import UsageError
from .files import NOT_OURS, Chosen, choose
from .projects import Projects
from .render import text as text_report
from .render.result import FileResult, LintResult
from .render.style import Style


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: .); - reads standard input"
    )
    parser.add_argument("--format", choices=("text", "concise", "json"), default="text")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the path that standard input stands for")
    parser.add_argument("--fix", action="store_true", help="apply safe fixes")
    parser.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: apply unsafe fixes too")
    parser.add_argument("--diff", action="store_true", help="show what --fix would change, change nothing")
    parser.add_argument(
        "--select", action="append", metavar="RULE", help="only these rules (comma-separated, repeatable)"
    )
    parser.add_argument("--ignore", action="append", metavar="RULE", help="not these rules")
    parser.add_argument("--exclude", action="append", metavar="PATTERN", help="not these paths (.gitignore patterns)")
    parser.add_argument(
        "--include", action="append", metavar="[KIND:]PATTERN", help="also these paths, as environment or conda"
    )
    parser.add_argument(
        "--fail-on", choices=[severity.label for severity in Severity], help="the severity that fails (default: error)"
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit 0 whatever is found")
    parser.add_argument("--as-of", metavar="DATE", type=_date, help="judge as on that day (YYYY-MM-DD)")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date such as 2026-12-31") from None


def run(args: argparse.Namespace) -> int:
    """Runs the command; the exit code."""
    paths = args.paths or ["."]
    _check(args, paths)
    projects = Projects(args)
    host = Host(catalogue.load_facts(args.as_of or date.today()), _report, _roots(paths, args), projects.of)
    chosen = _from_stdin(host, args) if paths == ["-"] else choose(host, paths)
    if projects.problems or (chosen.unusable and not chosen.documents):
        raise UsageError("\n".join([*projects.problems, *chosen.unusable]))
    for problem in chosen.unusable:
        print(f"envlens: {text_report.printable(problem)}", file=sys.stderr)
    files = tuple(
        FileResult(shown, each.source, *host.judge(each), fail_on=host.settings_for(each.path).fail_on)
        for shown, each in chosen.documents
    )
    result = LintResult(files, (*chosen.notes, *_obstacles(files)))
    for note in result.notes:
        if not args.quiet:
            print(f"envlens: {text_report.printable(note)}", file=sys.stderr)
    if args.diff or args.fix:
        from . import fixing

        mended = fixing.mend(host, result, unsafe=args.unsafe_fixes)
        if args.diff:
            sys.stdout.write("".join(fixing.diff(mended)))
            return int(any(each.text != each.source.text for each in mended) and not args.exit_zero)
        if paths == ["-"]:
            sys.stdout.flush()
            sys.stdout.buffer.write(fixing.as_bytes(mended, chosen.data))
            result = fixing.after(result, mended)
            return _code(result, chosen, args)
        count = fixing.write(mended, host.roots)
        result = fixing.after(result, mended)
        if count and not args.quiet:
            print(f"envlens: fixed {count} file{'s' * (count != 1)}", file=sys.stderr)
    _print(result, host, args)
    return _code(result, chosen, args)


def _code(result: LintResult, chosen: Chosen, args: argparse.Namespace) -> int:
    return 2 if chosen.unusable else int(result.fails and not args.exit_zero)


def _check(args: argparse.Namespace, paths: list[str]) -> None:
    """Refuses options that contradict each other. Raises UsageError."""
    if "-" in paths and paths != ["-"]:
        raise UsageError("standard input is checked alone: give '-' or paths")
    if args.unsafe_fixes and not (args.fix or args.diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if args.format != "text" and (args.diff or (args.fix and paths == ["-"])):
        printed = "diff" if args.diff else "text"
        raise UsageError(f"--format {args.format} has nothing to show here: the {printed} is printed")


def _roots(paths: list[str], args: argparse.Namespace) -> list[str]:
    """The folders that may be read: the project of each path. A folder that is named may be a link itself."""
    named = [args.stdin_filename or "." if path == "-" else path for path in paths]
    starts = [os.path.realpath(path) if os.path.isdir(path) else path for path in named]
    return sorted({normal(os.path.realpath(config.project_root(start))) for start in starts})


def _obstacles(files: Iterable[FileResult]) -> Iterator[str]:
    """What kept rules from running, each obstacle once."""
    for file in files:
        reasons: dict[str, list[str]] = {}
        for rule, each in file.not_run:
            reasons.setdefault(each.reason, []).append(rule)
        for reason, rules in reasons.items():
            yield f"{file.shown}: {reason}: {', '.join(sorted(rules))} did not run"


def _print(result: LintResult, host: Host, args: argparse.Namespace) -> None:
    if args.format == "json":
        from .render import json_report

        sources = {file.source.path: file.source for file in result.files}
        shown = {file.source.path: file.shown for file in result.files}
        pointed = ((file, place.path) for file in result.files for each in file.diagnostics for place in each.related)
        for file, path in pointed:
            if path not in shown:
                shown[path] = path if os.path.isabs(file.shown) else os.path.relpath(path).replace(os.sep, "/")
                if source := host.source_of(path):
                    sources[path] = source
        print(json_report.render(result, shown, sources))
        return
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    lines = text_report.render if args.format == "text" else text_report.concise
    style = Style(colours)
    summary = text_report.summary(result, style) if args.quiet else None
    if args.format == "concise" and not result.files and not args.quiet:
        print(f"envlens: {text_report.summary(result, Style(False))}", file=sys.stderr)
    sys.stdout.writelines(f"{line}\n" for line in lines(result, style) if line != summary)


def _from_stdin(host: Host, args: argparse.Namespace) -> Chosen:
    if not args.stdin_filename:
        raise UsageError("reading standard input needs --stdin-filename")
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    path, shown = normal(args.stdin_filename), args.stdin_filename
    host.name(path)
    chosen = Chosen()
    limit = host.settings_for(path).max_file_size
    chosen.data = sys.stdin.buffer.read(limit + 1)
    if len(chosen.data) > limit:
        chosen.data += sys.stdin.buffer.read() if args.fix else b""
        document = host.oversized(path)
    else:
        source = decode(path, chosen.data)
        host.update(path, source.text)
        document = host.document(path)
        document = document._replace(source=source) if document else None
    if host.is_excluded(path):
        chosen.notes.append(f"{shown}: skipped, an exclude pattern matches it")
    elif document is None:
        chosen.notes.append(f"{shown}: skipped, {NOT_OURS}")
    else:
        chosen.documents.append((shown, document))
    return chosen


def _report(rule: str, error: Exception) -> None:
    if os.environ.get("ENVLENS_STRICT"):
        raise error
    # The type only: an error's text may quote the file, and the file may hold a secret.
    print(f"envlens: rule '{rule}' failed with {type(error).__name__}", file=sys.stderr)
