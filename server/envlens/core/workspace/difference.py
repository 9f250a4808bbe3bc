"""What differs between two versions, or a version and a definition at hand, and whether it makes another image."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..hashing import difference
from ..hashing.difference import Change, Difference, What
from ..hashing.prediction import Counted, Prediction
from ..hashing.tree import Leaf
from .content import Content
from .definition import counted, predict
from .port import Version


class Side(NamedTuple):
    """One of the two. `counted` is all of it that could count for an image."""

    content: Content
    prediction: Prediction
    counted: Counted


class Comparison(NamedTuple):
    """`image` is the difference that counts for the image; `others` are changes that are registered and count not."""

    image: Difference
    others: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes."""
        return (*self.image.changes, *self.others)


def side(version: Version, leaves: Sequence[Leaf]) -> Side:
    """A registered version."""
    return side_of(version.content, predict(version, leaves), leaves)


def side_of(content: Content, prediction: Prediction, leaves: Sequence[Leaf]) -> Side:
    """A definition that could be registered."""
    return Side(content, prediction, counted(content, leaves))


def compare(before: Side, after: Side) -> Comparison:
    """What differs."""
    found = difference.compare(before.prediction, after.prediction)
    if found.is_same is None:  # what changed can be said all the same
        found = found._replace(changes=tuple(difference.changes(before.counted, after.counted)))
    return Comparison(found, tuple(_others(before, after)))


class Step(NamedTuple):
    """A version in a history, and what changed from the one made before it, `since`; None for the first."""

    version: Version
    since: str | None = None
    comparison: Comparison | None = None


def steps(versions: Sequence[Version], leaves_of: Callable[[Version], Sequence[Leaf]]) -> list[Step]:
    """A history of versions that come the newest first."""
    made: list[Step] = []
    after: Side | None = None
    for at, version in enumerate(versions):
        after = after or side(version, leaves_of(version))
        earlier = versions[at + 1] if at + 1 < len(versions) else None
        if earlier is None:
            made.append(Step(version))
            continue
        before = side(earlier, leaves_of(earlier))
        made.append(Step(version, earlier.version, compare(before, after)))
        after = before
    return made


def _others(before: Side, after: Side) -> Iterator[Change]:
    old, new = before.content, after.content
    names = _conda_name(before.counted), _conda_name(after.counted)
    if names[0] != names[1]:
        yield _change("conda-name", "name in the conda specification", *names)
    if old.os_type != new.os_type:
        yield _change("os-type", "os_type", old.os_type, new.os_type)
    for key in sorted({*old.inference, *new.inference}):
        routes = [each.inference.get(key) for each in (old, new)]
        if routes[0] != routes[1]:
            yield _change(
                "inference-config", key, *(f"{each.path} at {each.port}" if each else None for each in routes)
            )
    places = [each.context.uri if each.context else None for each in (old, new)]
    if places[0] != places[1]:
        yield _change("build-context", "address of the build context", *places)


def _change(part: str, name: str, before: str | None, after: str | None) -> Change:
    what = What.ADDED if before is None else What.REMOVED if after is None else What.CHANGED
    return Change(part, what, name, before, after)


def _conda_name(found: Counted) -> str | None:
    value = found.conda.get("name") if isinstance(found.conda, dict) else None
    return None if value is None else str(value)
