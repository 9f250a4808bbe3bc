"""The value of a tree is what PyYAML's SafeLoader makes of the text: value, types, and which objects are the same."""

from datetime import date
from random import Random
from time import perf_counter

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envlens.core.hashing.dump import dump
from envlens.core.hashing.values import Value, construct
from envlens.core.syntax import yaml_tree
from envlens.core.syntax.nodes import Mapping

PLAIN = [
    *(
        "a",
        "b",
        "5",
        "3.10",
        "true",
        "~",
        "null",
        "yes",
        "=",
        "<<",
        "2024-01-01",
        "2001-12-14 21:59:43",
        "'x'",
        '"=\\n"',
    ),
    *("'<<'", "0x1F", "1:30", "1_000", "", "'5'", "1e3", ".inf", ".nan", "é", "'='", "0.1", "08"),
]
ODD = [
    *("2024-13-01", "0b_", "! 5", "! '5'", "! '='", "! '<<'", "! ''", "!!str 5", "!!str ", "!!int '7'", "!!int x"),
    *(
        "!!null q",
        "!!binary aGVsbG8=",
        "!!binary é",
        "!!binary a",
        "!!timestamp 2001-01-01",
        "!!timestamp x",
        "!!float 3",
    ),
    *("!!bool yes", "!!bool q", "!!merge x", "!!value =", "!foo x", "!!python/none x", "!!seq x", "!!set "),
]
LIST_TAGS = ["!!omap", "!!pairs", "!!seq", "!", "!!set", "!!map", "!foo", "!!str"]
MAPPING_TAGS = ["!!set", "!!map", "!", "!!omap", "!!str", "!foo", "!!pairs"]
# What SafeLoader raises where it makes no value; its scanner's and parser's errors are another matter.
REFUSALS = (
    *(yaml.constructor.ConstructorError, ValueError, KeyError, AttributeError, OverflowError, IndexError, TypeError),
)


class Writer:
    """Writes YAML in flow style: anchors, aliases, merge keys, tags, odd keys."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: list[str] = []
        self.count = 0

    def document(self) -> str:
        if self.random.random() < 0.4:
            return self.node(self.random.randrange(4))
        lines = [f"k{self.random.randrange(4)}: {self.node(self.random.randrange(4))}" for _ in range(4)]
        return "\n".join(lines[: self.random.randrange(1, 5)]) + "\n"

    def node(self, depth: int, *, is_key: bool = False) -> str:
        chance = self.random.random
        if self.names and chance() < 0.15:
            return self.alias()
        name = ""
        if chance() < 0.25:
            self.count += 1
            name = f"n{self.count}"
        text = f"&{name} " if name else ""
        kind = chance()
        if depth <= 0 or kind < 0.4 or (is_key and kind < 0.95):
            text += self.random.choice(ODD if chance() < 0.06 else PLAIN)
        elif kind < 0.7:
            text += self.sequence(depth)
        else:
            text += self.mapping(depth)
        if name and chance() < 0.95:
            self.names.append(name)
        return text + " "

    def alias(self) -> str:
        return f"*{self.random.choice(self.names)} "

    def tag(self, tags: list[str]) -> str:
        return self.random.choice(tags) + " " if self.random.random() < 0.12 else ""

    def sequence(self, depth: int) -> str:
        tag = self.tag(LIST_TAGS)
        items = [self.node(depth - 1) for _ in range(self.random.randrange(4))]
        if tag in {"!!omap ", "!!pairs "} and self.random.random() < 0.8:
            items = [f"{{{self.node(0, is_key=True)}: {item}}}" for item in items]
        return f"{tag}[{', '.join(items)}]"

    def mapping(self, depth: int) -> str:
        pairs = []
        for _ in range(self.random.randrange(4)):
            kind = self.random.random()
            if self.names and kind < 0.2:
                pairs.append(f"<<: {self.alias()}" if kind < 0.12 else f"<<: [{self.alias()}, {self.alias()}]")
            elif kind < 0.27:
                pairs.append(f"=: {self.node(depth - 1)}")
            else:
                pairs.append(f"{self.node(0, is_key=True)}: {self.node(depth - 1)}")
        return f"{self.tag(MAPPING_TAGS)}{{{', '.join(pairs)}}}"


def is_same(ours: object, theirs: object, known: dict[int, int]) -> bool:
    """Whether two values are equal in all types, in the order of keys, and in which objects are one object."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, list | dict | set | tuple | date):
        if id(ours) in known or id(theirs) in known.values():
            return known.get(id(ours)) == id(theirs)
        known[id(ours)] = id(theirs)
    if isinstance(ours, list | tuple):
        assert isinstance(theirs, list | tuple)
        return len(ours) == len(theirs) and all(is_same(*each, known) for each in zip(ours, theirs, strict=True))
    if isinstance(ours, dict):
        assert isinstance(theirs, dict)
        # No lists of items: what is freed here would lend its identity to the next.
        pairs = [*zip(ours, theirs, strict=False), *zip(ours.values(), theirs.values(), strict=False)]
        return len(ours) == len(theirs) and all(is_same(*each, known) for each in pairs)
    return ours == theirs or (ours != ours and theirs != theirs)


def made_of(text: str) -> Value:
    return construct(yaml_tree.parse(text).root)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_value_is_what_safe_loader_makes(random: Random) -> None:
    text = Writer(random).document()
    ours = made_of(text)
    try:
        theirs = yaml.safe_load(text)
    except REFUSALS:
        assert ours.problem is not None
        return
    except yaml.YAMLError:
        return  # no document at all, and the tree says so
    if ours.problem is not None:
        assert "has no finished anchor" in ours.problem
        return
    assert is_same(ours.value, theirs, {})
    if dump(ours.value).problem is None:  # else a set, whose order differs
        assert dump(ours.value).text == yaml.dump(theirs)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing", None),
        ("a: 1\na: 2", {"a": 2}),
        ("{<<: {a: 1, b: 2}, a: 3}", {"a": 3, "b": 2}),
        ("{a: 3, <<: [{a: 1, c: 4}, {a: 2, c: 5}]}", {"a": 3, "c": 4}),
        ("{=: x}", {"=": "x"}),
        ("!!str {=: x}", "x"),
        ("{'<<': x}", {"<<": "x"}),
        ("!!set {a, b}", {"a", "b"}),
        ("!!omap [b: 1, a: 2]", [("b", 1), ("a", 2)]),
        ("!!pairs [[b]: 1]", [(["b"], 1)]),
        ("!!str 5", "5"),
        ("! '5'", 5),
        ("!!binary aGVsbG8=", b"hello"),
        ("[3.10, 0x1F, 12:30:45, 010]", [3.1, 31, 45045, 8]),
        ("9" * 1000, int("9" * 1000)),
        ("[" * 150 + "]" * 150, None),
    ],
)
def test_values(text: str, value: object) -> None:
    ours = made_of(text)
    assert ours.problem is None
    assert ours.value == (value if value is not None else yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[*a ]", "alias '*a' has no finished anchor before it"),
        ("&a [*a ]", "alias '*a' has no finished anchor before it"),
        ("{? *a : b}", "alias '*a' has no finished anchor before it"),
        ("{<<: *a }", "alias '*a' has no finished anchor before it"),
        ("a: =", "could not determine a constructor for the tag '!!value'"),
        ("a: !foo b", "could not determine a constructor for the tag '!foo'"),
        ("{[a]: b}", "found unhashable key"),
        ("x: &a [b]\n? *a\n: c", "found unhashable key"),
        ("{<<: a}", "expected a mapping or list of mappings for merging, but found scalar"),
        ("[2024-02-30]", "'2024-02-30' is no date that exists (quote it if it is text)"),
        ("[! '2024-02-30']", "'2024-02-30' is no date that exists (quote it if it is text)"),
        ("!!timestamp x", "'x' is no date that exists (quote it if it is text)"),
        ("!!set [a]", "expected a mapping node, but found sequence"),
        ("9" * 4999, f"'{'9' * 40}' is no number that exists (quote it if it is text)"),
        ("0x" + "9" * 5000, "a number of more than 5,000 characters"),
        ("1:" * 100_000 + "1", "a number of more than 5,000 characters"),
        ("x: {" + "<<: {}, " * 1001 + "}", "more than 1,000 merge keys"),
    ],
    ids=lambda text: text[:30],
)
def test_what_has_no_value_is_said(text: str, words: str) -> None:
    assert made_of(text) == (None, words)


def chain(count: int, kind: str) -> str:
    """A tower of anchors, each on the one before."""
    levels = [f"&a{at} " + kind.replace("*", f"*a{at - 1} ") for at in range(1, count)]
    return "{top: [&a0 {x: 1, y: 2}, " + ", ".join(levels) + f"], last: {kind.replace('*', f'*a{count - 1} ')}}}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (chain(10, "{<<: [*, *, *, *, *, *, *, *, *]}"), "merge keys bring in more than 20,000 pairs"),
        (chain(990, "{<<: *}"), "merge keys refer to each other too many times"),
        (chain(10_000, "[*, *]"), None),
        (chain(10_000, "{a: *, b: *}"), None),
    ],
    ids=["merge bomb", "merge chain", "list bomb", "mapping bomb"],
)
def test_bombs_do_not_explode(text: str, words: str | None) -> None:
    root = yaml_tree.parse(text).root
    start = perf_counter()
    problem = construct(root).problem
    assert perf_counter() - start < 2
    assert problem is None or problem == words
    assert isinstance(root, Mapping)
    # A part of a document can lead out of itself, as deep as it likes.
    assert construct(root.pairs[-1].value).problem in {words, None, "nested deeper than 210 levels"}


def test_a_part_of_a_document_has_a_value_of_its_own() -> None:
    root = yaml_tree.parse("a: &a [x]\nconda_file: {b: *a , c: *a }").root
    assert isinstance(root, Mapping)
    value, problem = construct(root.pairs[1].value)
    assert problem is None
    assert dump(value).text == "b: &id001\n- x\nc: *id001\n"
