"""The Python value of a YAML tree: what PyYAML's SafeLoader constructs, which is what azure-ai-ml hashes and sends.

The ordinary kinds are made here: strings, numbers, truth values, null, dates, lists and mappings, each anchored node
one object, as it is in PyYAML (its dump then writes an alias). Where a tag, a merge key or a lone `=` stands, PyYAML's
own constructor is asked for the whole. Source: PyYAML 6.0.3 (`composer.py`, `constructor.py` read, run beside this).
"""

from typing import NamedTuple, NoReturn

import yaml

from ..syntax.nodes import Alias, Node, Scalar, Sequence
from ..syntax.scalars import kind_of, refusal_of, value_of

_MAX_DEPTH = 210  # trees are at most 200 deep; aliases to what stands outside can lead deeper
_TOO_DEEP = f"nested deeper than {_MAX_DEPTH} levels"
_MAX_NUMBER = 5_000  # characters; Python refuses more than 4,300 digits, and a number to the base 60 takes their square
_LONG_NUMBER = 400  # characters, beyond which `value_of` makes no number
_MAX_MERGE_KEYS = 1_000
_MAX_MERGED = 20_000  # pairs, so that ten lines of `<<: [*a, *a]` do not become millions
_STANDARD = "tag:yaml.org,2002:"
_MERGE, _VALUE = _STANDARD + "merge", _STANDARD + "value"
# Plain, they are no strings: the tags `merge` and `value` of YAML 1.1.
_ODD_TAGS = {"<<": _MERGE, "=": _VALUE}


class Value(NamedTuple):
    """A value as SafeLoader would give it. `problem` says why there is none, in words that can follow a colon."""

    value: object
    problem: str | None = None


class _NoValueError(Exception):
    """Why SafeLoader gives no value, or why we do not wait for it."""


class _UnusualError(Exception):
    """Something stands there that is better left to PyYAML's own constructor."""


def construct(node: Node | None) -> Value:
    """The value of a node; None, the root of an empty document, has the value None. Never raises."""
    try:
        try:
            return Value(None if node is None else _value(node, {}, 0))
        except _UnusualError:
            return Value(_by_pyyaml(node))
    except _NoValueError as problem:
        return Value(None, str(problem))
    except RecursionError:  # the caller itself stood deep
        return Value(None, _TOO_DEEP)


def _value(node: Node, made: dict[int, object], depth: int) -> object:
    """The value of an ordinary node. `made` holds what may be met again, by the node's identity."""
    while isinstance(node, Alias):  # here and below no calls but one a level: Python's stack is short
        node = _target(node)
    if isinstance(node, Scalar):
        return _scalar(node, made)
    if id(node) in made:
        return made[id(node)]
    if node.tag is not None:
        raise _UnusualError
    _check_depth(depth)
    if isinstance(node, Sequence):
        items: list[object] = []
        made[id(node)] = items
        for item in node.items:
            items.append(_scalar(item, made) if type(item) is Scalar else _value(item, made, depth + 1))  # noqa: PERF401
        return items
    mapping: dict[object, object] = {}
    made[id(node)] = mapping
    for key, item in node.pairs:
        if type(key) is not Scalar:
            raise _UnusualError  # an alias or a collection, which is a key only where it can be hashed
        name = _scalar(key, made)
        mapping[name] = _value(item, made, depth + 1)
    return mapping


def _scalar(scalar: Scalar, made: dict[int, object]) -> object:
    _, text, style, tag, _ = scalar
    if tag is not None:
        raise _UnusualError
    if style:
        return text
    kind = kind_of(scalar)
    if kind == "str":
        if text in _ODD_TAGS:
            raise _UnusualError
        return text
    if len(text) > _LONG_NUMBER:
        raise _UnusualError
    if id(scalar) not in made:
        refusal = refusal_of(scalar, is_key=True)
        if refusal:
            raise _NoValueError(refusal)
        made[id(scalar)] = value_of(scalar)
    return made[id(scalar)]


def _target(alias: Alias) -> Node:
    if alias.target is None:
        raise _NoValueError(f"alias '*{alias.name}' has no finished anchor before it")
    return alias.target


def _check_depth(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise _NoValueError(_TOO_DEEP)


def _by_pyyaml(node: Node | None) -> object:
    """The value that PyYAML's constructor makes of the same tree."""
    assert node is not None  # noqa: S101 - an empty document holds nothing unusual
    copy = _Copy()
    root = copy.node(node, 0)
    try:
        return yaml.constructor.SafeConstructor().construct_document(root)
    except yaml.MarkedYAMLError as error:
        _no_value(error.problem)
    except (ValueError, KeyError, AttributeError, OverflowError, IndexError, TypeError):
        # The first doubtful text is named: PyYAML's own words say nothing of where it stands.
        _no_value(copy.refusal or "a value that does not fit its tag")
    except RecursionError:
        _no_value("merge keys refer to each other too many times")


def _no_value(words: str | None) -> NoReturn:
    raise _NoValueError((words or "PyYAML makes no value of it").replace(_STANDARD, "!!")[:200]) from None


class _Copy:
    """PyYAML's nodes for ours, one for one. Counts what merge keys will bring in before any is followed."""

    def __init__(self) -> None:
        self.refusal: str | None = None
        self._made: dict[int, yaml.Node] = {}
        self._sizes: dict[int, int] = {}
        self._merge_keys = 0
        self._merged = 0

    def node(self, node: Node, depth: int) -> yaml.Node:
        while isinstance(node, Alias):
            node = _target(node)
        made = self._made.get(id(node))
        if made is not None:
            return made
        _check_depth(depth)
        if isinstance(node, Scalar):
            self.refusal = self.refusal or refusal_of(node, is_key=True)
            made = _copied_scalar(node)
        elif isinstance(node, Sequence):
            items: list[yaml.Node] = []
            made = yaml.SequenceNode(_tag(node.tag, "seq"), items)
            for item in node.items:
                items.append(self.node(item, depth + 1))  # noqa: PERF401
        else:
            pairs: list[tuple[yaml.Node, yaml.Node]] = []
            made = yaml.MappingNode(_tag(node.tag, "map"), pairs)
            size = 0
            for key, value in node.pairs:
                pairs.append((self.node(key, depth + 1), self.node(value, depth + 1)))
                size += self._size(*pairs[-1])
            self._sizes[id(made)] = size
        self._made[id(node)] = made
        return made

    def _size(self, key: yaml.Node, value: yaml.Node) -> int:
        """How many pairs one pair stands for."""
        if key.tag != _MERGE:
            return 1
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        size = sum(self._sizes.get(id(source), 0) for source in sources)
        self._merge_keys += 1
        self._merged += size
        if self._merge_keys > _MAX_MERGE_KEYS:
            raise _NoValueError(f"more than {_MAX_MERGE_KEYS:,} merge keys")
        if self._merged > _MAX_MERGED:
            raise _NoValueError(f"merge keys bring in more than {_MAX_MERGED:,} pairs")
        return size


def _tag(tag: str | None, usual: str) -> str:
    return _STANDARD + usual if tag is None or tag == "!" else tag


def _copied_scalar(scalar: Scalar) -> yaml.Node:
    by_text = scalar.tag == "!" or (scalar.tag is None and scalar.is_plain)
    kind = kind_of(scalar)
    tag = _STANDARD + kind
    if by_text:
        tag = _ODD_TAGS.get(scalar.text, tag)
    elif scalar.tag is not None:
        tag = scalar.tag
    if kind in {"int", "float"} and len(scalar.text) > _MAX_NUMBER:
        raise _NoValueError(f"a number of more than {_MAX_NUMBER:,} characters")
    return yaml.ScalarNode(tag, scalar.text)
