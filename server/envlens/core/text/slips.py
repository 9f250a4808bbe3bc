"""Finds names that are likely slips of the pen for one another, among thousands, without comparing each with each."""

import re
from collections.abc import Iterable, Iterator

_APART = re.compile(r"[-_.\s]+")
# In shorter words one letter makes another word: cpu and gpu, dev and den.
_SHORTEST = 5
# Azure ML takes 255; of what is longer than people type, every letter left out would cost more than it finds.
_LONGEST = 100


# Of so many names that look alike at most one can be meant: of more, nobody can say which.
_MOST_ALIKE = 20


class Index:
    """Names, to be found by what their slips look like."""

    def __init__(self, names: Iterable[str]) -> None:
        self._alike: dict[str, list[str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Takes up one more."""
        for form in set(forms(name)):
            self._alike.setdefault(form, []).append(name)

    def drop(self, name: str) -> None:
        """Forgets one of them."""
        for form in set(forms(name)):
            self._alike[form].remove(name)

    def meant(self, written: str) -> set[str]:
        """The names that `written` is likely a slip of the pen for."""
        alike = (self._alike.get(form, []) for form in forms(written))
        near = {each for those in alike if len(those) <= _MOST_ALIKE for each in those}
        return {each for each in near if is_slip(written, each)}


def forms(name: str) -> Iterator[str]:
    """Texts of which two names share one wherever `is_slip` holds of them: a key to look candidates up by."""
    folded = _APART.sub("", name).lower()
    yield folded
    for at in range(len(folded) if len(folded) <= _LONGEST else 0):
        yield folded[:at] + folded[at + 1 :]


def is_slip(written: str, meant: str) -> bool:
    """Whether `written` is likely `meant` misspelt.

    They differ in case and separators only, or in one letter of one long word; never in digits, which tell variants.
    """
    if written == meant or _digits(written) != _digits(meant):
        return False
    some, others = _APART.split(written.lower()), _APART.split(meant.lower())
    if "".join(some) == "".join(others):
        return True
    if len(some) != len(others):
        return False
    different = [pair for pair in zip(some, others, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and _is_one_edit(*different[0])


def _digits(name: str) -> str:
    return re.sub(r"\D+", " ", name).strip()


def _is_one_edit(one: str, other: str) -> bool:
    """Whether one letter was left out, added, replaced, or changed places with its neighbour, not at the end."""
    if not _SHORTEST <= min(len(one), len(other)) <= max(len(one), len(other)) <= _LONGEST:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        is_swapped = one[at + 2 :] == other[at + 2 :] and one[at : at + 2] == other[at : at + 2][::-1]
        return is_swapped or (one[at + 1 :] == other[at + 1 :] and at + 1 < len(one))
    short, long = sorted((one, other), key=len)
    # A letter more at the end is a plural, or a variant.
    return len(long) == len(short) + 1 and short[at:] == long[at + 1 :] and at < len(short)
