"""Parses YAML into a tree with exact spans, whatever the text is.

Built iteratively from PyYAML's parse events: libyaml's own composer recurses in C and ends the process at depth 30,000
(2,000 on a small thread), where no Python barrier helps. The verdict is that of PyYAML's own parser, which azure-ai-ml
uses; libyaml's, many times faster, does the work where the two are known to agree (measured: 120,000 mutated texts).

PyYAML stops at the first error, and half-typed text is the normal state of an editor: the text is repaired around the
error, nothing moved, and parsed again (`yaml_repair`).
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from ..text.source import BOM
from ..text.span import Span
from . import yaml_repair
from .nodes import Alias, Mapping, Node, Pair, Scalar, Sequence, follow, is_merge
from .scalars import kind_of, refusal_of, value_of

MAX_DEPTH = 200
MAX_NODES = 200_000
_MAX_REPAIRS = 3

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXACT: Any = yaml.SafeLoader
# What libyaml takes and PyYAML refuses: tabs, `?` in flow collections, `|#`, a byte order mark inside, directives, and
# a comma or bracket right behind a tag.
_DISPUTED_CHARS = ("\t", "?", "\ufeff", "\n%")
_DISPUTED_SCALAR = re.compile(r"[|>][-+0-9]*#")
_DISPUTED_TAG = re.compile(r"(?<![^\s,\[{])![^\s,\[\]{}]*[,\[\]{}]")
# What libyaml refuses and PyYAML takes.
_DISPUTED_ERRORS = (
    "found invalid Unicode character escape code",
    "found a tab character where an indentation space is expected",
    "found incompatible YAML document",
    "found unknown directive name",
    "found unexpected ':'",
)
_MAX_EXACT = 200_000  # characters; PyYAML's own parser takes about a second for them
# What YAML 1.1 calls printable; everything else makes libyaml refuse the whole stream.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What PyYAML's SafeLoader constructs of scalars, sequences and mappings; `!` means "as if there were no tag".
_SCALAR_TAGS = frozenset({"!", "null", "bool", "int", "float", "binary", "timestamp", "str"})
_SEQUENCE_TAGS = frozenset({"!", "seq", "omap", "pairs"})
_MAPPING_TAGS = frozenset({"!", "map", "set"})
_STANDARD = "tag:yaml.org,2002:"
_SAFE_TAGS = _SCALAR_TAGS | _SEQUENCE_TAGS | _MAPPING_TAGS
_NUMERIC = frozenset("0123456789+-.=<")


class Problem(NamedTuple):
    """Why the text is not one YAML document, and where. `limit` marks one of our own limits, not a mistake."""

    span: Span
    message: str
    limit: bool = False


class Duplicate(NamedTuple):
    """A key written twice in one mapping: `earlier` is lost, `later` counts."""

    earlier: Pair
    later: Pair


class YamlTree(NamedTuple):
    """One YAML document; `root` is None for an empty one. With problems, parts of the text are not in the tree."""

    root: Node | None
    problems: tuple[Problem, ...]
    duplicates: tuple[Duplicate, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything was read: only then may a rule say that something is missing."""
        return not self.problems


# A named tuple's own constructor takes twice the time, and a file has thousands of scalars.
_new = tuple.__new__


def parse(text: str) -> YamlTree:
    """The tree of `text`. Never raises; what cannot be read becomes a problem."""
    shift = 1 if text.startswith(BOM) else 0
    clean = text[shift:]
    problems: list[Problem] = []
    found = _UNPRINTABLE.search(clean)
    if found:
        at = found.start() + shift
        problems.append(Problem(Span(at, at + 1), f"control character U+{ord(found[0]):04X} is not allowed in YAML"))
        clean = _UNPRINTABLE.sub("\ufffd", clean)
    for attempt in range(_MAX_REPAIRS + 1):
        builder, error = _build(clean, shift, len(text))
        if error is None:
            break
        # Only the first error is reported: the later ones are often its echo.
        if not problems:
            problems.append(Problem(yaml_repair.error_span(text, clean, shift, error), yaml_repair.message(error)))
        if attempt == _MAX_REPAIRS:
            break
        clean = yaml_repair.repaired(clean, error, builder.flow_start, whole_block=attempt == _MAX_REPAIRS - 1)
    return YamlTree(builder.root, (*problems, *builder.problems), tuple(builder.duplicates))


def _build(text: str, shift: int, limit: int) -> "tuple[_Builder, yaml.MarkedYAMLError | None]":
    """One try. What is read behind `limit`, in offsets of the file, was put there to mend it."""
    if text.startswith(BOM):
        text, shift = BOM + text, shift - 1  # a second mark is text; PyYAML would leave it out
    may_ask = len(text) <= _MAX_EXACT
    if not (may_ask and _is_disputed(text)):
        builder = _Builder(text, shift, limit, _FAST)
        error = builder.run()
        if error is None or not may_ask or error.problem not in _DISPUTED_ERRORS:
            return builder, error
    builder = _Builder(text, shift, limit, _EXACT)
    return builder, builder.run()


def _is_disputed(text: str) -> bool:
    """Whether something stands there of which libyaml and PyYAML may think differently."""
    return (
        any(each in text for each in _DISPUTED_CHARS)
        or text.startswith("%")
        or ("#" in text and _DISPUTED_SCALAR.search(text) is not None)
        or ("!" in text and _DISPUTED_TAG.search(text) is not None)
    )


def _events(text: str, parser: Any) -> Iterator[Any]:
    """The parse events. `yaml.parse` asks the parser twice for each.

    Any: the stubs know neither the events' own attributes nor that marks are always there.
    """
    loader: Any = parser(text)
    try:
        next_event = loader.get_event
        while (event := next_event()) is not None:
            yield event
            if type(event) is yaml.StreamEndEvent:
                return
    finally:
        loader.dispose()


class _Builder:
    """Turns one run of parse events into nodes. On an error it closes what is open, so the text before it stands."""

    def __init__(self, text: str, shift: int, limit: int, parser: Any) -> None:
        self._parser = parser
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.duplicates: list[Duplicate] = []
        self._text = text
        self._shift = shift
        self._limit_at = limit
        self._anchors: dict[str, Node | None] = {}
        self._open: list[tuple[Any, list[Node]]] = []
        self.flow_start: int | None = None
        """Where the outermost flow collection begins that was open at the error."""

    def run(self) -> yaml.MarkedYAMLError | None:
        try:
            self._consume()
        except yaml.MarkedYAMLError as error:
            flows = (start.start_mark.index for start, _ in self._open if start.flow_style)
            self.flow_start = next(flows, None)
            while self._open:
                self._close(None)
            return error
        except yaml.YAMLError:
            # A reader error without a mark: the unprintable characters were replaced before, so this is unexpected.
            while self._open:
                self._close(None)
        return None

    def _consume(self) -> None:
        shift, text, opened, limit = self._shift, self._text, self._open, self._limit_at
        documents = 0
        for nodes, event in enumerate(_events(text, self._parser)):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                start, end = event.start_mark.index, event.end_mark.index
                value, style = event.value, event.style or ""
                # Counted from the end: an anchor or a tag may stand before the value.
                if style == "":
                    inner = end + shift - len(value)
                elif style in "'\"":
                    inner = end + shift - 1 - len(value)
                else:
                    inner = None
                if end + shift > limit:  # put there to mend the text
                    start, end, inner = min(start, limit - shift), limit - shift, None
                if inner is not None and text[inner - shift : inner - shift + len(value)] != value:
                    inner = None
                node = _new(Scalar, (_new(Span, (start + shift, end + shift)), value, style, event.tag, inner))
                if event.anchor:
                    self._anchor(event, node)
                if event.tag is not None:
                    self._check_tag(event, _SCALAR_TAGS)
                if event.tag is not None or (style == "" and value[:1] in _NUMERIC):
                    self._check_value(node)
                self._add(node)
            elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
                opened.append((event, []))
                if event.anchor:
                    self._anchor(event, None)
                if event.tag is not None:
                    self._check_tag(event, _SEQUENCE_TAGS if kind is yaml.SequenceStartEvent else _MAPPING_TAGS)
                if len(opened) > MAX_DEPTH:
                    self._limit(event, f"nested deeper than {MAX_DEPTH} levels")
                    return
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                self._close(event)
            elif kind is yaml.AliasEvent:
                span = Span(min(event.start_mark.index + shift, limit), min(event.end_mark.index + shift, limit))
                if event.anchor not in self._anchors:
                    self.problems.append(Problem(span, f"alias '*{event.anchor}' has no anchor before it"))
                target = self._anchors.get(event.anchor)
                self._add(Alias(span, event.anchor, target))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    at = event.start_mark.index + shift
                    self.problems.append(
                        Problem(Span(at, at + 3), "a second YAML document begins here, a file holds one")
                    )
                    return
            if nodes >= MAX_NODES:
                self._limit(event, f"more than {MAX_NODES} YAML nodes")
                return

    def _anchor(self, event: Any, node: Node | None) -> None:
        """Takes up an anchor; None for a collection that is not finished yet."""
        if event.anchor in self._anchors:
            at = event.start_mark.index + self._shift
            span = Span(at, at + 1 + len(event.anchor))
            self.problems.append(Problem(span, f"anchor '&{event.anchor}' stands a second time"))
        self._anchors[event.anchor] = node

    def _check_value(self, scalar: Scalar) -> None:
        """PyYAML refuses the whole file for one value that it cannot make."""
        is_key = bool(self._open) and isinstance(self._open[-1][0], yaml.MappingStartEvent)
        is_key = is_key and len(self._open[-1][1]) % 2 == 0
        refusal = refusal_of(scalar, is_key=is_key)
        if refusal:
            self.problems.append(Problem(scalar.span, refusal))

    def _check_tag(self, event: Any, fitting: frozenset[str]) -> None:
        name = str(event.tag).removeprefix(_STANDARD)
        if name not in fitting:
            at = event.start_mark.index + self._shift
            why = "is none of YAML's own" if name not in _SAFE_TAGS else "does not fit what follows it"
            message = f"tag '{str(event.tag).replace(_STANDARD, '!!')}' {why}"
            self.problems.append(Problem(Span(at, event.end_mark.index + self._shift), message))

    def _limit(self, event: Any, message: str) -> None:
        at = event.start_mark.index + self._shift
        self.problems.append(Problem(Span(at, at + 1), message, limit=True))
        while self._open:
            self._close(None)

    def _close(self, event: Any) -> None:
        start, children = self._open.pop()
        first = min(start.start_mark.index + self._shift, self._limit_at)
        flow = start.flow_style
        if flow and event is not None:
            last = min(event.end_mark.index + self._shift, self._limit_at)
        else:
            # The end mark of a block collection lies behind the blank lines that follow it.
            last = children[-1].span.end if children else first
        span = Span(min(first, children[0].span.start) if children else first, max(first, last))
        node: Node
        if isinstance(start, yaml.SequenceStartEvent):
            node = Sequence(span, tuple(children), not flow, start.tag)
        else:
            if len(children) % 2:
                at = children[-1].span.end
                children.append(Scalar(Span(at, at), "", "", None, None))
            pairs = tuple(map(Pair, children[::2], children[1::2]))
            self._note_duplicates(pairs)
            self._check_keys(pairs)
            node = Mapping(span, pairs, not flow, start.tag)
        if start.anchor:
            self._anchors[start.anchor] = node
        self._add(node)

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        elif self.root is None:
            self.root = node

    def _check_keys(self, pairs: tuple[Pair, ...]) -> None:
        """PyYAML refuses the whole file for a key that is a collection, and for a merge of anything but mappings."""
        for pair in pairs:
            if isinstance(pair.key, Scalar):
                if is_merge(pair) and not _can_merge(pair.value):
                    message = "'<<' takes a mapping or a list of mappings"
                    self.problems.append(Problem(pair.key.span, message))
            elif not isinstance(pair.key, Alias) and "{{" not in self._text:  # `{{ x }}` is a template
                message = "a list or mapping cannot be a key"
                self.problems.append(Problem(pair.key.span, message))

    def _note_duplicates(self, pairs: tuple[Pair, ...]) -> None:
        if len({pair.key.text if isinstance(pair.key, Scalar) else id(pair) for pair in pairs}) == len(pairs):
            return
        seen: dict[object, Pair] = {}
        for pair in pairs:
            key = pair.key
            if not isinstance(key, Scalar) or is_merge(pair):
                continue
            name = (kind_of(key), value_of(key))
            if name in seen:
                self.duplicates.append(Duplicate(seen[name], pair))
            seen[name] = pair


def _can_merge(value: Node) -> bool:
    value = follow(value)
    items = value.items if isinstance(value, Sequence) else (value,)
    return all(isinstance(follow(item), Mapping | Alias) for item in items)
