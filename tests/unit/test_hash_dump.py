"""The text that is hashed is PyYAML's, byte for byte, whatever PyYAML is installed."""

import hashlib
import json
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from envlens.core.hashing.dump import Trait, dump
from envlens.core.hashing.values import construct
from envlens.core.syntax import yaml_tree

HERE = Path(__file__).parent
# Written by PyYAML 6.0.3, once.
PINNED: list[dict[str, str]] = json.loads((HERE / "hash_dumps.json").read_bytes())
KEYS: dict[str, list[dict[str, Any]]] = json.loads((HERE / "service_keys.json").read_bytes())

LOOKALIKES = [
    *("1_000", "0o7", "1:30", ".5", "1e3", "3.10", "0x1F", "08", "1.", "+1", "-", "0_", "0b1", ".inf", ".NAN", "-.nan"),
    *(
        "1.5e+3",
        "190:20:30.15",
        "2024-01-01",
        "2001-1-1",
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "true",
        "NULL",
        "~",
        "=",
        "<<",
    ),
    *("?", ":", "---", "...", "---a", *"&*!|>%@`[]{},#'\"\\"),
]
PIECES = [
    *(
        "a",
        "word",
        "x" * 25,
        "numpy==1.2",
        " ",
        "  ",
        "- ",
        ": ",
        " #",
        "%",
        "@",
        "`",
        "'",
        '"',
        "\n",
        "\t",
        "\r",
        "\\",
    ),
    *(
        "\x85",
        "\u2028",
        "\ufeff",
        "\0",
        "\x1b",
        "é",
        "模",
        "🐍",
        "\ud800",
        "\xa0",
        "\uffff",
        "\U0010ffff",
        "\x7f",
        ":",
        "#",
    ),
]
WORDS = st.tuples(st.sampled_from(["a", "bc", "word", "x" * 30, "é", "'", "# "]), st.sampled_from(["", " ", " ", "  "]))


def near_the_margin(words: list[tuple[str, str]], length: int, odd: str, at: int) -> str:
    text = "".join(word + gap for word, gap in words)
    text = (text * (length // max(len(text), 1) + 1))[:length]
    return text[:at] + odd + text[at:]


texts = st.one_of(
    st.sampled_from([*LOOKALIKES, "", "2001-12-14 21:59:43", "2001-12-14t1:59:43.1 +5:30"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join),
    st.text(),
    st.builds(
        near_the_margin,
        st.lists(WORDS, min_size=1),
        st.integers(60, 260),
        st.sampled_from(["", "", *PIECES]),
        st.integers(0, 200),
    ),
)
zones = st.one_of(st.none(), st.just(UTC), st.integers(-1439, 1439).map(lambda it: timezone(timedelta(minutes=it))))
scalars = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.builds(date, st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28)),
    st.datetimes(timezones=zones),
    st.binary(max_size=130),
)
keys = st.one_of(texts, scalars, st.integers(110, 140).map(lambda length: "k" * length))
sets = st.one_of(st.sets(texts, max_size=4), st.sets(st.integers(), max_size=4))
values = st.recursive(
    st.one_of(scalars, sets),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(keys, inner, max_size=4),
        st.lists(st.tuples(inner, inner), max_size=3),
        st.builds(lambda shared, other: [shared, {"k": shared}, other, [other]], inner, inner),
    ),
    max_leaves=12,
)


def by_pyyaml(value: object) -> str:
    return yaml.dump(value, default_flow_style=False, sort_keys=True)


def value_of(text: str) -> object:
    value, problem = construct(yaml_tree.parse(text).root)
    assert problem is None
    return value


@pytest.mark.parametrize("case", PINNED, ids=lambda case: case["name"])
def test_a_text_is_as_pyyaml_once_wrote_it(case: dict[str, str]) -> None:
    assert dump(value_of(case["yaml"])).text == case["dump"]


def test_pinned_texts_are_many() -> None:
    assert len(PINNED) >= 60


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(values)
@example({"a": {1: "x"}, 1: "y", None: "z"})
def test_a_text_is_as_the_installed_pyyaml_writes_it(value: object) -> None:
    written = dump(value)
    assert written.problem is None
    assert written.text == by_pyyaml(value)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts, st.integers(0, 60))
def test_a_string_is_written_alike_at_every_depth(text: str, depth: int) -> None:
    value: object = {"k": text, "l": [text, {text: text}]}
    for level in range(depth):
        value = [value] if level % 2 else {"deeper": value}
    assert dump(value).text == by_pyyaml(value)
    assert dump(text).text == by_pyyaml(text)


def test_an_object_that_holds_itself_is_written() -> None:
    value: list[object] = [1]
    value.append({"k": value})
    assert dump(value).text == by_pyyaml(value)


@pytest.mark.parametrize("pair", KEYS["conda"], ids=lambda pair: pair["conda_key"])
def test_the_conda_key_is_a_digest_of_the_text(pair: dict[str, Any]) -> None:
    written = dump({**pair["conda"], "name": ""}, blank="name")
    assert hashlib.sha256(written.text.encode()).hexdigest()[:32] == pair["conda_key"]
    # The evidence covers nothing else: one of these outside of it would mean that it covers more.
    assert written.traits == frozenset()


@pytest.mark.parametrize(
    ("text", "traits"),
    [
        ("[a, b c, numpy=1.2, {pip: [x@1]}]", set()),
        ("['a: b']", {Trait.QUOTED}),
        ("['5']", {Trait.QUOTED}),
        ("{'5': a}", {Trait.QUOTED}),
        ("['']", {Trait.EMPTY}),
        ("[[]]", {Trait.EMPTY}),
        ("{a: {}}", {Trait.EMPTY}),
        ("{name: ''}", set()),
        ("{name: '', b: ''}", {Trait.EMPTY}),
        ("[{name: ''}]", {Trait.EMPTY}),
        ("{name: []}", {Trait.EMPTY}),
        ("[é]", {Trait.QUOTED, Trait.NON_ASCII}),
        ('["\\t"]', {Trait.QUOTED}),
        ("[3.10]", {Trait.NUMBER_OR_BOOLEAN}),
        ("[yes]", {Trait.NUMBER_OR_BOOLEAN}),
        ("[~]", {Trait.NUMBER_OR_BOOLEAN}),
        ("{1: a}", {Trait.NUMBER_OR_BOOLEAN}),
        ("[2024-01-01]", {Trait.NUMBER_OR_BOOLEAN}),
        ("[!!binary aGk=]", {Trait.NUMBER_OR_BOOLEAN}),
        ("[&a {x: y}, *a ]", {Trait.REUSED}),
        ("[&a x, *a ]", set()),
        ("[!!set {a}]", {Trait.OTHER_TYPE}),
        ("!!omap [a: b]", {Trait.OTHER_TYPE}),
        ("- " + "x" * 200, set()),
        ("- " + "x" * 78 + "\n- " + "x " * 39 + "y", {Trait.FOLDED_OR_LONG}),
        ("- " + "x" * 77 + " y", {Trait.FOLDED_OR_LONG}),
        ("- " + "x" * 76 + " y", set()),
        ("- x " + "y" * 77, {Trait.FOLDED_OR_LONG}),
        ("k:\n  k:\n    k: " + "x " * 37 + "y", {Trait.FOLDED_OR_LONG}),
        ("x " * 45 + "y: z", {Trait.FOLDED_OR_LONG}),
        ('["a\\nb"]', {Trait.QUOTED, Trait.FOLDED_OR_LONG}),
    ],
)
def test_what_occurs_is_told(text: str, traits: set[Trait]) -> None:
    assert dump(value_of(text), blank="name").traits == traits


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**5000, "a number with more digits than Python prints"),
        ({10**5000: 1}, "a number with more digits than Python prints"),
        ([{1, "a"}], "a set whose members have no order"),
        ([{float("nan"), 1.0}], "a set whose members have no order"),
        ([1j], "a value of type complex"),
        ([frozenset({1})], "a value of type frozenset"),
    ],
    ids=["digits", "digits in a key", "mixed set", "set with nan", "complex number", "frozen set"],
)
def test_what_cannot_be_written_is_said(value: object, words: str) -> None:
    assert dump(value) == ("", frozenset(), words)


def test_depth_has_an_end() -> None:
    value: object = "a"
    for _ in range(100_000):
        value = [value]
    assert dump(value).problem == "nested deeper than 210 levels"
    while isinstance(value, list):  # a list so deep must be taken apart by hand
        value = value.pop()


def test_what_is_shared_is_written_once() -> None:
    lines = ["a0: &a0 [x]", *(f"a{at}: &a{at} [{', '.join([f'*a{at - 1} '] * 9)}]" for at in range(1, 40))]
    assert len(dump(value_of("\n".join(lines))).text) < 10_000
