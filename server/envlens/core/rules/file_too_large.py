"""The file is too large to be checked.

## Why
Files above the limit (5 MB unless `max-file-size` says otherwise) are not read: a definition is never that large, and
an editor must not stand still.
Source: envlens.

## Bad
A conda file of 100 MB.

## Good
A conda file of any usual size.

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..model.document import Document
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("file-too-large", on=Document, severity=Severity.WARNING)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    if document.size_limit:
        message = f"the file has more than {document.size_limit:,} bytes ('max-file-size'): it is not checked"
        yield Finding(Span(0, 0), message)
