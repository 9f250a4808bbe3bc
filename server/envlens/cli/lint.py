"""`envlens lint`: checks files and folders, shows or mends what is found."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from ..core.rules import RULES
from ..core.settings import Settings, check_rules, parse_include
from ..core.text.diagnostic import Severity
from ..core.text.source import Source, decode
from ..host import catalogue, config
from ..host.host import Folder, Host, normal
from .errors import UsageError
from .files import Chosen, choose
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
    root = normal(os.path.realpath(config.project_root(paths[0] if paths[0] != "-" else args.stdin_filename or ".")))
    project = config.load_file(args.config) if args.config else config.find(_folder(paths[0], args.stdin_filename))
    if args.config and project.problems:
        raise UsageError("\n".join(project.problems))
    settings = _merged(project.settings, args)
    roots = {root, *(normal(os.path.realpath(config.project_root(path))) for path in paths if path != "-")}
    facts = catalogue.load_facts(args.as_of or date.today())
    host = Host(facts, _report, [Folder(each, settings) for each in sorted(roots)], settings)
    chosen = _from_stdin(host, args) if paths == ["-"] else choose(host, paths, root, settings)
    if chosen.missing:
        raise UsageError(f"{chosen.missing[0]} does not exist")
    files = tuple(FileResult(shown, each.source, *host.judge(each)) for shown, each in chosen.documents)
    result = LintResult(files, (*project.problems, *chosen.notes, *_obstacles(files)))
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
            sys.stdout.write("".join(each.text for each in mended))
            result = fixing.after(host, result, mended)
            return int(result.fails(settings.fail_on) and not args.exit_zero)
        count = fixing.write(mended, [folder.path for folder in host.folders])
        result = fixing.after(host, result, mended)
        if count and not args.quiet:
            print(f"envlens: fixed {count} file{'s' * (count != 1)}", file=sys.stderr)
    _print(result, args)
    return int(result.fails(settings.fail_on) and not args.exit_zero)


def _obstacles(files: Iterable[FileResult]) -> Iterator[str]:
    """What kept rules from running, each obstacle once."""
    for file in files:
        reasons: dict[str, list[str]] = {}
        for rule, each in file.not_run:
            reasons.setdefault(each.reason, []).append(rule)
        for reason, rules in reasons.items():
            yield f"{file.shown}: {reason}: {', '.join(sorted(rules))} did not run"


def _print(result: LintResult, args: argparse.Namespace) -> None:
    if args.format == "json":
        from .render import json_report

        sources = {file.source.path: file.source for file in result.files}
        shown = {file.source.path: file.shown for file in result.files}
        for file in result.files:
            for diagnostic in file.diagnostics:
                for place in diagnostic.related:
                    if place.path not in sources:
                        sources[place.path] = _other(place.path)
                        shown[place.path] = os.path.relpath(place.path).replace(os.sep, "/")
        print(json_report.render(result, shown, sources))
        return
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    lines = text_report.render if args.format == "text" else text_report.concise
    style = Style(colours)
    summary = text_report.summary(result, style) if args.quiet else None
    sys.stdout.writelines(f"{line}\n" for line in lines(result, style) if line != summary)


def _other(path: str) -> Source:
    from ..host import disk

    return decode(path, disk.read(path, None, 5_000_000).data)


def _from_stdin(host: Host, args: argparse.Namespace) -> Chosen:
    if not args.stdin_filename:
        raise UsageError("reading standard input needs --stdin-filename")
    path = normal(args.stdin_filename)
    host.name(path)
    chosen = Chosen()
    limit = host.settings_for(path).max_file_size
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        document = host.oversized(path)
    else:
        source = decode(path, data)
        host.update(path, source.text)
        document = host.document(path)
        document = document._replace(source=source) if document else None
    if document is None:
        chosen.notes.append(f"{args.stdin_filename}: skipped, is neither an environment definition nor a conda file")
    else:
        chosen.documents.append((args.stdin_filename, document))
    return chosen


def _merged(settings: Settings, args: argparse.Namespace) -> Settings:
    known = frozenset(RULES)
    try:
        if args.select:
            settings = settings._replace(select=check_rules(_split(args.select), known))
        if args.ignore:
            settings = settings._replace(ignore=settings.ignore | check_rules(_split(args.ignore), known))
        if args.include:
            settings = settings._replace(include=(*settings.include, *map(parse_include, args.include)))
    except ValueError as error:
        raise UsageError(str(error)) from error
    if args.exclude:
        settings = settings._replace(exclude=(*settings.exclude, *args.exclude))
    if args.fail_on:
        settings = settings._replace(fail_on=Severity.parse(args.fail_on) or settings.fail_on)
    return settings


def _split(values: list[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _folder(path: str, stdin_filename: str | None) -> str:
    path = stdin_filename or "." if path == "-" else path
    return path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))


def _report(rule: str, error: Exception) -> None:
    if os.environ.get("ENVLENS_STRICT"):
        raise error
    # The type only: an error's text may quote the file, and the file may hold a secret.
    print(f"envlens: rule '{rule}' failed with {type(error).__name__}", file=sys.stderr)
