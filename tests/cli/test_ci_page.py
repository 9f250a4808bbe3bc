"""The snippets of docs/ci.md: each is what its service takes, and what they run is a command that works."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import fixture_reader as reader
from envlens.cli.main import _arguments
from envlens.cli.options import FORMATS, check

from .running import BAD, place, run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SNIPPETS = {each.words[0]: each.text for each in reader.fences(PAGE.split("\n"))}
# The schemas that check-jsonschema ships, by what the file is called.
VENDOR = {
    ".github/workflows/envlens.yml": "github-workflows",
    ".github/workflows/envlens-scan.yml": "github-workflows",
    ".gitlab-ci.yml": "gitlab-ci",
    "azure-pipelines.yml": "azure-pipelines",
}


def commands(value: Any) -> list[str]:
    """The `envlens` commands anywhere in a snippet."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in commands(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in commands(inner)]
    return [value] if isinstance(value, str) and value.startswith("envlens lint") else []


def test_every_snippet_is_known() -> None:
    assert set(SNIPPETS) == {*VENDOR, ".pre-commit-config.yaml"}


@pytest.mark.parametrize("name", VENDOR)
def test_a_snippet_is_what_its_service_takes(name: str, tmp_path: Path) -> None:
    path = tmp_path / Path(name).name
    path.write_text(SNIPPETS[name], encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{VENDOR[name]}", str(path)]
    # GitLab has tags of its own; a pattern in Azure's schema is none where Unicode is on.
    options = {
        ".gitlab-ci.yml": ["--data-transform", "gitlab-ci"],
        "azure-pipelines.yml": ["--regex-variant", "nonunicode"],
    }
    done = subprocess.run([*command, *options.get(name, [])], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", VENDOR)
def test_what_a_snippet_runs_works_and_is_what_it_uploads(name: str, tmp_path: Path) -> None:
    snippet = yaml.safe_load(SNIPPETS[name])
    (command,) = commands(snippet)
    place(tmp_path, environment_yml=BAD)
    done = run(tmp_path, *shlex.split(command)[1:])
    assert done.returncode == 1
    written = [each.name for each in tmp_path.iterdir() if each.name != "environment.yml"]
    assert all(SNIPPETS[name].count(each) == 2 for each in written), "what is written is uploaded"
    assert bool(written) is ("--output-file" in command)


def test_the_hook_is_configured_as_it_can_be() -> None:
    ((repo,),) = (yaml.safe_load(SNIPPETS[".pre-commit-config.yaml"])["repos"],)
    (hook,) = repo["hooks"]
    (ours,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["id"] == ours["id"]
    args = _arguments([*shlex.split(ours["entry"])[1:], *hook["args"]])
    check(args, args.paths)
    assert args.fail_on == "warning"


def test_commands_in_the_prose_and_all_formats() -> None:
    for command in re.findall(r"`envlens (lint [^`]*)`", PAGE):
        check(_arguments(shlex.split(command)), ["."])
    table = PAGE.partition("| --- | --- |\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) == set(FORMATS)


def test_the_settings_that_the_page_proposes_hold(tmp_path: Path) -> None:
    (setting,) = re.findall(r"`(severity = [^`]*)`", PAGE)
    (tmp_path / "envlens.toml").write_text(setting)
    done = run(tmp_path, "lint", "--show-settings", "--format", "json")
    assert json.loads(done.stdout)[0]["settings"]["severity"]["value"] == {"unpinned-dependency": "info"}
