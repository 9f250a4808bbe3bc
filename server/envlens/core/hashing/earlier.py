"""What stood in a file at an earlier time, and which of its definitions one of today is to be compared with."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..model.document import Document
from .prediction import Place, Prediction


class Earlier(NamedTuple):
    """What stood in a file at an earlier time, called `label` (`HEAD`), and what was predicted of it.

    `document` is None where the file was not there, or `problem` says why nothing is known.
    """

    label: str
    document: Document | None = None
    predictions: tuple[Prediction, ...] = ()
    problem: str | None = None


EarlierOf = Callable[[Document], Earlier | None]
"""Gives what stood in a document at an earlier time, None where nobody looked."""


def match(place: Place, candidates: Sequence[Prediction]) -> Prediction | None:
    """The definition that one is to be compared with: at the same place, else of the same name, else the only one."""
    for each in candidates:
        if each.place.keys == place.keys:
            return each
    named = [each for each in candidates if place.name and each.place.name == place.name]
    if len(named) == 1:
        return named[0]
    return candidates[0] if len(candidates) == 1 else None
