"""Validates a YAML tree against a JSON schema, and says of each failure where it stands.

`jsonschema_rs` (compiled, 28 ms to import, 30 times faster) does the work; `jsonschema` (67 ms to import) does where no
compiled wheel can be had, and is the reference: a test holds the two to the same failures on every case.
"""

import json
from collections.abc import Iterator
from collections.abc import Sequence as SequenceABC
from functools import cached_property
from math import isfinite
from typing import Any, NamedTuple

from ..text.span import Span
from .nodes import Alias, Mapping, Node, Pair, Scalar, Sequence, effective_pairs, find, follow, is_template, key_text
from .scalars import kind_of, value_of

# Deeper values are unchecked by our schemas.
_DEPTH = 4


class SchemaFailure(NamedTuple):
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


class SchemaError(NamedTuple):
    """What a validator says, in the words of neither: `names` are the unknown or missing keys, `expected` the types."""

    keyword: str
    path: tuple[str, ...]
    names: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


class Schema:
    """A JSON schema and its validators, made when first needed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def errors(self, value: object) -> list[SchemaError]:
        """What the schema refuses in plain data, in a stable order."""
        try:
            return self.compiled_errors(value)
        except ImportError:
            return self.reference_errors(value)

    def compiled_errors(self, value: object) -> list[SchemaError]:
        """The errors as `jsonschema_rs` finds them. Raises ImportError where it is not installed."""
        validator = self._compiled
        if validator.is_valid(value):
            return []
        found = []
        for error in validator.iter_errors(value):
            kind = error.kind
            names = getattr(kind, "unexpected", None) or getattr(kind, "property", None) or ()
            names = (names,) if isinstance(names, str) else tuple(names)
            path = tuple(str(part) for part in error.instance_path)
            found.append(SchemaError(kind.name, path, names, tuple(sorted(getattr(kind, "types", ())))))
        return sorted(found)

    def reference_errors(self, value: object) -> list[SchemaError]:
        """The errors as `jsonschema` finds them."""
        found = []
        for error in self._reference.iter_errors(value):
            names: tuple[str, ...] = ()
            expected: tuple[str, ...] = ()
            wanted: Any = error.validator_value
            if error.validator == "additionalProperties":
                names = tuple(key for key in error.instance if key not in error.schema.get("properties", {}))
            elif error.validator == "required":
                # One error a missing key; which one it is stands only in the message.
                names = tuple(key for key in wanted if error.message.startswith(repr(key)))
            elif error.validator == "type":
                expected = (wanted,) if isinstance(wanted, str) else tuple(sorted(wanted))
            path = tuple(str(part) for part in error.absolute_path)
            found.append(SchemaError(str(error.validator), path, names, expected))
        return sorted(found)

    @cached_property
    def _compiled(self) -> Any:
        import jsonschema_rs

        return jsonschema_rs.validator_for(json.dumps(self.document))

    @cached_property
    def _reference(self) -> Any:
        from jsonschema import Draft202012Validator

        return Draft202012Validator(self.document)

    def description(self, path: SequenceABC[str | int]) -> dict[str, Any]:
        """The subschema at `path`, `{}` where there is none; its `description` serves as hover.

        A step is a property's name, or the number of an item.
        """
        schema = self.document
        for key in path:
            schema = schema.get("items", {}) if isinstance(key, int) else schema.get("properties", {}).get(key, {})
            if "$ref" in schema:
                target: Any = self.document
                for part in schema["$ref"].lstrip("#/").split("/"):
                    target = target.get(part, {})
                schema = {**target, **{name: value for name, value in schema.items() if name != "$ref"}}
        return schema

    def failures(self, root: Node) -> tuple[SchemaFailure, ...]:
        """What the schema refuses in a tree. Values that are templates are not judged."""
        found = [failure for error in self.errors(to_data(root)) for failure in self._locate(root, error)]
        return (*found, *_non_string_tags(root))

    def _locate(self, root: Node, error: SchemaError) -> Iterator[SchemaFailure]:
        node, pair, parent = _walk(root, error.path)
        if node is None or isinstance(node, Alias) or is_template(node):
            return
        keyword, path = error.keyword, error.path
        if keyword == "additionalProperties" and isinstance(node, Mapping):
            allowed = tuple(self.description(path).get("properties", {}))
            names = frozenset(error.names)
            for each in effective_pairs(node):
                key = key_text(each) or ""
                if key in names and not is_template(each.key):
                    yield SchemaFailure(keyword, path, each.key.span, key, allowed, each, node)
        elif keyword == "required" and isinstance(node, Mapping):
            first = node.pairs[0].key.span.end if node.pairs else node.span.end
            span = pair.key.span if pair else Span(node.span.start, first)
            for key in error.names:
                yield SchemaFailure(keyword, path, span, key, (), pair, node)
        else:
            blank = pair is not None and isinstance(node, Scalar) and not node.text
            span = pair.key.span if blank and pair else _first_line(node)
            yield SchemaFailure(keyword, path, span, path[-1] if path else "", error.expected, pair, parent)


def to_data(node: Node) -> Any:
    """Plain data as JSON Schema sees it: keys as strings, a date as a list, depth and number cut off."""
    return _Plain().data(node, 0)


class _Plain:
    """One conversion. Aliases are copied at each place, so what is made is counted, not what is written."""

    def __init__(self) -> None:
        self._left = _MAX_VALUES

    def data(self, node: Node, depth: int) -> Any:
        node = follow(node)
        self._left -= 1
        if isinstance(node, Scalar):
            return _plain_scalar(node)
        if depth >= _DEPTH or self._left <= 0:
            return {} if isinstance(node, Mapping) else []
        if isinstance(node, Mapping):
            keyed = ((key_text(pair), pair.value) for pair in effective_pairs(node))
            return {key: self.data(value, depth + 1) for key, value in keyed if key is not None and self._left > 0}
        if isinstance(node, Sequence):
            return [self.data(item, depth + 1) for item in node.items if self._left > 0]
        return None


_MAX_VALUES = 100_000
_LARGEST = 2**53


def _plain_scalar(scalar: Scalar) -> Any:
    kind, value = kind_of(scalar), value_of(scalar)
    if kind == "timestamp":
        return [scalar.text]
    if kind == "int":  # JSON knows no larger ones, and the size of a number is nothing that the schema asks for
        return value if isinstance(value, int) and abs(value) <= _LARGEST else _LARGEST
    if isinstance(value, float) and not isfinite(value):
        return 1e308
    # PyYAML makes lone surrogates of JSON's escapes, which no other program takes for text.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and not value.isascii() else value


def _walk(root: Node, path: tuple[str, ...]) -> tuple[Node | None, Pair | None, Node | None]:
    """The node at a path, the pair whose value it is, and the node above it."""
    pair: Pair | None = None
    parent: Node | None = None
    node: Node | None = follow(root)
    for part in path:
        parent = node
        if isinstance(node, Mapping):
            pair = find(node, part)
            node = follow(pair.value) if pair else None
        elif isinstance(node, Sequence) and part.isdigit() and int(part) < len(node.items):
            pair, node = None, follow(node.items[int(part)])
        else:
            return None, None, None
    return node, pair, parent


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
