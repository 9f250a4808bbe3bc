"""The options of the commands that work with registered environments."""

import argparse
from collections.abc import Callable

_Add = Callable[..., argparse.ArgumentParser]
_REFERENCE = "NAME, NAME:VERSION or NAME@latest"


def add_commands(add: _Add, common: argparse.ArgumentParser) -> None:
    """Adds the commands. `add` is `add_parser` of the main parser's commands."""

    def command(name: str, does: str) -> argparse.ArgumentParser:
        made = add(name, parents=[common], help=does)
        made.add_argument("--format", choices=("text", "json"), default="text")
        return made

    one = command("register", "register definitions in the workspace")
    one.add_argument("paths", nargs="+", metavar="FILE", help="environment, job and deployment files")
    one.add_argument("--version", dest="as_version", metavar="VERSION", help="as this version, whatever the file says")
    one.add_argument(
        "--allow-errors", action="store_true", help="in spite of errors that only let the build or a job fail"
    )
    nothing = dict.fromkeys(("select", "ignore", "include", "exclude", "fail_on", "stdin_filename", "sdk"))
    one.set_defaults(no_cache=False, **nothing)
    one = command("list", "list the registered environments")
    one.add_argument("--archived", action="store_true", help="archived ones, too")
    one.add_argument("--all", action="store_true", help="all of them, not the first page")
    one.add_argument("--limit", type=int, default=50, metavar="N", help="how many make a page (default: 50)")
    one.add_argument("--after", default="", metavar="NAME", help="those behind this name")
    one = command("versions", "list the versions of an environment")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--archived", action="store_true", help="archived ones, too")
    command("show", "show a version").add_argument("reference", metavar="NAME[:V]", help=_REFERENCE)
    one = command("diff", "say what differs between two versions, or a version and a file; exit 0 for the same image")
    one.add_argument("before", metavar="A", help=f"{_REFERENCE}, or a file")
    one.add_argument("after", metavar="B", help="likewise")
    one.set_defaults(no_cache=False, **nothing)
    one = command("history", "say what changed from version to version, and whether it made another image")
    one.add_argument("name", metavar="NAME")
    one = command("download", "write a version as files that can be registered again")
    one.add_argument("reference", metavar="NAME[:V]", help=_REFERENCE)
    one.add_argument("folder", nargs="?", metavar="FOLDER", help="a folder to be made (default: NAME-VERSION)")
    for name, does in (("archive", "hide a version, or a whole environment"), ("restore", "show it again")):
        command(name, does).add_argument("reference", metavar="NAME[:V]", help="NAME for all of it, or NAME:VERSION")
