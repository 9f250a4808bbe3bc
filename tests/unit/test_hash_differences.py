"""What a difference names is what was done, and no more; the verdict is that of the digests."""

import itertools
import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions import predict
from envlens.core.hashing.conda_parts import NEXT_PIP_LIST, PIP_LIST
from envlens.core.hashing.difference import Change, What, compare
from envlens.core.hashing.order import moved
from envlens.core.hashing.prediction import Prediction, identity
from envlens.core.model.document import FileKind
from spelled import spell

BASE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20240101.v1"
POOL = [f"{first}{second}" for first in ("num", "pan", "sci", "tor", "pil") for second in ("py", "das", "kit", "ch")]
CHANNELS = ["conda-forge", "defaults", "pytorch", "nvidia", "https://conda.example/x"]
LISTS = ("channels", "conda-packages", "pip-packages")


class Definition:
    """A base image and three lists of (name, version)."""

    def __init__(self, base: str, lists: dict[str, list[tuple[str, str]]], pip_at: int) -> None:
        self.base, self.lists, self.pip_at = base, lists, pip_at

    def copy(self) -> "Definition":
        return Definition(self.base, {part: list(each) for part, each in self.lists.items()}, self.pip_at)

    def predict(self, rng: random.Random) -> Prediction:
        texts = {part: [name + version for name, version in each] for part, each in self.lists.items()}
        dependencies: list[Any] = list(texts["conda-packages"])
        dependencies.insert(self.pip_at, {"pip": texts["pip-packages"]})
        conda = {"name": rng.choice("ab"), "channels": texts["channels"], "dependencies": dependencies}
        return predict({"env.yml": spell({"image": self.base, "conda_file": conda}, rng)}, kind=FileKind.ENVIRONMENT)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    def some(pool: list[str], operator: str) -> list[tuple[str, str]]:
        names = draw(st.lists(st.sampled_from(pool), unique=True, min_size=2, max_size=5))
        return [(name, operator and draw(st.sampled_from(["", f"{operator}1.0", f"{operator}2.0"]))) for name in names]

    lists = {"channels": some(CHANNELS, ""), "conda-packages": some(POOL, "="), "pip-packages": some(POOL, "==")}
    return Definition(BASE, lists, 0)


@settings(max_examples=100, deadline=None)
@given(definitions(), st.data(), st.randoms(use_true_random=False))
def test_the_changes_are_the_edits(before: Definition, data: st.DataObject, rng: random.Random) -> None:
    """Each entry is edited at most once; where entries are moved, as few are named as can be."""
    after = before.copy()
    wanted: Counter[tuple[str, What, str, str | None, str | None]] = Counter()
    shuffled: set[str] = set()
    for part in LISTS:
        entries = after.lists[part]
        for name, version in list(entries):
            way = data.draw(st.sampled_from(["", "", "", "remove", "version"]))
            at = entries.index((name, version))
            if way == "remove":
                del entries[at]
                wanted[part, What.REMOVED, name, version.lstrip("=") or None, None] += 1
            elif way == "version" and part != "channels":
                operator = "=" if part == "conda-packages" else "=="
                entries[at] = (name, f"{operator}3.0")
                shown = (version.lstrip("="), "3.0") if version else ("any version", f"{operator}3.0")
                wanted[part, What.CHANGED, name, *shown] += 1
        new = sorted({*(CHANNELS if part == "channels" else POOL)} - {name for name, _ in before.lists[part]})
        for name in data.draw(st.lists(st.sampled_from(new), unique=True, max_size=2)) if new else []:
            entries.insert(data.draw(st.integers(0, len(entries))), (name, ""))
            wanted[part, What.ADDED, name, None, None] += 1
        if data.draw(st.integers(0, 3)) == 0:
            rng.shuffle(entries)
            shuffled.add(part)
    if data.draw(st.booleans()):
        after.base = f"{BASE}-slim"
        wanted["base-image", What.CHANGED, "base image", BASE, after.base] += 1
    found = compare(before.predict(rng), after.predict(rng))
    moves = [each for each in found.changes if each.what is What.MOVED]
    others = [each for each in found.changes if each.what is not What.MOVED]
    # An empty list of channels is none to the difference.
    assert Counter(tuple(each) for each in others) == wanted
    for part in LISTS:
        names = {each.name for each in moves if each.part == part}
        assert len(names) == fewest(before.lists[part], after.lists[part])
        assert part in shuffled or not names
        assert without(before.lists[part], after.lists[part], names) == without(
            after.lists[part], before.lists[part], names
        )
    assert found.is_same is (not wanted and not moves)


def fewest(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> int:
    """How many of the entries that both have must be moved: tried out."""
    old, new = (without(*pair, set()) for pair in ((before, after), (after, before)))
    for count in range(len(old) + 1):
        for chosen in itertools.combinations(old, count):
            if [each for each in old if each not in chosen] == [each for each in new if each not in chosen]:
                return count
    raise AssertionError


def without(entries: list[tuple[str, str]], others: list[tuple[str, str]], names: set[str]) -> list[str]:
    """The names of the entries that others have too, in order, but for `names`."""
    common = {name for name, _ in others}
    return [name for name, _ in entries if name in common and name not in names]


@given(st.permutations(range(7)))
def test_as_few_as_can_be_moved(order: list[int]) -> None:
    found = moved(order)
    rest = [each for each in order if each not in found]
    assert rest == sorted(rest)
    longest = max(
        len(each) for size in range(8) for each in itertools.combinations(order, size) if list(each) == sorted(each)
    )
    assert len(rest) == longest


@settings(max_examples=50, deadline=None)
@given(definitions(), definitions(), st.booleans(), st.randoms(use_true_random=False))
def test_the_verdict_is_that_of_the_digests(
    one: Definition, other: Definition, is_same: bool, rng: random.Random
) -> None:
    before, after = one.predict(rng), (one if is_same else other).predict(rng)
    assert before.counted is not None
    assert after.counted is not None
    found = compare(before, after)
    assert found.is_same is (identity(before.counted) == identity(after.counted))
    assert found.is_same is (before.fingerprint == after.fingerprint)
    assert bool(found.changes) is not found.is_same


def of(conda: object, **others: object) -> Prediction:
    return predict({"env.yml": json.dumps({"image": "a:1", "conda_file": conda, **others})}, kind=FileKind.ENVIRONMENT)


def words(before: Prediction, after: Prediction) -> list[str]:
    return [each.words for each in compare(before, after).changes]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["pandas=2.1"], ["pandas=2.2"], ["pandas 2.1 → 2.2"]),
        (["pandas=2.1"], ["pandas==2.1"], ["pandas =2.1 → ==2.1"]),
        (["pandas"], ["pandas=2.1"], ["pandas any version → =2.1"]),
        (["pandas=2.1"], ["Pandas=2.1"], ["Pandas pandas=2.1 → Pandas=2.1"]),
        (["pandas=2.1"], ["conda-forge::pandas=2.1"], ["pandas 2.1 → conda-forge::=2.1"]),
        (["a", "b", "c"], ["c", "a", "b"], ["c moved"]),
        (["a", {"pip": ["x"]}], [{"pip": ["x"]}, "a"], ["pip: (the list) moved"]),
        ([{"pip": ["x", "y"]}], [{"pip": ["y", "x"]}], ["y moved"]),
        ([{"pip": ["x"]}, {"pip": ["y"]}], [{"pip": ["x", "y"]}], [f"{PIP_LIST} removed", f"{NEXT_PIP_LIST} removed"]),
        (["a", "a=1"], ["a=1", "a"], ["a any version → =1", "a =1 → any version"]),
        ([3.1], ["3.1"], ["3.1 added", "3.1 (a number) removed"]),
        ([True], ["true"], ["true added", "true (a truth value) removed"]),
    ],
)  # fmt: skip
def test_words(before: list[object], after: list[object], expected: list[str]) -> None:
    assert words(of({"dependencies": before}), of({"dependencies": after})) == expected


def test_long_entries_that_begin_alike_differ() -> None:
    one, other = ({"dependencies": [{"x": ["y" * 200 + end]}]} for end in "ab")
    assert len(words(of(one), of(other))) == 2


def test_other_keys() -> None:
    dependencies = ["a"]
    plain, null = of({"dependencies": dependencies}), of({"dependencies": dependencies, "variables": None})
    assert words(plain, null) == ["'variables' added"]
    assert words(null, plain) == ["'variables' removed"]
    assert words(plain, of({"dependencies": dependencies, "channels": []})) == ["the empty list 'channels' added"]
    assert words(plain, of({"dependencies": dependencies, "channels": "x"})) == ["'channels' added"]


def test_files_of_a_context() -> None:
    def context(**files: str) -> Prediction:
        inside = {f"ctx/{name}": text for name, text in files.items()}
        return predict({"env.yml": "build: {path: ctx}", **inside}, kind=FileKind.ENVIRONMENT)

    found = compare(context(Dockerfile="FROM a", one="1", two="2"), context(Dockerfile="FROM a", two="3", three=""))
    assert found.changes == (
        Change("build-context", What.REMOVED, "one"),
        Change("build-context", What.ADDED, "three"),
        Change("build-context", What.CHANGED, "two"),
    )


def test_a_v1_definition_without_digest_cannot_be_told_from_a_v2_one() -> None:
    """The v1 client hashes the base image with its digest: the keys differ, though all that is known is equal."""
    conda = {"dependencies": ["a"]}
    v1 = {"docker": {"baseImage": "a:1"}, "python": {"condaDependencies": conda}}
    old = predict({"azureml_environment.json": json.dumps(v1)}, "azureml_environment.json")
    assert old.fingerprint is None
    assert compare(old, old).is_same is True
    assert compare(old, of(conda)).is_same is None
    assert compare(old, of(conda)).verdict.startswith("cannot be told: a v1 client")
    assert compare(old, of({"dependencies": ["b"]})).is_same is False
