"""Settings: good values are taken, a bad one leaves its default and says why, the others stand."""

from typing import Any

import hypothesis
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.model.document import FileKind
from envlens.core.model.options import Options
from envlens.core.settings import SETTINGS, Include, Owner, Settings, json_schema, parse, without_user_only
from envlens.core.text.diagnostic import Severity

KNOWN = frozenset({"image-latest-tag", "pip-not-pinned"})
USER_ONLY = {name for name, each in SETTINGS.items() if each.is_user_only}
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
    assert defaults.keys() == SETTINGS.keys() - {"select"} - USER_ONLY
    assert schema["properties"].keys() == SETTINGS.keys() - USER_ONLY, "it describes a project's files"
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


@pytest.mark.parametrize("name", sorted(USER_ONLY))
@pytest.mark.parametrize("value", ["/elsewhere", 1, None])
def test_a_project_cannot_set_what_is_the_users_own(name: str, value: Any) -> None:
    settings, problems = parse({name: value, "ignore": ["pip-not-pinned"]}, KNOWN)
    assert settings == Settings(ignore=frozenset({"pip-not-pinned"}))
    assert [(each.at, each.is_key) for each in problems] == [((name,), True)]
    assert f"setting '{name}' is the user's own: a project file cannot set it" in problems[0].message
    assert not SCHEMA.is_valid({name: value})
    assert without_user_only({name: value, "ignore": [], "x": 1}) == {"ignore": [], "x": 1}


@pytest.mark.parametrize("owner", [Owner.USER, Owner.CLIENT])
@pytest.mark.parametrize(
    "path", ["/a/b.db", "~", "~/b", "~ana/b", "C:\\b.db", "c:/b", "\\\\server\\share", "//server/share"]
)
def test_the_user_says_where_the_workspace_is(owner: Owner, path: str) -> None:
    assert parse({"workspace": path}, KNOWN, owner) == (Settings(workspace=path), ())


@pytest.mark.parametrize("owner", [Owner.USER, Owner.CLIENT])
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("b.db", "must be an absolute path, or one from '~': a relative one would hang on where one stands"),
        ("./b.db", "must be an absolute path"),
        ("../b.db", "must be an absolute path"),
        ("C:b.db", "must be an absolute path"),
        ("file:///b.db", "must be an absolute path"),
        (":memory:", "must be an absolute path"),
        ("", "must be a path"),
        ("/a\0b", "must be a path"),
        (1, "must be a path"),
        (["/a"], "must be a path"),
    ],
)
def test_what_is_no_place_of_a_workspace(owner: Owner, value: Any, problem: str) -> None:
    settings, problems = parse({"workspace": value}, KNOWN, owner)
    assert settings == Settings()
    assert len(problems) == 1
    assert f"setting 'workspace': {problem}" in problems[0].message


def test_a_client_sets_both_kinds_and_the_users_file_its_own_kind_alone() -> None:
    raw = {"workspace": "/a", "ignore": ["pip-not-pinned"], "workspce": "/b"}
    settings, problems = parse(raw, KNOWN, Owner.CLIENT)
    assert settings == Settings(workspace="/a", ignore=frozenset({"pip-not-pinned"}))
    assert [each.message for each in problems] == ["there is no setting 'workspce'; did you mean 'workspace'?"]
    settings, problems = parse(raw, KNOWN, Owner.USER)
    assert settings == Settings(workspace="/a")
    assert [each.message for each in problems] == [
        "setting 'ignore' counts in project files only: move it there",
        "there is no setting 'workspce'; did you mean 'workspace'?",
    ]
    assert [each.at for each in problems] == [("ignore",), ("workspce",)]


@hypothesis.settings(deadline=None, max_examples=50, suppress_health_check=list(hypothesis.HealthCheck))
@given(st.dictionaries(st.sampled_from([*SETTINGS, "x"]), JUNK), st.sampled_from(Owner))
def test_no_table_raises(raw: dict[str, Any], owner: Owner) -> None:
    settings, problems = parse(raw, KNOWN, owner)
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
