"""What stands in a file stays seen while somebody types elsewhere in it: findings and outline, cut by cut."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from envlens.core.features import symbols
from envlens.core.features.symbol import Symbol
from envlens.core.model import document
from envlens.core.model.document import FileKind
from envlens.core.text.source import Source
from envlens.host import catalogue
from envlens.host.host import Host
from fixture_reader import TODAY, raising

# These say that something is missing. Where it was cut off, that is true, and it is said of what stands around it.
OF_WHAT_IS_MISSING = {
    "conda-channels-missing",
    "conda-file-without-image",
    "conda-spec-invalid",
    "docker-option-missing",
    "env-missing-in-command",
    "env-name-missing",
    "inference-route-incomplete",
    "inference-route-missing",
    "missing-key",
    "pip-not-listed",
    "python-version-missing",
    "yaml-syntax-error",
}
SCHEMA = catalogue.environment_schema()
HOST = Host(catalogue.load_facts(TODAY), raising)


class Example(NamedTuple):
    kind: FileKind
    text: str


def _examples() -> Iterator[Example]:
    page = Path(__file__).with_name("half_typed.md").read_text(encoding="utf-8")
    for found in re.finditer(r"^```\w+ (\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield Example(FileKind(found[1]), found[2])


EXAMPLES = list(_examples())


class Seen(NamedTuple):
    """Findings and symbols by the line that they are on; a symbol has its last line, too."""

    findings: frozenset[tuple[int, str, str]]
    outline: frozenset[tuple[int, int, str]]


def see(kind: FileKind, text: str) -> Seen:
    made = document.build(Source("/w/file", text), kind, SCHEMA)
    lines = made.source.lines
    found = {
        (lines.line_of(each.span.start), each.rule, each.message)
        for each in HOST.judge(made).diagnostics
        if each.rule not in OF_WHAT_IS_MISSING
    }

    def outline(level: tuple[Symbol, ...] | list[Symbol]) -> Iterator[tuple[int, int, str]]:
        for each in level:
            first, last = lines.line_of(each.selection.start), lines.line_of(max(each.span.end - 1, each.span.start))
            yield first, last, each.name
            yield from outline(each.children)

    top = symbols.symbols(made)
    # The environment holds the whole file, and with it every damage.
    inner = top[0].children if kind is FileKind.ENVIRONMENT and len(top) == 1 else top
    return Seen(frozenset(found), frozenset(outline(inner)))


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def block(lines: list[str], at: int) -> tuple[int, int]:
    """The damaged block, its end not in it: the line, what is indented below it, the brackets that it stands in."""
    depth, start = 0, at
    for number in range(at, -1, -1):
        line = lines[number] if number < at else ""
        depth += sum(map(line.count, "]}")) - sum(map(line.count, "[{"))
        if depth < 0:
            start, depth = number, 0
    end = at + 1
    width = indentation(lines[at])
    is_item = lines[at].lstrip().startswith("-")
    while end < len(lines):
        deeper = indentation(lines[end]) > width or not lines[end].strip()
        below_key = not is_item and lines[end].lstrip().startswith("-") and indentation(lines[end]) == width
        if not (deeper or below_key):
            break
        end += 1
    return start, end


def holders(whole: Seen, start: int, end: int) -> set[int]:
    """The lines of what holds the damaged block: it is about the block, too."""
    return {first for first, last, _ in whole.outline if first < start and last >= start} | set(range(start, end))


def outside(seen: Seen, held: set[int], start: int, moved: int = 0) -> tuple[object, ...]:
    """What is seen on other lines than those held to be damaged. Lines from `start` on were moved up."""

    def line(number: int) -> int:
        return number + moved if number >= start else number

    findings = {(line(at), rule, message) for at, rule, message in seen.findings if line(at) not in held}
    return findings, {(line(first), name) for first, _, name in seen.outline if line(first) not in held}


def cuts(example: Example) -> Iterator[bool]:
    """For every cut, whether what stands before it is seen as before."""
    whole = see(*example)
    for at in range(len(example.text)):
        text = example.text[:at]
        start, _ = block(text.split("\n"), text.count("\n"))
        held = holders(whole, start, example.text.count("\n") + 1)
        yield outside(see(example.kind, text), held, start) == outside(whole, held, start)


def deletions(example: Example) -> Iterator[bool]:
    """For every line taken out, whether what stands around it is seen as before."""
    whole = see(*example)
    lines = example.text.split("\n")
    for at in range(len(lines) - 1):
        start, end = block(lines, at)
        # What stood below the line belongs to the entry above it now: YAML knows no better.
        held = holders(whole, start, end) | ({start - 1} if end > at + 1 else set())
        text = "\n".join(lines[:at] + lines[at + 1 :])
        yield outside(see(example.kind, text), held, at, 1) == outside(whole, held, len(lines))


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) > 30
    assert sum(len(see(*each).findings) for each in EXAMPLES) > 20, "examples without findings show nothing"


@pytest.mark.parametrize("damage", [cuts, deletions])
def test_what_is_not_damaged_stays(damage: Callable[[Example], Iterator[bool]]) -> None:
    results = [same for example in EXAMPLES for same in damage(example)]
    assert len(results) > 250
    assert sum(results) / len(results) >= 0.95
