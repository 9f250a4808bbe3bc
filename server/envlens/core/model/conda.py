"""A conda environment specification: a conda file, or the mapping under `conda_file:`."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..syntax import matchspec, requirements
from ..syntax.joined import Joined, whole
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Mapping, Node, Pair, Scalar, Sequence, find, follow, is_template, key_text
from ..syntax.requirements import Requirement
from ..syntax.scalars import kind_of
from ..text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..syntax.requirements_file import Line

CONDA_KEYS = ("name", "channels", "dependencies", "prefix", "variables")


class CondaEntry(NamedTuple):
    """A string in `dependencies`; `spec` is None where not even a name can be read."""

    scalar: Scalar
    spec: MatchSpec | None


class PipEntry(NamedTuple):
    """A line of a string in the `pip:` list; with one of several lines, `scalar` spans the whole string."""

    scalar: Scalar
    requirement: Requirement


class PipBlock(NamedTuple):
    """One `- pip:` mapping. `item` is its span in the list (from `pip`, not from the dash)."""

    item: Span
    entries: tuple[PipEntry, ...]


class CondaSpec(NamedTuple):
    """A conda specification. `is_whole` is false where the YAML is broken: then nothing may be called missing.

    `by_name` are the entries by the name of their package, in the order of the file.
    """

    node: Mapping
    dependencies: Sequence | None
    entries: tuple[CondaEntry, ...]
    pip_blocks: tuple[PipBlock, ...]
    is_whole: bool
    channels: tuple[Scalar, ...]
    by_name: dict[str, list[CondaEntry]]

    def named(self, name: str) -> CondaEntry | None:
        """The first conda dependency of that name."""
        return self.by_name.get(name, (None,))[0]

    def specs_of(self, name: str) -> Iterator[tuple[MatchSpec, Scalar]]:
        """What conda is told of a package, and where."""
        for entry in self.by_name.get(name, ()):
            if entry.spec is not None:
                yield entry.spec, entry.scalar

    @property
    def has_repeats(self) -> bool:
        """Whether a package is named twice, `pip:` lists included: where not, some rules need look no further."""
        if len(self.by_name) < sum(map(len, self.by_name.values())):
            return True
        names = [each.requirement.name for block in self.pip_blocks for each in block.entries]
        return len(set(names)) < len(names) or not self.by_name.keys().isdisjoint(names)

    def is_surely_without(self, *names: str) -> bool:
        """Whether none of these packages is listed, in either part, and nothing is included that could hold one."""
        if not self.is_whole or not self.by_name.keys().isdisjoint(names):
            return False
        if any(entry.spec is None for entry in self.entries):
            return False
        listed = [each.requirement for block in self.pip_blocks for each in block.entries]
        if any(each.name in names or not each.name for each in listed):
            return False  # a path, an address, an option such as `-r`, or what cannot be read
        return self.dependencies is not None and not any(map(_holds_template, self.dependencies.items))

    def option_lines(self) -> Iterator["Line"]:
        """The entries of the `pip:` lists that hold options: pip reads each as a line of a requirements file."""
        for block in self.pip_blocks:
            for entry in block.entries:
                text = entry.scalar.text
                if text.lstrip().startswith("-") or " -" in text:
                    from ..syntax.requirements_file import parse_line  # seldom needed, and it takes time to load

                    line = parse_line(_joined(entry.scalar))
                    if line is not None and (line.options or line.extra or line.wrong):
                        yield line


def _holds_template(node: Node) -> bool:
    target = follow(node)
    if is_template(target):
        return True
    items = target.items if isinstance(target, Sequence) else ()
    values = (pair.value for pair in target.pairs) if isinstance(target, Mapping) else items
    return any(map(_holds_template, values))


def build(node: Mapping, *, is_whole: bool) -> CondaSpec:
    """The specification that a mapping holds. Entries of another shape are left out; rules judge the shape."""
    pair = find(node, "dependencies")
    listed = follow(pair.value) if pair else None
    dependencies = listed if isinstance(listed, Sequence) else None
    entries: list[CondaEntry] = []
    blocks: list[PipBlock] = []
    for item in dependencies.items if dependencies else ():
        if isinstance(item, Scalar):
            if _is_entry(item.text, item.style, item.tag):
                entries.append(CondaEntry(item, matchspec.parse(item.text)))
            continue
        target = follow(item)
        if isinstance(target, Scalar):
            if is_text(target):
                entries.append(CondaEntry(target, matchspec.parse(target.text)))
        elif isinstance(target, Mapping) and not is_template(target):
            blocks.extend(_pip_block(target, pair) for pair in target.pairs if key_text(pair) == "pip")
    by_name: dict[str, list[CondaEntry]] = {}
    for entry in entries:
        if entry.spec is not None:
            by_name.setdefault(entry.spec.name, []).append(entry)
    return CondaSpec(node, dependencies, tuple(entries), tuple(blocks), is_whole, _channels(node), by_name)


def _channels(node: Mapping) -> tuple[Scalar, ...]:
    pair = find(node, "channels")
    listed = follow(pair.value) if pair else None
    items = map(follow, listed.items) if isinstance(listed, Sequence) else ()
    return tuple(each for each in items if isinstance(each, Scalar) and each.text and not each.is_template)


def has_conda_shape(node: Node | None) -> bool:
    """Whether a document looks like a conda file, and like nothing else that has a list of dependencies."""
    if not isinstance(node, Mapping):
        return False
    keys = {key_text(pair) for pair in node.pairs}
    if "dependencies" not in keys:
        return "channels" in keys and keys <= set(CONDA_KEYS) and not _is_empty_channels(node)
    if not keys <= _TOLERATED and "channels" not in keys:
        return False
    if keys & _FOREIGN:
        return False
    if "channels" in keys and keys <= _TOLERATED:
        return True
    pair = find(node, "dependencies")
    value = follow(pair.value) if pair else None
    if not isinstance(value, Sequence):
        return "channels" in keys
    return all(_could_be_dependency(item) for item in value.items)


_TOLERATED = {*CONDA_KEYS, "Name", "Channels", "Dependencies", "platforms", "pip"}
_FOREIGN = {
    "apiVersion",
    "kind",
    "services",
    "jobs",
    "steps",
    "image",
    "build",
    "conda_file",
    "galaxy_info",
    "$schema",
    "type",
}


def _is_empty_channels(node: Mapping) -> bool:
    pair = find(node, "channels")
    return pair is None or not isinstance(follow(pair.value), Sequence)


def _could_be_dependency(item: Node) -> bool:
    target = follow(item)
    if isinstance(target, Mapping):
        # `- numpy: 1.26` is a common slip; several keys in one item are another tool's dependencies.
        return is_template(target) or len(target.pairs) == 1
    return isinstance(target, Scalar)


def _pip_block(item: Mapping, pair: Pair) -> PipBlock:
    value = follow(pair.value)
    if not isinstance(value, Sequence):
        return PipBlock(pair.key.span, ())
    entries: list[PipEntry] = []
    for each in value.items:
        target = follow(each)
        if isinstance(target, Scalar) and _is_entry(target.text, target.style, target.tag):
            if "\n" not in target.text:
                entries.append(PipEntry(target, requirements.parse(target.text)))
            else:
                entries.extend(PipEntry(line, requirements.parse(line.text)) for line in _lines(target))
    return PipBlock(pair.key.span, tuple(entries))


@lru_cache(maxsize=16384)  # an edit leaves nearly all entries as they were
def _is_entry(text: str, style: str, tag: str | None) -> bool:
    """Whether a value names something to install: a text that no template engine fills in."""
    scalar = Scalar(Span(0, 0), text, style, tag, None)
    return bool(text) and not scalar.is_template and is_text(scalar)


def is_text(scalar: Scalar) -> bool:
    """Whether YAML reads a value as a text: a number or a date among packages ends conda's run."""
    return not scalar.is_plain or kind_of(scalar) == "str"


def _lines(scalar: Scalar) -> Iterator[Scalar]:
    """The lines of a string: conda writes the entries one below the other, and pip reads them as lines."""
    for line in scalar.text.split("\n"):
        if line.strip():
            yield scalar._replace(text=line, inner=None)


def _joined(scalar: Scalar) -> Joined:
    if scalar.inner is None:
        return Joined(scalar.text, (), (), scalar.span)
    return whole(scalar.text, scalar.inner)
