"""Settings: good values are taken, a bad one leaves its default and says why, the others stand."""

from typing import Any

import hypothesis
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.model.document import FileKind
from envlens.core.model.options import Options
from envlens.core.settings import SETTINGS, Include, Settings, json_schema, parse
from envlens.core.text.diagnostic import Severity

KNOWN = frozenset({"image-latest-tag", "pip-not-pinned"})
SCHEMA = jsonschema.Draft7Validator(json_schema(sorted(KNOWN)))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, Settings()),
        ({"select": ["pip-not-pinned"]}, Settings(select=frozenset({"pip-not-pinned"}))),
        ({"ignore": ["pip-not-pinned"]}, Settings(ignore=frozenset({"pip-not-pinned"}))),
        ({"severity": {"pip-not-pinned": "error"}}, Settings(levels={"pip-not-pinned": Severity.ERROR})),
        ({"severity": {"pip-not-pinned": "off"}}, Settings(levels={"pip-not-pinned": None})),
        ({"severity": {}}, Settings()),
        ({"include": ["envs/*.yml"]}, Settings(include=(Include("envs/*.yml"),))),
        ({"include": ["conda:a.yml"]}, Settings(include=(Include("a.yml", FileKind.CONDA),))),
        ({"include": ["environment:a.yml"]}, Settings(include=(Include("a.yml", FileKind.ENVIRONMENT),))),
        ({"exclude": ["old/"]}, Settings(exclude=("old/",))),
        ({"fail-on": "warning"}, Settings(fail_on=Severity.WARNING)),
        ({"max-file-size": 10}, Settings(max_file_size=10)),
        (
            {"path-ignores": {"old/": ["pip-not-pinned"]}},
            Settings(path_ignores={"old/": frozenset({"pip-not-pinned"})}),
        ),
        ({"end-of-life-horizon": 0}, Settings(options=Options(end_of_life_horizon=0))),
        ({"stale-image-window": 30}, Settings(options=Options(stale_image_window=30))),
        ({"insecure-hosts": ["pkgs.corp"]}, Settings(options=Options(insecure_hosts=("pkgs.corp",)))),
        ({"known-images": ["mcr.microsoft.com/*"]}, Settings(options=Options(known_images=("mcr.microsoft.com/*",)))),
        ({"server": {"path": "x"}, "trace": "off"}, Settings()),
    ],
)
def test_good_values(raw: dict[str, Any], expected: Settings) -> None:
    assert parse(raw, KNOWN) == (expected, ())
    assert SCHEMA.is_valid(raw) or "server" in raw, "a client's own key has no place in a file"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"selct": ["pip-not-pinned"]}, "there is no setting 'selct'; did you mean 'select'?"),
        ({"fail_on": "error"}, "there is no setting 'fail_on'; did you mean 'fail-on'?"),
        ({"select": []}, "setting 'select': an empty list would turn every rule off"),
        ({"ignore": ["pip-not-pined"]}, "no rule is called 'pip-not-pined'; did you mean 'pip-not-pinned'?"),
        ({"include": ["docker:a.yml"]}, "'docker' is no kind of file: it must be environment or conda"),
        ({"select": "pip-not-pinned"}, "setting 'select': must be a list of strings"),
        ({"select": [1]}, "setting 'select': must be a list of strings"),
        ({"select": None}, "setting 'select': must be a list of strings"),
        ({"ignore": ["nope"]}, "setting 'ignore': no rule is called 'nope'"),
        ({"severity": ["error"]}, "setting 'severity': must be a table of rule = severity"),
        ({"severity": {"nope": "error"}}, "setting 'severity': no rule is called 'nope'"),
        ({"severity": {"pip-not-pinned": "fatal"}}, "'pip-not-pinned' must be error, warning, info or off"),
        ({"severity": {"pip-not-pinned": 1}}, "'pip-not-pinned' must be error, warning, info or off"),
        ({"include": [""]}, "setting 'include': an empty pattern includes nothing"),
        ({"include": ["conda:"]}, "setting 'include': an empty pattern includes nothing"),
        ({"exclude": "old"}, "setting 'exclude': must be a list of strings"),
        ({"path-ignores": ["a"]}, "setting 'path-ignores': must be a table of pattern = list of rules"),
        ({"path-ignores": {"a": "b"}}, "setting 'path-ignores': 'a' must be a list of strings"),
        ({"path-ignores": {"a": ["nope"]}}, "setting 'path-ignores': no rule is called 'nope'"),
        ({"end-of-life-horizon": -1}, "setting 'end-of-life-horizon': must be a number of days from 0 to 3650"),
        ({"stale-image-window": True}, "setting 'stale-image-window': must be a number of days from 0 to 3650"),
        ({"insecure-hosts": "pkgs.corp"}, "setting 'insecure-hosts': must be a list of strings"),
        ({"known-images": [1]}, "setting 'known-images': must be a list of strings"),
        ({"fail-on": "off"}, "setting 'fail-on': must be error, warning or info"),
        ({"fail-on": 3}, "setting 'fail-on': must be error, warning or info"),
        ({"max-file-size": 0}, "setting 'max-file-size': must be a number of bytes"),
        ({"max-file-size": True}, "setting 'max-file-size': must be a number of bytes"),
        ({"max-file-size": "1 MB"}, "setting 'max-file-size': must be a number of bytes"),
    ],
)
def test_a_bad_value_leaves_the_default_and_the_others(raw: dict[str, Any], problem: str) -> None:
    other = {"exclude": ["x/"]} if "exclude" not in raw else {"ignore": ["pip-not-pinned"]}
    settings, problems = parse({**raw, **other}, KNOWN)
    assert settings == parse(other, KNOWN)[0]
    assert len(problems) == 1
    assert problem in problems[0].message
    assert not SCHEMA.is_valid(raw)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def test_the_schema_has_the_defaults() -> None:
    schema = json_schema(KNOWN)
    jsonschema.Draft7Validator.check_schema(schema)
    defaults = {key: value["default"] for key, value in schema["properties"].items() if "default" in value}
    assert defaults.keys() == SETTINGS.keys() - {"select"}
    assert parse(defaults, KNOWN) == (Settings(), ())


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ({"selct": 1}, [(("selct",), True)]),
        ({"ignore": ["a", "pip-not-pinned", "b"]}, [(("ignore", 0), False), (("ignore", 2), False)]),
        ({"severity": {"a": "x", "pip-not-pinned": "x"}}, [
            (("severity", "a"), True), (("severity", "a"), False), (("severity", "pip-not-pinned"), False)]),
        ({"include": ["x:a", "b", ""]}, [(("include", 0), False), (("include", 2), False)]),
        ({"exclude": ["a", 1]}, [(("exclude", 1), False)]),
        ({"fail-on": 1}, [(("fail-on",), False)]),
        ({"path-ignores": {"a": ["pip-not-pinned", "b"]}}, [(("path-ignores", "a", 1), False)]),
    ],
)  # fmt: skip
def test_a_problem_says_where_it_is(raw: dict[str, Any], at: list[Any]) -> None:
    assert [(each.at, each.is_key) for each in parse(raw, KNOWN)[1]] == at


@hypothesis.settings(deadline=None, max_examples=50, suppress_health_check=list(hypothesis.HealthCheck))
@given(st.dictionaries(st.sampled_from([*SETTINGS, "x"]), JUNK))
def test_no_table_raises(raw: dict[str, Any]) -> None:
    settings, problems = parse(raw, KNOWN)
    assert isinstance(settings, Settings)
    assert all(isinstance(problem.message, str) for problem in problems)


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        (Settings(), Severity.WARNING),
        (Settings(ignore=frozenset({"pip-not-pinned"})), None),
        (Settings(select=frozenset({"image-latest-tag"})), None),
        (Settings(select=frozenset({"pip-not-pinned"})), Severity.WARNING),
        (Settings(levels={"pip-not-pinned": Severity.ERROR}), Severity.ERROR),
        (Settings(levels={"pip-not-pinned": None}), None),
        (Settings(levels={"pip-not-pinned": Severity.INFO}, ignore=frozenset({"pip-not-pinned"})), None),
    ],
)
def test_level(settings: Settings, level: Severity | None) -> None:
    assert settings.level("pip-not-pinned", Severity.WARNING) is level
