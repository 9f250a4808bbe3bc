"""Reads and rewrites the Markdown fixtures of tests/rules, and runs them through the real host on a real folder.

A fixture is a Markdown file; each `## heading` is one test. Its fences:

    ```yaml environment.yml             a file of the test's folder; several make a workspace
    ```dockerfile Dockerfile            a file that is named, as on the command line; also ```requirements
    ```settings                         the settings that hold in the folder, as TOML
    ```yaml environment.yml earlier     the file as it stood at HEAD; files without one stood there as they are now. An
                                        empty one: the file was not there
    ```registered                       what the workspace has: lines `NAME:VERSION`, in the order in which they were
                                        made, or `NAME`, each with ` archived` behind it if need be
    ```day                              the day on which the files are judged, if another one than 2026-11-21
    ```yaml environment.yml fixed       the file after `--fix --unsafe-fixes`
    ```yaml environment.yml fixed safe  the file after `--fix`

Expectations stand in caret lines below the code line that they are about, several under one line if need be. They are
taken out before the file is written. Columns count code points from 0, and a caret line has no prefix of its own, so
the carets of a span at column 0 begin at column 0:

    name: 2024
          ^^^^ error[env-name-not-string] "is a number"          the span of four characters above
    |   error[rule] "…"                                          a span of no width, at the bar
    ^>+2:7 error[rule] "…"                                       from the caret to column 7 two lines further down
    |+1:0 error[rule] "…"                                        no width, one line further down, at column 0

The words in quotes are a part of the message; the quotes end at the last one of the line. A caret line above all code
is about the first line: so an empty file can have expectations. Found and expected must match one to one.
"""

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

from bench.fix_checks import mend

from envlens.core import settings as settings_module
from envlens.core.features import settings_file
from envlens.core.hashing.earlier import Earlier
from envlens.core.hashing.tree import Tree
from envlens.core.index import predictions
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import Document
from envlens.core.model.registered import Registered, RegisteredVersion
from envlens.core.rules import RULES, load
from envlens.core.settings import Settings
from envlens.core.text.diagnostic import Diagnostic
from envlens.core.text.lines import LineIndex
from envlens.core.text.source import Source
from envlens.host import catalogue, config
from envlens.host.host import Base, Host
from envlens.host.registered import RegisteredNames
from envlens.host.trees import OURS, look

TODAY = date(2026, 11, 21)
_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>[\w-]+)(?:[ \t]+(?P<words>[^`]*))?$")
_CARETS = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<carets>\^+)(?:>\+(?P<down>\d+):(?P<column>\d+))?|\|(?:\+(?P<below>\d+):(?P<at>\d+))?)"
    r"[ \t]+(?P<severity>error|warning|info)\[(?P<rule>[a-z0-9-]+)\][ \t]+\"(?P<message>.*)\"[ \t]*$"
)


@dataclass(frozen=True)
class Expectation:
    """One caret line: first and last position as (line, column), both from 0."""

    start: tuple[int, int]
    end: tuple[int, int]
    severity: str
    rule: str
    message: str

    def covers(self, other: "Expectation") -> bool:
        """Whether a finding, given as an expectation of its whole message, is what is expected here."""
        same = (self.start, self.end, self.severity, self.rule) == (other.start, other.end, other.severity, other.rule)
        return same and self.message in other.message


@dataclass(frozen=True)
class Fence:
    """A fenced block; `first` and `last` are the lines of its content in the Markdown file, `last` exclusive."""

    language: str
    words: tuple[str, ...]
    lines: tuple[str, ...]
    first: int
    last: int

    @property
    def text(self) -> str:
        """The content as a file holds it."""
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True)
class Code:
    """A file of a test: its text without caret lines, and what they expect."""

    name: str
    text: str
    expected: tuple[Expectation, ...]
    fence: Fence


@dataclass(frozen=True)
class Case:
    """One `##` of a fixture."""

    title: str
    path: Path
    line: int
    files: tuple[Code, ...]
    fixed: tuple[tuple[str, bool, Fence], ...] = ()  # file, safe only, block
    settings: Settings = field(default_factory=Settings)
    today: date = TODAY
    earlier: tuple[tuple[str, Fence], ...] = ()
    registered: tuple[Registered, ...] = ()


def fences(lines: Sequence[str], first: int = 0) -> list[Fence]:
    """The fenced blocks among lines, which begin at line `first` of their file. Raises ValueError for an open one."""
    found: list[Fence] = []
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        end = at + 1
        while end < len(lines) and lines[end].rstrip() != opening["ticks"]:
            end += 1
        if end == len(lines):
            raise ValueError(f"line {first + at + 1}: the fence is never closed")
        words = tuple((opening["words"] or "").split())
        found.append(Fence(opening["language"], words, tuple(lines[at + 1 : end]), first + at + 1, first + end))
        at = end + 1
    return found


def read(path: Path) -> list[Case]:
    """The tests of a fixture file."""
    return parse(path.read_text(encoding="utf-8"), path)


def parse(text: str, path: Path) -> list[Case]:
    """The tests in a fixture's text. Raises ValueError for what the docstring above does not describe."""
    lines = text.split("\n")
    headings = [at for at in _outside_fences(lines) if lines[at].startswith("## ")]
    cases = []
    for number, at in enumerate(headings):
        end = headings[number + 1] if number + 1 < len(headings) else len(lines)
        cases.append(_case(lines[at][3:].strip(), path, at + 1, fences(lines[at + 1 : end], at + 1)))
    titles = Counter(case.title for case in cases)
    doubled = [title for title, count in titles.items() if count > 1]
    if doubled:
        raise ValueError(f"{path.name}: two tests are called '{doubled[0]}'")
    return cases


def _outside_fences(lines: Sequence[str]) -> Iterable[int]:
    inside = ""
    for at, line in enumerate(lines):
        if inside:
            inside = "" if line.rstrip() == inside else inside
            continue
        opening = _FENCE.match(line)
        inside = opening["ticks"] if opening else ""
        if not inside:
            yield at


def _case(title: str, path: Path, line: int, blocks: list[Fence]) -> Case:
    files: list[Code] = []
    fixed: list[tuple[str, bool, Fence]] = []
    earlier: list[tuple[str, Fence]] = []
    settings, today = Settings(), TODAY
    for block in blocks:
        match block.words:
            case () if block.language == "registered":
                pass
            case () if block.language == "day":
                today = date.fromisoformat(block.text.strip())
            case () if block.language == "settings":
                settings, problems = settings_module.parse(tomllib.loads(block.text), frozenset(RULES))
                if problems:
                    raise ValueError(f"{path.name}, '{title}': {problems[0].message}")
            case (name,):
                files.append(code(name, block))
            case (name, "earlier"):
                earlier.append((name, block))
            case (name, "fixed"):
                fixed.append((name, False, block))
            case (name, "fixed", "safe"):
                fixed.append((name, True, block))
            case _:
                raise ValueError(f"{path.name}:{block.first}: not 'FILE', 'FILE earlier' or 'FILE fixed [safe]'")
    if not files:
        raise ValueError(f"{path.name}, '{title}': no file")
    return Case(title, path, line, tuple(files), tuple(fixed), settings, today, tuple(earlier), registered(blocks))


def registered(blocks: Iterable[Fence]) -> tuple[Registered, ...]:
    """What the workspace has by the fences about it."""
    found: dict[str, Registered] = {}
    for line in (line for block in blocks if block.language == "registered" for line in block.lines):
        words = line.split()
        name, _, version = words[0].partition(":")
        is_archived = words[1:] == ["archived"]
        if words[1:] and not is_archived:
            raise ValueError(f"'{line}' is not 'NAME[:VERSION] [archived]'")
        old = found.get(name, Registered(name))
        content = sha256(words[0].encode()).hexdigest()
        made = RegisteredVersion(version, content, content[:32], is_archived)
        found[name] = old._replace(versions=(*old.versions, made)) if version else old._replace(is_archived=is_archived)
    return tuple(found.values())


def code(name: str, block: Fence) -> Code:
    """A file of a test: the block without its caret lines."""
    kept: list[str] = []
    expected: list[Expectation] = []
    for line in block.lines:
        found = _CARETS.match(line)
        if found is None:
            kept.append(line)
            continue
        row, column = max(len(kept) - 1, 0), len(found["indent"])
        start, end = (row, column), (row, column + len(found["carets"] or ""))
        if found["down"]:
            end = (row + int(found["down"]), int(found["column"]))
        if found["below"]:
            start = end = (row + int(found["below"]), int(found["at"]))
        expected.append(Expectation(start, end, found["severity"], found["rule"], found["message"]))
    return Code(name, "".join(f"{line}\n" for line in kept), tuple(expected), block)


def of_page(section: str, title: str = "", path: Path = Path()) -> Case:
    """The files that the fences in a section of a rule's page make, and what they were earlier."""
    found = fences(section.split("\n"))
    earlier = tuple((each.words[0], each) for each in found if each.words[1:] == ("earlier",))
    files = tuple(code(each.words[0], each) for each in found if len(each.words) == 1)
    return Case(title, path, 1, files, earlier=earlier, registered=registered(found))


def cases(fixtures: Path) -> list[Case]:
    """All tests in a folder of fixtures, and the Bad of all pages as one test each."""
    found = [case for path in sorted(fixtures.glob("*.md")) for case in read(path)]
    for name in RULES:
        bad = load(name).page.partition("## Bad\n")[2].partition("\n## Good")[0]
        case = of_page(bad, f"page of {name}", Path(f"{name}.page"))
        found += [case] if case.files else []
    return found


# Running


class HostWithContexts(Host):
    """A host that knows the build contexts of its folder."""

    def snapshot(self, document: Document) -> Snapshot:
        """The world of a document with its build contexts."""
        return super().snapshot(document)._replace(trees=trees_of(document))


def trees_of(document: Document) -> dict[str, Tree]:
    """The build contexts that a document draws on."""
    return {folder: look(folder, None, wanted=OURS).tree for folder in predictions.folders(document)}


def place(
    files: Iterable[tuple[str, bytes]],
    folder: Path,
    settings: Settings | None = None,
    today: date = TODAY,
    earlier: Mapping[str, bytes] | None = None,
    registered: Iterable[Registered] = (),
) -> Host:
    """Writes files to a folder and gives a host that may read it, on the day that all fixtures are judged on.

    `earlier` is what some of the files were at HEAD; without it nothing is compared. `registered` is in the workspace.
    """
    files = dict(files)
    root = str(write(files, folder).resolve())
    base = Base(root, settings or Settings())
    host = HostWithContexts(catalogue.load_facts(today), raising, [root], lambda _: base)
    host.registered = RegisteredNames(lambda: registered)
    if earlier:
        there = {name: data for name, data in {**files, **earlier}.items() if data}
        before = place(there.items(), folder.with_name(f"{folder.name}-earlier"), settings)
        documents(before, Path(before.roots[0]), there)
        host.earlier_of = partial(_look_back, before)
    return host


def _look_back(before: Host, document: Document) -> Earlier:
    """What stood in a document's file, in the folder of that host."""
    folder = before.roots[0].removesuffix("-earlier")
    path = before.roots[0] + document.path.removeprefix(folder)
    old = before.load(path)
    return Earlier("HEAD", old, predictions.predict(before.snapshot(old), old) if old else ())


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Writes files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def raising(rule: str, error: Exception) -> None:
    """The report of a strict run: a rule that fails fails the test."""
    raise AssertionError(f"rule '{rule}' failed") from error


def documents(host: Host, folder: Path, names: Iterable[str]) -> dict[str, Document | None]:
    """The documents of files by name, None where not ours. Read twice: definitions make conda files ours."""
    names = list(names)
    for _ in range(2):
        found = {name: host.load(str(folder.resolve() / name)) for name in names}
    return found


def name_plain(host: Host, folder: Path, files: Iterable[Code]) -> None:
    """Names the Dockerfiles and requirements files, as the command line does, so that they are ours by themselves."""
    for each in files:
        if each.fence.language in {"dockerfile", "requirements"}:
            host.name(str(folder.resolve() / each.name))


def findings(document: Document, diagnostics: Iterable[Diagnostic]) -> list[Expectation]:
    """Diagnostics in the form of the fixtures, with the whole message."""
    return as_expectations(diagnostics, document.source.lines)


def settings_findings(file: Code) -> list[Expectation]:
    """What is wrong in a settings file."""
    source = Source(file.name, file.text)
    return as_expectations(settings_file.diagnose(source), source.lines)


def as_expectations(diagnostics: Iterable[Diagnostic], lines: LineIndex) -> list[Expectation]:
    """Diagnostics in the form of the fixtures, with the whole message."""
    return [
        Expectation(lines.position(d.span.start), lines.position(d.span.end), d.severity.label, d.rule, d.message)
        for d in diagnostics
    ]


def run(case: Case, folder: Path) -> tuple[dict[str, list[Expectation]], dict[tuple[str, bool], str]]:
    """What is found in each file of a test, and each file that has a `fixed` block after its fixes."""
    files = ((each.name, each.text.encode()) for each in case.files)
    earlier = {name: block.text.encode() for name, block in case.earlier}
    host = place(files, folder, case.settings, case.today, earlier, case.registered)
    name_plain(host, folder, case.files)
    held = documents(host, folder, (each.name for each in case.files))
    found: dict[str, list[Expectation]] = {}
    mended: dict[tuple[str, bool], str] = {}
    for each in case.files:
        document = held[each.name]
        if each.name in config.NAMES:
            found[each.name] = settings_findings(each)
            continue
        diagnostics = host.diagnose(document) if document else ()
        found[each.name] = findings(document, diagnostics) if document else []
        for name, safe, _ in case.fixed:
            if name == each.name:
                mended[name, safe] = mend(host, document, diagnostics, unsafe=not safe) if document else each.text
    return found, mended


def clean(folder: Path) -> Path:
    """The folder, emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# Comparing


def differences(expected: Sequence[Expectation], found: Sequence[Expectation]) -> list[str]:
    """One line for each expectation that nothing meets and each finding that nobody expects."""
    left = list(found)
    missing: list[Expectation] = []
    for each in expected:
        met = next((other for other in left if each.covers(other)), None)
        if met is None:
            missing.append(each)
        else:
            left.remove(met)
    return [f"expected, not found: {show(each)}" for each in missing] + [
        f"found, not expected: {show(e)}" for e in left
    ]


def show(each: Expectation) -> str:
    """An expectation in words."""
    (line, column), (last, end) = each.start, each.end
    return f'{line + 1}:{column} to {last + 1}:{end} {each.severity}[{each.rule}] "{each.message}"'


# Rewriting


def rewrite(path: Path, results: dict[str, tuple[dict[str, list[Expectation]], dict[tuple[str, bool], str]]]) -> bool:
    """Puts what was found into a fixture file in place of what it expects; whether that changed it."""
    old = path.read_text(encoding="utf-8")
    lines = old.split("\n")
    changes: list[tuple[Fence, list[str]]] = []
    for case in parse(old, path):
        if case.title not in results:
            continue
        found, mended = results[case.title]
        changes += [(each.fence, _annotated(each, found[each.name])) for each in case.files]
        changes += [(block, mended[name, safe].removesuffix("\n").split("\n")) for name, safe, block in case.fixed]
    for block, content in sorted(changes, key=lambda change: -change[0].first):
        lines[block.first : block.last] = content
    new = "\n".join(lines)
    if new != old:
        path.write_text(new, encoding="utf-8")
    return new != old


def _annotated(file: Code, found: Sequence[Expectation]) -> list[str]:
    """The lines of a file with a caret line for each finding; a message part that still fits is kept."""
    rows = file.text.split("\n")[:-1]
    below: dict[int, list[str]] = {}
    for each in found:
        kept = next((old for old in file.expected if old.covers(each)), None)
        row = min(each.start[0], max(len(rows) - 1, 0))
        below.setdefault(row, []).append(_caret_line(replace(each, message=kept.message) if kept else each, row))
    out = below.get(0, []) if not rows else []
    for row, line in enumerate(rows):
        out += [line, *below.get(row, ())]
    return out


def _caret_line(each: Expectation, row: int) -> str:
    (line, column), (last, end) = each.start, each.end
    if line != row:
        if (line, column) != (last, end):
            raise ValueError(f"a span behind the last line cannot be written: {show(each)}")
        mark = f"|+{line - row}:{column}"
    elif (line, column) == (last, end):
        mark = " " * column + "|"
    elif line == last:
        mark = " " * column + "^" * (end - column)
    else:
        mark = f"{' ' * column}^>+{last - line}:{end}"
    return f'{mark} {each.severity}[{each.rule}] "{each.message}"'
