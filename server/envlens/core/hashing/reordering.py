"""Whether two conda specifications hold the same entries, in another order."""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from typing import NamedTuple

from .conda_parts import CondaParts, split
from .dump import dump
from .order import moved


class Reordered(NamedTuple):
    """A list in another order. `part` is as in the inputs; `values` are its entries as they stand now.

    `places` says for each entry of the earlier list at which place it stands now, `moved` at which places those stand
    that explain the new order, the fewest there can be.
    """

    part: str
    values: Sequence[str]
    places: tuple[int, ...]
    moved: tuple[int, ...]


def reordered(before: object, now: object) -> tuple[Reordered, ...]:
    """The lists of two specifications that are in another order.

    None where anything else differs too, or where an entry is no text.
    """
    old, new = split(before), split(now)
    lists = [
        (part, one, two)
        for part, one, two in (
            ("channels", old.channels, new.channels),
            ("conda-packages", old.packages, new.packages),
            ("pip-packages", old.pip, new.pip),
        )
        if one != two
    ]
    if not all(_same_texts(one, two) for _, one, two in lists) or not lists or not _same_rest(old, new):
        return ()
    return tuple(_reordered(part, list(map(str, one)), list(map(str, two))) for part, one, two in lists)


def _same_texts(one: Sequence[object], two: Sequence[object]) -> bool:
    if len(one) != len(two) or not all(isinstance(each, str) for each in (*one, *two)):
        return False
    return Counter(one) == Counter(two)


def _same_rest(old: CondaParts, new: CondaParts) -> bool:
    return dump(old.rest).text == dump(new.rest).text


def _reordered(part: str, old: Sequence[str], new: Sequence[str]) -> Reordered:
    standing: dict[str, deque[int]] = defaultdict(deque)
    for at, value in enumerate(new):
        standing[value].append(at)
    places = tuple(standing[value].popleft() for value in old)
    was = {place: number for number, place in enumerate(places)}
    return Reordered(
        part, new, places, tuple(sorted(places[number] for number in moved([was[at] for at in range(len(new))])))
    )
