"""The page that says why an image would be built anew: the verdict, then what changed, then the keys."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ..hashing.difference import Change, What
from ..hashing.earlier import Earlier
from ..hashing.prediction import Kind, Prediction
from ..model.document import Document
from . import hash_facts
from .markdown import code, plain
from .standing import Standing, noun, standing

_MAX_CHANGES = 2_000
_NEVER = "Names, versions, descriptions, tags, comments and the order of keys do not count."


def page(
    document: Document,
    found: Prediction,
    all_of_file: Sequence[Prediction],
    earlier: Earlier | None,
    others: Sequence[Change] = (),
) -> str:
    """The page as Markdown that reads well as plain text too. `others` are changes that do not count for the image."""
    stands = standing(found, all_of_file, earlier)
    blocks = [f"# {plain(hash_facts.name_of(document, found))}: {verdict(found, stands, earlier)}"]
    blocks.append(code(hash_facts.place_of(document)))
    if stands is not None and stands.before is not None:
        blocks += _changes(found, stands, is_all=bool(others))
    if others:
        listed = "\n".join(f"- {plain(each.words)}" for each in others)
        blocks.append(f"## What changed and does not count for the {noun(found)}\n\n{listed}")
    blocks.append("\n".join(["## Keys", "", *_keys(stands, found)]))
    certainty = hash_facts.certainty(found)
    return "\n\n".join(filter(None, [*blocks, certainty])) + "\n"


def verdict(found: Prediction, stands: Standing | None, earlier: Earlier | None) -> str:
    """The answer in one line."""
    if stands is None:
        reason = earlier.problem if earlier is not None else "the file is in no git repository"
        return f"nothing to compare with: {plain(reason or '')}"
    if stands.before is None or stands.difference is None:
        return f"not in {stands.label}"
    what = stands.difference
    if what.is_same is None:
        return f"it cannot be told whether it is the {noun(found)} that {stands.label} has: {plain(what.reason or '')}"
    return (
        f"the same {noun(found)} as in {stands.label}"
        if what.is_same
        else f"another {noun(found)} than in {stands.label}"
    )


def _changes(found: Prediction, stands: Standing, *, is_all: bool) -> Iterator[str]:
    what = stands.difference
    if what is None or what.is_same is None:
        return
    if what.is_same:
        yield f"Nothing that counts has changed. {_NEVER}"
        return
    lines = ["## What changed", ""]
    left = _MAX_CHANGES
    for part, changes in groupby(what.changes, key=lambda each: each.part):
        shown = list(changes)
        lines += [f"- {hash_facts.label(part)}", *_listed(part, shown[:left])]
        if len(shown) > left:
            lines.append(f"  - and {len(shown) - left} more")
        left = max(left - len(shown), 0)
    lines += ["", _NEVER if is_all else f"{_NEVER} What changed of these is not listed."]
    yield "\n".join(lines)


def _listed(part: str, changes: Iterable[Change]) -> Iterator[str]:
    for each in changes:
        name = "" if each.name == hash_facts.label(part) else code(each.name)
        yield f"  - {' '.join(filter(None, (name, _what(each))))}"


def _what(change: Change) -> str:
    before, after = (code(each) if each is not None else "" for each in (change.before, change.after))
    if change.what is What.CHANGED and before and after:
        return f"{before} → {after}"
    if change.what is What.MOVED:
        return "moved to another place in the list"
    return " ".join(filter(None, (str(change.what), before or after)))


def _keys(stands: Standing | None, found: Prediction) -> Iterator[str]:
    """The names on both sides, those of one thing one below the other."""
    sides = [("now", found)]
    if stands is not None and stands.before is not None:
        sides.insert(0, (f"in {stands.label}", stands.before))
    if found.kind is not Kind.CONDA_FILE or not found.conda_key:
        yield from (f"- image {when}: {hash_facts.headline(side)}" for when, side in sides)
    yield from (f"- conda key {when}: {code(side.conda_path)}" for when, side in sides if side.conda_path)
