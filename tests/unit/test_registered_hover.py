"""A hover on a reference says what the workspace has of it."""

from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.hover import Known, hover
from envlens.core.model.registered import Registered, RegisteredVersion
from envlens.host import catalogue

HEAD = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: a\nenvironment: "
HASH = "0123456789abcdef0123456789abcdef"
WORKSPACE = (
    Registered(
        "churn",
        (
            RegisteredVersion("1", "a", is_archived=True),
            RegisteredVersion("2", "b", HASH),
            RegisteredVersion("3", "c", HASH),
        ),
    ),
    Registered("old", (RegisteredVersion("1", "a", HASH),), is_archived=True),
    Registered("AzureML-x", (RegisteredVersion("1", "a"),)),
)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("azureml:churn:1", "registered in the workspace, archived"),
        ("azureml:churn:2", "registered in the workspace, predicted hash `0123456789ab…`"),
        ("azureml:churn:3", "this is the latest in the workspace, predicted hash `0123456789ab…`"),
        ("azureml:churn:7", "not registered in the workspace, where `3` is the latest"),
        ("azureml:churn@latest", "version `3` is the latest in the workspace, predicted hash `0123456789ab…`"),
        ("azureml:old:1", "registered in the workspace, archived, predicted hash `0123456789ab…`"),
        ("azureml:old:2", "not registered in the workspace"),
        ("azureml:old@latest", "all versions in the workspace are archived"),
        ("azureml:churn@prod", None),
        ("azureml:other:1", None),
        ("azureml:AzureML-x:1", None),
    ],
)
def test_what_the_workspace_has(tmp_path: Path, reference: str, said: str | None) -> None:
    host = reader.place([("job.yml", f"{HEAD}{reference}\n".encode())], tmp_path, registered=WORKSPACE)
    document = host.load(f"{tmp_path.resolve()}/job.yml")
    assert document is not None
    known = Known((), catalogue.environment_schema(), tuple)
    found = hover(host.snapshot(document), document, len(HEAD) + 3, known)
    assert found is not None
    last = found.markdown.split("\n\n")[-1]
    assert last == said if said is not None else "workspace" not in found.markdown
