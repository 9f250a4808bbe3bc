"""The patterns of `.amlignore` and `.gitignore` as azure-ai-ml has them, and such as are made to stall."""

import codecs
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envlens.core.hashing.ignore_file import RefusedError, parse
from envlens.host import upload_ignore

TABLE = json.loads((Path(__file__).parent / "upload_ignore.json").read_bytes())


def left_out(text: str, paths: list[str]) -> list[str]:
    start = parse(text.removeprefix(codecs.BOM_UTF8.decode()))
    return [path for path in paths if start is not None and start.after(path).is_left_out]


@pytest.mark.parametrize(("text", "verdict"), TABLE["cases"], ids=[ascii(text) for text, _ in TABLE["cases"]])
def test_as_azure_ai_ml(text: str, verdict: list[int] | None) -> None:
    if verdict is None:
        with pytest.raises(RefusedError):
            parse(text)
    else:
        assert left_out(text, TABLE["paths"]) == [TABLE["paths"][at] for at in verdict]


@given(st.lists(st.text("ab*?/[]!-\\", min_size=1, max_size=8)), st.text("ab/-"), st.text("ab/-"))
def test_a_path_may_be_asked_in_parts(lines: list[str], head: str, tail: str) -> None:
    try:
        start = parse("\n".join(lines))
    except RefusedError:
        return
    if start is not None:
        assert start.after(head).after(tail).is_left_out is start.after(head + tail).is_left_out


STALLING = ["*a" * 5_000 + "b", "**/*a" * 2_000 + "/b", "?" * 30_000, "*a*b*c*\n" * 5_000, "[!a]*" * 9_000]


@pytest.mark.parametrize("text", STALLING, ids=[text[:8] for text in STALLING])
def test_nothing_stalls(text: str) -> None:
    started = time.process_time()
    start = parse(text)
    assert start is not None
    for number in range(100):
        start.after("a" * 200 + f"/{number}/" + "abc" * 60)
    assert time.process_time() - started < 10


def test_more_than_can_be_looked_at_is_refused() -> None:
    with pytest.raises(RefusedError, match="more patterns"):
        parse("a" * 300_000)


def test_the_ignore_file(tmp_path: Path) -> None:
    def leaves_out(path: str) -> bool:
        start = upload_ignore.read(str(tmp_path), [str(tmp_path)]).start
        return start is not None and start.after(path).is_left_out

    assert not leaves_out("a")
    (tmp_path / ".dockerignore").write_text("a")
    assert not leaves_out("a")
    (tmp_path / ".gitignore").write_text("a")
    assert leaves_out("a")
    (tmp_path / ".amlignore").write_bytes(codecs.BOM_UTF8 + b"b\r\n")
    assert leaves_out("b")
    assert not leaves_out("a")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff", "'.amlignore' is not UTF-8: azure-ai-ml cannot read it"),
        (b"a\n[z-a]", "azure-ai-ml cannot read '.amlignore' for the pattern '[z-a]'"),
        (b"#" * 1_000_001, "'.amlignore' is too large"),
        (None, "'.amlignore' is a folder"),
    ],
)
def test_an_ignore_file_that_is_none(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / ".amlignore"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert upload_ignore.read(str(tmp_path), None).problem == problem
