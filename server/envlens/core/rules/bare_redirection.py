"""The shell takes the `<` or `>` of a version for a redirection.

## Why
Without quotes, `numpy<2` reads from a file called `2`, which is not there: the build fails. `numpy>=1.26` writes what
pip prints to a file called `=1.26`, and pip gets no constraint: the build succeeds with any version.
Source: Azure ML, Troubleshoot environment issues; Docker 20.10 with and without BuildKit, run.

## Bad
```dockerfile Dockerfile
FROM python:3.12
RUN pip install numpy>=1.26,<2
```

## Good
```dockerfile Dockerfile
FROM python:3.12
RUN pip install "numpy>=1.26,<2"
```

## Fix safety
Safe for `<`: the build cannot succeed without the quotes. Unsafe for `>` alone: with the constraint, the image may get
another version than it has now.
"""

import re
from collections.abc import Iterator

from ..model.dockerfile import RunInstall
from ..syntax.installs import Tool
from ..syntax.shell import Redirection
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

# What stands behind the sign of a constraint: `=1.26`, `2`, `=1.26,`.
_VERSION = re.compile(r"=?\s*v?\d[\w.*+!,=~-]*|=")
_QUOTABLE = re.compile(r"[^\s\"'\\$`;&|()#]+")
_SCRIPT = re.compile(r"\s-[a-z]*c[a-z]*\s+[\"']")


@rule("bare-redirection", on=RunInstall, severity=Severity.ERROR)
def check(found: RunInstall, ctx: Context) -> Iterator[Finding]:
    redirections = found.install.command.redirections
    if not redirections or found.install.tool is Tool.APT:
        return
    text = ctx.document.source.text
    by_end = {word.span.end: word for word in found.install.packages}
    nested = _nested_from(found)
    at = 0
    while at < len(redirections):
        word = by_end.get(redirections[at].span.start)
        run = _run(redirections, at) if word is not None else 0
        if word is None or not run:
            at += 1
            continue
        parts = redirections[at : at + run]
        last = parts[-1].target
        span = Span(word.span.start, last.span.end if last else parts[-1].span.end)
        written = text[span.start : span.end]
        is_fatal = any(each.operator == "<" for each in parts)
        fixes: tuple[Fix, ...] = ()
        # Inside `bash -c "…"` other quotes would be needed.
        if _QUOTABLE.fullmatch(written) and span.start < nested:
            edits = (Edit(Span(span.start, span.start), '"'), Edit(Span(span.end, span.end), '"'))
            fixes = (Fix(f'quote it: "{written}"', edits, is_fatal),)
        if is_fatal:
            name = next(each.target.text for each in parts if each.operator == "<" and each.target)
            message = f"the shell reads '{written}' as input from a file '{name}': the build fails here"
        else:
            name = last.text if last else ""
            message = f"the shell drops the constraint of '{written}' and writes the output to a file '{name}'"
        yield Finding(span, message, fixes, None if is_fatal else Severity.WARNING)
        at += run


def _run(redirections: tuple[Redirection, ...], first: int) -> int:
    """How many redirections from `first` on are one constraint: each begins where the one before it ends."""
    count = 0
    end = redirections[first].span.start
    for at in range(first, len(redirections)):
        each = redirections[at]
        target = each.target
        if each.operator not in {"<", ">"} or target is None or each.span.start != end:
            break
        if target.span.start != each.span.end or not _VERSION.fullmatch(target.text):
            break
        count += 1
        end = target.span.end
    return count


def _nested_from(found: RunInstall) -> int:
    """The offset from which on commands may stand inside the quotes of another one."""
    it = found.instruction
    if any(each.body.at(0) <= found.install.command.span.start for each in it.heredocs):
        return it.span.end
    quoted = _SCRIPT.search(it.args.text)
    return it.args.at(quoted.start()) if quoted else it.span.end
