"""The options of `envlens lint` and `envlens hash`, and which of them contradict each other."""

import argparse
from datetime import date

from ..core.text.diagnostic import Severity
from .errors import UsageError

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
# What a run does in place of a report, or with it. Of two that stand in one pair only one can be asked for.
_APART = (
    ("add_ignores", "fix"),
    ("add_ignores", "diff"),
    ("update_baseline", "fix"),
    ("update_baseline", "diff"),
    ("update_baseline", "add_ignores"),
    ("watch", "diff"),
    ("watch", "add_ignores"),
    ("watch", "update_baseline"),
    ("watch", "output_file"),
    ("show_settings", "fix"),
    ("show_settings", "diff"),
    ("show_settings", "add_ignores"),
    ("show_settings", "update_baseline"),
    ("show_settings", "watch"),
    ("show_settings", "statistics"),
    ("output_file", "diff"),
    ("statistics", "diff"),
    ("baseline", "diff"),
)
_NOT_FROM_STDIN = ("add_ignores", "update_baseline", "watch")
# With some options only some formats make sense.
_FORMATS = {"watch": ("text", "concise"), "show_settings": ("text", "json"), "statistics": ("text", "json")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the command to its parser."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders (default: .); - reads standard input")
    add("--stdin-filename", metavar="PATH", help="the path that standard input stands for")
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text")
    output.add_argument("--output-file", metavar="FILE", help="write the report there, not to standard output")
    output.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    output.add_argument("--watch", action="store_true", help="check again whenever something changes")
    output.add_argument("--show-settings", action="store_true", help="show the settings that hold, and check nothing")
    what = parser.add_argument_group("what is checked")
    what.add_argument(
        "--select", action="append", metavar="RULE", help="only these rules (comma-separated, repeatable)"
    )
    what.add_argument("--ignore", action="append", metavar="RULE", help="not these rules")
    what.add_argument("--exclude", action="append", metavar="PATTERN", help="not these paths (.gitignore patterns)")
    what.add_argument(
        "--include",
        action="append",
        metavar="[KIND:]PATTERN",
        help="also these paths, of a kind: environment, conda, requirements, dockerfile, job, v1",
    )
    what.add_argument(
        "--against", metavar="git:REVISION", help="say too what changed since that revision and makes another image"
    )
    what.add_argument("--no-cache", action="store_true", help="look at every file, whatever earlier runs found")
    what.add_argument("--as-of", metavar="DATE", type=_date, help="judge as on that day (YYYY-MM-DD)")
    mend = parser.add_argument_group("what is mended")
    mend.add_argument("--fix", action="store_true", help="apply safe fixes")
    mend.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: apply unsafe fixes too")
    mend.add_argument("--diff", action="store_true", help="show what --fix would change, change nothing")
    accept = parser.add_argument_group("what is accepted")
    accept.add_argument("--add-ignores", action="store_true", help="write a comment that silences each finding")
    accept.add_argument("--baseline", metavar="FILE", help="report only findings that this file does not have")
    accept.add_argument("--update-baseline", action="store_true", help="make --baseline FILE say what is found now")
    accept.add_argument(
        "--fail-on", choices=[severity.label for severity in Severity], help="the severity that fails (default: error)"
    )
    accept.add_argument("--exit-zero", action="store_true", help="exit 0 whatever is found")


def add_hash_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `envlens hash` to its parser."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="FILE", help="environment, job and v1 files, or folders (with --find: default .)")
    add("--explain", action="store_true", help="show every input with its digest")
    against = "say what differs from another FILE, from git:REVISION or from a registered NAME[:V]; exit 1 if so"
    add("--against", metavar="WHAT", help=against)
    add("--find", metavar="KEY", help="say which definition an image key, conda key or SDK version is of")
    add("--sdk", metavar="RELEASE", help="SDK versions as that release of azure-ai-ml makes them (MD5 before 1.28)")
    add("--format", choices=("text", "json"), default="text")
    add("--no-cache", action="store_true", help="read every file of a build context, whatever is known of it")
    # What the settings of a run are made of, for which this command has no options.
    nothing = dict.fromkeys(("select", "ignore", "include", "exclude", "fail_on", "stdin_filename"))
    parser.set_defaults(**nothing)


def check(args: argparse.Namespace, paths: list[str]) -> None:
    """Refuses options that contradict each other. Raises UsageError."""
    if "-" in paths and paths != ["-"]:
        raise UsageError("standard input is checked alone: give '-' or paths")
    if args.unsafe_fixes and not (args.fix or args.diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if args.update_baseline and args.baseline is None:
        raise UsageError("--update-baseline needs --baseline FILE")
    for one, other in _APART:
        if _given(args, one) and _given(args, other):
            raise UsageError(f"{_option(one)} does not go with {_option(other)}")
    for name in _NOT_FROM_STDIN:
        if paths == ["-"] and _given(args, name):
            raise UsageError(f"{_option(name)} does not go with standard input")
    for name, formats in _FORMATS.items():
        if _given(args, name) and args.format not in formats:
            raise UsageError(f"{_option(name)} does not go with --format {args.format}: use {' or '.join(formats)}")
    if (args.format != "text" or args.output_file) and (args.diff or (args.fix and paths == ["-"])):
        printed = "diff" if args.diff else "text"
        raise UsageError(f"--format {args.format} has nothing to show here: the {printed} is printed")


def _given(args: argparse.Namespace, name: str) -> bool:
    return getattr(args, name) not in {None, False}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date such as 2026-12-31") from None
