"""Docker cannot read the Dockerfile.

## Why
The build ends before its first step, after the context was uploaded and the job queued. Docker reads UTF-8, with a byte
order mark or without; comments in Latin-1 do no harm, UTF-16 (as PowerShell's `>` writes it) does.
Source: Azure ML, Troubleshoot environment issues; BuildKit's parser; Docker 20.10 with and without BuildKit, run.

## Bad
```dockerfile Dockerfile
FROM ubuntu:22.04 # the base
ENV MODE=batch
```

## Good
```dockerfile Dockerfile
# the base
FROM ubuntu:22.04
ENV MODE=batch
```

## Fix safety
There is no fix: what was meant is not in the text.
"""

import re
from collections.abc import Iterator

from ..model.dockerfile import Dockerfile
from ..syntax.dockerfile import Problem, ProblemKind
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

# Jinja and its like, and what dev container templates write.
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{templateOption:")
_FAILS = ": the build fails before its first step"


@rule("dockerfile-format", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    source = ctx.document.source
    if source.is_utf16:
        yield Finding(Span(0, 0), f"the file is UTF-16, and Docker reads UTF-8 only: save it as UTF-8{_FAILS}")
        return
    for problem in dockerfile.tree.problems:
        if problem.kind is ProblemKind.UNKNOWN_INSTRUCTION:
            continue  # unknown-docker-instruction says it
        if _TEMPLATE.search(source.lines.line_text(source.lines.line_of(problem.span.start))):
            continue  # filled in before Docker sees it
        yield Finding(problem.span, _message(problem, source.text) + _FAILS)


def _message(problem: Problem, text: str) -> str:
    written = text[problem.span.start : problem.span.end]
    match problem.kind:
        case ProblemKind.NO_INSTRUCTIONS:
            return "the file has no instructions"
        case ProblemKind.UNTERMINATED_HEREDOC:
            return f"heredoc '{written}' is never closed"
        case ProblemKind.BEFORE_FROM:
            return f"'{written}' stands before the first FROM, where only ARG may"
        case ProblemKind.NO_STAGE:
            return "the file has no FROM"
        case ProblemKind.LINE_TOO_LONG:
            return "the line is longer than the 65,535 bytes that Docker reads"
        case ProblemKind.BAD_ASSIGNMENT | ProblemKind.TOO_MANY_ARGUMENTS if written.startswith("#"):
            return f"'{written}' begins no comment here, it does on a line of its own"
    # Docker's own words; a keyword keeps its capitals.
    message, _, _ = problem.message.partition(". ")
    return message if message.partition(" ")[0].isupper() else message[:1].lower() + message[1:]
