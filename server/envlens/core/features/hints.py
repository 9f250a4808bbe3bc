"""Inlay hints: the predicted hash behind the line of a definition's key, for those who switch them on."""

from collections.abc import Iterable
from typing import NamedTuple

from ..hashing.prediction import Prediction
from ..model.document import Document
from ..text.span import Span
from . import lens


class Hint(NamedTuple):
    """A text shown at an offset, and what it says when looked at."""

    offset: int
    text: str
    tooltip: str


def hints(document: Document, found: Iterable[Prediction], span: Span) -> list[Hint]:
    """The hints between two offsets. Where there is no hash, the line above says why; a hint would be in the way."""
    made = []
    lines = document.source.lines
    for each in found:
        text = lens.short(each)
        offset = lines.line_end(lines.line_of(lens.place(document, each).start))
        if text is not None and span.start <= offset <= span.end:
            made.append(Hint(offset, text, each.image_name or each.conda_path or f"envlens {each.fingerprint}"))
    return made
