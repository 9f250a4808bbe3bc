"""What azure-ai-ml 1.35.2 said of each value under `environment:`, in five kinds of file, against what we say."""

import json
from pathlib import Path
from typing import Any

import pytest

import fixture_reader as reader
from envlens.core.text.diagnostic import Diagnostic, Severity

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "sdk_references.json").read_bytes())
REFERENCES: dict[str, dict[str, str]] = TABLE["references"]
_SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"
FILES = {
    "commandJob": _SCHEMA.format("commandJob") + "command: echo\nenvironment: {}\n",
    "commandComponent": _SCHEMA.format("commandComponent") + "name: train\ncommand: echo\nenvironment: {}\n",
    "pipelineNode": _SCHEMA.format("pipelineJob")
    + "type: pipeline\njobs:\n  train:\n    type: command\n    command: echo\n    environment: {}\n",
    "onlineDeployment": _SCHEMA.format("managedOnlineDeployment")
    + "name: blue\nendpoint_name: churn\nenvironment: {}\n",
    "batchDeployment": _SCHEMA.format("batchDeployment") + "name: blue\nendpoint_name: churn\nenvironment: {}\n",
}
BESIDE = {
    "env.yml": "name: e\nversion: 2\nimage: ubuntu\n",
    "c.yml": "dependencies: [python]\n",
    "ctx/Dockerfile": "FROM scratch\n",
}
# Accepted by the client when it loads the file, and an error all the same: the rule, and what fails. The client itself
# refuses those marked 'sent' when the job is sent (run offline on its own functions); the service does not find others.
FAILS_LATER: dict[str, tuple[str, str]] = {
    "azureml:x": ("env-ref-no-version", "refused when it is sent"),
    "azureml:x@prod": ("env-ref-unknown-label", "refused when it is sent"),
    "azureml:x:1@latest": ("env-ref-version-and-label", "looks for an environment called 'x:1'"),
    "azureml:": ("env-ref-malformed", "it has no name"),
    "azureml:x@": ("env-ref-malformed", "nothing follows the '@'"),
    "azureml: x:1": ("env-ref-malformed", "it has a blank"),
    "azureml://feeds/f/environments/e/versions/1": ("env-ref-malformed", "only 'azureml://registries/…' is one"),
    "azureml://registries/azureml/environments/e": ("registry-ref-malformed", "the service does not find it"),
    "azureml://registries/": ("registry-ref-malformed", "the service does not find it"),
    "{}": ("docker-option-missing", "refused when it is sent"),
    "{image: a, build: {path: ctx}}": ("docker-options-conflict", "refused when it is sent"),
}
# Accepted by the client all the way, and not supported by the service as documented.
NOT_SUPPORTED = {
    ("azureml:AzureML-foo:1", "batchDeployment"): "curated-env-in-batch",
    ("azureml://registries/azureml/environments/e/labels/latest", "batchDeployment"): "curated-env-in-batch",
}
CASES = [(reference, kind) for reference, kinds in REFERENCES.items() for kind in kinds]


def errors(reference: str, kind: str, folder: Path) -> list[Diagnostic]:
    """The errors that we find in a file that holds a reference."""
    value = reference if reference.startswith(("{", "[")) or reference == "null" else json.dumps(reference)
    files = {"file.yml": FILES[kind].replace("{}", value), **BESIDE}
    host = reader.place([(name, text.encode()) for name, text in files.items()], folder)
    document = host.load(str(folder.resolve() / "file.yml"))
    assert document is not None
    return [each for each in host.diagnose(document) if each.severity is Severity.ERROR]


@pytest.mark.parametrize(("reference", "kind"), CASES, ids=[f"{kind}: {reference}" for reference, kind in CASES])
def test_verdict(reference: str, kind: str, tmp_path: Path) -> None:
    found = errors(reference, kind, tmp_path)
    if REFERENCES[reference][kind].startswith("ERR"):
        assert found
    elif (reference, kind) in NOT_SUPPORTED:
        assert [each.rule for each in found] == [NOT_SUPPORTED[reference, kind]]
    elif reference in FAILS_LATER:
        rule, reason = FAILS_LATER[reference]
        assert [each.rule for each in found] == [rule]
        assert reason in found[0].message
    else:
        assert found == []


def test_table_names_accepted_references_only() -> None:
    accepted = {name for name, kinds in REFERENCES.items() if all(said.startswith("ok") for said in kinds.values())}
    assert set(FAILS_LATER) < accepted
    assert set(FILES) == {kind for kinds in REFERENCES.values() for kind in kinds}
