"""Places in TOML: whatever tomllib reads is found again, at the text that it was read from."""

import tomllib
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.features.settings_file import diagnose
from envlens.core.syntax.toml_places import places
from envlens.core.text.source import Source, decode

TEXT = '''
a = 1 # [x]
"b c" . d = [ 1, [2.5, "]"], { e = 'x', f.g = 1979-05-27 07:32:00 }, ]
when = 1979-05-27 07:32:00
h = """
[i]
j = "" "\\""""""
[k.'l']
m = -1_000.5e3
[[n]]
o = true
[[n]]
p = [
  # ] one
  "é🚗", # two
]
q = """ x""\\
"""
'''


def flat(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """All that a value holds, by path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {path: value}
    for key, each in inner:
        found |= flat(each, (*path, key))
    return found


def check(text: str) -> None:
    found = places(text)
    for path, value in flat(tomllib.loads(text)).items():
        if not path:
            continue
        assert path in found, path
        place = found[path]
        if not isinstance(value, dict | list):
            assert tomllib.loads(f"x = {text[slice(*place.value)]}")["x"] == value
        if isinstance(path[-1], str):
            assert text[slice(*place.key)].replace('"', "").replace("'", "").count(path[-1])


def test_everything_is_found() -> None:
    check(TEXT)
    assert {path[0] for path in places(TEXT)} == {"a", "b c", "when", "h", "k", "n"}
    assert places(TEXT, ("k", "l")).keys() == {(), ("m",)}


KEY = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
VALUE = st.recursive(
    st.sampled_from(["1", "-2.5", "true", '"a # ]"', "'b = ['", '"""c\n[d]"""', "1979-05-27", '"\\"é🚗"', "''", '""']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ",\n".join(items) + "]")
        | st.dictionaries(KEY, inner, max_size=3).map(
            lambda t: "{" + ", ".join(f"{k} = {v}" for k, v in t.items()) + "}"
        )
    ),
    max_leaves=8,
)


@hypothesis.settings(deadline=None, max_examples=200, suppress_health_check=list(hypothesis.HealthCheck))
@given(st.dictionaries(KEY, st.dictionaries(KEY, VALUE, max_size=3), max_size=3))
def test_any_text_is_found_again(tables: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{name}] # x\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    check(text)


HOSTILE = [
    b"", b"\xff\xfe", b"a = \xff", b"a", b"=", b"[", b"]" * 9, b"a = " + b"[" * 50_000, b"\xef\xbb\xbfselekt = 1\r\n",
    b"a = " + b"[" * 300 + b"]" * 300, b'a = """', b"a = 1\n" * 20_000, b"\x00", b"a = '\xc2\x85'",
    b"selekt = 1\n" + b"#" * 90_000, b"a.b.c.d = 1\n[a.b]\n",
    b"".join(b"k%d = [1, {a = 2}]\n" % n for n in range(5_000)),
    b"ignore = [" + b"".join(b"'image-latest-ta%d'," % n for n in range(40_000)) + b"]",
    b"[severity]\n" + b"".join(b"image-latest-ta%d = 1\n" % n for n in range(40_000)),
    b"".join(b"selec%d = 1\n" % n for n in range(40_000)),
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_no_bytes_raise(data: bytes) -> None:
    for name in ("envlens.toml", "pyproject.toml"):
        source = decode(name, data)
        for each in diagnose(source):
            assert 0 <= each.span.start <= each.span.end <= len(source.text)
            assert each.rule == "settings-invalid"


def test_a_mark_and_line_ends_move_nothing() -> None:
    (found,) = diagnose(decode("envlens.toml", b"\xef\xbb\xbf# a\r\nselekt = 1\r\n"))
    assert found.span == (5, 11)
    (found,) = diagnose(Source("envlens.toml", "a = 1\r\nb = = 2\r\nc = 3"))
    assert found.span == (11, 14)
