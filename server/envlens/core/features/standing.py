"""How a definition stands to what it was at an earlier time: the same image, another one, or new."""

from collections.abc import Sequence
from typing import NamedTuple

from ..hashing import difference
from ..hashing.difference import Change, Difference
from ..hashing.earlier import Earlier, match
from ..hashing.prediction import Kind, Prediction
from .markdown import line

_SHOWN = 2
_MAX_WORDS = 60


class Standing(NamedTuple):
    """The earlier definition that one is compared with, None for a new one, and the difference to it."""

    label: str
    before: Prediction | None
    difference: Difference | None

    @property
    def is_other(self) -> bool:
        """Whether it is another image than before."""
        return self.difference is not None and self.difference.is_same is False


def standing(found: Prediction, all_of_file: Sequence[Prediction], earlier: Earlier | None) -> Standing | None:
    """How a definition stands to the earlier text of its file; None where nothing is known of that."""
    if earlier is None or earlier.problem is not None:
        return None
    # One that stands at another definition's place is that one's, not the only one left.
    taken = {each.place.keys for each in all_of_file} - {found.place.keys}
    before = match(found.place, [each for each in earlier.predictions if each.place.keys not in taken])
    return Standing(earlier.label, before, difference.compare(before, found) if before is not None else None)


def noun(found: Prediction) -> str:
    """What is the same or another one."""
    return "conda key" if found.kind is Kind.CONDA_FILE else "image"


def words(found: Prediction, stands: Standing) -> str:
    """The standing in a few words; empty where there is nothing to compare."""
    if stands.before is None:
        return f"not in {stands.label}"
    what = stands.difference
    if what is None or (what.is_same is None and found.counted is None):
        return ""
    if what.is_same is None:
        return f"no predicted hash in {stands.label}"
    if what.is_same:
        return f"as in {stands.label}"
    shown = ", ".join(map(brief, what.changes[:_SHOWN]))
    more = len(what.changes) - _SHOWN
    return f"another {noun(found)}: {shown}{f' and {more} more' if more > 0 else ''}"


def brief(change: Change) -> str:
    """A change in a few words, values only where they are short."""
    before, after = change.before, change.after
    if before and after:
        before, after = _told_apart(before, after)
        text = change._replace(before=before, after=after).words
        if len(text) <= _MAX_WORDS:
            return line(text)
    return line(f"{change.name} {change.what}", _MAX_WORDS)


def _told_apart(before: str, after: str) -> tuple[str, str]:
    """Two image references as what stands behind their common name."""
    name, colon, tag = before.rpartition(":")
    other, _, new = after.rpartition(":")
    return (tag, new) if colon and name == other and "/" in name and "/" not in tag + new else (before, after)
