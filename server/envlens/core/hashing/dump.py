"""Writes a value as PyYAML 6.0.3's `dump(value, default_flow_style=False, sort_keys=True)` does, byte for byte.

Azure ML's service and azure-ai-ml hash that text (`docs/hash.md`). Ours depends on no installed PyYAML. Covered is all
that its SafeLoader can make: strings, numbers, truth values, null, dates, bytes, lists, mappings, sets, and the tuples
of `!!omap` and `!!pairs`. Source: PyYAML 6.0.3 read and run beside this; `tests/unit/hash_dumps.json` pins the texts.
"""

import binascii
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from .written import WIDTH, Form, Trait, fold, form_of, scalar_text, spread

__all__ = ["Dumped", "Trait", "dump"]

_MAX_DEPTH = 210  # trees are at most 200 deep, and PyYAML itself ends near 330
_TOO_DEEP = f"nested deeper than {_MAX_DEPTH} levels"
_MAX_SIMPLE_KEY = 127  # the anchor, the tag even where it is not written, and the text, in characters
_BINARY_LINE = 57  # bytes in a line of base64
_STEP = 2


class Dumped(NamedTuple):
    """The text, and what occurred in it. `problem` says why there is no text, in words that can follow a colon."""

    text: str
    traits: frozenset[Trait]
    problem: str | None = None


class _UnwritableError(Exception):
    """Why a value cannot be written."""


def dump(value: object, *, blank: str | None = None) -> Dumped:
    """The text of a value. Under the top key `blank` an empty string is meant, and does not count as EMPTY."""
    try:
        writer = _Writer(value)
        writer.write(value, -_STEP, 0, in_mapping=False, inline=True)
    except _UnwritableError as problem:
        return Dumped("", frozenset(), str(problem))
    except RecursionError:  # the caller itself stood deep
        return Dumped("", frozenset(), _TOO_DEEP)
    except ValueError:
        return Dumped("", frozenset(), "a number with more digits than Python prints")
    parts, traits = writer.parts, writer.traits
    is_meant = blank is not None and type(value) is dict and value.get(blank) == ""
    if writer.empties > is_meant:
        traits.add(Trait.EMPTY)
    # A plain scalar alone could go on in the next line, so the document's end is marked.
    parts.append("\n...\n" if writer.is_open else "\n")
    return Dumped("".join(parts), frozenset(traits))


class _Writer:
    """One dump: the parts of the text so far. Lines begin with their break, so that nothing need be taken back."""

    def __init__(self, root: object) -> None:
        self.parts: list[str] = []
        self.traits: set[Trait] = set()
        self.empties = 0
        self.is_open = False
        self._anchors: dict[int, str | None] = {}
        self._entries: dict[int, list[tuple[object, object]]] = {}
        self._written: set[int] = set()
        self._last_anchor = 0
        self._survey(root, 0)

    def _survey(self, value: object, depth: int) -> None:
        """Orders the keys and numbers what occurs twice, in the order in which it occurs the second time."""
        kind = type(value)
        if kind in _UNSHARED:
            return
        if kind not in _KINDS:
            raise _UnwritableError(f"a value of type {kind.__name__}")
        if value == ():
            return  # PyYAML never gives it an anchor
        if depth > _MAX_DEPTH:
            raise _UnwritableError(_TOO_DEEP)
        identity = id(value)
        if identity in self._anchors:
            if self._anchors[identity] is None:
                self._last_anchor += 1
                self._anchors[identity] = f"id{self._last_anchor:03d}"
                self.traits.add(Trait.REUSED)
            return
        self._anchors[identity] = None
        if isinstance(value, list | tuple):
            for item in value:
                if type(item) is not str:
                    self._survey(item, depth + 1)
        elif isinstance(value, dict | set):
            entries = _sorted(value.items()) if isinstance(value, dict) else _sorted_set(value)
            self._entries[identity] = entries
            for key, item in entries:
                self._survey(key, depth + 1)
                self._survey(item, depth + 1)

    def write(self, value: object, outer: int, column: int, *, in_mapping: bool, inline: bool) -> None:
        """Writes a value behind `-`, `?` or `:`, which ends at `column`, in a block that is indented by `outer`.

        `inline` is true where a block may begin on the same line.
        """
        if isinstance(value, str):
            self._string(form_of(value), outer, column)
            return
        properties, is_alias = self._properties(value)
        if properties:
            self.parts.append(" " + properties if column else properties)
            column += len(properties) + bool(column)
            inline = False
        if is_alias:
            return
        if isinstance(value, bytes):
            self._bytes(value, max(outer + _STEP, _STEP))
        elif isinstance(value, list | tuple):
            # A list right behind its key is not indented.
            indent = outer if in_mapping and not inline else outer + _STEP
            self._sequence(value, indent, column, inline=inline)
        elif isinstance(value, dict | set):
            self._mapping(self._entries[id(value)], outer + _STEP, column, is_set=isinstance(value, set), inline=inline)
        else:
            self.traits.add(Trait.NUMBER_OR_BOOLEAN)
            self._plain(scalar_text(value), outer, column)

    def _properties(self, value: object) -> tuple[str, bool]:
        """Anchor and tag of what is no string, and whether an alias is all there is to write."""
        tag = _WRITTEN_TAGS.get(type(value), "")
        anchor = self._anchors.get(id(value))
        if anchor is None:
            return tag, False
        if id(value) in self._written:
            return f"*{anchor}", True
        self._written.add(id(value))
        return f"&{anchor} {tag}".rstrip(), False

    def _string(self, form: Form, outer: int, column: int) -> None:
        lead = " " if column else ""
        column += len(lead)
        line = form.line
        if form.may_break and (form.has_breaks or column + len(line) > WIDTH):
            line = spread(form, column, max(outer + _STEP, _STEP))
            if " " in form.text or "\n" in line:
                self.traits.add(Trait.FOLDED_OR_LONG)
        self.parts.append(lead + line)
        self._note(form)
        if outer < 0 and not form.style:
            self.is_open = True

    def _note(self, form: Form) -> None:
        if form.traits:
            self.traits.update(form.traits)
        elif not form.text:
            self.empties += 1

    def _plain(self, text: str, outer: int, column: int) -> None:
        lead = " " if column else ""
        self.parts.append(lead + fold(text, column + len(lead), max(outer + _STEP, _STEP)))
        if outer < 0:
            self.is_open = True

    def _bytes(self, value: bytes, indent: int) -> None:
        self.traits.add(Trait.NUMBER_OR_BOOLEAN)
        if not value:
            self.parts.append(' ""')
            return
        self.parts.append(" |")
        for start in range(0, len(value), _BINARY_LINE):
            line = binascii.b2a_base64(value[start : start + _BINARY_LINE], newline=False).decode("ascii")
            self.parts.append("\n" + " " * indent + line)

    def _sequence(self, items: list[object] | tuple[object, ...], indent: int, column: int, *, inline: bool) -> None:
        if type(items) is tuple:
            self.traits.add(Trait.OTHER_TYPE)
        if not items:
            self._empty("[]", column)
            return
        parts = self.parts
        start = "\n" + " " * indent + "-"
        dash = (" -" if column else "-") if inline else start
        room = WIDTH - indent - 2
        for item in items:
            if type(item) is str:  # nearly all of them: package specifications
                form = form_of(item)
                if not form.may_break or (len(form.line) <= room and not form.has_breaks):
                    parts.append(f"{dash} {form.line}")
                    self._note(form)
                    dash = start
                    continue
            parts.append(dash)
            self.write(item, indent, indent + 1, in_mapping=False, inline=True)
            dash = start

    def _mapping(
        self, entries: list[tuple[object, object]], indent: int, column: int, *, is_set: bool, inline: bool
    ) -> None:
        if is_set:
            self.traits.add(Trait.OTHER_TYPE)
        if not entries:
            self._empty("{}", column)
            return
        parts = self.parts
        start = "\n" + " " * indent
        lead = (" " if column else "") if inline else start
        for key, item in entries:
            parts.append(lead)
            lead = start
            simple = self._simple_key(key, indent)
            if simple is not None:
                parts.append(simple + ":")
                column = indent + len(simple) + 1
                inline = False
            else:
                parts.append("?")
                self.write(key, indent, indent + 1, in_mapping=True, inline=True)
                parts.append(start + ":")
                column = indent + 1
                inline = True
            if is_set:
                parts.append(" null")
            else:
                self.write(item, indent, column, in_mapping=True, inline=inline)

    def _simple_key(self, key: object, indent: int) -> str | None:
        """A key that stands before its colon on one line; None for one that needs a `?`."""
        kind = type(key)
        if isinstance(key, str):
            form = form_of(key)
            if not form.text or _has_line_break(form.text) or len(form.text) + len("!!str") > _MAX_SIMPLE_KEY:
                return None
            self._note(form)
            if " " in form.text and indent + len(form.line) > WIDTH:
                self.traits.add(Trait.FOLDED_OR_LONG)
            return form.line
        if kind is bytes or (kind is tuple and key):
            return None
        text = "[]" if kind is tuple else scalar_text(key)
        is_written = id(key) in self._written
        if not is_written and len(self._anchors.get(id(key)) or "") + len(_TAGS[kind]) + len(text) > _MAX_SIMPLE_KEY:
            return None
        self.traits.add(Trait.OTHER_TYPE if kind is tuple else Trait.NUMBER_OR_BOOLEAN)
        properties, is_alias = self._properties(key)
        return properties if is_alias else f"{properties} {text}".lstrip()

    def _empty(self, brackets: str, column: int) -> None:
        self.empties += 1
        self.parts.append(" " + brackets if column else brackets)


def _sorted(entries: Iterable[tuple[object, object]]) -> list[tuple[object, object]]:
    """By key; in the order given where the keys cannot be compared with each other."""
    as_given = list(entries)
    try:
        return sorted(as_given)
    except TypeError:
        return as_given


def _sorted_set(value: set[object]) -> list[tuple[object, object]]:
    """A set's order differs from run to run, so that PyYAML's text has no fixed order where the sort has none."""
    try:
        if len(value) > 1 and any(each != each for each in value):  # noqa: PLR0124 - a number that is none
            raise TypeError
        return [(each, None) for each in sorted(value)]  # type: ignore[type-var]
    except TypeError:
        raise _UnwritableError("a set whose members have no order") from None


def _has_line_break(text: str) -> bool:
    return not text.isprintable() and any(each in text for each in "\n\x85\u2028\u2029")


_TAGS: dict[type, str] = {
    type(None): "!!null",
    bool: "!!bool",
    int: "!!int",
    float: "!!float",
    date: "!!timestamp",
    datetime: "!!timestamp",
    tuple: "!!python/tuple",
}
_WRITTEN_TAGS: dict[type, str] = {bytes: "!!binary", set: "!!set", tuple: "!!python/tuple"}
_UNSHARED = frozenset({str, bytes, bool, int, float, type(None)})
_KINDS = frozenset({date, datetime, list, tuple, dict, set})
