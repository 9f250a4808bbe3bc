"""COPY or ADD takes a file that is not in the build context.

## Why
Docker sees the files of the context only: nothing above it, nothing that `.dockerignore` leaves out. A `#` behind the
arguments begins no comment: its words are taken for more files. And COPY fetches no URL; ADD does.
Source: Azure ML, Troubleshoot environment issues; Docker 20.10 with and without BuildKit, run.

## Bad
```yaml environment.yml
name: churn
build:
  path: .
```
```dockerfile Dockerfile
FROM ubuntu:22.04
COPY requirments.txt /tmp/
```
```text requirements.txt
numpy==2.1.3
```

## Good
```yaml environment.yml
name: churn
build:
  path: .
```
```dockerfile Dockerfile
FROM ubuntu:22.04
COPY requirements.txt /tmp/
```
```text requirements.txt
numpy==2.1.3
```

## Fix safety
Safe where a comment is put on a line of its own, and where COPY of a URL becomes ADD: the build cannot succeed without.
Unsafe for another name: a similar one is only likely to be meant.
"""

import posixpath
import re
from collections.abc import Iterator

from ..model.context import Looked
from ..model.dockerfile import Copy, Dockerfile
from ..model.dockerfile_reader import is_remote
from ..model.facts import FileState
from ..syntax.dockerfile import Instruction
from ..syntax.joined import Word
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_FAILS = ": the build fails here"
_MAGIC = re.compile(r"[*?\[]")
_OPTIONAL = re.compile(r"\[[^\]]\]")
_PLAIN = re.compile(r"[\w./@+,=-]+")


@rule("copy-source-not-found", on=Dockerfile, severity=Severity.ERROR)
def check(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    commented = set()
    for stage in dockerfile.tree.stages:
        for it in stage.instructions:
            comment = _comment(it, ctx) if it.keyword in {"COPY", "ADD"} else None
            if comment is not None:
                commented.add(it.span)
                yield _is_no_comment(it, comment, ctx)
    for copy in dockerfile.copies:
        if copy.instruction.span in commented:
            continue
        yield from _urls(copy)
        for source in copy.sources:
            found = _finding(copy, source, ctx)
            if found is not None:
                yield found


def _looked(source: Word, ctx: Context) -> Looked | None:
    return ctx.build_context.looked.get(source.text) if ctx.build_context is not None else None


def _comment(it: Instruction, ctx: Context) -> Word | None:
    """The word that was meant to begin a comment: behind a source and a destination."""
    if it.is_json:
        return None
    found = next((word for word in it.words[2:] if word.text.startswith("#")), None)
    looked = _looked(found, ctx) if found else None
    return None if looked is not None and looked.state is not FileState.MISSING else found


def _is_no_comment(it: Instruction, comment: Word, ctx: Context) -> Finding:
    text = ctx.document.source.text
    start = comment.span.start
    end = ctx.document.source.lines.line_end(ctx.document.source.lines.line_of(start))
    written = text[start:end].rstrip(" \t")
    span = Span(start, start + len(written))
    fixes: tuple[Fix, ...] = ()
    if start + len(written) == it.span.end and it.keyword_span.start == it.span.start:
        line = ctx.document.source.lines.line_start(ctx.document.source.lines.line_of(it.span.start))
        indent = text[line : it.span.start].removeprefix("\ufeff")
        before = len(text[:start].rstrip(" \t"))
        above = Edit(Span(it.span.start, it.span.start), f"{written}{ctx.document.source.newline}{indent}")
        if not indent.strip():
            fixes = (Fix("put the comment on a line of its own", (above, Edit(Span(before, it.span.end), ""))),)
    message = f"'{comment.text}' begins no comment behind {it.keyword}: what follows is taken for files"
    return Finding(span, message + _FAILS, fixes)


def _urls(copy: Copy) -> Iterator[Finding]:
    it = copy.instruction
    for word in it.words[:-1] if it.keyword == "COPY" else ():
        if is_remote(word.text) and "://" in word.text:
            fix = Fix("use ADD", (Edit(it.keyword_span, "ADD"),), word.text.startswith(("http://", "https://")))
            yield Finding(word.span, f"COPY fetches nothing from '{word.text}', ADD does{_FAILS}", (fix,))


def _finding(copy: Copy, source: Word, ctx: Context) -> Finding | None:
    keyword = copy.instruction.keyword
    text = source.text
    looked = _looked(source, ctx)
    clean = posixpath.normpath(text.lstrip("/") or ".")
    if clean == ".." or clean.startswith("../"):
        # BuildKit takes it from the root of the context, where hardly anybody means it to be.
        message = f"{keyword} cannot take '{text}': it lies outside the build context"
        return Finding(source.span, f"{message}, so that the build fails here")
    if looked is None:
        return None
    if looked.hidden_by == ".dockerignore":
        message = f"'{text}' is left out of the build context by '.dockerignore'"
        return Finding(source.span, message + _FAILS)
    if looked.state is not FileState.MISSING:
        return None
    if any(char in text for char in "*?["):
        if len(copy.instruction.words) > 2 or not _MAGIC.search(_OPTIONAL.sub("", text)):
            return None  # what the others match is enough; and `a.tx[t]` is how one says that a file may be missing
        message = (
            f"no file of the build context matches '{text}': nothing is copied, and without BuildKit the build fails"
        )
        return Finding(source.span, message, severity=Severity.WARNING)
    meant = looked.nearby[0] if looked.nearby else None
    fixes: tuple[Fix, ...] = ()
    if meant and source.inner is not None and _PLAIN.fullmatch(meant) and _PLAIN.fullmatch(text):
        new = text[: len(text) - len(text.lstrip("/"))] + meant
        edit = Edit(Span(source.inner, source.inner + len(text)), new)
        fixes = (Fix(f"use '{new}'", (edit,), safe=False),)
    where = "the build context, from whose root it counts" if text.startswith("/") else "the build context"
    return Finding(source.span, f"'{text}' is not in {where}{_FAILS}", fixes)
