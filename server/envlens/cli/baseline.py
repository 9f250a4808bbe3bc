"""A baseline: findings that are known and accepted, so that only new ones are reported.

A finding is known by its file, its rule and a fingerprint of the text that it is about, with a count: so it survives
that lines move. The file is JSON, one entry a line, sorted, with paths from its own folder, so that its diffs can be
read and two branches can be merged.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..core.rules import RULES
from ..core.text.diagnostic import Diagnostic
from ..host import disk
from . import output
from .errors import UsageError
from .fingerprints import fingerprint
from .render.result import FileResult, LintResult

_VERSION = 1
_LIMIT = 100_000_000
Key = tuple[str, str, str]  # path, rule, fingerprint
Judged = Callable[[FileResult, str], bool]  # whether a rule had its say on a file


class Baseline(NamedTuple):
    """The known findings. `path` is where they are kept."""

    path: str
    known: Counter[Key]


def load(path: str, *, may_be_missing: bool) -> Baseline:
    """A baseline file. Raises UsageError for one that cannot be read or is no baseline."""
    if may_be_missing and not os.path.lexists(path):
        return Baseline(path, Counter())
    found = disk.read(path, None, _LIMIT)
    if found.state != "present":
        raise UsageError(f"{path}: cannot be read ({found.state}); --update-baseline writes one")
    try:
        table = json.loads(found.data)
        if table["version"] != _VERSION:
            raise UsageError(f"{path}: version {table['version']!r} is not known: another envlens wrote it")
        return Baseline(path, Counter(dict(_entries(table["findings"]))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path}: not a baseline that --update-baseline wrote") from error


def _entries(findings: Any) -> Iterable[tuple[Key, int]]:
    for path, rules in findings.items():
        for rule, texts in rules.items():
            for text, count in texts.items():
                if not isinstance(count, int) or count < 1:
                    raise ValueError(count)
                yield (path, rule, text), count


def apply(baseline: Baseline, result: LintResult, judged: Judged) -> LintResult:
    """The result without what is known; what the baseline holds and is there no more becomes a note."""
    left = baseline.known.copy()
    files = []
    held = 0
    for file in result.files:
        new: list[Diagnostic] = []
        for each in file.diagnostics:
            key = _key(baseline, file, each)
            if left[key]:
                left[key] -= 1
                held += 1
            else:
                new.append(each)
        files.append(file._replace(diagnostics=tuple(new)))
    gone = sum((left - _unjudged(baseline, result, judged)).values())
    notes = result.notes
    if gone:
        is_are, them = ("is", "it") if gone == 1 else ("are", "them")
        notes = (
            *notes,
            f"{baseline.path}: {gone} finding{'s' * (gone != 1)} {is_are} there no more: "
            f"--update-baseline takes {them} out",
        )
    return result._replace(files=tuple(files), notes=notes, known=held)


def update(baseline: Baseline, result: LintResult, judged: Judged) -> Baseline:
    """The findings as they are now. What this run did not look at stays as it was."""
    found = Counter(_key(baseline, file, each) for file in result.files for each in file.diagnostics)
    return Baseline(baseline.path, found | _unjudged(baseline, result, judged))


def save(baseline: Baseline) -> bool:
    """Writes the file, as a whole or not at all; whether it had to. Raises UsageError where it cannot be written."""
    findings: dict[str, dict[str, dict[str, int]]] = {}
    for (path, rule, text), count in sorted(baseline.known.items()):
        if count:
            findings.setdefault(path, {}).setdefault(rule, {})[text] = count
    table = {"version": _VERSION, "findings": findings}
    data = (json.dumps(table, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    try:
        if os.path.exists(baseline.path) and disk.read(baseline.path, None, _LIMIT).data == data:
            return False
        output.write(baseline.path, data)
    except OSError as error:
        raise UsageError(f"{baseline.path} cannot be written: {error.strerror}") from error
    return True


def _key(baseline: Baseline, file: FileResult, each: Diagnostic) -> Key:
    return _relative(file.source.path, baseline), each.rule, fingerprint(file.source, each)


def _relative(path: str, baseline: Baseline) -> str:
    folder = os.path.realpath(os.path.dirname(baseline.path) or ".")
    real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    try:
        return os.path.relpath(real, folder).replace(os.sep, "/").encode("utf-8", "replace").decode()
    except ValueError:  # another drive
        return path


def _unjudged(baseline: Baseline, result: LintResult, judged: Judged) -> Counter[Key]:
    """What the baseline has of files and rules that this run says nothing about."""
    checked = {_relative(file.source.path, baseline): file for file in result.files}
    folder = os.path.realpath(os.path.dirname(baseline.path) or ".")
    kept: Counter[Key] = Counter()
    for key, count in baseline.known.items():
        path, rule, _ = key
        file = checked.get(path)
        is_there = rule in RULES and (os.path.lexists(os.path.join(folder, path)) if file is None else True)
        if is_there and (file is None or not judged(file, rule)):
            kept[key] = count
    return kept
