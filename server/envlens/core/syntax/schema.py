"""Validates a YAML tree against a JSON schema, and says of each failure where it stands.

Two validators share the work. `jsonschema_rs` (Rust, 28 ms to import) answers "is it valid?" at every keystroke;
`jsonschema` (67 ms to import) explains, and is loaded only once something is wrong. A test holds them to one verdict.
"""

import json
from collections.abc import Iterator
from collections.abc import Sequence as SequenceABC
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite
from typing import Any

from ..text.span import Span
from .nodes import Mapping, Node, Pair, Scalar, Sequence, effective_pairs, find, follow, is_template, key_text
from .scalars import kind_of, value_of

# Deeper values are unchecked by our schemas. Cutting there also disarms alias bombs: nothing is expanded twice.
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class SchemaFailure:
    """One thing that the schema refuses.

    `keyword` is JSON Schema's (`additionalProperties`, `required`, `type`, `pattern`, `enum` …); `path` the keys from
    the root; `key` the key that is unknown or missing; `expected` what was allowed; `pair` the offending pair if any.
    """

    keyword: str
    path: tuple[str, ...]
    span: Span
    key: str
    expected: tuple[str, ...]
    pair: Pair | None
    parent: Node | None


class Schema:
    """A JSON schema and its two validators, made when first needed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    @cached_property
    def _fast(self) -> Any:
        import jsonschema_rs

        return jsonschema_rs.validator_for(json.dumps(self.document))

    @cached_property
    def _explaining(self) -> Any:
        from jsonschema import Draft202012Validator

        return Draft202012Validator(self.document)

    def is_valid(self, value: object) -> bool:
        """The fast validator's verdict on plain data."""
        return bool(self._fast.is_valid(value))

    def explain(self, value: object) -> SequenceABC[Any]:
        """The explaining validator's errors on plain data, in document order."""
        return sorted(
            self._explaining.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
        )

    def description(self, path: SequenceABC[str]) -> dict[str, Any]:
        """The subschema of the property at `path`, `{}` where there is none; its `description` serves as hover."""
        schema = self.document
        for key in path:
            schema = schema.get("properties", {}).get(key, {})
            if "$ref" in schema:
                target: Any = self.document
                for part in schema["$ref"].lstrip("#/").split("/"):
                    target = target.get(part, {})
                schema = {**target, **{name: value for name, value in schema.items() if name != "$ref"}}
        return schema

    def failures(self, root: Node) -> tuple[SchemaFailure, ...]:
        """What the schema refuses in a tree. Values that are templates are not judged."""
        value = to_data(root)
        found = [] if self.is_valid(value) else [each for error in self.explain(value) for each in _locate(root, error)]
        return (*found, *_non_string_tags(root))


def to_data(node: Node, depth: int = 0) -> Any:
    """Plain data as JSON Schema sees it: keys as strings, dates as a mapping (no JSON type fits), depth cut off."""
    node = follow(node)
    if isinstance(node, Scalar):
        if kind_of(node) == "timestamp" or isinstance(value_of(node), date):
            return {"timestamp": node.text}
        value = value_of(node)
        return (
            str(value)
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53
            else _finite(value)
        )
    if depth >= _DEPTH:
        return {} if isinstance(node, Mapping) else []
    if isinstance(node, Mapping):
        return {key_text(pair) or "": to_data(pair.value, depth + 1) for pair in effective_pairs(node)}
    if isinstance(node, Sequence):
        return [to_data(item, depth + 1) for item in node.items[:_MAX_ITEMS]]
    return None


_MAX_ITEMS = 1000


def _finite(value: object) -> object:
    # NaN and the infinities are floats to YAML and no JSON at all.
    return value if not isinstance(value, float) or isfinite(value) else 0.0


def _locate(root: Node, error: Any) -> Iterator[SchemaFailure]:
    path = tuple(str(part) for part in error.absolute_path)
    pair: Pair | None = None
    node: Node | None = follow(root)
    parent: Node | None = None
    for part in path:
        parent = node
        if isinstance(node, Mapping):
            pair = find(node, part)
            node = follow(pair.value) if pair else None
        elif isinstance(node, Sequence) and part.isdigit() and int(part) < len(node.items):
            pair, node = None, follow(node.items[int(part)])
    if node is None or is_template(node):
        return
    keyword = error.validator
    if keyword == "additionalProperties" and isinstance(node, Mapping):
        allowed = tuple(error.schema.get("properties", {}))
        for each in effective_pairs(node):
            key = key_text(each)
            if (key is None and is_template(each.key)) or (isinstance(each.key, Scalar) and each.key.is_template):
                continue
            if key not in allowed:
                yield SchemaFailure(keyword, path, each.key.span, key or "", allowed, each, node)
    elif keyword == "required" and isinstance(node, Mapping):
        # One error a missing key; its name stands only in the message.
        span = (
            pair.key.span
            if pair
            else Span(node.span.start, node.pairs[0].key.span.end if node.pairs else node.span.end)
        )
        for key in error.validator_value:
            if find(node, key) is None and repr(key) in error.message:
                yield SchemaFailure(keyword, path, span, key, (), pair, node)
    else:
        wanted = error.validator_value
        expected = tuple(map(str, wanted)) if isinstance(wanted, list) else (str(wanted),)
        blank = pair is not None and isinstance(node, Scalar) and not node.text
        span = pair.key.span if blank and pair else _first_line(node)
        yield SchemaFailure(keyword, path, span, path[-1] if path else "", expected, pair, parent)


def _first_line(node: Node) -> Span:
    if isinstance(node, Mapping) and node.pairs:
        return node.pairs[0].key.span
    if isinstance(node, Sequence) and node.items:
        return node.items[0].span
    return node.span


def _non_string_tags(root: Node) -> Iterator[SchemaFailure]:
    """JSON has only string keys, so the schema cannot see that the SDK refuses `tags: {1: a}`."""
    pair = find(root, "tags") if isinstance(root, Mapping) else None
    tags = follow(pair.value) if pair else None
    for each in tags.pairs if isinstance(tags, Mapping) else ():
        if isinstance(each.key, Scalar) and kind_of(each.key) != "str" and not each.key.is_template:
            yield SchemaFailure("type", ("tags", each.key.text), each.key.span, each.key.text, ("string",), each, tags)
