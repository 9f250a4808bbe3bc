"""The keys of a mapping as the schema lists them, each with the text that makes sense below it."""

from typing import Any

from ...syntax.schema import Schema
from .context import Path, Place
from .item import Item, ItemKind, escaped, indented, matching

_STEP = 2
# Keys that hardly any definition needs stand behind the others.
_RARE = ("datastore", "auto_delete_setting", "prefix", "variables")
# Of these only one may stand in a definition: with one there, the other comes last.
_EXCLUSIVE = {"image": "build", "build": "image", "conda_file": "build"}


def keys(schema: Schema, where: Path, place: Place, hidden: frozenset[str] = frozenset()) -> tuple[Item, ...]:
    """The keys of the mapping at `where` in the schema that the text does not have yet, required ones first."""
    node = schema.description(where)
    required = node.get("required", ())
    found: list[tuple[int, int, Item]] = []
    for at, name in enumerate(node.get("properties", {})):
        if name in place.siblings or name in hidden:
            continue
        about = schema.description((*where, name))
        read_only = bool(about.get("readOnly"))
        rank = 0 if name in required else 2 if name in _RARE or read_only else 1
        if _EXCLUSIVE.get(name) in place.siblings:
            rank = 3
        item = _item(schema, (*where, name), place, about)
        found.append((rank, at, item._replace(is_deprecated=read_only)))
    return tuple(item for _, _, item in sorted(found, key=lambda each: each[:2]))


def shape_of(about: dict[str, Any]) -> type:
    """`dict`, `list` or `str`: what stands below a key, as its first example shows."""
    if about.get("type") == "object":
        return dict
    first = next(iter(about.get("examples", ())), "")
    return type(first) if isinstance(first, dict | list) else str


def _item(schema: Schema, where: Path, place: Place, about: dict[str, Any]) -> Item:
    name = str(where[-1])
    text = name
    if not place.has_colon:
        lines = [f"{escaped(name)}: "] if place.is_flow or place.quote else _lines(schema, where, about)
        text = indented(lines, place.column - place.margin)
    is_snippet = not place.has_colon
    detail = str(about.get("title", ""))
    kind = "key:" + "/".join("*" if isinstance(each, int) else each for each in where)
    text = place.before + text
    return Item(name, ItemKind.KEY, text, place.span, detail, matching(place.prefix, name), kind, is_snippet)


def _lines(schema: Schema, where: Path, about: dict[str, Any]) -> list[str]:
    """A key and what has to stand below it, with places to fill in."""
    places = iter(range(1, 100))

    def lines(path: Path, node: dict[str, Any], example: object = None) -> list[str]:
        top = example is None
        example = next(iter(node.get("examples", ())), "") if top else example
        name, shape = escaped(str(path[-1])), shape_of(node)
        if shape is list:
            return [f"{name}:", " " * _STEP + "- "]
        if shape is str:
            return [f"{name}: "] if top else [f"{name}: ${{{next(places)}:{escaped(str(example))}}}"]
        properties = node.get("properties", {})
        values = example if isinstance(example, dict) else {}
        wanted = node.get("required") or [
            key for key in properties if key in values and "default" not in properties[key]
        ]
        below = [
            line
            for key in wanted
            for line in lines((*path, key), schema.description((*path, key)), values.get(key, ""))
        ]
        return [f"{name}:", *(" " * _STEP + line for line in below or [""])]

    found = lines(where, about)
    return found if "${" in "".join(found) else [*found[:-1], f"{found[-1]}$0"]
