"""What a `.dockerignore` leaves out, as Docker's patternmatcher has it."""

import pytest

from envlens.host.patterns import compile_patterns, docker_patterns

CASES = [
    ("*.txt", "a.txt", True),
    ("*.txt", "x/a.txt", False),
    ("**/*.txt", "x/y/a.txt", True),
    ("**/*.txt", "a.txt", True),
    ("foo", "foo/a/b", True),
    ("foo", "bar/foo", False),
    ("foo/**", "foo", False),
    ("foo/**", "foo/x", True),
    ("foo/**/bar", "foo/bar", True),
    ("*\n!a.txt", "a.txt", False),
    ("*\n!a.txt", "b.txt", True),
    ("!a.txt\n*", "a.txt", True),
    ("/docs/", "docs/x", True),
    ("./docs", "docs/x", True),
    ("a/*/c", "a/b/c/d", True),
    ("**", "x/y", True),
    ("[^a].txt", "b.txt", True),
    ("[^a].txt", "a.txt", False),
    ("a?c", "abc", True),
    ("# a", "# a", False),
    (".", "a", False),
]


@pytest.mark.parametrize(("text", "path", "hidden"), CASES, ids=[f"{text!r}: {path}" for text, path, _ in CASES])
def test_left_out(text: str, path: str, hidden: bool) -> None:
    assert docker_patterns(text).covers(path) is hidden


@pytest.mark.parametrize("line", ["foo\\ bar", "x**y", "*a" * 30, "a" * 500])
def test_a_line_that_is_not_understood_makes_nothing_sure(line: str) -> None:
    found = docker_patterns(f"*.txt\n{line}\n")
    assert found.takes_in
    assert not found.covers("a.txt")


def test_many_stars_stall_nothing() -> None:
    assert not docker_patterns("*a" * 12 + "b").covers("a" * 250)
    assert not compile_patterns(["*a" * 6 + "b", "x/" + "*a" * 6 + "b"]).match_file("x/" + "a" * 250)
    assert compile_patterns(["**/a*b*c*.txt"]).match_file("x/y/abc.txt")
