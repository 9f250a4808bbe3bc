"""Completion in half-typed text. `$0` marks the cursor."""

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from envlens.core.features.completion import Item, World, complete, documentation, plain
from envlens.core.features.completion.context import Typing, locate
from envlens.core.model.document import FileKind
from envlens.core.model.environment import Definition
from envlens.core.model.facts import Entry
from envlens.core.syntax import yaml_tree
from envlens.core.syntax.nodes import Mapping, Node, Pair, Scalar, Sequence, follow
from envlens.core.text.span import Span
from envlens.host import catalogue
from envlens.host import host as hosts

FACTS = catalogue.load_facts(date(2026, 11, 21))
SCHEMA = catalogue.environment_schema()
LISTING = {
    "/w": (
        Entry("conda.yml", False),
        Entry("context", True),
        Entry("environment.yml", False),
        Entry("my file.yaml", False),
        Entry("notes.txt", False),
        Entry(".hidden.yml", False),
        Entry("bad\nname.yml", False),
        Entry("requirements.txt", False),
    ),
    "/w/context": (Entry("Dockerfile", False), Entry("docker", True)),
    "/w/context/docker": (Entry("train.Dockerfile", False),),
}
DEFINITIONS = (
    Definition("churn", "3", "/w/environments/train.yml", Span(6, 11), 0, "name: churn"),
    Definition("serve", "", "/w/environments/serve.yml", Span(6, 11), 0, "name: serve"),
)
WORLD = World(FACTS, SCHEMA, DEFINITIONS, lambda folder: LISTING.get(folder, ()))
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: a\n"


def at(text: str, name: str = "environment.yml", kind: str | None = None) -> tuple[Item, ...]:
    """The completions at `$0`."""
    offset = text.index("$0")
    known = FileKind(kind) if kind else None
    return complete(WORLD, f"/w/{name}", text.replace("$0", "", 1), known, offset).items


def labels(text: str, name: str = "environment.yml", kind: str | None = None) -> list[str]:
    return [item.label for item in at(text, name, kind)]


def accept(text: str, label: str, name: str = "environment.yml", kind: str | None = None) -> str:
    """The text once the item of that label was taken, placeholders as they stand."""
    (item,) = [item for item in at(text, name, kind) if item.label == label]
    whole = text.replace("$0", "", 1)
    line = whole[: item.span.start].rpartition("\n")[2]
    margin = line[: len(line) - len(line.lstrip())]
    new = (plain(item.text) if item.is_snippet else item.text).replace("\n", "\n" + margin)
    return whole[: item.span.start] + new + whole[item.span.end :]


# Where the cursor is


@pytest.mark.parametrize(
    ("text", "typing", "path"),
    [
        ("$0", Typing.KEY, ()),
        ("na$0me: x", Typing.KEY, ()),
        ("name: x\n$0", Typing.KEY, ()),
        ("image: $0", Typing.VALUE, ("image",)),
        ("image:$0", Typing.VALUE, ("image",)),
        ("image:\r\n  $0", Typing.KEY, ("image",)),
        ("build:\n\n  # c\n  $0", Typing.KEY, ("build",)),
        ("build:\n  path: $0", Typing.VALUE, ("build", "path")),
        ("a:\n- $0", Typing.VALUE, ("a", 0)),
        ("a:\n-$0", Typing.VALUE, ("a", 0)),
        ("a:\n  - x\n  -\n    y: z\n  - $0", Typing.VALUE, ("a", 2)),
        ("a:\n- x\nb:\n- $0", Typing.VALUE, ("b", 0)),
        ("a:\n- x\n$0", Typing.KEY, ()),
        ("a:\n  - x\n  $0", Typing.VALUE, ("a", 1)),
        ("a:\n  - b: 1\n    $0", Typing.KEY, ("a", 0)),
        ("a:\n  - b:\n      c: $0", Typing.VALUE, ("a", 0, "b", "c")),
        ("- - $0", Typing.VALUE, (0, 0)),
        ("a: {b: {c: $0}}", Typing.VALUE, ("a", "b", "c")),
        ("a: {b: 1, $0", Typing.KEY, ("a",)),
        ("a: [b, {c: $0", Typing.VALUE, ("a", 1, "c")),
        ("a: {\nb: 1,\n$0\n}", Typing.KEY, ("a",)),
        ("a:\n  b: [\n    c\n    $0", Typing.NOTHING, ()),
        ("a: 'it''s $0'", Typing.VALUE, ("a",)),
        ("a: |\n  b: $0", Typing.NOTHING, ()),
        ("a:\n  - >-\n    b$0", Typing.NOTHING, ()),
        ("a: b\n  c$0", Typing.NOTHING, ()),
        ('a: "b\n  c$0', Typing.NOTHING, ()),
        ("a: b # c$0", Typing.NOTHING, ()),
        ("#$0", Typing.NOTHING, ()),
        ("a: *b$0", Typing.NOTHING, ()),
        ("a: &b$0", Typing.NOTHING, ()),
        ("a: &b $0", Typing.VALUE, ("a",)),
        ("a: &b !!map\n  $0", Typing.KEY, ("a",)),
        ("a: &b [\n  $0", Typing.VALUE, ("a", 0)),
        ("a:\n $0  b: 1", Typing.NOTHING, ()),
        ("a: 1\n---\n$0", Typing.KEY, ()),
    ],
)
def test_place(text: str, typing: Typing, path: tuple[str | int, ...]) -> None:
    place = locate(text.replace("$0", ""), text.index("$0"))
    assert place.typing is typing
    if typing is not Typing.NOTHING:
        assert place.path == path


def test_place_knows_its_neighbours() -> None:
    text = "a: 1\nb:\n  c: 'x'  # y\n  $0\n  d: {e: f}\n\n  g:\n    h: 1\ni: 2\n"
    place = locate(text.replace("$0", ""), text.index("$0"))
    assert place.siblings == {"c": "x", "d": "{e: f}", "g": ""}
    text = "a:\n  - x\n  - 'y' # c\n  - $0\n  - z\nb:\n  - other\n"
    assert set(locate(text.replace("$0", ""), text.index("$0")).items) == {"x", "y", "z"}


def test_span_is_the_word_under_the_cursor() -> None:
    for text, word, prefix in [
        ("image: mcr$0.example/x:1  # c", "mcr.example/x:1", "mcr"),
        ("os_$0type: linux", "os_type", "os_"),
        ("image: 'm$0cr'", "mcr", "m"),
        ("a: {b$0, c}", "b", "b"),
        ("a: [b$0c, d]", "bc", "b"),
        ("environment: azureml:x$0:1", "azureml:x:1", "azureml:x"),
        ("a: $0", "", ""),
    ]:
        whole = text.replace("$0", "")
        place = locate(whole, text.index("$0"))
        assert (whole[slice(*place.span)], place.prefix) == (word, prefix), text


# What is offered


def test_keys_that_stand_already_are_not_offered_and_required_ones_come_first() -> None:
    assert labels("image: x\n$0\nversion: 1\n")[0] == "name"
    assert {"image", "version"}.isdisjoint(labels("image: x\n$0\nversion: 1\n"))
    assert labels("name: a\nbuild:\n  path: x\n  $0\n") == ["dockerfile_path"]
    assert labels("name: a\ninference_config:\n  scoring_route: {port: 1, $0}\n") == ["path"]
    offered = labels("name: a\n$0\n")
    assert offered.index("image") < offered.index("datastore") < offered.index("id")
    assert labels("name: a\nimage: x\n$0\n").index("build") > labels("name: a\n$0\n").index("build")


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("name: a\nima$0", "image", "name: a\nimage: "),
        ("name: a\nima$0: x", "image", "name: a\nimage: x"),
        ("name: a\nbu$0", "build", "name: a\nbuild:\n  path: context"),
        ("name: a\nta$0", "tags", "name: a\ntags:\n  "),
        ("name: a\nbuild: {$0}", "path", "name: a\nbuild: {path: }"),
        ("name: a\nconda_file:\n  ch$0", "channels", "name: a\nconda_file:\n  channels:\n    - "),
        ("name: a\nimage:$0", BASE, f"name: a\nimage: {BASE}"),
        ("name: a\nimage: openmpi$0", BASE, f"name: a\nimage: {BASE}"),
        ("name: a\nimage: '$0'", BASE, f"name: a\nimage: '{BASE}'"),
        ("name: a\nimage:\n  $0", BASE, f"name: a\nimage:\n  {BASE}"),
        ("name: a\nversion: $0", "1", 'name: a\nversion: "1"'),
        ("name: a\nversion: '$0'", "1", "name: a\nversion: '1'"),
        ("$sch$0", "$schema", "$schema: "),
        (
            "name: a\ninference_config:\n  sco$0",
            "scoring_route",
            "name: a\ninference_config:\n  scoring_route:\n    port: 5001\n    path: /score",
        ),
    ],
)
def test_accepted_in_an_environment(text: str, label: str, after: str) -> None:
    assert accept(text, label) == after


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("channels:\n  -$0", "conda-forge", "channels:\n  - conda-forge"),
        ("channels:\n  - conda-forge\n  $0", "nvidia", "channels:\n  - conda-forge\n  - nvidia"),
        ("channels:\n  $0", "conda-forge", "channels:\n  - conda-forge"),
        ("dependencies:\n  - python=$0", "python=3.14", "dependencies:\n  - python=3.14"),
        ("dependencies:\n  - python>=$0", "python>=3.14", "dependencies:\n  - python>=3.14"),
        ("dependencies:\n  - pi$0", "pip:", "dependencies:\n  - pip:\n      - "),
        ("dependencies:\n  -$0", "pip:", "dependencies:\n  - pip:\n      - "),
        ("dependencies:\n  - a\n  $0", "pip:", "dependencies:\n  - a\n  - pip:\n      - "),
        ("dependencies:\n- $0", "pip:", "dependencies:\n- pip:\n    - "),
        (
            "dependencies:\n  - pip:\n      - $0",
            "azureml-mlflow",
            "dependencies:\n  - pip:\n      - azureml-mlflow==",
        ),
        (
            "dependencies:\n  - pip:\n    $0",
            "azureml-mlflow",
            "dependencies:\n  - pip:\n    - azureml-mlflow==",
        ),
    ],
)
def test_accepted_in_a_conda_file(text: str, label: str, after: str) -> None:
    assert accept(text, label, "conda.yml", "conda") == after


def test_images_are_dated_and_begin_with_the_newest_without_a_gpu() -> None:
    offered = at("name: a\nimage: $0")
    assert offered[0].label == BASE
    gpu = ["cuda" in item.label for item in offered if re.search(r":\d{8}\.v\d+$", item.label)]
    assert gpu == sorted(gpu)
    assert len(gpu) == 5
    for typed in ("mcr", "openmpi", "ubuntu24", "cuda"):
        matched = [item for item in at(f"name: a\nimage: {typed}$0") if item.filter.startswith(typed)]
        assert matched, typed


def test_python_versions_are_those_supported_newest_first() -> None:
    offered = [each for each in labels("dependencies:\n  - $0", "conda.yml") if each.startswith("python=")]
    assert offered == ["python=3.15", "python=3.14", "python=3.13", "python=3.12", "python=3.11"]
    early = World(FACTS._replace(today=date(2024, 1, 1)), SCHEMA)
    found = [item.label for item in complete(early, "/w/conda.yml", "dependencies:\n  - ", None, 18).items]
    assert "python=3.12" in found
    assert "python=3.13" not in found, "not out yet on that day"


def test_what_the_list_has_is_not_offered_again() -> None:
    found = labels("channels:\n  - conda-forge\n  - $0\n", "conda.yml")
    assert "conda-forge" not in found
    assert "nvidia" in found
    found = labels("dependencies:\n  - $0\n  - conda-forge::python=3.12\n  - pip=25\n", "conda.yml")
    assert found == ["pip:"]


def test_paths() -> None:
    assert labels("name: a\nconda_file: $0") == ["conda.yml", "my file.yaml", "context/"], "not the file itself"
    assert accept("name: a\nconda_file: $0", "my file.yaml") == 'name: a\nconda_file: "my file.yaml"'
    assert labels("name: a\nconda_file: ./$0") == ["./conda.yml", "./my file.yaml", "./context/"]
    assert labels("name: a\nconda_file: .h$0")[0] == ".hidden.yml"
    assert labels("name: a\nbuild:\n  path: $0") == [".", "context/"]
    assert labels("name: a\nbuild:\n  path: context/$0") == ["context/docker/"]
    assert labels("name: a\nbuild:\n  dockerfile_path: $0\n  path: context\n") == ["Dockerfile", "docker/"]
    assert labels("name: a\nbuild:\n  path: ./context\n  dockerfile_path: docker/$0") == ["docker/train.Dockerfile"]
    for typed in ("/", "~/", "azureml:", "https://", "C:\\"):
        assert labels(f"name: a\nconda_file: {typed}$0") == []


def test_references() -> None:
    own = ["azureml:churn:3", "azureml:churn@latest", "azureml:serve@latest"]
    found = labels(f"{JOB}environment: $0", "job.yml")
    assert found[:4] == [*own, "file:"]
    assert "azureml://registries/azureml/environments/sklearn-1.5/labels/latest" in found
    assert "azureml:AzureML-sklearn-1.5@latest" in labels(f"{JOB}environment: azureml:$0", "job.yml")
    assert accept(f"{JOB}environment: azureml:ch$0", own[0], "job.yml") == f"{JOB}environment: azureml:churn:3"
    assert labels(f"{JOB}environment: file:$0", "job.yml") == [
        "file:conda.yml",
        "file:environment.yml",
        "file:my file.yaml",
        "file:context/",
    ]
    text = accept(f"{JOB}environment:\n  azureml:$0", own[0], "job.yml")
    assert text == f"{JOB}environment:\n  azureml:churn:3", "on a line of its own it looks like a key"
    for schema in ("modelBatchDeployment", "kubernetesOnlineDeployment"):
        head = JOB.replace("commandJob", schema)
        assert labels(f"{head}environment: $0", "job.yml") == [*own, "file:"]


def test_an_environment_inline_in_a_job_has_no_name() -> None:
    found = labels(f"{JOB}environment:\n  $0", "job.yml")
    assert found[:2] == ["description", "tags"]
    assert "name" not in found
    head = JOB.replace("commandJob", "managedOnlineDeployment") + "endpoint_name: a\n"
    assert "name" in labels(f"{head}environment:\n  $0", "job.yml"), "a deployment registers it by its name"


@pytest.mark.parametrize(
    "above",
    ["", "trial:\n  ", "jobs:\n  a:\n    ", "jobs:\n  a:\n    trial:\n      ", "jobs:\n  a:\n    task:\n      "],
)
def test_environments_of_all_kinds_of_job(above: str) -> None:
    head = JOB.replace("command: a\n", "") + above
    indent = len(above.rpartition("\n")[2])
    assert "azureml:churn:3" in labels(f"{head}environment: $0", "job.yml")
    assert "image" in labels(f"{head}environment:\n{' ' * indent}  $0", "job.yml")
    assert labels(f"{head}command: a\n{' ' * indent}env$0", "job.yml") == ["environment"]


def test_somebody_elses_file_gets_nothing() -> None:
    for text in (
        "services:\n  a:\n    image: $0",
        "apiVersion: v1\nkind: Pod\n$0",
        "on: push\njobs:\n  a:\n    environment: $0",
        "$schema: https://json.schemastore.org/workflow.json\nname: $0",
        "$schema: https://azuremlschemas.azureedge.net/latest/model.schema.json\nname: $0",
        "- a\n- $0",
        "hello world\n$0",
    ):
        assert labels(text) == [], text
    assert labels("$0", "main.py") == []
    assert labels("name: a\n$0", "package.yml") == [], "nothing tells whose it is"


def test_a_new_file_begins_with_a_whole_definition() -> None:
    assert labels("$0")[:3] == [
        "environment: image and conda",
        "environment: build context",
        "environment: image that serves",
    ]
    assert labels("# comment\n---\ncon$0", "conda.yml")[0] == "conda file"
    assert "environment: image and conda" not in labels("name: a\n$0")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$0", ["azureml-mlflow", "-r"]),
        ("az$0", ["azureml-mlflow"]),
        ("azureml-mlflow==1\n--$0", ["--index-url"]),
        ("-r $0", ["requirements.txt"]),
        ("--requirement=$0", ["requirements.txt"]),
        ("-c context/$0", ["context/docker/"]),
    ],
)
def test_requirements(text: str, wanted: list[str]) -> None:
    assert set(wanted) <= set(labels(text, "r.txt", "requirements"))


@pytest.mark.parametrize("text", ["pandas==$0", "pandas[x$0", "# -r $0", "--index-url $0", "-r x.txt $0", "a \\\n  $0"])
def test_requirements_without_an_answer(text: str) -> None:
    assert labels(text, "r.txt", "requirements") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$0", ["FROM", "RUN"]),
        ("FROM x\nco$0", ["COPY"]),
        ("FROM $0", [BASE]),
        ("from --platform=linux/amd64 mcr$0", [BASE]),
        ("FROM x AS base\nFROM $0", ["base", BASE]),
        ("FROM x AS base\nCOPY --from=$0", ["base"]),
        ("FROM x\nCOPY $0", ["context/", "requirements.txt"]),
        ("FROM x\nCOPY --chown=a conda.yml context/$0", ["context/Dockerfile"]),
    ],
)
def test_dockerfile(text: str, wanted: list[str]) -> None:
    assert set(wanted) <= set(labels(text, "Dockerfile", "dockerfile"))


@pytest.mark.parametrize(
    "text",
    ["RUN pip $0", "RUN a \\\n  $0", "# FROM $0", "FROM x $0", "COPY --from=x $0", "RUN <<EOF\n$0", "LABEL a=$0"],
)
def test_dockerfile_without_an_answer(text: str) -> None:
    assert labels(text, "Dockerfile", "dockerfile") == []


def test_rules_in_an_ignore_comment() -> None:
    found = at("name: a # envlens: ignore[image-latest-tag, image-no$0] why")
    assert "image-no-tag-or-digest" in [item.label for item in found]
    assert found[0].span == Span(44, 52)
    assert documentation(WORLD, "rule:image-latest-tag")


def test_documentation() -> None:
    (item,) = [item for item in at("name: a\nconda_file:\n  $0") if item.label == "channels"]
    assert "searched in this order" in (documentation(WORLD, item.about) or "")
    (item,) = [item for item in at("dependencies:\n  - $0", "conda.yml") if item.label == "pip:"]
    assert "requirements file" in (documentation(WORLD, item.about) or "")
    (item, *_) = at("name: a\nimage: $0")
    assert "OpenMPI" in (documentation(WORLD, item.about) or "")
    (item, *_) = at("$0")
    assert "image: mcr.microsoft.com" in (documentation(WORLD, item.about) or "")
    for about in ("", "key:no/such", "image:x", "snippet:x", "rule:x", "x"):
        assert documentation(WORLD, about) is None


# Half-typed


class Example(NamedTuple):
    kind: str
    text: str


def _examples() -> Iterator[Example]:
    page = Path(__file__).with_name("half_typed.md").read_text(encoding="utf-8")
    for found in re.finditer(r"^```yaml (\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield Example(found[1], found[2])


EXAMPLES = list(_examples())
IDS = [f"{at}-{each.kind}" for at, each in enumerate(EXAMPLES)]


def known_keys(example: Example) -> Iterator[tuple[Pair, str]]:
    """The keys in the whole text that the schema knows, by the tree and not by what is tested."""
    tree = yaml_tree.parse(example.text)
    root = follow(tree.root) if tree.root else None
    start: tuple[str | int, ...] = ("conda_file",) if example.kind == "conda" else ()

    def walk(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[Pair, str]]:
        if isinstance(node, Sequence):
            for item in node.items:
                yield from walk(item, (*path, 0))
        elif isinstance(node, Mapping) and not node.is_template:
            for pair in node.pairs:
                if not isinstance(pair.key, Scalar):
                    continue
                below = (*path, pair.key.text)
                if path and path[0] == "job":
                    below = () if pair.key.text == "environment" else ("job",)
                elif pair.key.text in SCHEMA.description(path).get("properties", {}):
                    yield pair, pair.key.text
                yield from walk(pair.value, below)

    if root is not None:
        yield from walk(root, ("job",) if example.kind == "job" else start)


def ask(example: Example, text: str, offset: int) -> list[str]:
    kind = FileKind(example.kind)
    name = {"conda": "conda.yml", "job": "job.yml"}.get(example.kind, "environment.yml")
    return [item.label.removesuffix(":") for item in complete(WORLD, f"/w/{name}", text, kind, offset).items]


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) > 30
    assert sum(1 for each in EXAMPLES for _ in known_keys(each)) > 150


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_every_cut_is_answered(example: Example) -> None:
    for offset in range(len(example.text) + 1):
        found = ask(example, example.text[:offset], offset)
        assert len(set(found)) >= len(found) - 1, (example.text[:offset], "offered twice")
        ask(example, example.text, offset)


@pytest.mark.parametrize("change", [("\n", "\r"), (" ", "\t"), (":", ""), ("-", "- "), ("\n", "\n  ")], ids=repr)
def test_cuts_of_broken_text_are_answered(change: tuple[str, str]) -> None:
    for example in EXAMPLES:
        text = example.text.replace(*change)
        for offset in range(0, len(text), 7):
            ask(example, text[:offset], offset)


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_a_cut_in_a_key_offers_that_key(example: Example) -> None:
    if len(example.text) % 2:  # half of them with CRLF
        example = example._replace(text=example.text.replace("\n", "\r\n"))
    for pair, name in known_keys(example):
        assert isinstance(pair.key, Scalar)
        begin = pair.key.inner
        assert begin is not None
        if example.kind == "environment" and begin < 2:
            continue  # the file has no key yet: `NEW` has a test of its own
        for offset in range(begin, begin + len(name) + 1):
            for whole in (example.text[:offset], example.text):
                if pair.key.style and name == "pip" and whole != example.text:
                    continue  # an item in quotes may become any text
                assert name in ask(example, whole, offset), whole[:offset]


def test_a_cut_in_a_value_offers_that_value() -> None:
    asked = 0
    for example in EXAMPLES:
        for found in re.finditer(
            r"^(?=[ \t]*[^ \t#])(?:.*[ \[{:\"'-])??"
            r"(linux|windows|conda-forge|nvidia|nodefaults|python=3\.1\d|workspaceblobstore|mcr\.microsoft\.com\S+?v1)"
            r"(?=[\"',\]} ]|$)",
            example.text,
            re.MULTILINE,
        ):
            asked += 1
            for offset in range(found.start(1), found.end(1) + 1):
                assert found[1] in ask(example, example.text[:offset], offset), example.text[:offset]
                assert found[1] in ask(example, example.text, offset), (example.text, offset)
    assert asked > 50


@pytest.mark.parametrize("name", ["environment.yml", "conda.yml"])
def test_whole_definitions_are_without_findings(tmp_path: Path, name: str) -> None:
    (tmp_path / "Dockerfile").write_text("FROM example.org/base:1.0.0\n", encoding="utf-8")
    found = [item for item in at("$0", name) if item.about.startswith("snippet:")]
    assert len(found) == 4
    for item in found:
        path = hosts.normal(str(tmp_path / ("conda.yml" if item.label == "conda file" else "environment.yml")))
        host = hosts.Host(FACTS, raising, [hosts.normal(str(tmp_path.resolve()))])
        host.update(path, plain(item.text))
        document = host.document(path)
        assert document is not None
        assert [(each.rule, each.message) for each in host.diagnose(document)] == []


def raising(rule: str, error: Exception) -> None:
    raise error


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_a_deleted_line_offers_its_key_again(example: Example) -> None:
    lines = example.text.split("\n")
    starts = {example.text.rfind("\n", 0, pair.key.span.start) + 1: (pair, name) for pair, name in known_keys(example)}
    at_line = 0
    for number, line in enumerate(lines):
        without = "\n".join([*lines[:number], "", *lines[number + 1 :]])
        ask(example, without, at_line)
        ask(example, without[:at_line] + without[at_line + 1 :], at_line)
        found = starts.get(at_line)
        if found and example.text[at_line : found[0].key.span.start].strip() == "" and len(lines) > 2:
            indent = found[0].key.span.start - at_line
            typed = without[:at_line] + " " * indent + without[at_line:]
            offered = ask(example, typed, at_line + indent)
            if example.kind != "job" or "$schema" in typed:
                assert found[1] in offered, typed
        at_line += len(line) + 1


def test_mutated_text_is_answered_at_the_cursor() -> None:
    """What is replaced holds the cursor and lies on its line, whatever was typed."""
    dice = random.Random(1)
    signs = "ab:-[]{}'\"#&*!|>%@`,? \n\r\t\\$<=\ufeff\u2028🚗.~"
    for _ in range(1500):
        example = dice.choice(EXAMPLES)
        letters = list(example.text)
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(letters) + 1)
            letters[at : at + dice.choice((0, 0, 1, 3))] = dice.choices(signs, k=dice.randint(0, 4))
        text = "".join(letters)
        offset = dice.randrange(len(text) + 1)
        if text[max(offset - 1, 0) : offset + 1] == "\r\n":
            offset -= 1
        for item in complete(WORLD, "/w/environment.yml", text, FileKind(example.kind), offset).items:
            assert item.span.start <= offset <= item.span.end, text
            assert not {"\r", "\n"} & set(text[slice(*item.span)]), text


@pytest.mark.parametrize(
    "text",
    [
        "a: &b{c",
        "a: !!b[c, &d}",
        "[" * 5000,
        "{a: " * 3000,
        "- " * 5000,
        "a" + " " * 50_000 + "b",
        "a:" + "\t" * 5000,
        '"' * 5001,
        "a: '" + "'" * 5001,
        "a,\n" * 5000,
        "  a:\n" * 5000,
        ": : : :\n" * 2000,
        "\ufeff\u2028\x85\x0b\x00a: \ud800",
        "#" * 5000,
        "a: |\n" + "  x\n" * 5000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_text_is_answered(text: str) -> None:
    for offset in (0, len(text) // 2, len(text) - 1, len(text), len(text) + 5, -1):
        complete(WORLD, "/w/environment.yml", text, FileKind.ENVIRONMENT, offset)
        complete(WORLD, "/w/conda.yml", text, FileKind.CONDA, offset)
