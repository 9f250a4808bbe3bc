"""Completion in half-typed text. `complete` says what fits at the cursor, `documentation` explains one item.

Nothing here asks the tree, which is broken while one types, nor the disk: the host hands in what it knows as a `World`.
"""

import re
from collections.abc import Iterable

from ...model.document import FileKind
from ...rules import RULES
from ...syntax.schema import Schema
from ..pages import summary
from . import lines, snippets
from .context import Path, Place, Typing, locate
from .grammar import Grammar, grammar_of
from .item import Completions, Item, ItemKind, World, make, plain
from .keys import keys
from .references import environment_at, references, takes_environment
from .values import at_schema

__all__ = ["Completions", "Item", "ItemKind", "World", "complete", "documentation", "plain"]

_IGNORE = re.compile(r"#\s*envlens:\s*ignore(?:-file)?\[(?:[^\]\r\n]*,)?[ \t]*([\w-]*)$")
_MAX_LINE = 2000
# Inline in a job, an environment has no name of its own: the SDK drops these with a warning.
_NOT_INLINE = frozenset({"$schema", "name", "version"})
_READ_ONLY = frozenset({"id", "creation_context", "latest_version", "intellectual_property"})
# What reads as a key while its colon is the last that is typed.
_SCHEME = re.compile(r"(?:azureml(?::[^:@]+)?|file)\Z")
_DEPLOYMENT = re.compile(r"^endpoint_name[ \t]*:", re.MULTILINE)


def complete(world: World, path: str, text: str, kind: FileKind | None, offset: int) -> Completions:
    """What fits at `offset`, the most useful first. `kind` is what the file is known to be. Never raises."""
    found = _complete(world, path, text, kind, offset)
    return found if isinstance(found, Completions) else Completions(tuple(found))


def _complete(world: World, path: str, text: str, kind: FileKind | None, offset: int) -> Completions | Iterable[Item]:
    offset = min(max(offset, 0), len(text))
    if text[max(offset - 1, 0) : offset + 1] == "\r\n":
        offset -= 1  # between the two there is no place
    grammar = grammar_of(path, text, kind, offset)
    if grammar is None:
        return ()
    rules = _rules(text, offset)
    if rules is not None:
        return rules
    if grammar is Grammar.REQUIREMENTS:
        return lines.requirements(world, path, text, offset)
    if grammar is Grammar.DOCKERFILE:
        return lines.dockerfile(world, path, text, offset)
    place = locate(text, offset)
    if place.typing is Typing.NOTHING:
        return ()
    if grammar is Grammar.JOB:
        return _job(world, path, text, place)
    if grammar is Grammar.NEW:
        return _new(world, path, place)
    where: Path = ("conda_file", *place.path) if grammar is Grammar.CONDA else place.path
    found = at_schema(world, place, where, path)
    if not place.path and not place.siblings and place.typing is Typing.KEY and place.column == 0:
        found += _whole(world, place, conda=grammar is Grammar.CONDA)
    return found


def _new(world: World, path: str, place: Place) -> list[Item]:
    if place.typing is not Typing.KEY or place.path:
        return []
    is_conda = "conda" in path.rpartition("/")[2].lower()
    where: Path = ("conda_file",) if is_conda else ()
    whole = _whole(world, place, conda=is_conda) + _whole(world, place, conda=not is_conda)
    return [*whole, *keys(world.schema, where, place, _READ_ONLY)]


def _whole(world: World, place: Place, *, conda: bool) -> list[Item]:
    return list((snippets.conda_file if conda else snippets.definitions)(world.facts, place))


def _job(world: World, path: str, text: str, place: Place) -> Completions | Iterable[Item]:
    count = environment_at(place.path)
    if count is None:
        if place.typing is Typing.KEY and takes_environment(place.path, place.siblings):
            suffix = "" if place.has_colon else ": "
            detail = "the software that it runs in"
            return [make(place, "environment", ItemKind.KEY, f"environment{suffix}", detail=detail)]
        return []
    where = place.path[count:]
    if place.typing is Typing.VALUE and len(where) == 1 and _SCHEME.match(str(where[0])) and place.ends_in_colon:
        where, place = (), place.with_key()
    if not where and place.typing is Typing.VALUE:
        return references(world, place, path, text)
    hidden = _READ_ONLY if _DEPLOYMENT.search(text) else _NOT_INLINE | _READ_ONLY
    return at_schema(world, place, where, path, hidden if not where else frozenset())


def _rules(text: str, offset: int) -> tuple[Item, ...] | None:
    """The names of rules inside the brackets of an ignore comment; None elsewhere."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset), offset - _MAX_LINE)
    found = _IGNORE.search(text[start + 1 : offset])
    if found is None:
        return None
    place = locate("", 0)._replace(span=lines.word(text, offset), prefix=found[1])
    return tuple(make(place, rule, ItemKind.RULE)._replace(about=f"rule:{rule}") for rule in RULES)


def documentation(world: World, about: str) -> str | None:
    """What an item is about, as Markdown; None where there is nothing more to say."""
    topic, _, name = about.partition(":")
    if topic == "key":
        return _description(world.schema, name)
    if topic == "image":
        image = world.facts.images.get(name) or world.facts.inference_images.get(name)
        return f"**{image.repository}**\n\n{image.contents}" if image else None
    if topic == "rule" and name in RULES:
        return summary(name)
    if topic == "snippet":
        place = locate("", 0)
        whole = _whole(world, place, conda=False) + _whole(world, place, conda=True)
        return next((f"```yaml\n{plain(item.text)}```" for item in whole if item.label == name), None)
    return None


def _description(schema: Schema, name: str) -> str | None:
    path: list[str | int] = [0 if step == "*" else step for step in name.split("/")]
    text = schema.description(path).get("description")
    return str(text) if text else None
