"""Counts the findings in a folder by rule, and draws samples: `python -m bench.findings FOLDER [--sample N]`.

All files of the folder that have the shape or the name of a kind of ours are taken as if each were named.
"""

import argparse
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from envlens.core.model.document import FileKind, classify, kind_by_name, parse_yaml
from envlens.core.text.diagnostic import Diagnostic, Severity
from envlens.core.text.source import Source, decode
from envlens.host import catalogue, disk
from envlens.host.host import Host, normal

_DAY = date(2026, 11, 21)
_SEED = 20261122
_AROUND = 3
_LIMIT = 5_000_000


class Found(NamedTuple):
    """A finding in a file, which is named as it lies in the folder."""

    file: str
    source: Source
    diagnostic: Diagnostic


def main() -> None:
    """Prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N findings of each rule, with their lines")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--rule", help="this rule alone")
    args = parser.parse_args()
    judged = dict(judge(args.folder))
    found = [each for those in judged.values() for each in those if args.rule in {None, each.diagnostic.rule}]
    if args.sample:
        for number, each in enumerate(_samples(found, args.sample, args.seed), 1):
            print(_shown(number, each))
        return
    failing = sum(any(each.diagnostic.severity is Severity.ERROR for each in those) for those in judged.values())
    print(f"{len(judged)} files, {failing} with an error, {len(found)} findings\n")
    print("| rule | severity | findings | files |\n| --- | --- | ---: | ---: |")
    for (rule, severity), count in sorted(Counter(map(_kind, found)).items(), key=lambda each: (-each[1], each[0])):
        files = {each.file for each in found if _kind(each) == (rule, severity)}
        print(f"| `{rule}` | {severity} | {count} | {len(files)} |")


def judge(folder: str) -> Iterator[tuple[str, list[Found]]]:
    """The files of a folder that are ours, with what is found in each."""
    root = normal(os.path.realpath(folder))
    host = Host(catalogue.load_facts(_DAY), _fail, disk.Roots([root]))
    paths = [normal(each) for each in _ours(root)]
    for path in paths:
        host.name(path)
    documents = [document for document in map(host.load, paths) if document is not None]
    for document in documents:
        shown = os.path.relpath(document.path, root)
        yield shown, [Found(shown, document.source, each) for each in host.diagnose(document)]


def _ours(root: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if each != ".git")
        for name in sorted(names):
            path = os.path.join(folder, name)
            if kind_by_name(path) is not None or (name.endswith((".yml", ".yaml")) and _has_shape(path)):
                yield path


def _has_shape(path: str) -> bool:
    found = disk.read(path, None, _LIMIT)
    # MLflow's own lists of packages look like conda files and are none.
    return os.path.basename(path) != "python_env.yaml" and isinstance(
        classify(parse_yaml(decode(path, found.data))), FileKind
    )


def _samples(found: list[Found], count: int, seed: int) -> Iterator[Found]:
    for rule in sorted({each.diagnostic.rule for each in found}):
        those = [each for each in found if each.diagnostic.rule == rule]
        yield from random.Random(f"{seed}:{rule}").sample(those, min(count, len(those)))


def _shown(number: int, found: Found) -> str:
    file, source, each = found
    lines = source.text.splitlines()
    line, column = source.lines.position(each.span.start)
    first = max(line - _AROUND, 0)
    body = "\n".join(
        f"{'>' if at == line else ' '} {at + 1:4} {text}"
        for at, text in enumerate(lines[first : line + _AROUND + 1], first)
    )
    fixes = "".join(f"\nfix: {fix.title}" for fix in each.fixes)
    head = f"{file}:{line + 1}:{column + 1}: {each.severity.label}[{each.rule}] {each.message}"
    return f"## {number}\n{head}{fixes}\n{body}\n"


def _kind(found: Found) -> tuple[str, str]:
    return found.diagnostic.rule, found.diagnostic.severity.label


def _fail(rule: str, error: Exception) -> None:
    raise RuntimeError(rule) from error


if __name__ == "__main__":
    main()
