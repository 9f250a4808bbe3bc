"""Tries every fix that is offered in a copy of a folder, and counts: `python -m bench.fixes FOLDER [--list]`.

Each fix alone, then all safe and all unsafe ones together: the finding must be gone, no new error may stand in the
file, it must be read as before, a second time must change nothing, and comments, quotes and line ends must stay.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from envlens.core.model.document import FileKind
from envlens.core.settings import Include, Settings
from envlens.host import catalogue, disk
from envlens.host.host import Base, Host, normal

from .fix_checks import Opened, wrongs, wrongs_of_all

# Nothing else says of these that they belong to a definition.
_INCLUDE = (
    Include("**/*requirements*.txt", FileKind.REQUIREMENTS),
    Include("**/Dockerfile*", FileKind.DOCKERFILE),
    Include("**/*.Dockerfile", FileKind.DOCKERFILE),
    Include("**/*.dockerfile", FileKind.DOCKERFILE),
)


class Tried(NamedTuple):
    """A fix that was tried, or all of a file together: the rule, what it says of itself, what was wrong."""

    rule: str
    title: str
    where: str
    wrong: tuple[str, ...]


def main() -> None:
    """Counts and prints Markdown; ends with 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--list", action="store_true", help="each fix")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as copy:
        top = Path(copy).resolve() / "folder"
        shutil.copytree(args.folder, top, symlinks=True)
        files, tried = try_all(top)
    if args.list:
        for each in tried:
            print(f"{each.where}\t{each.rule}\t{each.title}\t{'; '.join(each.wrong) or 'right'}")
    single = [each for each in tried if each.rule]
    kinds = Counter(str(file.document.kind) for file in files)
    print(_table("files", kinds))
    print(_table("findings", Counter(found.rule for file in files for found in file.diagnostics)))
    print(_table("fixes tried", Counter(each.rule for each in single)))
    print(f"All fixes of a file together: {len(tried) - len(single)} times.\n")
    wrong = [each for each in tried if each.wrong]
    print(f"Wrong: {len(wrong)}")
    for each in wrong:
        print(f"- {each.where}: {each.rule} '{each.title}' {'; '.join(each.wrong)}")
    sys.exit(bool(wrong))


def try_all(top: Path) -> tuple[list[Opened], list[Tried]]:
    """All files of a folder that are ours, and all their fixes tried. The files are as they were afterwards."""
    root = normal(str(top))
    base = Base(root, Settings(include=_INCLUDE))
    host = Host(catalogue.load_facts(date(2026, 11, 21)), _raise, [root], lambda _: base)
    paths = [normal(each) for each in disk.walk(str(top), None, host.is_included, host.folders)]
    for path in paths:
        host.name(path)  # a conda file of any name is then ours
    for path in paths:
        host.load(path)
    files = []
    for path in sorted(paths):
        document = host.load(path)  # once more: a definition makes ours what it draws on
        if document is not None:
            files.append(Opened(host, os.path.relpath(path, top), document, host.diagnose(document)))
    return files, [each for file in files for each in _tried(file)]


def _tried(file: Opened) -> Iterator[Tried]:
    for diagnostic in file.diagnostics:
        line = file.document.source.lines.position(diagnostic.span.start)[0] + 1
        for fix in diagnostic.fixes:
            yield Tried(diagnostic.rule, fix.title, f"{file.name}:{line}", tuple(wrongs(file, diagnostic, fix)))
    if not any(diagnostic.fixes for diagnostic in file.diagnostics):
        return
    path = Path(file.document.path)
    data = path.read_bytes()
    for unsafe in (False, True):
        wrong = wrongs_of_all(file, unsafe=unsafe)
        path.write_bytes(data)
        file.host.changed_on_disk(file.document.path)
        yield Tried("", "all unsafe fixes" if unsafe else "all safe fixes", file.name, tuple(wrong))


def _raise(rule: str, error: Exception) -> None:
    raise AssertionError(f"rule '{rule}' failed") from error


def _table(title: str, counts: Counter[str]) -> str:
    rows = [f"| {name} | {count} |" for name, count in counts.most_common()]
    return "\n".join([f"| {title} | |", "| --- | ---: |", *rows, f"| total | {counts.total()} |", ""])


if __name__ == "__main__":
    main()
