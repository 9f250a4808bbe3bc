"""Tells findings apart by what they are about, so that one that moved with its lines is known again."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from ..core.text.diagnostic import Diagnostic
from ..core.text.source import Source
from .render.result import FileResult

# What a fingerprint must not be made of, because it could be guessed back: credentials in addresses.
_SECRETS = re.compile(r"(?<=://)[^/@\s]*(?=@)|(?<=[?&]sig=)[^&\s]*", re.IGNORECASE)
_DIGITS = 16


def fingerprint(source: Source, diagnostic: Diagnostic) -> str:
    """16 hex digits of the text that a finding is about, up to its first line's end, white space evened out.

    Of the text, not of its line: a comment or an indentation that changes makes no new finding.
    """
    start, end = diagnostic.span
    line_end = source.lines.line_end(source.lines.line_of(start))
    text = " ".join(source.text[start : min(end, line_end)].split())
    return _digest(_SECRETS.sub("", text))


def unique(path: str, file: FileResult) -> Iterator[tuple[Diagnostic, str]]:
    """The findings of a file, each with a fingerprint that no other finding of a run has.

    Of several about the same text, each has its number: none of them changes when lines move.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for each in file.diagnostics:
        known = (each.rule, fingerprint(file.source, each))
        seen[known] += 1
        yield each, sha256("\0".join((path, *known, str(seen[known]))).encode("utf-8", "replace")).hexdigest()


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
