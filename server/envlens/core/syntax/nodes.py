"""The YAML tree: nodes with exact spans, and the little that can be asked of them without knowing Azure ML."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ..text.span import Span


class Scalar(NamedTuple):
    """A scalar as written. `text` is its value as a string, `style` one of `""` (plain), `'`, `"`, `|`, `>`.

    `inner` is the offset at which `text` stands in the file when it stands there letter by letter, else None (escapes,
    folded lines): only with it can a part of the text be underlined or edited.
    """

    span: Span
    text: str
    style: str
    tag: str | None
    inner: int | None

    @property
    def is_plain(self) -> bool:
        """Whether it is unquoted, so that YAML decides its type."""
        return self.style == ""

    @property
    def is_template(self) -> bool:
        """Whether something other than YAML will fill it in: `{{ }}`, `${{ }}`, `{% %}`, `<<NAME>>`."""
        text = self.text
        return "{{" in text or "{%" in text or ("<<" in text and ">>" in text)

    @property
    def written(self) -> Span | None:
        """Where the value stands with its quotes, anchor and tag left out; None where it is not letter by letter."""
        if self.inner is None:
            return None
        quote = len(self.style)
        return Span(self.inner - quote, self.inner + len(self.text) + quote)

    def span_of(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, or the whole scalar where the text does not stand letter by letter."""
        return self.span if self.inner is None else Span(self.inner + start, self.inner + end)

    def is_contiguous(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands in the file letter by letter, so that it can be edited."""
        return self.inner is not None and start <= end


class Alias(NamedTuple):
    """`*name`. `target` is None when no such anchor was finished before it (unknown, or one that holds itself)."""

    span: Span
    name: str
    target: "Node | None"


class Pair(NamedTuple):
    """A key and its value in a mapping."""

    key: "Node"
    value: "Node"

    @property
    def span(self) -> Span:
        """From the key's start to the value's end."""
        return Span(self.key.span.start, max(self.key.span.end, self.value.span.end))


class Sequence(NamedTuple):
    """A list, block or flow. `dashes` is true for the block form; a `tag` such as `!!omap` makes it something else."""

    span: Span
    items: tuple["Node", ...]
    dashes: bool
    tag: str | None = None


class Mapping(NamedTuple):
    """A mapping in the order written; duplicate keys stay, the last wins. A `tag` such as `!!set` makes it another."""

    span: Span
    pairs: tuple[Pair, ...]
    block: bool
    tag: str | None = None

    @property
    def is_template(self) -> bool:
        """Whether it is an unquoted `{{ expression }}`, which YAML reads as a mapping with a mapping as key."""
        return not self.block and any(isinstance(pair.key, Mapping | Sequence) for pair in self.pairs)


Node = Scalar | Mapping | Sequence | Alias


def follow(node: Node) -> Node:
    """The node itself, or what an alias stands for. An alias without a target stays an alias."""
    if type(node) is not Alias:  # nearly all, and asked of every node many times
        return node
    for _ in range(_MAX_ALIAS_HOPS):
        if not isinstance(node, Alias) or node.target is None:
            break
        node = node.target
    return node


_MAX_ALIAS_HOPS = 20
_MAX_MERGES = 100
_MAX_MERGE_DEPTH = 3


def key_text(pair: Pair) -> str | None:
    """The key as a string, or None for a key that is no scalar."""
    key = follow(pair.key)
    return key.text if isinstance(key, Scalar) else None


def is_merge(pair: Pair) -> bool:
    """Whether a pair is a merge key, `<<: *base`. Quoted, it is an ordinary key."""
    key = pair.key
    return isinstance(key, Scalar) and key.text == "<<" and key.is_plain and key.tag in {None, _MERGE_TAG}


_MERGE_TAG = "tag:yaml.org,2002:merge"


def find(mapping: Mapping, key: str) -> Pair | None:
    """The pair that counts for `key`: the last one written, else one that a merge key (`<<`) brings in."""
    found = None
    may_merge = False
    for pair in mapping.pairs:
        text = key_text(pair)
        if text == key:
            found = pair
        elif text == "<<":
            may_merge = True
    if found is not None or not may_merge:
        return found
    for merged in islice(_merged(mapping), _MAX_MERGES):
        for pair in merged.pairs:
            if key_text(pair) == key:
                found = pair
        if found is not None:
            return found
    return None


def effective_pairs(mapping: Mapping) -> Iterator[Pair]:
    """The pairs that count, merge keys resolved: one for each key, the last one written."""
    seen: dict[str | int, Pair] = {}
    for merged in reversed(list(islice(_merged(mapping), _MAX_MERGES))):
        _take(merged, seen)
    _take(mapping, seen)
    return iter(seen.values())


def _take(mapping: Mapping, into: dict[str | int, Pair]) -> None:
    for pair in mapping.pairs:
        if not is_merge(pair):
            text = key_text(pair)
            into[text if text is not None else id(pair)] = pair


def is_template(node: Node) -> bool:
    """Whether something other than YAML will fill in this value."""
    return isinstance(node, Scalar | Mapping) and node.is_template


def _merged(mapping: Mapping, depth: int = 0) -> Iterator[Mapping]:
    """The mappings that merge keys bring in, the one that counts most first (PyYAML 6.0.3, run).

    Of two `<<` the later counts, of a list the first.
    """
    for pair in reversed(mapping.pairs) if depth < _MAX_MERGE_DEPTH else ():
        if is_merge(pair):
            value = follow(pair.value)
            sources = value.items if isinstance(value, Sequence) else (value,)
            for source in sources:
                target = follow(source)
                if isinstance(target, Mapping):
                    yield target
                    yield from _merged(target, depth + 1)
