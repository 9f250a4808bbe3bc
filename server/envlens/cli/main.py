"""The command `envlens`: reads the arguments and runs one command, which imports what it needs itself."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from .. import __version__
from .errors import UsageError

if TYPE_CHECKING:
    from ..core.workspace.port import Workspace


def main(argv: list[str] | None = None) -> int:
    """Runs a command. Returns 0 for fine, 1 for findings or "not so", 2 for a failure to work."""
    try:
        args = _arguments(argv)
        code = _run(args)
        if not sys.stdout.closed:  # the server closes it when its client is gone
            sys.stdout.flush()
        return code
    except UsageError as error:
        for line in str(error).splitlines():
            print(f"envlens: {line}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # `envlens … | head`: the reader has enough.
        _discard_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        _discard_output()
        print(f"envlens: {error.filename or 'the output cannot be written'}: {error.strerror}", file=sys.stderr)
        return 2


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = _parser()
    args, rest = parser.parse_known_args(argv)
    # argparse gives up on paths that stand behind an option: `lint a.yml --format json b.yml`.
    if args.command in {"lint", "hash", "register"} and not any(each.startswith("-") for each in rest):
        args.paths += rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return args


def _run(args: argparse.Namespace) -> int:
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - closed by the caller
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    args.open_workspace, args.journal_for = _open_workspace, _journal_for
    module, function = _COMMANDS[args.command]
    run: Callable[[argparse.Namespace], int] = getattr(import_module(f"{__package__}.{module}"), function)
    return run(args)


# A command imports what it needs itself; all others cost nothing.
_COMMANDS = {
    "lint": ("lint", "run"),
    "hash": ("hash", "run"),
    "explain": ("explain", "run"),
    "rules": ("rules", "run"),
    "docs": ("docs", "run"),
    "server": ("server", "run"),
    "register": ("workspace.register", "run"),
    "list": ("workspace.listing", "run_list"),
    "versions": ("workspace.listing", "run_versions"),
    "show": ("workspace.listing", "run_show"),
    "diff": ("workspace.comparing", "run_diff"),
    "history": ("workspace.comparing", "run_history"),
    "download": ("workspace.download", "run"),
    "archive": ("workspace.archiving", "run"),
    "restore": ("workspace.archiving", "run"),
}


def _open_workspace(path: str) -> "Workspace":
    """The embedded workspace at a path. This is the one module that knows what stands behind the port."""
    from ..workspaces.sqlite import open_workspace

    return open_workspace(path, clock=_now)


def _journal_for(path: str) -> tuple[str, str]:
    """The journal that the workspace at a path has, or would have, and why."""
    from ..workspaces.mounts import journal_for

    return journal_for(path)


def _now() -> datetime:
    """The time of what is registered; SOURCE_DATE_EPOCH sets it, as for all that is to come out the same twice."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal() and len(epoch) < _MAX_EPOCH:
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC)


_MAX_EPOCH = 12


def _discard_output() -> None:
    """Points stdout elsewhere, so that the interpreter's exit does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, as every other failure does."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    from . import lint, options
    from .workspace.options import add_commands

    parser = _Parser(
        prog="envlens", description="A linter and language server for Azure Machine Learning environment definitions."
    )
    parser.add_argument("--version", action="version", version=f"envlens {__version__}")
    parser.set_defaults(quiet=False, config=None, workspace=None)
    common = _Parser(add_help=False)
    for each in (parser, common):  # before the command and behind it
        each.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="print findings only")
        each.add_argument(
            "--config", metavar="FILE", default=argparse.SUPPRESS, help="settings from this file, not the project's"
        )
        each.add_argument(
            "--workspace",
            metavar="PATH",
            default=argparse.SUPPRESS,
            help="the embedded workspace: a file or its folder",
        )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    lint.add_arguments(commands.add_parser("lint", parents=[common], help="check files and folders"))
    options.add_hash_arguments(
        commands.add_parser("hash", parents=[common], help="predict which image a definition is, and say why")
    )
    add_commands(commands.add_parser, common)
    explain = commands.add_parser("explain", parents=[common], help="show the page of a rule")
    explain.add_argument("rule", metavar="RULE")
    rules = commands.add_parser("rules", parents=[common], help="list the rules")
    rules.add_argument("--data", action="store_true", help="age and source of the catalogues")
    rules.add_argument("--format", choices=("text", "json"), default="text")
    docs = commands.add_parser("docs", parents=[common], help="write the generated documentation")
    docs.add_argument("--check", action="store_true", help="compare only; exit 1 where it is not current")
    docs.add_argument("--root", default=".", help="the checkout (default: .)")
    server = commands.add_parser("server", parents=[common], help="run the language server on stdio")
    server.add_argument("--stdio", action="store_true", help="the default; accepted for clients that pass it")
    server.add_argument("--tcp", type=int, metavar="PORT", help="listen on this loopback port instead")
    return parser
