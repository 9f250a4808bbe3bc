"""Positions: every offset survives the way to a line and column and back, in every unit, whatever the text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.text.lines import Encoding, LineIndex
from envlens.core.text.source import decode

PIECES = [
    "a",
    "é",
    "日",
    "🚀",
    "\U0010ffff",
    "\r",
    "\n",
    "\r\n",
    "\x85",
    "\u2028",
    "\u2029",
    "\f",
    "\v",
    "\x1c",
    "\t",
    "",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
CODEC = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2), Encoding.UTF32: ("utf-32-le", 4)}


@given(TEXTS, st.sampled_from(list(Encoding)))
def test_offsets_round_trip(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text)
    for offset in range(len(text) + 1):
        line, column = lines.position(offset, encoding)
        if offset > lines.line_end(line):
            # Between CR and LF, or behind the break: an editor cannot point there, so the end of the line is taken.
            assert lines.offset(line, column, encoding) == lines.line_end(line)
        else:
            assert lines.offset(line, column, encoding) == offset


@given(TEXTS, st.sampled_from(list(Encoding)))
def test_columns_are_what_the_codec_says(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text)
    codec, width = CODEC[encoding]
    for offset in range(len(text) + 1):
        line, column = lines.position(offset, encoding)
        assert column == len(text[lines.line_start(line) : offset].encode(codec)) // width


@given(TEXTS)
def test_lines_break_at_cr_lf_and_crlf_only(text: str) -> None:
    lines = LineIndex(text)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.line_text(line) for line in range(lines.line_count)] == expected


@pytest.mark.parametrize(
    ("text", "offset", "encoding", "position"),
    [
        ("", 0, Encoding.UTF16, (0, 0)),
        ("", 9, Encoding.UTF16, (0, 0)),
        ("ab", -1, Encoding.UTF16, (0, 0)),
        ("🚀x", 1, Encoding.UTF8, (0, 4)),
        ("🚀x", 1, Encoding.UTF16, (0, 2)),
        ("🚀x", 1, Encoding.UTF32, (0, 1)),
        ("a\rb", 2, Encoding.UTF16, (1, 0)),
        ("a\r\nb", 3, Encoding.UTF16, (1, 0)),
        ("a\u2028b\x85c\fd", 7, Encoding.UTF16, (0, 7)),
        ("a\n", 2, Encoding.UTF16, (1, 0)),
    ],
)
def test_position(text: str, offset: int, encoding: Encoding, position: tuple[int, int]) -> None:
    assert LineIndex(text).position(offset, encoding) == position


@pytest.mark.parametrize(
    ("text", "line", "column", "encoding", "offset"),
    [
        ("🚀x", 0, 1, Encoding.UTF16, 0),  # inside a character: its start
        ("🚀x", 0, 3, Encoding.UTF8, 0),
        ("ab\ncd", 0, 99, Encoding.UTF16, 2),
        ("ab\r\ncd", 0, 99, Encoding.UTF16, 2),
        ("ab\ncd", 9, 0, Encoding.UTF16, 5),
        ("ab", -1, 0, Encoding.UTF16, 0),
        ("ab", 0, -1, Encoding.UTF16, 0),
        ("é\ncd", 0, -1, Encoding.UTF8, 0),
    ],
)
def test_offset(text: str, line: int, column: int, encoding: Encoding, offset: int) -> None:
    assert LineIndex(text).offset(line, column, encoding) == offset


@given(st.binary(max_size=60))
def test_decode_never_raises(data: bytes) -> None:
    source = decode("x.yml", data)
    assert (source.problem is None) == _is_utf8(data)
    assert 0 <= source.problem_at <= len(source.text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
