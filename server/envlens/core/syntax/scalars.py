"""The type that YAML 1.1, as PyYAML's SafeLoader reads it, gives a scalar: the SDK sees `3.10` as the number 3.1."""

from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from .nodes import Pair, Scalar, follow

_RESOLVERS: dict[str, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers
_MAX_LENGTH = 400
# Python refuses more than 4,300 digits; of those to the base 60 it takes them all, and the square of their length.
_LONGEST_NUMBER = 5_000
_STANDARD = "tag:yaml.org,2002:"


def kind_of(scalar: Scalar) -> str:
    """`str`, `int`, `float`, `bool`, `null`, `timestamp`, or the tag itself where it is none of YAML's own."""
    _, text, style, tag, _ = scalar
    if tag is None:
        return "str" if style else _plain_kind(text)
    return _plain_kind(text) if tag == "!" else tag.removeprefix(_STANDARD)


@lru_cache(maxsize=8192)
def _plain_kind(text: str) -> str:
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            kind = tag.removeprefix(_STANDARD)
            return "str" if kind in {"merge", "value"} else kind
    return "str"


def _is_implicit(scalar: Scalar) -> bool:
    """Whether the text decides the type. PyYAML takes the tag `!` for "as if it were plain", quoted or not."""
    return scalar.tag == "!" or (scalar.tag is None and scalar.is_plain)


def value_of(scalar: Scalar) -> str | int | float | bool | date | None:
    """The value that PyYAML's SafeLoader would give. A number that Python refuses stays text."""
    kind = kind_of(scalar)
    # Python itself refuses to print numbers of thousands of digits; none of them means anything here.
    if kind in {"str", "binary"} or len(scalar.text) > _MAX_LENGTH:
        return scalar.text
    if kind == "null":
        return None
    build = _BUILDERS.get(kind)
    if build is None:
        return scalar.text
    node = yaml.ScalarNode(_STANDARD + kind, scalar.text)
    try:
        value: str | int | float | bool | date | None = build(yaml.constructor.SafeConstructor(), node)
    except (ValueError, KeyError, AttributeError, OverflowError, IndexError):
        return scalar.text
    return value


def text_of(pair: Pair | None) -> str | None:
    """The value of a pair where that is a text; None for no pair, and for a value of another type."""
    value = follow(pair.value) if pair is not None else None
    return value.text if isinstance(value, Scalar) and kind_of(value) == "str" else None


def refusal_of(scalar: Scalar, *, is_key: bool) -> str | None:
    """Why PyYAML's SafeLoader cannot make a value of a scalar, in words; None where it can."""
    if scalar.text in {"=", "<<"} and _is_implicit(scalar) and not is_key:
        return f"'{scalar.text}' alone is no value to PyYAML (quote it if it is text)"
    kind = kind_of(scalar)
    build = _BUILDERS.get(kind)
    if build is None:
        return None
    if len(scalar.text) > _LONGEST_NUMBER:
        return f"'{scalar.text[:40]}…' is a number longer than Python reads (quote it if it is text)"
    try:
        build(yaml.constructor.SafeConstructor(), yaml.ScalarNode(_STANDARD + kind, scalar.text))
    except (ValueError, KeyError, AttributeError, OverflowError, IndexError):
        what = {"timestamp": "date", "int": "number", "float": "number", "bool": "truth value"}[kind]
        return f"'{scalar.text[:40]}' is no {what} that exists (quote it if it is text)"
    return None


_BUILDERS: dict[str, Any] = {
    "int": yaml.constructor.SafeConstructor.construct_yaml_int,
    "float": yaml.constructor.SafeConstructor.construct_yaml_float,
    "bool": yaml.constructor.SafeConstructor.construct_yaml_bool,
    "timestamp": yaml.constructor.SafeConstructor.construct_yaml_timestamp,
}
