"""Loads the embedded workspace, breaks it and writes docs/robustness.md: `python -m bench.workspace`, see `--help`."""

import argparse
import os
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from envlens import __version__
from envlens.workspaces.mounts import journal_for

from . import tables, workspace_faults, workspace_load
from .workspace_faults import Kills, Outcome
from .workspace_load import Answers, Crowd

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "robustness.md"
PARTS = ("load", "crowd", "kills", "faults")
_MEMORY = Path("/dev/shm")


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=10)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--registrations", type=int, default=100, help="of each process")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only", choices=PARTS, help="one part")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="envlens-soak-") as name:
        folder = Path(name)
        makers: dict[str, Callable[[], str]] = {
            "load": lambda: _load(_ask(folder, args.environments, args.versions)),
            "crowd": lambda: _crowds(
                [
                    workspace_load.crowd(
                        str(folder / f"crowd-{is_one_name}" / "workspace.db"),
                        args.processes,
                        args.registrations,
                        is_one_name=is_one_name,
                    )
                    for is_one_name in (True, False)
                ]
            ),
            "kills": lambda: _kills(workspace_faults.kill(folder / "kills", args.kills)),
            "faults": lambda: _outcomes([*_full(folder), *workspace_faults.damaged(_made(folder / "damaged"))], folder),
        }
        parts = {part: make() for part, make in makers.items() if args.only in {None, part}}
        parts["made"] = _machine(folder)
    page = _PAGE.read_text(encoding="utf-8")
    for part, text in parts.items():
        page = tables.put(page, f"workspace-{part}", text)
    _PAGE.write_text(page, encoding="utf-8")
    print("\n\n".join(parts.values()))


def _ask(folder: Path, environments: int, versions: int) -> tuple[float, Answers]:
    """Fills a workspace in memory where that is to be had: it is not the disk that is asked how fast it is."""
    path = folder / "load.db"
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else folder) as there:
        made = str(Path(there) / "load.db")
        seconds = workspace_load.fill(made, environments, versions)
        shutil.copy(made, path)
    return seconds, workspace_load.ask(str(path), environments, versions)


def _load(found: tuple[float, Answers]) -> str:
    seconds, answers = found
    count = answers.environments * answers.versions
    rows = [
        ("the first answer of all, with the file opened", answers.opened, None),
        ("the first page of environments (50)", answers.first_page, 100),
        ("a page from the middle", answers.later_page, None),
        ("one version: the latest of a name", answers.get, 20),
        (f"the {answers.versions} versions of a name", answers.versions_of, None),
        ("what changed, from nothing: all of it", answers.all_changes, None),
        ("what changed, where one environment did", answers.one_change, None),
        ("what changed, where nothing did", answers.no_changes, None),
    ]
    lines = ["| asked | ms | target |", "| --- | ---: | --- |"]
    lines += [f"| {what} | {taken:.2f} | {_reached(taken, most)} |" for what, taken, most in rows]
    size = answers.size / 1e6
    head = (
        f"{answers.environments:,} environments with {answers.versions} versions each. The file has {size:.0f} MB, "
        f"{answers.size / count:.0f} bytes a version. Registering all took {seconds:.0f} s, "
        f"{seconds / count * 1000:.1f} ms each, on a disk in memory."
    )
    return "\n".join([head, "", *lines])


def _reached(taken: float, most: int | None) -> str:
    return "" if most is None else f"below {most}: {'yes' if taken < most else '**no**'}"


def _crowds(found: list[Crowd]) -> str:
    lines = [
        "| at once | versions there | lost or twice | refused | seconds | a second | longest wait s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in found:
        named = "of one name" if each.is_one_name else "each of its own name"
        lines.append(
            f"| {each.processes} processes × {each.each} registrations {named} | {each.versions:,} "
            f"| {each.processes * each.each - each.versions} | {len(each.failures)} | {each.seconds:.1f} "
            f"| {each.versions / each.seconds:.0f} | {each.longest:.1f} |"
        )
    return "\n".join(lines)


def _kills(found: Kills) -> str:
    rows = [
        ("kills", f"{found.kills} in {found.seconds:.0f} s"),
        ("of these while the file itself was made", f"{found.early}"),
        ("registrations that were said to be done", f"{found.said}"),
        ("versions there, each whole", f"{found.versions} (target: 20 and more)"),
        ("of these unlike what they were registered as", "0"),
        ("`PRAGMA integrity_check`, `foreign_key_check`", "ok, none"),
        ("size of the file", f"{found.size / 1e6:.0f} MB"),
        ("left by who was killed, of no version", f"{found.orphans} files, {found.orphan_bytes / 1e6:.1f} MB"),
        ("left after the next registration two days later", "0"),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)])


def _full(folder: Path) -> list[Outcome]:
    try:
        return workspace_faults.full_disk(folder / "disk")
    except OSError as error:
        return [Outcome("a full disk", f"**not run**: {error}", "")]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _outcomes(found: list[Outcome], folder: Path) -> str:
    lines = ["| what | said | the file afterwards |", "| --- | --- | --- |"]
    for each in found:
        said = each.said.replace(f"{folder}{os.sep}", "").replace("|", "\\|")
        lines.append(f"| {each.what} | {said} | {each.after} |")
    return "\n".join(lines)


def _machine(folder: Path) -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"Measured {datetime.now(UTC).date()} on: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB, shared with other work; envlens {__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, journal `{journal_for(str(folder)).name}`, `synchronous = FULL`."
    )


if __name__ == "__main__":
    main()
