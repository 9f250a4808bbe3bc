"""Writes values as YAML in the many ways that mean the same: order of keys, styles, quotes, comments, blanks."""

import json
import random
import re

import yaml

_WORD = re.compile(r"[A-Za-z0-9_./=<>!~+-]+( [A-Za-z0-9_./=<>!~+-]+)*")
_COMMENTS = ("", "", "", " # why", " #", "  # numpy=2.0: [x]")
_LINES = ("", "", "", "# a line\n", "\n", "  # indented\n")


def spell(value: object, rng: random.Random, indent: int = 0) -> str:
    """A text of whole lines that YAML reads as the value. `rng` decides how it is written."""
    pad = " " * indent
    if isinstance(value, dict) and value and rng.random() < 0.85:
        pairs = list(value.items())
        rng.shuffle(pairs)
        return "".join(_entry(f"{pad}{_scalar(key, rng)}:", each, rng, indent, is_item=False) for key, each in pairs)
    if isinstance(value, list) and value and rng.random() < 0.85:
        return "".join(_entry(f"{pad}-", each, rng, indent, is_item=True) for each in value)
    return f"{pad}{_flow(value, rng)}{rng.choice(_COMMENTS)}\n"


def _entry(lead: str, value: object, rng: random.Random, indent: int, *, is_item: bool) -> str:
    before = rng.choice(_LINES)
    if isinstance(value, dict | list) and value and rng.random() < 0.8:
        is_flush = isinstance(value, list) and not is_item and rng.random() < 0.5
        deeper = indent + (0 if is_flush else rng.choice((2, 4, 1)))
        inner = _block(value, rng, deeper)
        return f"{before}{lead}{rng.choice(_COMMENTS)}\n{inner}"
    return f"{before}{lead}{' ' * rng.choice((1, 1, 3))}{_flow(value, rng)}{rng.choice(_COMMENTS)}\n"


def _block(value: dict[object, object] | list[object], rng: random.Random, indent: int) -> str:
    pad = " " * indent
    if isinstance(value, list):
        return "".join(_entry(f"{pad}-", each, rng, indent, is_item=True) for each in value)
    pairs = list(value.items())
    rng.shuffle(pairs)
    return "".join(_entry(f"{pad}{_scalar(key, rng)}:", each, rng, indent, is_item=False) for key, each in pairs)


def _flow(value: object, rng: random.Random) -> str:
    blank = rng.choice(("", " ", "  "))
    if isinstance(value, dict):
        pairs = list(value.items())
        rng.shuffle(pairs)
        inner = f",{blank} ".join(f"{_scalar(key, rng, in_flow=True)}: {_flow(each, rng)}" for key, each in pairs)
        return f"{{{blank}{inner}{blank}}}"
    if isinstance(value, list):
        return f"[{blank}{f',{blank}'.join(_flow(each, rng) for each in value)}{blank}]"
    return _scalar(value, rng, in_flow=True)


def _scalar(value: object, rng: random.Random, *, in_flow: bool = False) -> str:
    if not isinstance(value, str):
        return yaml.safe_dump(value, default_flow_style=True).removesuffix("\n").removesuffix("\n...").strip()
    ways = [json.dumps(value, ensure_ascii=rng.random() < 0.5)]
    if value.isprintable():
        ways.append("'" + value.replace("'", "''") + "'")
    is_plain = (
        _WORD.fullmatch(value) and not value.startswith(("-", "=", "<", ">", "!")) and yaml.safe_load(value) == value
    )
    return rng.choice([value, value, value, *ways] if is_plain and isinstance(yaml.safe_load(value), str) else ways)
