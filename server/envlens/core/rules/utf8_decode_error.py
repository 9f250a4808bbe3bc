"""The file is not UTF-8.

## Why
The client and conda read definitions as UTF-8 and stop at the first byte that is not. So does pip with a requirements
file, unless a byte order mark or a line like `# coding: latin-1` at its top says what it is.
Source: azure-ai-ml 1.35.2, run; pip 23.2.1, run.

## Bad
A file saved as Latin-1 or UTF-16.

## Good
The same file saved as UTF-8, with or without a byte order mark.

## Fix safety
There is no fix: the encoding cannot be known for certain.
"""

from collections.abc import Iterator

from ..model.document import Document, FileKind
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("utf8-decode-error", on=Document, severity=Severity.ERROR)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    source = document.source
    if source.problem:
        outcome = (
            "pip stops here" if document.kind is FileKind.REQUIREMENTS else "the file is refused when it is loaded"
        )
        yield Finding(Span(source.problem_at, source.problem_at + 1), f"{source.problem}: {outcome}")
