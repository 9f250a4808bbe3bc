"""The file is not UTF-8.

## Why
The client and conda read definitions as UTF-8 and stop at the first byte that is not.
Source: azure-ai-ml 1.35.2, run.

## Bad
A file saved as Latin-1 or UTF-16.

## Good
The same file saved as UTF-8, with or without a byte order mark.

## Fix safety
There is no fix: the encoding cannot be known for certain.
"""

from collections.abc import Iterator

from ..model.document import Document
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("utf8-decode-error", on=Document, severity=Severity.ERROR)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    source = document.source
    if source.problem:
        yield Finding(
            Span(source.problem_at, source.problem_at + 1), f"{source.problem}: the file is refused when it is loaded"
        )
