"""Good projects, the mistakes that can be made in them, and whether the rules report these.

A mistake is a small function: a good file → for each place where the mistake can be made, the text with it and the line
(from 0) on which its rule has to report it. `@mistake` puts it on the list; the modules `*_mistakes` hold them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import fixture_reader as reader
from envlens.core.features import settings_file
from envlens.core.rules import RULES, load
from envlens.core.text.diagnostic import Diagnostic, Severity
from envlens.core.text.lines import LineIndex
from envlens.core.text.source import Source
from envlens.host import config

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
# The examples in which nothing is found.
GOOD_EXAMPLES = ("environments/train", "environments/serve", "jobs/train.yml")
NOTHING: Mapping[str, str | bytes | None] = MappingProxyType({})


class Good(NamedTuple):
    """A file of a good project; `kind` is that of the file, or "settings". `folder` holds all its files."""

    project: str
    name: str
    kind: str
    text: str
    folder: Mapping[str, str]


class Place(NamedTuple):
    """A mistake made in one place. `line` is where it is to be reported, in `file`, if that is another one.

    `others`: files beside it that the mistake changes, None to delete. `compared`: with the good file at HEAD.
    """

    text: str | bytes
    line: int
    others: Mapping[str, str | bytes | None] = NOTHING
    file: str = ""
    compared: bool = False
    day: date = reader.TODAY


class Mistake(NamedTuple):
    """A mistake, the rule that has to see it, and the kinds of file in which it is made."""

    rule: str
    name: str
    kinds: frozenset[str]
    make: Callable[[Good], Iterable[Place]]


class Mutant(NamedTuple):
    """A good file with one mistake, and what came of it."""

    mistake: Mistake
    good: Good
    place: Place
    is_caught: bool
    elsewhere: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What was done where, in one line."""
        text = self.place.text
        lines = (text if isinstance(text, str) else text.decode("latin-1")).split("\n")
        line = lines[self.place.line] if self.place.line < len(lines) else ""
        at = f"{self.good.project}: {self.place.file or self.good.name}:{self.place.line + 1}"
        return f"{self.mistake.rule}, {self.mistake.name}: {at}: {line.strip()[:100]}"


MISTAKES: list[Mistake] = []


def mistake(rule: str, kinds: str) -> Callable[[Callable[[Good], Iterable[Place]]], Callable[[Good], Iterable[Place]]]:
    """Puts a function on the list, for a rule and kinds of file. Rules that are not there yet wait for themselves."""

    def put(make: Callable[[Good], Iterable[Place]]) -> Callable[[Good], Iterable[Place]]:
        if rule in RULES:
            MISTAKES.append(Mistake(rule, make.__name__, frozenset(kinds.split()), make))
        return make

    return put


# What mistakes are made with


def swap(good: Good, pattern: str, by: str, *, down: int = 0) -> Iterator[Place]:
    """Each match of a pattern (`^` and `$` are of lines) replaced; reported on its first line, or further down."""
    for found in re.finditer(pattern, good.text, re.MULTILINE):
        yield from replaced(good, found.start(), found.end(), found.expand(by), down=down)


def replaced(good: Good, start: int, end: int, by: str, *, down: int = 0) -> Iterator[Place]:
    """One stretch of the text replaced, where that makes another text."""
    text = good.text[:start] + by + good.text[end:]
    if text != good.text:
        yield Place(text, good.text.count("\n", 0, start) + down)


def line_of(text: str, pattern: str) -> int | None:
    """The first line that a pattern matches in."""
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) if found else None


class Entry(NamedTuple):
    """A package in a list or command, with its place in the text and what stands before it on its line."""

    text: str
    start: int
    end: int
    indent: str = ""


_ITEM = re.compile(
    r"^(?P<indent> *)- +(?P<quote>[\"']?)(?P<item>[^\n]*?)(?P=quote)(?: +#[^\n]*)?$|^ *[\w$]+:", re.MULTILINE
)
_REQUIREMENT = re.compile(r"^[A-Za-z][^\n#]*?(?= +#|$)", re.MULTILINE)
_WORD = re.compile(r"(?<= )[A-Za-z][\w.-]*==[\w.]+(?= |$)|(?<=\")[A-Za-z][\w.-]*==[\w.]+(?=\")")


def listed(good: Good, part: str) -> Iterator[Entry]:
    """The entries of block lists in YAML: of `conda` packages, of `pip`, or of `channels`."""
    now, deep = "", -1
    for found in _ITEM.finditer(good.text):
        item = found["item"]
        if item is None:
            key = found[0].strip()
            now, deep = {"dependencies:": "conda", "channels:": "channels"}.get(key, ""), -1
            continue
        if now == "pip" and len(found["indent"]) <= deep:
            now = "conda"
        if now == part and item != "pip:":
            yield Entry(item, found.start("item"), found.end("item"), found["indent"])
        if item == "pip:" and now == "conda":
            now, deep = "pip", len(found["indent"])


def pip_packages(good: Good) -> Iterator[Entry]:
    """What pip is to install by name and version: in lists for it, in requirements files and in RUN."""
    if good.kind == "dockerfile":
        for line in re.finditer(r"^RUN [^\n]*\bpip3? install [^\n]*$", good.text, re.MULTILINE):
            yield from (
                Entry(found[0], line.start() + found.start(), line.start() + found.end())
                for found in _WORD.finditer(line[0])
            )
        return
    if good.kind == "requirements":
        found = (Entry(each[0], each.start(), each.end()) for each in _REQUIREMENT.finditer(good.text))
    else:
        found = listed(good, "pip")
    yield from (each for each in found if "==" in each.text)


def conda_packages(good: Good) -> Iterator[Entry]:
    """The packages of the conda part but for python and pip."""
    for each in listed(good, "conda"):
        if "=" in each.text and not re.match(r"(python|pip)\b", each.text):
            yield each


def edited(good: Good, entries: Iterable[Entry], pattern: str, by: str) -> Iterator[Place]:
    """Each entry with the first match of a pattern in it replaced."""
    for each in entries:
        yield from replaced(good, each.start, each.end, re.sub(pattern, by, each.text, count=1))


def followed(good: Good, entries: Iterable[Entry], by: Callable[[str], str]) -> Iterator[Place]:
    """A new entry behind each one, as a line of its own."""
    for each in entries:
        end = good.text.find("\n", each.end)
        end = len(good.text) if end < 0 else end
        dash = "" if good.kind == "requirements" else f"{each.indent}- "
        yield from replaced(good, end, end, f"\n{dash}{by(each.text)}", down=1)


# Good projects


@cache
def goods() -> tuple[Good, ...]:
    """All files of all good projects that something can be said of. Projects of the same files count once."""
    found: list[Good] = []
    seen = set()
    for case in _cases():
        key = tuple((each.name, each.text) for each in case.files)
        if key not in seen and case.files:
            seen.add(key)
            found += _files(case)
    return tuple(found)


def _cases() -> Iterator[reader.Case]:
    yield from reader.read(HERE / "good.md")
    for name in sorted(RULES):
        good = load(name).page.partition("## Good\n")[2].partition("\n## Fix safety")[0]
        yield reader.of_page(good, f"Good of {name}")
    top = EXAMPLES / "churn-model"
    paths = [
        path
        for each in GOOD_EXAMPLES
        for path in ((top / each).rglob("*.yml") if (top / each).is_dir() else [top / each])
    ]
    fence = reader.Fence("yaml", (), (), 0, 0)
    files = tuple(reader.Code(path.relative_to(top).as_posix(), path.read_text(), (), fence) for path in sorted(paths))
    yield reader.Case("the example", Path(), 1, files)


LANGUAGES = {"dockerfile": "dockerfile", "requirements": "requirements"}


def _files(case: reader.Case) -> Iterator[Good]:
    folder = {each.name: each.text for each in case.files}
    for each in case.files:
        language = each.fence.language
        if each.name in config.NAMES:
            yield Good(case.title, each.name, "settings", each.text, folder)
        elif language in LANGUAGES:
            yield Good(case.title, each.name, language, each.text, folder)
        elif language == "yaml":
            yield Good(case.title, each.name, _yaml_kind(each.text), each.text, folder)


def _yaml_kind(text: str) -> str:
    if re.search(r"^(channels|dependencies):", text, re.MULTILINE):
        return "conda"
    schema = re.search(r"^\$schema: \S*/(\w+)\.schema", text, re.MULTILINE)
    return "environment" if schema is None or schema[1] == "environment" else "job"


# Judging


def made(mistake: Mistake, folder: Path, known: dict[str, dict[str, list[Diagnostic]]]) -> Iterator[Mutant]:
    """All mutants of a mistake, judged. `known` keeps what is found in the good projects."""
    for good in goods():
        if good.kind not in mistake.kinds:
            continue
        for place in mistake.make(good):
            yield _judged(mistake, good, place, reader.clean(folder) / "demo", known)


def _judged(
    mistake: Mistake, good: Good, place: Place, folder: Path, known: dict[str, dict[str, list[Diagnostic]]]
) -> Mutant:
    files: dict[str, str | bytes | None] = {**good.folder, good.name: place.text, **place.others}
    there = {name: data for name, data in files.items() if data is not None}
    found = judge(good, there, folder, place)
    key = f"{good.project} {place.day}"
    if key not in known:
        known[key] = judge(
            good, good.folder, reader.clean(folder.parent / "good") / "demo", Place("", 0, day=place.day)
        )
    name = place.file or good.name
    lines = LineIndex(_text(there[name]))
    is_caught = any(
        each.rule == mistake.rule and first <= place.line <= last
        for each in found.get(name, ())
        for first, last in [(lines.position(each.span.start)[0], lines.position(each.span.end)[0])]
    )
    # What another file says of this one, as a definition does of its conda file, is no false alarm.
    before = {(each.rule, each.message) for each in known[key].get(name, ())}
    elsewhere = []
    for each in found.get(name, ()):
        line, last = lines.position(each.span.start)[0], lines.position(each.span.end)[0]
        is_here = line <= place.line <= last
        if each.severity is Severity.ERROR and not is_here and (each.rule, each.message) not in before:
            elsewhere.append(f"line {line + 1}: {each.rule}: {each.message}")
    return Mutant(mistake, good, place, is_caught, tuple(elsewhere))


def _text(data: str | bytes) -> str:
    return data if isinstance(data, str) else Source("", data.decode("utf-8", "replace")).text


def judge(good: Good, files: Mapping[str, str | bytes], folder: Path, place: Place) -> dict[str, list[Diagnostic]]:
    """What is found in each file of a folder."""
    data = {name: each.encode() if isinstance(each, str) else each for name, each in files.items()}
    earlier = {name: text.encode() for name, text in good.folder.items()} if place.compared else None
    host = reader.place(data.items(), folder, None, place.day, earlier)
    named = [each.name for each in goods() if each.project == good.project and each.kind in LANGUAGES]
    for name in named:
        if name in data:
            host.name(str(folder.resolve() / name))
    ours = [each.name for each in goods() if each.project == good.project and each.name in data]
    found: dict[str, list[Diagnostic]] = {}
    for name, document in reader.documents(host, folder, [each for each in ours if each not in config.NAMES]).items():
        if document is not None:
            found[name] = list(host.diagnose(document))
    for name in set(ours) & set(config.NAMES):
        found[name] = list(settings_file.diagnose(Source(name, _text(files[name]))))
    return found
