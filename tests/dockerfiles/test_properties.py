"""Whatever the text: nothing raises, spans lie inside it and slice to what they stand for."""

import shlex
from collections.abc import Iterator
from typing import Any

import case_reader
import docker_texts
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from envlens.core.syntax import commands, installs
from envlens.core.syntax.dockerfile import DockerfileTree, parse, substitute
from envlens.core.syntax.joined import Joined, Word, whole
from envlens.core.syntax.shell import split
from envlens.core.text.span import Span

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = [case.text for case in case_reader.read()]
LONG = "\n".join(TEXTS[:12] + [text for text in TEXTS if "install" in text])
ALPHABET = st.sampled_from(
    [*"\\`\"'$(){}<>|&;#=-[],\n\r\t aE", "\ufeff", "\x85", "🚀", "RUN ", "FROM ", "<<E", "pip install "]
)


def everything(value: Any) -> Iterator[Any]:
    """Every named tuple in a tree."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            yield each
            waiting += each


def judge(text: str) -> DockerfileTree:
    tree = parse(text)
    found = [
        tree,
        *(installs.of(each) for each in tree.instructions),
        *(commands.of(each) for each in tree.instructions),
    ]
    for each in everything(tuple(found)):
        if isinstance(each, Span):
            assert 0 <= each.start <= each.end <= len(text)
        elif isinstance(each, Word):
            if each.inner is not None:
                assert text[each.inner : each.inner + len(each.text)] == each.text
                assert each.span.start <= each.inner
                assert each.inner + len(each.text) <= each.span.end
            substitute(each.text, {"a": "b"}, tree.escape)
        elif isinstance(each, Joined):
            check_map(each, text)
    for it in tree.instructions:
        assert (
            text[it.keyword_span.start : it.keyword_span.end].upper() == it.keyword
            or "\n" in text[slice(*it.keyword_span)]
        )
    return tree


def check_map(joined: Joined, text: str) -> None:
    """Every letter stands where the map says, in order."""
    if not joined.starts:
        return
    places = [joined.at(at) for at in range(len(joined.text))]
    assert "".join(text[place] for place in places) == joined.text
    assert places == sorted(set(places))
    for start, end in [(0, len(places)), (len(places) // 3, len(places) // 2)]:
        part = joined.part(start, end)
        assert part.text == joined.text[start:end]
        assert [part.at(at) for at in range(end - start)] == places[start:end]
        if end > start:
            assert joined.span_of(start, end) == (places[start], places[end - 1] + 1)
            assert joined.is_contiguous(start, end) == (
                text[places[start] : places[end - 1] + 1] == joined.text[start:end]
            )


@pytest.mark.parametrize("text", TEXTS)
def test_cases(text: str) -> None:
    for end in range(len(text) + 1):
        judge(text[:end])
    for start in range(0, len(text), 3):
        judge(text[start:])


def test_generated() -> None:
    for text in docker_texts.make(400, seed=7):
        judge(text)


@QUICK
@given(st.lists(ALPHABET, max_size=40).map("".join))
def test_any_text(text: str) -> None:
    judge(text)
    judge("FROM a\nRUN " + text)
    split(Joined(text, (), (), Span(0, 0)))


@QUICK
@given(st.integers(0, len(LONG)), st.integers(0, 20), st.lists(ALPHABET, max_size=3).map("".join))
def test_edits_of_a_long_text(at: int, gone: int, new: str) -> None:
    judge(LONG[:at] + new + LONG[at + gone :])


@QUICK
@given(st.text("ab \"'\\é", max_size=30))
def test_words_are_those_of_a_shell(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:
        assume(False)
    words = [word.text for command in split(whole(text, 0)) for word in command.words]
    assert words == expected


def test_the_long_text_has_something_of_everything() -> None:
    tree = judge(LONG)
    found = [install for each in tree.instructions for install in installs.of(each)]
    assert {install.tool for install in found} >= {"pip", "conda", "apt"}
    assert any(each.heredocs for each in tree.instructions)
