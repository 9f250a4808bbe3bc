"""The conda specification is built so that conda fails, or leaves packages out.

## Why
conda looks at the shape of the lists less closely than one would think: of two `pip:` lists it takes the last, an item
such as `python: 3.11` is passed over, and `channels: conda-forge` means eleven channels of one letter each. Others end
in a Python error without a line number.
Source: conda's `env.py` (source of 2026-08), run.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy: 2.1.3
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=2.1.3
```

## Fix safety
Safe where a mapping of a name to a number stands for an entry, and for brackets round a list of one. Unsafe for
indentation: which of the entries belong to pip is yours to say.
"""

import re
from collections.abc import Iterator

from ..model.conda import CondaSpec, is_text
from ..model.document import FileKind
from ..syntax.nodes import Alias, Mapping, Node, Pair, Scalar, Sequence, find, follow, is_merge, is_template, key_text
from ..syntax.scalars import kind_of
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.source import Source
from ..text.span import Span
from ..text.spelling import nearest
from ._rule import Context, rule

_VERSION = re.compile(r"\d[\w.*]*")
_SIMPLE = re.compile(r"[\w.=<>!~+-]+")
_WORDS = {"int": "a number", "float": "a number", "bool": "true or false", "null": "empty", "timestamp": "a date"}


@rule("conda-spec-invalid", on=CondaSpec, severity=Severity.ERROR)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    if spec.is_whole:
        yield from _dependencies(spec, ctx)
    pair = find(spec.node, "channels")
    if pair is not None:
        yield from _channels(pair, spec)
    items = spec.dependencies.items if spec.dependencies else ()
    pips: list[Pair] = []
    good = {id(entry.scalar) for entry in spec.entries if entry.scalar.inner is not None}
    for number, item in enumerate(items):
        if id(item) in good:
            continue  # as nearly all are: a text, on one line
        target = follow(item)
        if isinstance(target, Mapping):
            if not is_template(target):
                yield from _mapping(target, item, items[number + 1 :], ctx, pips)
        elif isinstance(target, Sequence):
            yield Finding(item.span, "a list inside 'dependencies': conda fails at it")
        elif isinstance(target, Scalar):
            yield from _scalar(target, item, spec, ctx.document.source)
    for earlier in pips[:-1]:
        message = "conda takes the last 'pip' list alone: what this one names is not installed"
        yield Finding(earlier.key.span, message)


def _dependencies(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    """The list itself: there, and a list."""
    pair = find(spec.node, "dependencies")
    if pair is None:
        if not spec.node.pairs and ctx.document.kind is not FileKind.CONDA:
            return  # `conda_file: {}` counts as none: conda-spec-missing says so
        keys = [key_text(each) or "" for each in spec.node.pairs[:100]]
        if any(is_merge(each) for each in spec.node.pairs) or nearest("dependencies", [k.lower() for k in keys], 0.75):
            return  # conda-unknown-key says it
        span = spec.node.pairs[0].key.span if spec.node.pairs else spec.node.span
        yield Finding(span, "no 'dependencies': nothing is installed")
        return
    value = follow(pair.value)
    if isinstance(value, Mapping) and not is_template(value):
        message = "'dependencies' is a mapping, not a list: conda refuses it, or takes the names without their versions"
        yield Finding(pair.key.span, message)
    elif isinstance(value, Scalar) and not value.is_template:
        if kind_of(value) == "null":
            yield Finding(pair.key.span, "'dependencies' is empty: nothing is installed", severity=Severity.WARNING)
        else:
            yield Finding(value.span, "'dependencies' is no list: conda fails, or takes each letter for a package")


def _channels(pair: Pair, spec: CondaSpec) -> Iterator[Finding]:
    value = follow(pair.value)
    if isinstance(value, Sequence):
        for item in value.items:
            target = follow(item)
            if isinstance(target, Alias) or is_template(target):
                continue
            kind = kind_of(target) if isinstance(target, Scalar) else "str"
            # Where a block lost its key, the repaired list may hold what stood below it.
            if spec.is_whole and (not isinstance(target, Scalar) or kind != "str"):
                what = _WORDS.get(kind, "no text")
                yield Finding(item.span, f"a channel is a name or an address, this is {what}: conda fails at it")
    elif isinstance(value, Mapping):
        if not is_template(value):
            yield Finding(pair.key.span, "'channels' is a mapping, not a list: conda takes its keys for channels")
    elif isinstance(value, Scalar) and value.text and not value.is_template:
        message = f"'channels' is no list: conda takes each letter of '{value.text}' for a channel"
        yield Finding(value.span, message, _bracketed(value))


def _scalar(target: Scalar, item: Node, spec: CondaSpec, source: Source) -> Iterator[Finding]:
    if target.is_template:
        return
    kind = kind_of(target)
    if kind != "str":
        if spec.is_whole or kind != "null":
            what = _WORDS.get(kind, "no text")
            yield Finding(item.span, f"an entry of 'dependencies' is a text, this is {what}: conda fails at it")
        return
    if target.inner is not None:
        return  # letter by letter, so on one line
    lines = source.text[target.span.start : target.span.end].splitlines()
    words = target.text.split()
    if len(lines) > 1 and len(words) > 1 and item is target:
        shown = " ".join(words)[:80]
        yield Finding(target.span, f"one entry over several lines: conda reads '{shown}' as a single package")


def _mapping(
    target: Mapping, item: Node, following: tuple[Node, ...], ctx: Context, pips: list[Pair]
) -> Iterator[Finding]:
    for pair in target.pairs:
        key = key_text(pair)
        if key == "pip":
            pips.append(pair)
            yield from _pip(pair, item, following, ctx)
        elif key is not None and not is_merge(pair) and "{" not in key:
            value = follow(pair.value)
            written = f"{key}: {value.text}".strip() if isinstance(value, Scalar) else f"{key}:"
            message = f"conda passes over '{written}': it is not installed"
            yield Finding(pair.span, message, _entry(target, pair, item, ctx.document.source))


def _entry(target: Mapping, pair: Pair, item: Node, source: Source) -> tuple[Fix, ...]:
    """`numpy: 1.26` as `numpy=1.26`, where nothing else stands in the item."""
    key, value = pair.key, pair.value
    if item is not target or len(target.pairs) != 1 or not target.block:
        return ()
    if not (isinstance(key, Scalar) and isinstance(value, Scalar) and key.is_plain and value.is_plain):
        return ()
    if key.written is None or value.written is None or not _VERSION.fullmatch(value.text):
        return ()
    between = Span(key.written.end, value.written.start)
    if source.text[between.start : between.end].strip() != ":" or value.span != value.written:
        return ()
    return (Fix(f"write '{key.text}={value.text}'", (Edit(between, "="),)),)


def _pip(pair: Pair, item: Node, following: tuple[Node, ...], ctx: Context) -> Iterator[Finding]:
    value = follow(pair.value)
    if isinstance(value, Sequence):
        for each in value.items:
            if isinstance(each, Scalar) and is_text(each):
                continue
            target = follow(each)
            if isinstance(target, Mapping | Sequence) and not is_template(target):
                yield Finding(each.span, "an entry of the 'pip' list is a text, this is none: conda fails at it")
            elif isinstance(target, Scalar) and kind_of(target) != "str" and not target.is_template:
                what = _WORDS.get(kind_of(target), "no text")
                yield Finding(each.span, f"an entry of the 'pip' list is a text, this is {what}: conda fails at it")
    elif isinstance(value, Mapping):
        if not is_template(value):
            yield Finding(pair.key.span, "'pip' holds a mapping, not a list: conda takes the names without versions")
    elif isinstance(value, Scalar) and kind_of(value) != "null" and not value.is_template:
        message = f"'pip' is no list: conda hands pip one letter a line, and '{value.text}' is not installed"
        yield Finding(value.span, message, _bracketed(value))
    elif isinstance(value, Scalar) and kind_of(value) == "null":
        below = [each for each in following if isinstance(follow(each), Scalar)]
        if below and len(below) == len(following) and any(_is_pips(each) for each in below):
            message = "'pip:' is empty: the entries below are conda's, because they are not indented further"
            fixes = _indented(item, following, ctx)
            yield Finding(pair.key.span, message, fixes, Severity.WARNING)


def _is_pips(node: Node) -> bool:
    """Whether an entry is written as pip wants it and conda seldom has it."""
    target = follow(node)
    return isinstance(target, Scalar) and ("==" in target.text or target.text.startswith("-") or ";" in target.text)


def _bracketed(value: Scalar) -> tuple[Fix, ...]:
    """The value as a list of one."""
    if value.written is None or value.written != value.span or not _SIMPLE.fullmatch(value.text):
        return ()
    start, end = value.written
    return (Fix("make it a list", (Edit(Span(start, start), "["), Edit(Span(end, end), "]"))),)


def _indented(item: Node, following: tuple[Node, ...], ctx: Context) -> tuple[Fix, ...]:
    """The lines of the items that follow, moved under `pip:`."""
    source = ctx.document.source
    lines = source.lines
    first, last = lines.line_of(following[0].span.start), lines.line_of(following[-1].span.end - 1)
    column = item.span.start - lines.line_start(lines.line_of(item.span.start))
    if ctx.document.kind is FileKind.V1 or first <= lines.line_of(item.span.start):
        return ()
    for each in following:
        at = lines.line_start(lines.line_of(each.span.start))
        if source.text[at : each.span.start].strip() != "-" or each.span.start - at != column:
            return ()
    edits = [Edit(Span(at, at), "    ") for at in map(lines.line_start, range(first, last + 1))]
    kept = tuple(edit for edit in edits if lines.line_text(lines.line_of(edit.span.start)).strip())
    return (Fix("indent them, so that pip installs them", kept, safe=False),)
