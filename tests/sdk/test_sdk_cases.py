"""What azure-ai-ml 1.35.2 said of each case, against what we say: refused files have errors, accepted none."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import fixture_reader as reader
from envlens.core.rules import RULES
from envlens.core.syntax import yaml_tree
from envlens.core.syntax.schema import Schema, to_data
from envlens.core.text.diagnostic import Diagnostic, Severity
from envlens.core.text.source import decode
from envlens.host.catalogue import environment_schema

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "sdk_accepts.json").read_bytes())
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in TABLE["cases"]}

# The lines (from 1) that have errors, read off each refused case by hand. Files that the client refuses for several
# reasons, or refuses when loaded and would refuse again when sent, have several.
LINES: dict[str, set[int]] = {
    "version_null": {2},
    "version_map": {2},
    "version_date": {2},
    "name_missing_with_version": {1},
    "name_null": {1},
    "name_int": {1},
    "name_bool": {1},
    "none": {1},
    "image_int": {2},
    "image_and_build": {3},
    "conda_null": {3},
    "conda_int": {3},
    "conda_bool_true": {3},
    "conda_missing": {3},
    "conda_dir": {3},
    "conda_latin1": {3},
    "conda_py_tag": {3},
    "conda_file_prefix": {3},
    "conda_file_prefix2": {3},
    "conda_azureml": {3},
    "build_null": {2},
    "build_unknown": {2},
    "build_local_path_alias": {2},
    "build_path_null": {2},
    "build_missing_dir": {2},
    "build_git_ssh": {2},
    "os_bad": {3},
    "os_int": {3},
    "inf_port_bad": {6},
    "inf_port_bool": {6},
    "inf_no_path": {6},
    "inf_unknown": {7},
    "inf_null": {3},
    "tags_int_key": {3},
    "tags_list": {3},
    "properties": {3},
    "description_null": {3},
    "datastore_int": {3},
    "auto_delete_bad": {3},
    "type_field": {3},
    "is_anonymous": {3},
    "path_field": {3},
    "docker_v1": {2},
    "condaFile_camel": {3},
    "conda_alias": {3},
    "environment_variables": {3},
    "unknown_and_bad": {1, 2, 3},
    "channels_top": {2},
    "dependencies_top": {1, 2},
    "ref_registry": {1},
    "empty_doc": {1},
    "list_doc": {1},
    "multi_doc": {3},
    "anchors": {1},
    "int_key": {3},
    "tab_indent": {2},
}
# Accepted by the client, and an error all the same, because it fails later: the rule, and what fails.
FAILS_LATER: dict[str, tuple[str, str]] = {
    "name_reserved_azureml": ("reserved-name-prefix", "the service refuses to register it"),
    "name_weird": ("env-name-characters", "refuses to register it"),
    "name_long": ("name-too-long", "the service refuses to register it"),
    "image_empty": ("image-blank", "the image build fails"),
    "image_garbage": ("image-reference-invalid", "the image build fails"),
    "conda_and_build": ("conda-file-with-build", "packages of a build context come from its Dockerfile"),
    "build_dockerfile_missing": ("dockerfile-not-found", "the image build fails"),
    "build_empty_map": ("build-context-path-missing", "the image build fails"),
    "build_path_is_file": ("build-path-is-file", "the image build fails"),
    "conda_scalar_yaml": ("conda-file-wrong-shape", "the image build fails"),
    "conda_list_yaml": ("conda-file-wrong-shape", "the image build fails"),
    "conda_inline_unknown_keys": ("conda-unknown-key", "nothing of it is installed"),
}


def content(entry: dict[str, Any]) -> bytes:
    return base64.b64decode(entry["base64"]) if "base64" in entry else str(entry["text"]).encode()


def is_refused(case: dict[str, Any]) -> bool:
    return "refused" in {case["load"], case["submit"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that lie beside every case."""
    made = tmp_path_factory.mktemp("cases")
    for name, entry in TABLE["files"].items():
        if entry.get("dir"):
            (made / name).mkdir(parents=True)
        else:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content(entry))
    return made


def errors(case: dict[str, Any], folder: Path) -> list[tuple[int, Diagnostic]]:
    """The errors that we find in a case, each with its line from 1."""
    settings, problems = reader.settings_module.parse({"include": [f"environment:/{case['file']}"]}, frozenset(RULES))
    assert not problems
    host = reader.place([(case["file"], content(case["content"]))], folder, settings)
    document = host.load(str(folder.resolve() / case["file"]))
    assert document is not None
    found = [each for each in host.diagnose(document) if each.severity is Severity.ERROR]
    return [(document.source.lines.line_of(each.span.start) + 1, each) for each in found]


def test_tables_name_every_case_that_needs_it() -> None:
    refused = {name for name, case in CASES.items() if is_refused(case)}
    assert set(LINES) == refused
    assert not set(FAILS_LATER) & refused
    assert set(FAILS_LATER) < set(CASES)


@pytest.mark.parametrize("name", LINES)
def test_refused_case_has_its_errors(name: str, folder: Path) -> None:
    assert {line for line, _ in errors(CASES[name], folder)} == LINES[name]


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if not is_refused(case) and name not in FAILS_LATER]
)
def test_accepted_case_has_none(name: str, folder: Path) -> None:
    assert errors(CASES[name], folder) == []


@pytest.mark.parametrize("name", FAILS_LATER)
def test_case_that_fails_later(name: str, folder: Path) -> None:
    rule, reason = FAILS_LATER[name]
    found = errors(CASES[name], folder)
    assert [each.rule for _, each in found] == [rule]
    assert reason in found[0][1].message


@pytest.mark.parametrize("name", CASES)
def test_both_validators_give_one_verdict(name: str) -> None:
    schema = environment_schema()
    assert isinstance(schema, Schema)
    root = yaml_tree.parse(decode("", content(CASES[name]["content"])).text).root
    value = to_data(root) if root is not None else None
    compiled, reference = schema.compiled_errors(value), schema.reference_errors(value)
    assert bool(compiled) == bool(reference)
    assert compiled == reference
