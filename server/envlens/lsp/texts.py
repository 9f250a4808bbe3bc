"""The text of open files, changed in place as the client says."""

from collections.abc import Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

from ..core.text.lines import Encoding, LineIndex


class OpenText(NamedTuple):
    """An open file as the client has it."""

    uri: str
    path: str
    version: int
    text: str


def apply_changes(text: str, changes: Sequence[lsp.TextDocumentContentChangeEvent], encoding: Encoding) -> str:
    """The text after the client's changes, each on the result of the one before."""
    for change in changes:
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            lines = LineIndex(text)
            start = lines.offset(change.range.start.line, change.range.start.character, encoding)
            end = lines.offset(change.range.end.line, change.range.end.character, encoding)
            text = text[:start] + change.text + text[max(start, end) :]
        else:
            text = change.text
    return text
