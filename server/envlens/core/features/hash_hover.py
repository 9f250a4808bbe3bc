"""The predicted hash in a hover: on the name of a definition and on the keys that decide about its image."""

from collections.abc import Callable, Iterator, Sequence

from ..hashing.prediction import Input, Prediction
from ..index.snapshot import Snapshot
from ..model.document import Document, FileKind
from ..syntax.nodes import Mapping, Node, key_text
from ..text.span import Span
from . import hash_facts, lens
from .hash_facts import Fact
from .markdown import cell, code, plain
from .standing import standing, words

_SHOWN = 4
_MAX_ENTRY = 40


def about(
    snapshot: Snapshot, document: Document, offset: int, predict: Callable[[], Sequence[Prediction]]
) -> tuple[Span, str] | None:
    """The span and the Markdown at an offset, None where no definition is meant. `predict` gives the predictions."""
    meant = next((each for each in _spans(document) if each[1].contains(offset)), None)
    if meant is None:  # most hovers ask about something else, and need no hash
        return None
    at, span = meant
    found = predict()
    return (span, describe(found[at], found, snapshot)) if at < len(found) and lens.is_shown(found[at]) else None


def _spans(document: Document) -> Iterator[tuple[int, Span]]:
    """Where definitions are asked about, each with its number in the file."""
    if document.kind in {FileKind.CONDA, FileKind.V1}:
        yield from ((0, span) for span in _keys(document.root, _NAME))
        return
    for at, each in enumerate(document.environments):
        if each.holder is not None and each.holder.pair is not None:
            yield at, each.holder.pair.key.span
        yield from ((at, span) for span in _keys(each.node, _DECIDING))


_NAME = frozenset({"name"})
_DECIDING = frozenset({"name", "image", "conda_file", "build"})


def _keys(node: Node | None, wanted: frozenset[str]) -> Iterator[Span]:
    """The first key, the name with its value, and the other wanted keys: their values have hovers of their own."""
    for at, pair in enumerate(node.pairs if isinstance(node, Mapping) else ()):
        key = key_text(pair)
        if at == 0 or key in wanted:
            yield pair.span if key == "name" else pair.key.span


def describe(found: Prediction, all_of_file: Sequence[Prediction], snapshot: Snapshot) -> str:
    """What is predicted of a definition, as Markdown."""
    stands = standing(found, all_of_file, snapshot.earlier)
    said = words(found, stands) if stands is not None else ""
    head = f"**{hash_facts.headline(found)}**" if lens.short(found) else hash_facts.headline(found)
    blocks = [f"{head}{f' · {plain(said)}' if said else ''}", hash_facts.certainty(found)]
    facts = hash_facts.keys(found, is_short=True)
    facts += [Fact(hash_facts.label(each.part), _cell(each)) for each in _parts(found)]
    if facts:
        rows = [f"| {each.label} | {cell(each.markdown)} |" for each in facts]
        blocks.append("\n".join(["| | |", "| --- | --- |", *rows]))
    blocks += [f"Note: {each}" for each in hash_facts.notes(found)]
    if snapshot.earlier is not None and snapshot.earlier.problem:
        blocks.append(f"Not compared with {snapshot.earlier.label}: {plain(snapshot.earlier.problem)}")
    return "\n\n".join(filter(None, blocks))


def _parts(found: Prediction) -> Iterator[Input]:
    """The inputs that are there: an empty list is shown on the page only."""
    return (each for each in hash_facts.parts(found) if each.value)


def _cell(each: Input) -> str:
    if isinstance(each.value, str):
        return code(each.value, 120)
    shown = ", ".join(code(value, _MAX_ENTRY) for value in each.value[:_SHOWN])
    more = len(each.value) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
