"""A comment silences a finding that is not there.

## Why
The finding was mended, or the comment stands on the wrong line. Left as it is, it will hide the next finding of that
rule on its line, and readers believe that something is wrong there. Rules that are off, or that could not run, are not
counted.
Source: envlens.

## Bad
```yaml environment.yml
name: demo
image: example.io/base:1.0 # envlens: ignore[image-latest-tag] built every night
```

## Good
```yaml environment.yml
name: demo
image: example.io/base:latest # envlens: ignore[image-latest-tag] built every night
```

## Fix safety
Safe: the rule's name is deleted, or the whole comment with its reason where no other name is left.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..syntax.ignore_comments import IgnoreComment, Name
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.source import Source
from ..text.span import Span
from ._rule import Context, rule

_MAX_SHOWN = 5
_NEXT_COMMENT = re.compile(r"\s+#")


class UnusedIgnore(NamedTuple):
    """Offered when all other rules have run: a comment and the names in it that silenced nothing."""

    comment: IgnoreComment
    names: tuple[Name, ...]


@rule("unused-ignore", on=UnusedIgnore, severity=Severity.INFO)
def check(unused: UnusedIgnore, ctx: Context) -> Iterator[Finding]:
    comment, names = unused
    where = "in this file" if comment.covers is None else "on its line"
    words = ", ".join(f"'{each.text}'" for each in names[:_MAX_SHOWN]) + ", …" * (len(names) > _MAX_SHOWN)
    if len(names) == len(comment.names):
        message = f"this comment silences nothing: there is no finding of {words} {where}"
        edit = Edit(_whole(ctx.document.source, comment), "")
        yield Finding(comment.span, message, (Fix("delete the comment", (edit,)),))
        return
    idle = set(names)
    left = ", ".join(each.text for each in comment.names if each not in idle)
    fix = Fix(f"delete {words} from the comment", (Edit(comment.inside, left),))
    verb = "silences" if len(names) == 1 else "silence"
    yield Finding(
        Span(names[0].span.start, names[-1].span.end),
        f"{words} {verb} nothing: there is no such finding {where}",
        (fix,),
    )


def _whole(source: Source, comment: IgnoreComment) -> Span:
    """The comment with its reason, and what would be left of its line."""
    lines = source.lines
    line = lines.line_of(comment.span.start)
    other = _NEXT_COMMENT.search(source.text, comment.span.end, lines.line_end(line))
    if comment.alone and other is None:
        return Span(lines.line_start(line), lines.line_start(line + 1))
    if comment.alone and other is not None:
        return Span(comment.span.start, other.end() - 1)  # the comment behind it takes its place
    before = source.text[lines.line_start(line) : comment.span.start]
    start = comment.span.start - len(before) + len(before.rstrip())
    return Span(start, other.start() if other else lines.line_end(line))
