"""References to what is registered in the workspace are offered, as few as needed. `$0` marks the cursor."""

from collections.abc import Iterable
from datetime import date

import pytest

from envlens.core.features.completion import Completions, World, complete
from envlens.core.model.document import FileKind
from envlens.core.model.environment import Definition
from envlens.core.model.registered import Registered, RegisteredVersion
from envlens.core.text.span import Span
from envlens.host import catalogue

DEFINITIONS = (
    Definition("churn", "3", "/w/environments/train.yml", Span(6, 11), 0, "name: churn"),
    Definition("serve", "", "/w/environments/serve.yml", Span(6, 11), 0, "name: serve"),
)
WORLD = World(catalogue.load_facts(date(2026, 11, 21)), catalogue.environment_schema(), DEFINITIONS)
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: a\n"


def of(name: str, *versions: str, archived: bool = False) -> Registered:
    """An environment of a workspace; a version ends in `-` where it is archived."""
    made = (RegisteredVersion(each.rstrip("-"), each, is_archived=each.endswith("-")) for each in versions)
    return Registered(name, tuple(made), archived)


FEW = (
    of("churn", "2", "3", "4-"),
    of("old", "1", archived=True),
    of("scoring", "1", "2", "3-", "10", "9"),
    of("spent", "1-", "2-"),
    of("yes", "1"),
)
MANY = tuple(of(f"team-{number}-training", "1", "2") for number in range(10_000))


def at(value: str, workspace: Iterable[Registered] = FEW, schema: str = "commandJob") -> Completions:
    text = JOB.replace("commandJob", schema) + value
    world = WORLD._replace(registered={each.name: each for each in workspace})
    return complete(world, "/w/job.yml", text.replace("$0", ""), FileKind.JOB, text.index("$0"))


def labels(found: Completions) -> list[str]:
    return [each.label for each in found.items if each.label.startswith("azureml:") and "AzureML-" not in each.label]


def test_after_those_of_the_folder_newest_first_and_none_twice() -> None:
    found = at("environment: $0")
    assert labels(found)[: labels(found).index("azureml:yes@latest") + 1] == [
        "azureml:churn:3",
        "azureml:churn:2",
        "azureml:churn@latest",
        "azureml:serve@latest",
        "azureml:scoring:9",
        "azureml:scoring:10",
        "azureml:scoring:2",
        "azureml:scoring@latest",
        "azureml:yes:1",
        "azureml:yes@latest",
    ]
    assert [each.detail for each in found.items[:4]] == ["train.yml", "registered", "train.yml", "serve.yml"]
    assert not found.is_whole, "older and archived versions are not among them"


def test_all_is_whole_where_nothing_is_left_out() -> None:
    assert at("environment: $0", [of("churn", "1", "2")]).is_whole
    assert at("environment: $0", []).is_whole
    assert at("environment: file:$0").is_whole


@pytest.mark.parametrize(
    "value",
    [
        "environment: azureml:scoring:$0",
        "environment: azureml:scoring:1$0",
        "environment: azureml:scoring@$0",
        "environment: 'azureml:scoring:$0'",
        'environment: "azureml:scoring:$0',
        "environment: azureml:scoring:$0  # the best",
    ],
)
def test_of_a_name_that_is_typed_all_versions(value: str) -> None:
    found = at(value)
    every = [each for each in labels(found) if each.startswith("azureml:scoring")]
    wanted = [*(f"azureml:scoring:{version}" for version in (9, 10, 2, 1)), "azureml:scoring@latest"]
    assert every == [*wanted, "azureml:scoring:3"]
    assert labels(found)[-1] == "azureml:scoring:3"
    assert [(each.label, each.detail) for each in found.items if each.is_deprecated] == [
        ("azureml:scoring:3", "archived")
    ]


def test_what_is_taken_replaces_what_is_typed() -> None:
    text = f"{JOB}environment: azureml:scoring:"
    found = at("environment: azureml:scoring:$0")
    (item,) = [each for each in found.items if each.label == "azureml:scoring:10"]
    assert text[: item.span.start] + item.text + text[item.span.end :] == f"{JOB}environment: azureml:scoring:10"


@pytest.mark.parametrize("name", ["old", "spent"])
def test_what_is_archived_as_a_whole_only_once_it_is_typed(name: str) -> None:
    assert f"azureml:{name}:1" not in labels(at("environment: azureml:$0"))
    found = at(f"environment: azureml:{name}:$0")
    assert f"azureml:{name}:1" in [each.label for each in found.items if each.is_deprecated]
    assert f"azureml:{name}@latest" not in labels(found)


def test_kinds_that_take_no_curated_environments_take_registered_ones() -> None:
    found = at("environment: $0", schema="kubernetesOnlineDeployment")
    assert "azureml:scoring:9" in labels(found)
    assert not any("curated" in each.detail for each in found.items)


@pytest.mark.parametrize("typed", ["", "azureml:", "azureml:team-77", "TRAINING", "9-tr", "azureml:team-77-training:"])
def test_of_thousands_only_what_can_be_meant(typed: str) -> None:
    found = at(f"environment: {typed}$0", MANY)
    assert not found.is_whole
    assert len(found.items) < 500
    part = typed.removeprefix("azureml:").rstrip(":").lower()
    registered = [each for each in found.items if each.detail == "registered"]
    assert registered
    assert all(part in each.label for each in registered)


def test_of_thousands_those_that_begin_so_come_first() -> None:
    names = [*(f"a-churn-{number}" for number in range(200)), "churn-b"]
    found = at("environment: azureml:churn$0", map(of, names, ["1"] * len(names)))
    assert next(each.label for each in found.items if each.detail == "registered") == "azureml:churn-b:1"


def test_of_one_with_thousands_of_versions_the_newest() -> None:
    found = at("environment: azureml:churn:$0", [of("churn", *map(str, range(20_000)))])
    assert not found.is_whole
    assert "azureml:churn:19999" in labels(found)
    assert len(found.items) < 500
