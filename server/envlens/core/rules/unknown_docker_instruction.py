r"""A line of the Dockerfile begins with a word that is no instruction.

## Why
Docker reads the whole file before it builds and refuses it for one unknown word: a slip of the pen, a missing blank, a
line whose predecessor lost its backslash, or what a merge left behind.
Source: Azure ML, Troubleshoot environment issues; Docker 20.10 with and without BuildKit, run.

## Bad
```dockerfile Dockerfile
FROM ubuntu:22.04
RUN apt-get update
    && apt-get install -y git
```

## Good
```dockerfile Dockerfile
FROM ubuntu:22.04
RUN apt-get update \
    && apt-get install -y git
```

## Fix safety
Safe where a line that begins with `&&`, `||` or `|` gets its backslash back, and where a keyword and its argument are
parted: nothing else can be meant. Unsafe for a word that is only like a keyword, and for lines that look continued.
"""

import re
from collections.abc import Iterator

from ..model.dockerfile import Dockerfile
from ..syntax.dockerfile import Instruction, ProblemKind
from ..syntax.dockerfile_checks import KEYWORDS
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.source import Source
from ..text.span import Span
from ..text.spelling import nearest
from ._rule import Context, rule

_FAILS = "the build fails before its first step"
_MARKER = re.compile(r"<{7}|={7}|>{7}|\|{7}")
_OPERATOR = re.compile(r"&&|\|\|?")
_STUCK = re.compile(rf"({'|'.join(sorted(KEYWORDS, key=len, reverse=True))})([\[\"'/$.:{{].*)", re.IGNORECASE)
_TEMPLATE = ("{{", "{%", "<%")
_CONTINUED = {"RUN", "ENV", "LABEL", "COPY", "ADD"}
# More are a file of another kind.
_MAX_GUESSES = 50


@rule("unknown-docker-instruction", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    source = ctx.document.source
    if source.is_utf16:
        return  # dockerfile-format says it
    before: Instruction | None = None
    guesses = 0
    for each in dockerfile.tree.instructions:
        it = each.inner if each.inner is not None else each
        is_unknown = it.refusal is not None and it.refusal.kind is ProblemKind.UNKNOWN_INSTRUCTION
        if is_unknown and not it.keyword.startswith(_TEMPLATE):
            guesses += 1
            yield _finding(it, before, source, dockerfile.tree.escape, guesses <= _MAX_GUESSES)
        before = each


def _finding(it: Instruction, before: Instruction | None, source: Source, escape: str, guess: bool) -> Finding:
    span = it.keyword_span
    written = source.text[span.start : span.end]
    if _MARKER.match(written):
        return Finding(span, f"'{written[:7]}' is what a merge left behind: {_FAILS}")
    if before is not None and _is_continued(it, before, source):
        return _lost_backslash(it, before, source, escape, written)
    stuck = _STUCK.fullmatch(written)
    if stuck:
        at = span.start + stuck.end(1)
        fixes = (Fix(f"put a blank behind '{stuck[1]}'", (Edit(Span(at, at), " "),)),) if stuck[2][0] != ":" else ()
        return Finding(span, f"a blank is missing behind '{stuck[1]}' in '{written}': {_FAILS}", fixes)
    meant = nearest(it.keyword, sorted(KEYWORDS), 0.7) if guess and len(written) < 30 else None
    if meant is None:
        return Finding(span, f"'{written}' is no instruction of a Dockerfile: {_FAILS}")
    meant = meant.lower() if written.islower() else meant
    fixes = (Fix(f"use '{meant}'", (Edit(span, meant),), safe=False),)
    return Finding(span, f"'{written}' is no instruction of a Dockerfile, '{meant}' is: {_FAILS}", fixes)


def _is_continued(it: Instruction, before: Instruction, source: Source) -> bool:
    """Whether a line looks like the rest of the instruction before it, on the line above."""
    if before.heredocs or before.last_line + 1 != it.first_line or before.keyword not in _CONTINUED:
        return False
    start = it.keyword_span.start
    text = source.text
    if _OPERATOR.match(text, start):
        return before.keyword == "RUN"
    if it.keyword[:1] == "-":
        return True
    is_indented = start > source.lines.line_start(source.lines.line_of(start))
    is_known = nearest(it.keyword, sorted(KEYWORDS), 0.7) is not None if len(it.keyword) < 30 else False
    return is_indented and not is_known


def _lost_backslash(it: Instruction, before: Instruction, source: Source, escape: str, written: str) -> Finding:
    span = it.keyword_span
    end = before.span.end
    line = source.text[source.lines.line_start(source.lines.line_of(end)) : end]
    behind = re.search(rf"{re.escape(escape)}[ \t]*#.*\Z", line)
    if behind:
        message = (
            f"a comment behind the '{escape}' of the line above ends the instruction, so that '{written}' is taken"
        )
        return Finding(span, f"{message} for an instruction: {_FAILS}")
    message = f"the line above ends without '{escape}', so that '{written}' is taken for an instruction: {_FAILS}"
    if before.is_json or "#" in line:
        return Finding(span, message)
    at = source.text[:end].rstrip(" \t\r")
    fix = Fix(f"add '{escape}' to the line above", (Edit(Span(len(at), end), f" {escape}"),), _is_sure(it, source))
    return Finding(span, message, (fix,))


def _is_sure(it: Instruction, source: Source) -> bool:
    return _OPERATOR.match(source.text, it.keyword_span.start) is not None
