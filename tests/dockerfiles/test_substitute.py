"""What Docker makes of an argument with variables and quotes in it."""

import pytest

from envlens.core.syntax.dockerfile import substitute

VARIABLES = {"a": "1", "empty": "", "unknown": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$a", "1"),
        ("${a}", "1"),
        ("x$a/${a}y", "x1/1y"),
        ("$missing", None),
        ("${missing}", None),
        ("$unknown", None),
        ("${missing:-d}", "d"),
        ("${missing-d}", "d"),
        ("${empty:-d}", "d"),
        ("${empty-d}", ""),
        ("${a:-d}", "1"),
        ("${a:-$missing}", "1"),
        ("${missing:-$missing}", None),
        ("${missing:-${a}x}", "1x"),
        ("${unknown:-d}", None),
        ("${a:+d}", "d"),
        ("${missing:+d}", ""),
        ("${empty:+d}", ""),
        ("${empty+d}", "d"),
        ("${unknown:+d}", None),
        ("${a:?no}", "1"),
        ("${missing:?no}", None),
        ("${a#x}", None),
        ("${a%x}", None),
        ("${a/x/y}", None),
        ("${a:x}", None),
        ("${", None),
        ("${a", None),
        ("${}", None),
        ("'$a'", "$a"),
        ('"$a"', "1"),
        ('"it\'s"', "it's"),
        ("'open", None),
        ('"open', None),
        (r"\$a", "$a"),
        (r"\"a\"", '"a"'),
        (r'"\a\"\$"', r'\a"$'),
        ("a\\", "a"),
        ("$", "$"),
        ("a$", "a$"),
        ("$/", "$/"),
    ],
)
def test_substitute(text: str, expected: str | None) -> None:
    assert substitute(text, VARIABLES) == expected


def test_with_another_escape() -> None:
    assert substitute("c:\\a`$a$a", VARIABLES, "`") == "c:\\a$a1"
