"""What changes a predicted hash and what does not, over generated definitions (docs/hash.md says it in words)."""

import json
import random
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from definitions import predict, predict_all
from envlens.core.hashing.difference import compare
from envlens.core.hashing.prediction import Formula, Prediction, identity
from envlens.core.model.document import FileKind
from spelled import spell

BASE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20240101.v1"
NAMES = ("numpy", "pandas", "python", "scikit-learn", "pip", "pytorch", "Cython", "r-base")
VERSIONS = ("", "=1.2", "==1.2", ">=1.2,<2", "=1.2.3", "=3.10", " 1.2", "~=1.0", "[version='>=1']")
CHANNELS = ("conda-forge", "defaults", "pytorch", "https://conda.anaconda.org/nvidia", "nodefaults")
TYPED = (3.10, "3.10", 3.1, 3, "3", True, "true", "yes", None, "null", "", "~", date(2024, 1, 1), "2024-01-01", 1e3)
TYPED = (*TYPED, "1e3", -0.0, 0.0, 0, float("inf"), ".inf", "a b", "a  b", " a", "é", "e\u0301", "x" * 90, "x " * 50)

specs = st.builds(lambda name, version: name + version, st.sampled_from(NAMES), st.sampled_from(VERSIONS))
rngs = st.integers(0, 2**32).map(random.Random)


@st.composite
def usual(draw: st.DrawFn) -> dict[str, Any]:
    """A specification as people write it."""
    conda: dict[str, Any] = {}
    if draw(st.booleans()):
        conda["name"] = draw(st.sampled_from(["env", "project", ""]))
    if draw(st.integers(0, 4)):
        conda["channels"] = draw(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=4, unique=True))
    dependencies: list[Any] = draw(st.lists(specs, min_size=1, max_size=8))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(dependencies)))
        dependencies.insert(at, {"pip": draw(st.lists(specs, min_size=1, max_size=6))})
    conda["dependencies"] = dependencies
    return conda


scalars = st.one_of(specs, st.sampled_from(TYPED))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["pip", "a", "b", "name"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def unusual(draw: st.DrawFn) -> dict[str, Any]:
    """A specification of any shape."""
    conda = draw(usual())
    for key in draw(st.lists(st.sampled_from(["variables", "prefix", "channels", "dependencies", "x"]), max_size=2)):
        conda[key] = draw(values)
    if isinstance(conda["dependencies"], list):
        conda["dependencies"].extend(draw(st.lists(values, max_size=2)))
    return conda


def typed(value: object) -> object:
    """A form in which only values of the same types and contents are equal."""
    if isinstance(value, dict):
        return "map", tuple(sorted(((typed(key), typed(each)) for key, each in value.items()), key=repr))
    if isinstance(value, list):
        return "list", tuple(map(typed, value))
    return type(value).__name__, repr(value)


def without_name(conda: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in conda.items() if key != "name"}


def of_conda(conda: object, rng: random.Random | None = None, **others: Any) -> Prediction:
    rng = rng or random.Random(0)
    return predict({"env.yml": spell({"image": BASE, **others, "conda_file": conda}, rng)}, kind=FileKind.ENVIRONMENT)


def key_of(found: Prediction) -> tuple[object, ...]:
    """All that says which image it is."""
    whole = identity(found.counted) if found.counted is not None else None
    return found.formula, found.fingerprint, found.conda_key, whole


# What does not change it


@given(unusual(), rngs, rngs)
def test_the_way_of_writing_does_not_count(conda: dict[str, Any], one: random.Random, other: random.Random) -> None:
    before, after = of_conda(conda, one), of_conda(conda, other)
    assert before.fingerprint is not None, before.unavailable
    assert before.counted is not None
    assert typed(before.counted.conda) == typed(conda)
    assert key_of(before) == key_of(after)
    assert compare(before, after).is_same is True


OTHERS = (
    {"name": "one"}, {"name": "two"}, {"version": 7}, {"version": "3.1"}, {"description": "words, many"},
    {"tags": {"team": "a"}}, {"datastore": "workspaceblobstore"}, {"os_type": "linux"}, {"os_type": "Linux"},
    {"$schema": "https://azuremlschemas.azureedge.net/latest/environment.schema.json"},
    {"inference_config": {f"{each}_route": {"port": 1, "path": "/"} for each in ("liveness", "readiness", "scoring")}},
)  # fmt: skip


@given(usual(), st.lists(st.sampled_from(OTHERS), max_size=6), rngs)
def test_what_else_stands_in_a_definition_does_not_count(
    conda: dict[str, Any], others: list[dict[str, Any]], rng: random.Random
) -> None:
    merged = {key: value for each in others for key, value in each.items()}
    assert key_of(of_conda(conda, rng, **merged)) == key_of(of_conda(conda))
    image = predict({"env.yml": spell({"image": BASE, **merged}, rng)}, kind=FileKind.ENVIRONMENT)
    assert key_of(image) == key_of(predict({"env.yml": f"image: {BASE}\n"}, kind=FileKind.ENVIRONMENT))


@given(usual(), st.sampled_from(["", "other", "x: y"]))
def test_the_name_of_a_conda_specification_does_not_count(conda: dict[str, Any], name: str) -> None:
    assert key_of(of_conda({**conda, "name": name})) == key_of(of_conda(without_name(conda)))


@given(unusual(), rngs)
def test_line_ends_and_marks_do_not_count(conda: dict[str, Any], rng: random.Random) -> None:
    text = spell({"image": BASE, "conda_file": conda}, rng)
    lf, crlf = (predict({"env.yml": each}, kind=FileKind.ENVIRONMENT) for each in (text, text.replace("\n", "\r\n")))
    assert key_of(lf) == key_of(crlf)
    assert key_of(lf) == key_of(predict({"env.yml": "\ufeff" + text}, kind=FileKind.ENVIRONMENT))


@given(unusual(), rngs, st.sampled_from(["conda.yml", "sub/env.yaml"]))
def test_a_conda_file_and_the_same_inlined_agree(conda: dict[str, Any], rng: random.Random, name: str) -> None:
    files = {"env.yml": f"image: {BASE}\nconda_file: {name}\n", name: spell(conda, rng)}
    assert key_of(predict(files)) == key_of(of_conda(conda, rng))


@given(unusual(), rngs)
def test_a_file_and_the_same_definition_inlined_agree(conda: dict[str, Any], rng: random.Random) -> None:
    definition = {"image": BASE, "conda_file": conda}
    alone = predict({"env.yml": spell(definition, rng)}, kind=FileKind.ENVIRONMENT)
    command = {"command": "python x.py", "environment": definition, "type": "command"}
    schema = "https://azuremlschemas.azureedge.net/latest/"
    holders: list[dict[str, Any]] = [
        {"$schema": f"{schema}commandJob.schema.json", **command},
        {"$schema": f"{schema}pipelineJob.schema.json", "type": "pipeline", "jobs": {"a": command, "b": command}},
        {
            "$schema": f"{schema}managedOnlineDeployment.schema.json",
            "name": "blue",
            "endpoint_name": "e",
            "environment": {"name": "n", "version": 1, **definition},
        },
    ]
    for holder in holders:
        found = predict_all({"job.yml": spell(holder, rng)}, "job.yml")
        assert len(found) == 1 + ("jobs" in holder)
        for each in found:
            assert key_of(each) == key_of(alone)
            assert each.sdk == alone.sdk


@given(
    st.sampled_from(["ctx", "other", "a/b"]),
    st.dictionaries(st.sampled_from(["Dockerfile", "a", "s/b"]), st.text(max_size=3)),
)
def test_the_folder_of_a_context_does_not_count(folder: str, files: dict[str, str]) -> None:
    assume(files)

    def of(name: str, path: str) -> Prediction:
        definition = f"build:\n  path: {path}\n"
        inside = {f"{name}/{each}": text for each, text in files.items()}
        return predict({"env.yml": definition, **inside}, kind=FileKind.ENVIRONMENT)

    assert key_of(of("docker", "docker")) == key_of(of(folder, f"./{folder}/"))
    job = f"command: x\nenvironment:\n  build:\n    path: {folder}\n    dockerfile_path: ./Dockerfile\n"
    inside = {f"{folder}/{each}": text for each, text in files.items()}
    assert key_of(predict({"job.yml": job, **inside}, "job.yml")) == key_of(of("docker", "docker"))


# What changes it


@given(usual(), st.sampled_from([f"{BASE}2", BASE.upper(), f"{BASE}@sha256:{'a' * 64}", f"{BASE} ", "ubuntu"]))
def test_the_base_image_counts(conda: dict[str, Any], base: str) -> None:
    other = predict({"env.yml": spell({"image": base, "conda_file": conda}, random.Random(1))})
    this = of_conda(conda)
    assert other.conda_key == this.conda_key
    assert other.fingerprint != this.fingerprint
    assert (
        predict({"env.yml": f"image: '{base}'\nname: x\n"}).fingerprint
        != predict({"env.yml": f"image: {BASE}\nname: x"}).fingerprint
    )


@given(usual(), st.data())
def test_the_order_of_each_list_counts(conda: dict[str, Any], data: st.DataObject) -> None:
    lists = [
        conda.get("channels", []),
        conda["dependencies"],
        *(each["pip"] for each in conda["dependencies"] if isinstance(each, dict)),
    ]
    chosen = data.draw(st.sampled_from([each for each in lists if len(each) > 1] or [[]]))
    before = of_conda(conda)
    was = list(chosen)
    chosen[:] = data.draw(st.permutations(chosen))
    after = of_conda(conda)
    assert (key_of(before) == key_of(after)) is (was == chosen)
    assert compare(before, after).is_same is (was == chosen)


CHANGED = [
    ("numpy=1.2", "numpy==1.2"),
    ("numpy=1.2", "numpy =1.2"),
    ("numpy=1.2", "numpy=1.20"),
    ("numpy", "Numpy"),
    ("python=3.10", "python=3.1"),
    ("3.10", 3.10),
    (3.1, "3.1"),
    (True, "true"),
    (None, "null"),
    (1, 1.0),
    (1, True),
    ("", None),
    ("a", ["a"]),
    (["a", "b"], [["a"], "b"]),
    ({"pip": ["a", "b"]}, {"pip": ["b", "a"]}),
    ({"pip": []}, {"pip": None}),
    ({"a": 1}, {"a": "1"}),
    ({1: 2}, {"1": 2}),
    (date(2024, 1, 1), "2024-01-01"),
    (0.0, -0.0),
]


@pytest.mark.parametrize(("one", "other"), CHANGED)
def test_typed_values_count(one: object, other: object) -> None:
    before, after = (of_conda({"dependencies": ["python=3.10", each]}) for each in (one, other))
    assert before.fingerprint
    assert key_of(before)[1:] != key_of(after)[1:]
    assert before.fingerprint != after.fingerprint
    assert compare(before, after).is_same is False
    assert compare(before, after).changes


def test_an_unquoted_number_is_a_number() -> None:
    text = "image: a:1\nconda_file:\n  variables:\n    V: {}\n"
    found = {each: predict({"env.yml": text.format(each)}).fingerprint for each in ("3.10", "3.1", '"3.10"', '"3.1"')}
    assert found["3.10"] == found["3.1"]
    assert len(set(found.values())) == 3


# Soundness: counted inputs that differ as typed values never agree


@st.composite
def near(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two specifications, one made of the other by a few small changes."""
    one = draw(unusual())
    other = json_like(one)
    for _ in range(draw(st.integers(0, 3))):
        _nudge(other, draw)
    return one, other


def json_like(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: json_like(each) for key, each in value.items()}
    return [json_like(each) for each in value] if isinstance(value, list) else value


def _nudge(root: Any, draw: st.DrawFn) -> None:
    places: list[tuple[Any, Any]] = []
    pending = [root]
    while pending:
        holder = pending.pop()
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            places.append((holder, key))
            if isinstance(value, dict | list):
                pending.append(value)
    holder, key = draw(st.sampled_from(places))
    value = holder[key]
    way = draw(st.sampled_from(["text", "wrap", "twice", "typed", "blank", "swap", "drop", "move"]))
    if way == "text":
        holder[key] = str(value)
    elif way == "wrap":
        holder[key] = draw(st.sampled_from([[value], {"pip": value}, {"": value}]))
    elif way == "typed":
        holder[key] = draw(st.sampled_from(TYPED))
    elif way == "blank":
        holder[key] = f"{value} " if isinstance(value, str) else None
    elif isinstance(holder, list):
        if way == "twice":
            holder.insert(key, json_like(value))
        elif way == "swap":
            holder.reverse()
        elif way == "drop" and len(holder) > 1:
            del holder[key]
        elif way == "move":
            holder.append(holder.pop(key))
    elif way == "drop" and key != "dependencies":
        del holder[key]


@settings(max_examples=200, deadline=None)
@given(near(), rngs)
@example(({"dependencies": [1]}, {"dependencies": [True]}), random.Random(0))
def test_specifications_agree_if_and_only_if_their_values_do(
    pair: tuple[dict[str, Any], dict[str, Any]], rng: random.Random
) -> None:
    one, other = pair
    before, after = of_conda(one, rng), of_conda(other, rng)
    assume(before.fingerprint and after.fingerprint)
    is_same = typed(without_name(one)) == typed(without_name(other))
    assert (before.fingerprint == after.fingerprint) is is_same
    assert (before.conda_key == after.conda_key) is is_same
    assert compare(before, after).is_same is is_same
    assert bool(compare(before, after).changes) is not is_same


contents = st.one_of(st.sampled_from(["a", "b", "ab", "", "a\nb", "\r\n"]), st.text(max_size=3))
trees = st.dictionaries(
    st.sampled_from(["a", "b", "ab", "d/a", "d/b", "d/e/a", "Dockerfile", "\\a", "d\\a"]), contents, min_size=1
)


@settings(max_examples=150, deadline=None)
@given(
    trees, trees, st.sampled_from([None, "Dockerfile", "d/a", "d\\a", "./d/a"]), st.sampled_from([None, "d/a", "d\\a"])
)
@example({"a": "bc", "d": "e"}, {"abcde": ""}, None, None)
@example({"d/a": "x", "d\\a": "y"}, {"d/a": "x", "d\\a": "y"}, "d/a", "d\\a")
def test_contexts_agree_if_and_only_if_their_files_do(
    one: dict[str, str], other: dict[str, str], first: str | None, second: str | None
) -> None:
    def of(files: dict[str, str], path: str | None) -> Prediction:
        build = {"path": "ctx"} | ({"dockerfile_path": path} if path else {})
        inside = {f"ctx/{each}": text.encode("utf-8", "surrogatepass") for each, text in files.items()}
        return predict({"env.yml": json.dumps({"build": build}), **inside}, kind=FileKind.ENVIRONMENT)

    paths = [(each or "Dockerfile").removeprefix("./") for each in (first, second)]
    before, after = of(one, first), of(other, second)
    assert before.formula is Formula.ENVLENS
    assert (before.fingerprint == after.fingerprint) is (one == other and paths[0] == paths[1])
    assert compare(before, after).is_same is (before.fingerprint == after.fingerprint)


SECTIONS = {
    "image": st.sampled_from(["a:1", "b:1", f"{BASE}@sha256:{'a' * 64}", f"{BASE}@sha256:{'b' * 64}"]),
    "dockerfile": st.sampled_from([None, "FROM a:1", "FROM a:1\n", ""]),
    "dockerfile_file": st.sampled_from([None, "FROM a:1", ""]),
    "conda": st.sampled_from([None, {"dependencies": ["a"]}, {"dependencies": ["b"]}, {"": None}, ["a"], {"": ["a"]}]),
    "conda_file": st.sampled_from([None, {"dependencies": ["a"]}, {"dependencies": ["b"]}]),
    "user": st.booleans(),
    "spark": st.sampled_from([{}, {"packages": [{"group": "g"}]}, {"repositories": ["x"]}, {"packages": ["x"]}]),
    "precache": st.booleans(),
    "r": st.sampled_from([None, {"rVersion": "3"}, {"rVersion": "4"}]),
    "registry": st.sampled_from([None, "x.azurecr.io", "y.azurecr.io"]),
}
v1s = st.fixed_dictionaries(SECTIONS)


def of_v1(given: dict[str, Any]) -> Prediction:
    docker = {"baseImage": given["image"], "baseDockerfile": given["dockerfile"], "enabled": False}
    docker["baseImageRegistry"] = {"address": given["registry"], "username": None, "password": None}
    python = {"userManagedDependencies": given["user"], "condaDependencies": given["conda"]}
    spark = {"precachePackages": given["precache"], **given["spark"]}
    value = {"name": "x", "docker": docker, "python": python, "spark": spark, "r": given["r"]}
    files = {"azureml_environment.json": json.dumps(value)}
    if given["dockerfile_file"] is not None:
        files["BaseDockerfile"] = given["dockerfile_file"]
    if given["conda_file"] is not None:
        files["conda_dependencies.yml"] = yaml.safe_dump(given["conda_file"])
    return predict(files, "azureml_environment.json")


def counted_of_v1(given: dict[str, Any]) -> object:
    """What decides the image of a v1 definition, as typed values."""
    is_by_file = given["dockerfile_file"] is not None
    conda = given["conda_file"] if given["conda_file"] is not None else given["conda"]
    return typed(
        [
            given["dockerfile_file"] if is_by_file else given["dockerfile"],
            None if is_by_file else given["image"],
            ["user"] if given["user"] else conda,
            [given["spark"], given["precache"]] if given["spark"] else None,
            given["r"],
            given["registry"],
        ]
    )


@settings(max_examples=200, deadline=None)
@given(v1s, v1s, st.lists(st.sampled_from(sorted(SECTIONS))))
def test_v1_definitions_agree_if_and_only_if_what_counts_does(
    one: dict[str, Any], source: dict[str, Any], changed: list[str]
) -> None:
    other = one | {key: source[key] for key in changed}
    before, after = of_v1(one), of_v1(other)
    is_same = counted_of_v1(one) == counted_of_v1(other)
    if before.fingerprint and after.fingerprint:
        assert (before.fingerprint == after.fingerprint) is is_same
        assert compare(before, after).is_same is is_same
    if before.counted and after.counted:
        assert bool(compare(before, after).changes) is (compare(before, after).is_same is False)


@given(
    st.lists(
        st.one_of(
            unusual().map(lambda conda: ("conda", conda)),
            trees.map(lambda files: ("tree", files)),
            v1s.map(lambda each: ("v1", each)),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_definitions_of_different_kinds_never_agree(definitions: list[tuple[str, Any]]) -> None:
    found: dict[str, str] = {}
    for kind, value in definitions:
        if kind == "conda":
            each = of_conda(value)
        elif kind == "tree":
            files = {f"ctx/{name}": text.encode("utf-8", "surrogatepass") for name, text in value.items()}
            each = predict({"env.yml": "build: {path: ctx}", **files}, kind=FileKind.ENVIRONMENT)
        else:
            each = of_v1(value)
        if each.fingerprint:
            assert found.setdefault(each.fingerprint, kind) == kind
