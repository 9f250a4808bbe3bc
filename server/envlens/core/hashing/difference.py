"""What differs between two predictions, input by input, and whether that makes another image."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ..syntax import matchspec, requirements
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import Requirement
from .conda_parts import LISTS, MARKS, CondaParts, split
from .dump import dump
from .order import moved
from .prediction import Counted, Prediction
from .tree import Leaf, Tree


class What(StrEnum):
    """How an input differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Change(NamedTuple):
    """One difference. `part` is as in the inputs; `before` and `after` are None where there is none to show."""

    part: str
    what: What
    name: str
    before: str | None = None
    after: str | None = None

    @property
    def words(self) -> str:
        """The change in few words: `numpy moved`, `pandas 2.1 → 2.2`."""
        if self.what is What.CHANGED and self.before is not None and self.after is not None:
            return f"{self.name} {self.before} → {self.after}"
        return f"{self.name} {self.what}"

    @property
    def full(self) -> str:
        """The same with what came or went behind it."""
        shown = self.after if self.what is What.ADDED else self.before if self.what is What.REMOVED else None
        return f"{self.words} ({shown})" if shown else self.words


class Difference(NamedTuple):
    """Whether two definitions are the same image, None where that cannot be told and `reason` says why."""

    is_same: bool | None
    changes: tuple[Change, ...] = ()
    reason: str | None = None

    @property
    def verdict(self) -> str:
        """The answer in words."""
        if self.is_same is None:
            return f"cannot be told: {self.reason}"
        return "same image" if self.is_same else "another image"


def compare(before: Prediction, after: Prediction) -> Difference:
    """What differs. Names, versions, descriptions and the like never count."""
    if before.counted is None or after.counted is None:
        side = before if before.counted is None else after
        return Difference(None, (), side.unavailable or "a part of it is not known")
    if before.counted.fields() != after.counted.fields():
        return Difference(False, tuple(changes(before.counted, after.counted)))
    if before.formula is not after.formula:  # a v1 client hashes the digest of the base image, too
        return Difference(None, (), before.unavailable or after.unavailable)
    return Difference(True)


def changes(before: Counted, after: Counted) -> Iterable[Change]:
    """The differences, in the order in which inputs are shown."""
    yield from _text("base-image", "base image", before.base_image, after.base_image)
    if before.conda_text != after.conda_text:
        found = list(_conda(split(before.conda), split(after.conda)))
        found = found or list(_empty_lists(before.conda, after.conda))
        yield from found or [Change("conda", What.CHANGED, "the way that the conda specification is written")]
    yield from _text("dockerfile-path", "path of the Dockerfile", before.dockerfile_path, after.dockerfile_path)
    yield from _trees(before.tree, after.tree)
    for part, name, old, new in (
        ("base-dockerfile", "BaseDockerfile", before.base_dockerfile, after.base_dockerfile),
        ("spark", "Spark packages", before.spark, after.spark),
        ("r", "R packages", before.r, after.r),
    ):
        if old != new:
            yield Change(part, _what(old, new), name)
    yield from _text("image-registry", "image registry", before.image_registry, after.image_registry)


def _what(before: object, after: object) -> What:
    return What.ADDED if before is None else What.REMOVED if after is None else What.CHANGED


def _text(part: str, name: str, before: str | None, after: str | None) -> Iterable[Change]:
    if before != after:
        yield Change(part, _what(before, after), name, before, after)


def _conda(before: CondaParts, after: CondaParts) -> Iterable[Change]:
    yield from _lists("channels", before.channels, after.channels)
    yield from _lists("conda-packages", before.packages, after.packages)
    yield from _lists("pip-packages", before.pip, after.pip)
    for key in sorted({*before.rest, *after.rest}, key=str):
        old = dump(before.rest[key]).text if key in before.rest else None
        new = dump(after.rest[key]).text if key in after.rest else None
        if old != new:
            yield Change("conda", _what(old, new), f"'{key}'" if key else "the specification")


def _empty_lists(before: object, after: object) -> Iterable[Change]:
    """Lists that are empty on one side and absent on the other."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in LISTS:
            if (key in before) is not (key in after):
                yield Change("conda", What.ADDED if key in after else What.REMOVED, f"the empty list '{key}'")


class _Item(NamedTuple):
    """An entry of a list: what it is called, the rest of its text (`=2.1` of `pandas=2.1`), and all of it."""

    name: str
    rest: str
    text: str


def _lists(part: str, before: Sequence[object], after: Sequence[object]) -> Iterable[Change]:
    """Entries that came, went, changed or moved. Those that have to be moved least are the ones that moved."""
    old, new = _items(part, before), _items(part, after)
    for key, item in new.items():
        if key not in old:
            yield Change(part, What.ADDED, item.name, None, _version(item.rest) or None)
        elif old[key].text != item.text:
            yield Change(part, What.CHANGED, item.name, *_versions(old[key], item))
    for key, item in old.items():
        if key not in new:
            yield Change(part, What.REMOVED, item.name, _version(item.rest) or None, None)
    common = [key for key in old if key in new]
    places = {key: at for at, key in enumerate(common)}
    for at in moved([places[key] for key in new if key in places]):
        yield Change(part, What.MOVED, new[common[at]].name)


_Key = tuple[str, int]


def _items(part: str, values: Sequence[object]) -> dict[_Key, _Item]:
    """The entries by name; of several with one name the first stands for the first, and so on."""
    found: dict[_Key, _Item] = {}
    times: dict[str, int] = {}
    for value in values:
        key, item = _named(part, value)
        times[key] = times.get(key, 0) + 1
        found[key, times[key]] = item
    return found


def _named(part: str, value: object) -> tuple[str, _Item]:
    """An entry, and the name that tells it from others."""
    if not isinstance(value, str):
        text = dump(value).text
        line = text.removesuffix("\n").removesuffix("\n...").replace("\n", " ")[:_MAX_SHOWN]
        kind = _KINDS.get(type(value))
        return f"{type(value).__name__} {text}", _Item(f"{line} ({kind})" if kind else line, "", text)
    if value in MARKS:
        return value, _Item(value, "", value)
    entry: MatchSpec | Requirement | None = None
    if part == "pip-packages":
        entry = requirements.parse(value)
    elif part == "conda-packages":
        entry = matchspec.parse(value)
    if entry is None or not entry.name:
        return value, _Item(value, "", value)
    start, end = entry.name_span
    if isinstance(entry, Requirement) and value.startswith("[", end):
        end = value.find("]", end) + 1 or end
    return entry.name, _Item(value[start:end], value[:start] + value[end:], value)


_MAX_SHOWN = 80
_KINDS: dict[type, str] = {
    bool: "a truth value",
    int: "a number",
    float: "a number",
    date: "a date",
    type(None): "empty",
}


def _versions(before: _Item, after: _Item) -> tuple[str, str]:
    """Two versions as short as they can be told apart: `2.1` and `2.2`, but `=2.1` and `==2.1`."""
    if before.rest == after.rest:
        return before.text, after.text
    short = _version(before.rest), _version(after.rest)
    if short[0] != short[1] and "" not in short:
        return short
    return before.rest or "any version", after.rest or "any version"


def _version(rest: str) -> str:
    return rest.strip().lstrip("=")


_MAX_FILES = 1_000


def _trees(before: Tree | None, after: Tree | None) -> Iterable[Change]:
    if before is None or after is None or before.merkle == after.merkle:
        if (before is None) is not (after is None):
            yield Change("build-context", _what(before, after), "build context")
        return
    old, new = _leaves(before), _leaves(after)
    paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    for path in paths[:_MAX_FILES]:
        found = old.get(path), new.get(path)
        how = _CHECKED_OUT if found[1] and found[1].digest == before.as_crlf.get(found[1].path) else _mode(*found)
        yield Change("build-context", _what(*found), path, *how)
    if len(paths) > _MAX_FILES:
        yield Change("build-context", What.CHANGED, f"{len(paths) - _MAX_FILES} more files")


# A checkout on Windows does that, and the image is another one for it.
_CHECKED_OUT = ("line ends LF", "CRLF")


def _mode(before: Leaf | None, after: Leaf | None) -> tuple[str | None, str | None]:
    """How a file's mode changed, where nothing else did."""
    if before is None or after is None or before.digest != after.digest:
        return None, None
    return ("executable", "not executable") if before.executable else ("not executable", "executable")


def _leaves(tree: Tree) -> dict[str, Leaf]:
    return {leaf.path.decode("utf-8", "surrogateescape"): leaf for leaf in tree.leaves}
