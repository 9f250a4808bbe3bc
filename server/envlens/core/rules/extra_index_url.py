"""A second package index stands beside the first.

## Why
pip looks for every package in all indexes and takes the highest version, wherever it is: whoever registers the name of
your private package on the public index is installed in its place. With hashes pip refuses what is not yours.
Source: pip's documentation of `--extra-index-url`; Microsoft's own check of curated environments refuses the option.

## Bad
```requirements requirements.txt
--extra-index-url https://pkgs.example.com/simple
pandas==2.2.3
```

## Good
```requirements requirements.txt
--index-url https://pkgs.example.com/simple
pandas==2.2.3
```

## Fix safety
There is no fix: whether one index has all packages is not in the text.
"""

from collections.abc import Iterator

from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.requirements_file import Line
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("extra-index-url", on=(Line, IndexOption), severity=Severity.WARNING)
def check(value: Line | IndexOption, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, IndexOption):
        if value.name == "--extra-index-url" and value.is_confusable:
            yield _finding(value.span, value.value.text)
        return
    yield from _of_line(value, ctx)


def _of_line(line: Line, ctx: Context) -> Iterator[Finding]:
    if line.requirement is not None:
        return  # behind a requirement, pip ignores it
    for option in line.options:
        if option.name == "--extra-index-url" and option.value and not _has_hashes(ctx):
            yield _finding(option.name_span, option.value)


def _finding(span: Span, value: str) -> Finding:
    address = urls.parse(value)
    where = f"'{address.host}'" if address and address.host and "$" not in address.host else "this index"
    return Finding(
        span,
        f"pip takes each package from {where} or from the main index, whichever has the higher version: "
        "one of the same name in the other is taken for it",
    )


def _has_hashes(ctx: Context) -> bool:
    """Whether pip checks hashes in this file: one hash is enough, and then all need one."""
    found = ctx.document.requirements
    return found is not None and any(
        option.name in {"--hash", "--require-hashes"} for line in found.lines for option in line.options
    )
