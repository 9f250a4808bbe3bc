"""The page of a predicted hash: everything that is predicted of a definition, with all of its inputs."""

from collections.abc import Iterator, Sequence

from ..hashing.prediction import Input, Prediction
from ..index.snapshot import Snapshot
from ..model.document import Document
from . import hash_facts, lens
from .markdown import code, plain
from .standing import noun, standing, words

_MAX_ENTRIES = 2_000


def page(snapshot: Snapshot, document: Document, found: Prediction, all_of_file: Sequence[Prediction]) -> str:
    """The page as Markdown that reads well as plain text too."""
    return "\n".join(_lines(snapshot, document, found, all_of_file)) + "\n"


def _lines(
    snapshot: Snapshot, document: Document, found: Prediction, all_of_file: Sequence[Prediction]
) -> Iterator[str]:
    yield f"# {plain(hash_facts.name_of(document, found))}: {lens.headline(found)}"
    yield ""
    yield f"{hash_facts.headline(found)}  "
    yield f"in {code(hash_facts.place_of(document))}"
    certainty = hash_facts.certainty(found)
    if certainty:
        yield ""
        yield certainty
    yield ""
    for fact in hash_facts.keys(found):
        yield f"- {fact.label}: {fact.markdown}"
    yield from _against(snapshot, found, all_of_file)
    for each in hash_facts.notes(found):
        yield f"- note: {each}"
    found_parts = hash_facts.parts(found)
    if found_parts:
        yield ""
        yield f"## What counts for the {noun(found)}"
        yield ""
        for part in found_parts:
            yield from _part(part)
        yield ""
        yield "Names, versions, descriptions, tags, comments and the order of keys do not count."


def _against(snapshot: Snapshot, found: Prediction, all_of_file: Sequence[Prediction]) -> Iterator[str]:
    earlier = snapshot.earlier
    if earlier is not None and earlier.problem is not None:
        yield f"- compared with {earlier.label}: {plain(earlier.problem)}"
    stands = standing(found, all_of_file, earlier)
    if stands is not None and (said := words(found, stands)):
        yield f"- compared with {stands.label}: {plain(said)}"


def _part(part: Input) -> Iterator[str]:
    label = hash_facts.label(part.part)
    if isinstance(part.value, str):
        yield f"- {label}: {code(part.value, 400)}"
        return
    count = len(part.value)
    yield f"- {label}: {count or 'none'}"
    for value in part.value[:_MAX_ENTRIES]:
        yield f"  - {code(value)}"
    if count > _MAX_ENTRIES:
        yield f"  - and {count - _MAX_ENTRIES} more"
