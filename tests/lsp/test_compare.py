"""The pages about a definition: what they say, how they are opened, and that their addresses last."""

from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.lsp.pages import Page, PageKind, address, parse
from git_maker import commit, needs_git, new

from .wire import BASE, CONDA, ENVIRONMENT, SCHEMA, Wire

JOB = f"""\
{SCHEMA.replace("environment", "commandJob")}command: python train.py
environment:
  image: {BASE}
  conda_file:
    channels: [conda-forge]
    dependencies: [python=3.12, pip=24.3.1]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    commit(new(tmp_path), {"environment.yml": ENVIRONMENT, "conda.yml": CONDA, "job.yml": JOB})
    return tmp_path


@needs_git
def test_the_verdict_stands_first_and_then_what_changed(repository: Path) -> None:
    with Wire(repository, capabilities={"window": {"showDocument": {"support": True}}}) as wire:
        uri = wire.open(repository / "environment.yml", ENVIRONMENT.replace("20251130", "20251230"))
        conda = CONDA.replace("channels:\n", "channels:\n  - pytorch\n").replace("pip=24.3.1", "pip=25.0")
        wire.open(repository / "conda.yml", conda + "  - pip:\n      - numpy==2.0\n")
        page = wire.run("envlens.compare", {"uri": uri, "at": []})
        lines = page["text"].splitlines()
        assert lines[0] == "# demo: another image than in HEAD"
        text = page["text"]
        parts = ["base image", "channels", "conda packages", "pip packages"]
        order = ["## What changed", *(f"\n- {part}\n" for part in parts), "## Keys"]
        assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
        assert f"  - `{BASE}` → `{BASE.replace('20251130', '20251230')}`" in lines
        assert "  - `pytorch` added" in lines
        assert "  - `pip` `24.3.1` → `25.0`" in lines
        assert "  - `numpy` added `2.0`" in lines
        assert len([line for line in lines if line.startswith(("- image in HEAD: ", "- image now: "))]) == 2
        (shown,) = wire.asked_for("window/showDocument")
        assert shown == {"uri": page["uri"], "takeFocus": True}
        assert wire.request("envlens/document", {"uri": page["uri"]}) == {"text": text}
        same = wire.request("workspace/textDocumentContent", {"uri": page["uri"]})
        assert same["text"] == text
        assert wire.stop() == 0
        assert wire.stderr == b""


@needs_git
def test_what_does_not_count_is_not_listed(repository: Path) -> None:
    with Wire(repository) as wire:
        text = ENVIRONMENT.replace("name: demo", "name: other\ndescription: x\ntags: {a: b} # new")
        uri = wire.open(repository / "environment.yml", text)
        page = wire.run("envlens.compare", {"uri": uri, "at": []})["text"]
        assert page.startswith("# other: the same image as in HEAD\n")
        assert "What changed" not in page
        assert "Nothing that counts has changed." in page


def test_without_show_document_the_verdict_is_said(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "job.yml", JOB)
        page = wire.run("envlens.showHash", {"uri": uri})
        assert not wire.asked_for("window/showDocument")
        wire.settle()
        (said,) = [params["message"] for method, params in wire.notifications if method == "window/showMessage"]
        assert page["text"].startswith(f"# {said}\n")
        assert said.startswith("environment: azureml_")


def test_the_page_of_a_hash_has_every_input(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        text = wire.run("envlens.showHash", {"uri": wire.open(tmp_path / "job.yml", JOB)})["text"]
    for part in (
        "azureml/azureml_",
        "conda key: `/azureml-envs/azureml_",
        "`CliV2AnonymousEnvironment:",
        "as computed from public Azure logs up to 2025-02",
        f"- base image: `{BASE}`",
        "- channels: 1\n  - `conda-forge`",
        "- conda packages: 2\n  - `python=3.12`\n  - `pip=24.3.1`",
    ):
        assert part in text


def test_commands_find_the_definition(tmp_path: Path) -> None:
    text = JOB + f"sweep: 1\n# 🚗\n{'x' * 3}: 1\n"
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "job.yml", text)
        assert wire.run("envlens.showHash", {"uri": uri, "at": ["environment"]})["uri"].endswith(".md?environment")
        assert wire.run("envlens.showHash", {"uri": uri, "at": {"line": 4, "character": 3}})["text"]
        for wrong in ({"uri": uri, "at": ["no"]}, {"uri": "file:///no"}, {"uri": 7}, {}, None, "x", [1]):
            answer = wire.run("envlens.compare", wrong)
            assert answer == {"uri": None, "text": None, "problem": "no environment stands there"}
        assert wire.ask("workspace/executeCommand", {"command": "envlens.compare"})["result"]["uri"] is None
        wire.settle()
        said = [params["message"] for method, params in wire.notifications if method == "window/showMessage"]
        assert said[-1] == "no environment stands there"


def test_with_several_definitions_a_place_is_needed(tmp_path: Path) -> None:
    environment = f"    environment:\n      image: {BASE}\n"
    text = f"type: pipeline\njobs:\n  a:\n    command: x\n{environment}  b:\n    command: x\n{environment}"
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "job.yml", text)
        assert wire.run("envlens.showHash", {"uri": uri})["uri"] is None
        found = wire.run("envlens.showHash", {"uri": uri, "at": {"line": 8, "character": 2}})
        assert found["uri"].endswith("?jobs/b/environment")


def test_pages_of_closed_files_and_of_rules(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(ENVIRONMENT)
    with Wire(tmp_path) as wire:
        uri = address(PageKind.HASH, str(file), ())
        text = wire.request("envlens/document", {"uri": uri})["text"]
        assert text.startswith("# demo: no predicted hash: the conda file 'conda.yml' does not exist")
        assert wire.request("envlens/document", {"uri": "envlens:/rule/image-latest-tag"})["text"].startswith(
            "# image-"
        )
        for nothing in ("envlens:/rule/no", "envlens:/hash/x", "envlens:/", "", "http://x", "envlens:/hash/%FF/a/b.md"):
            assert wire.request("envlens/document", {"uri": nothing}) == {"text": None}
        assert wire.request("envlens/document", {}) == {"text": None}


def test_an_open_page_is_asked_for_again(tmp_path: Path) -> None:
    with Wire(tmp_path, capabilities={"workspace": {"textDocumentContent": {"dynamicRegistration": True}}}) as wire:
        uri = wire.open(tmp_path / "job.yml", JOB)
        wire.until(lambda: wire.asked_for("client/registerCapability"), "the scheme is registered")
        (asked,) = wire.asked_for("client/registerCapability")
        (one,) = [each for each in asked["registrations"] if each["method"] == "workspace/textDocumentContent"]
        assert one["registerOptions"] == {"schemes": ["envlens"]}
        page = wire.run("envlens.showHash", {"uri": uri})["uri"]
        before = wire.request("workspace/textDocumentContent", {"uri": page})["text"]
        wire.change(uri, 2, JOB.replace("pip=24.3.1", "pip=25.0"))
        wire.until(lambda: wire.asked_for("workspace/textDocumentContent/refresh"), "the page is out of date")
        assert wire.asked_for("workspace/textDocumentContent/refresh")[0] == {"uri": page}
        after = wire.request("workspace/textDocumentContent", {"uri": page})["text"]
        assert after == before.replace("pip=24.3.1", "pip=25.0") or "pip=25.0" in after


PATHS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(lambda each: each.strip("/"))


@given(kind=st.sampled_from([PageKind.HASH, PageKind.COMPARE]), path=PATHS, keys=st.lists(PATHS, max_size=3))
def test_addresses_last(kind: PageKind, path: str, keys: list[str]) -> None:
    """An editor writes a URI in its own way: the parts are decoded, and encoded as far as it likes."""
    uri = address(kind, path, keys)
    expected = Page(kind, path.lstrip("/"), tuple(keys))
    assert parse(uri) == expected
    where, _, query = uri.removeprefix("envlens:").partition("?")
    for safe in ("/", "/~:@!$&'()*+,;="):
        where_again, query_again = (quote(unquote(each), safe=safe) for each in (where, query))
        assert parse(f"envlens:{where_again}{f'?{query_again}' if keys else ''}") == expected
