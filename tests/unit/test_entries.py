"""Package lines: our own parsers give pip's and conda's verdict."""

from datetime import date

import pytest
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Reference

from envlens.core.model.document import FileKind, build
from envlens.core.model.facts import Facts
from envlens.core.rules import load
from envlens.core.rules._rule import Context
from envlens.core.syntax import matchspec, requirements
from envlens.core.syntax.pins import Pin
from envlens.core.syntax.requirements import LineKind
from envlens.core.text.diagnostic import Finding
from envlens.core.text.source import Source

LINES = """
a
A
a-b
a.b
a_b
a1
a==1
a == 1
a==1.0.post1
a==1.0.dev1
a==1.0+local.1
a==1!2.0
a==1.*
a!=1.*
a!=1
a>=1
a>=1,<2
a >=1 , <2
a>1,!=1.5,<2
a~=1.0
a~=1.4.2
a===1
a===anything
a<=1
a<1
a>1
a==v1
a==1.0rc1
a==1.0a1
a[x]
a[x,y]
a[x, y]==1
a [x] == 1
a[]
a(>=1)
a (>=1,<2)
a (==1)
a==1;python_version>"3.8"
a==1 ; python_version > "3.8"
a; sys_platform == "linux"
a[x]>=1,<2 ; python_version >= "3.9" and sys_platform != "win32"
a @ https://example.io/a.whl
a@https://example.io/a.whl
a @ file:///x/a.whl
a @ git+https://example.io/a.git@main
a[x] @ https://example.io/a.whl
a @ https://example.io/a.whl ; python_version > "3.8"
a==1,
a>=1,,<2
a,==1
a=1
a= 1
a =1
a=>1
a=<1
a<>1
a=!1
a=~1
a~1
a!1
a 1
a 1.0
a==
a>=
a==1==2
a==1 2
a>=1 <2
a>=1<2
a=1.0.*
a==1 extra
a b
a/b
a b==1
a[x
a]x[
a(>=1
a>=1)
-a
.a
_a
a_
a.
a-
a-==1
==1
=
!
@
a @
a;
a==1;
a==1; nonsense
a==1; python_version >
a==1; python_version > 3.8
a:b
a==1:2
a+b
a~=1
a>=1.*
a~=1.*
a==x
a>=x
é
a==é
""".strip().split("\n")
# Where we differ on purpose: the versions of pip do.
NOT_JUDGED = {
    "a;": "pip takes an empty marker away before packaging sees it",
    "a==1;": "pip takes an empty marker away before packaging sees it",
    "a>=": "pip before 24.1 takes it",
    "a>=x": "pip before 24.1 takes it",
    "a>=1.*": "pip before 24.1 takes it",
}
OURS_ALONE = {"-a": "an option of pip", ".a": "a path to pip", "a/b": "a path to pip"}
CTX = Context(build(Source("x", ""), FileKind.REQUIREMENTS, None), Facts(date(2026, 11, 21)), lambda _: None)


def refuses(line: str) -> bool:
    """Whether a rule says that pip refuses the line."""
    found = requirements.parse(line)
    names = ("pip-invalid-operator", "requirement-marker-invalid")
    findings = [each for name in names for each in load(name).check(found, CTX)]
    return any(isinstance(each, Finding) and each.severity is None for each in findings)


@pytest.mark.parametrize("line", [line for line in LINES if line not in {**NOT_JUDGED, **OURS_ALONE}])
def test_verdict_is_that_of_packaging(line: str) -> None:
    assert refuses(line) == is_invalid(line)


def is_invalid(line: str) -> bool:
    try:
        Reference(line)
    except InvalidRequirement:
        return True
    return False


@pytest.mark.parametrize("line", NOT_JUDGED)
def test_what_is_not_judged_is_refused_by_packaging(line: str) -> None:
    with pytest.raises(InvalidRequirement):
        Reference(line)
    assert not refuses(line), "it is judged now: take it out of NOT_JUDGED"


@pytest.mark.parametrize("line", [line for line in LINES if line not in NOT_JUDGED])
def test_parts_are_those_of_packaging(line: str) -> None:
    found = requirements.parse(line)
    if found.kind is not LineKind.REQUIREMENT or refuses(line):
        return
    reference = Reference(line)
    assert found.text[found.name_span.start : found.name_span.end] == reference.name
    assert {each.strip() for each in found.extras.split(",")} - {""} == reference.extras
    ours = {(each.operator, each.version) for each in found.specifiers}
    assert ours == {(each.operator, each.version) for each in reference.specifier}
    for each in found.specifiers:
        assert line[each.operator_span.start : each.operator_span.end] == each.operator
        assert line[each.version_span.start : each.version_span.end] == each.version
    assert bool(found.marker) == bool(reference.marker)


@pytest.mark.parametrize(
    ("line", "kind", "pin"),
    [
        ("", LineKind.BLANK, Pin.EXACT),
        ("  # a comment", LineKind.BLANK, Pin.EXACT),
        ("a # ==1", LineKind.REQUIREMENT, Pin.NONE),
        ("a==1 # comment", LineKind.REQUIREMENT, Pin.EXACT),
        ("a==1.*", LineKind.REQUIREMENT, Pin.SERIES),
        ("a~=1.4", LineKind.REQUIREMENT, Pin.SERIES),
        ("a>=1,==1.2", LineKind.REQUIREMENT, Pin.EXACT),
        ("a!=1", LineKind.REQUIREMENT, Pin.RANGE),
        ("a==1 --hash=sha256:00", LineKind.REQUIREMENT, Pin.EXACT),
        ("-r other.txt", LineKind.OPTION, Pin.EXACT),
        ("--pre", LineKind.OPTION, Pin.EXACT),
        ("git+https://example.io/a.git@main#egg=a", LineKind.LINK, Pin.EXACT),
        ("https://example.io/a.zip", LineKind.LINK, Pin.EXACT),
        ("./a", LineKind.LINK, Pin.EXACT),
        ("../a", LineKind.LINK, Pin.EXACT),
        ("/x/a", LineKind.LINK, Pin.EXACT),
        ("C:\\x\\a.whl", LineKind.LINK, Pin.EXACT),
        ("a-1.0-py3-none-any.whl", LineKind.LINK, Pin.EXACT),
        ("a @ https://example.io/a.whl", LineKind.LINK, Pin.EXACT),
        ("==1", LineKind.MALFORMED, Pin.EXACT),
        ("{{ a }}", LineKind.MALFORMED, Pin.EXACT),
    ],
)
def test_kind_and_pin(line: str, kind: LineKind, pin: Pin) -> None:
    found = requirements.parse(line)
    assert (found.kind, found.pin) == (kind, pin)


@pytest.mark.parametrize(
    ("text", "channel", "name", "version", "pin"),
    [
        ("numpy", None, "numpy", "", Pin.NONE),
        ("NumPy", None, "numpy", "", Pin.NONE),
        ("numpy=*", None, "numpy", "=*", Pin.NONE),
        ("numpy *", None, "numpy", "*", Pin.NONE),
        ("numpy=1.26", None, "numpy", "=1.26", Pin.SERIES),
        ("numpy=1.26.*", None, "numpy", "=1.26.*", Pin.SERIES),
        ("numpy==1.26", None, "numpy", "==1.26", Pin.EXACT),
        ("numpy == 1.26", None, "numpy", "== 1.26", Pin.EXACT),
        ("numpy 1.26", None, "numpy", "1.26", Pin.EXACT),
        ("numpy 1.26.*", None, "numpy", "1.26.*", Pin.SERIES),
        ("numpy=1.26.4=py312_0", None, "numpy", "=1.26.4=py312_0", Pin.EXACT),
        ("numpy=1.26.*=py312_0", None, "numpy", "=1.26.*=py312_0", Pin.SERIES),
        ("numpy 1.26.4 py312_0", None, "numpy", "1.26.4 py312_0", Pin.EXACT),
        ("numpy>=1.26", None, "numpy", ">=1.26", Pin.RANGE),
        ("numpy >=1.26,<2", None, "numpy", ">=1.26,<2", Pin.RANGE),
        ("numpy>1|<0.9", None, "numpy", ">1|<0.9", Pin.RANGE),
        ("numpy==1.26|==1.25", None, "numpy", "==1.26|==1.25", Pin.RANGE),
        ("numpy~=1.26", None, "numpy", "~=1.26", Pin.SERIES),
        ("numpy!=1.26", None, "numpy", "!=1.26", Pin.RANGE),
        ("conda-forge::numpy=1.26", "conda-forge", "numpy", "=1.26", Pin.SERIES),
        ("conda-forge/linux-64::numpy", "conda-forge/linux-64", "numpy", "", Pin.NONE),
        ("numpy[version='>=1.26,<2']", None, "numpy", ">=1.26,<2", Pin.RANGE),
        ("numpy[version=1.26.4]", None, "numpy", "1.26.4", Pin.EXACT),
        ("numpy[build=py312_0]", None, "numpy", "", Pin.NONE),
        ("_libgcc_mutex=0.1", None, "_libgcc_mutex", "=0.1", Pin.SERIES),
        ("ruamel.yaml=0.18", None, "ruamel.yaml", "=0.18", Pin.SERIES),
        (" numpy = 1.26 ", None, "numpy", "= 1.26", Pin.SERIES),
    ],
)
def test_match_spec(text: str, channel: str | None, name: str, version: str, pin: Pin) -> None:
    found = matchspec.parse(text)
    assert found is not None
    assert (found.channel, found.name, found.version, found.pin) == (channel, name, version, pin)
    assert text[found.name_span.start : found.name_span.end].lower() == name
    assert text[found.version_span.start : found.version_span.end] == version


@pytest.mark.parametrize("text", ["", "=1", ">=1", "[version=1]", "::numpy", "-", "@x"])
def test_no_match_spec(text: str) -> None:
    assert matchspec.parse(text) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("python", None),
        ("python=3.11", ("=", "3.11")),
        ("python==3.11.4", ("==", "3.11.4")),
        ("python 3.11", ("", "3.11")),
        ("python>=3.9", (">=", "3.9")),
        ("python>=3.9,<3.12", None),
        ("python=3.9|=3.10", None),
        ("python=*", None),
    ],
)
def test_first_version(text: str, first: tuple[str, str] | None) -> None:
    found = matchspec.parse(text)
    assert found is not None
    assert found.first_version == first
