"""Folds, selection ranges and the search for definitions."""

from itertools import pairwise

import pytest

from envlens.core.features.folding import folds
from envlens.core.features.selection import selection
from envlens.core.features.symbols import search
from envlens.core.model.document import FileKind, build
from envlens.core.model.environment import Definition, define
from envlens.core.text.source import Source
from envlens.core.text.span import Span

ENVIRONMENT = """\
# head
# of two lines
name: demo
build:
  path: context

  # one
  dockerfile_path: Dockerfile

tags:
  a: b
channels:
- x
-
  y
last: |
  text
    deeper
"""
DOCKERFILE = """\
# syntax=docker/dockerfile:1
# second
FROM a
RUN a && \\
# between
    b
COPY <<EOF /x
line
EOF
RUN <<A cat <<B
1
A
2 \\
B
CMD b \\
"""


def shown(text: str, kind: FileKind) -> list[tuple[int, int] | tuple[int, int, str]]:
    return [
        (each.start, each.end, "comment") if each.is_comment else (each.start, each.end) for each in folds(text, kind)
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=repr)
def test_folds_of_yaml(newline: str) -> None:
    found = shown(ENVIRONMENT.replace("\n", newline), FileKind.ENVIRONMENT)
    assert found == [(0, 1, "comment"), (3, 7), (9, 10), (11, 14), (13, 14), (15, 17), (16, 17)]


def test_folds_of_lists() -> None:
    text = "dependencies:\n  - a\n  - pip:\n      - b\n      - c\n  - pip:\n    - d\nname: x\n"
    assert shown(text, FileKind.CONDA) == [(0, 6), (2, 4), (5, 6)]


def test_folds_stay_when_one_line_is_broken() -> None:
    broken = ENVIRONMENT.replace("name: demo", "name: [demo: '")
    assert shown(broken, FileKind.ENVIRONMENT) == shown(ENVIRONMENT, FileKind.ENVIRONMENT)


def test_folds_of_a_dockerfile() -> None:
    assert shown(DOCKERFILE, FileKind.DOCKERFILE) == [(0, 1, "comment"), (3, 5), (6, 8), (9, 13), (14, 15)]
    assert shown("a \\\n  --hash=b\nc\n", FileKind.REQUIREMENTS) == [(0, 1)]


@pytest.mark.parametrize("text", ["", "\n", "-", "- - -\n" * 50, " \t-\n:\n", "\ufeffa:\n b", "a\\\n" * 5, "#"])
def test_folds_of_anything_lie_in_the_text(text: str) -> None:
    for kind in FileKind:
        for fold in folds(text, kind):
            assert 0 <= fold.start < fold.end < len(text.split("\n"))


def selected(text: str, kind: FileKind = FileKind.ENVIRONMENT) -> list[str]:
    """What is selected step by step at `$0`."""
    offset = text.index("$0")
    text = text.replace("$0", "")
    spans = selection(build(Source("/w/a.yml", text), kind, None), offset)
    for inner, outer in pairwise(spans):
        assert outer.start <= inner.start <= inner.end <= outer.end
        assert inner != outer
    return [text[slice(*span)] for span in spans]


def test_selection_grows_along_the_tree() -> None:
    assert selected("name: a\ntags:\n  team: 'one t$0wo'\n  b: c\n") == [
        "two",
        "one two",
        "'one two'",
        "team: 'one two'",
        "team: 'one two'\n  b: c",
        "tags:\n  team: 'one two'\n  b: c",
        "name: a\ntags:\n  team: 'one two'\n  b: c",
        "name: a\ntags:\n  team: 'one two'\n  b: c\n",
    ]
    assert selected("dependencies:\n  - a\n  - python=3.1$02\n", FileKind.CONDA)[:3] == [
        "3.12",
        "python=3.12",
        "- a\n  - python=3.12",
    ]


def test_selection_grows_by_lines_where_the_text_is_broken() -> None:
    assert selected("name: [\nbuild:\n  path: c$0tx\n  x: y\nos_type: linux\n") == [
        "ctx",
        "path: ctx",
        "  path: ctx\n  x: y",
        "build:\n  path: ctx\n  x: y",
        "name: [\nbuild:\n  path: ctx\n  x: y\nos_type: linux\n",
    ]
    assert selected("RUN a$0b c\nCMD d", FileKind.DOCKERFILE) == ["ab", "RUN ab c", "RUN ab c\nCMD d"]


@pytest.mark.parametrize("text", ["", "a: b", "a: {b: [c, d]}", "a:\n - b\n", "\r\n\r\n", "{", "\ufeffa: b", "a: &x b"])
def test_selection_anywhere_holds_its_place(text: str) -> None:
    for offset in range(len(text) + 1):
        spans = selection(build(Source("/w/a.yml", text), FileKind.ENVIRONMENT, None), offset)
        assert spans
        assert all(span.start <= offset <= span.end for span in spans)


def definition(name: str) -> Definition:
    return Definition(name, "", f"/w/{name}.yml", Span(0, 0), 0, "")


def test_search() -> None:
    known = [definition(name) for name in ("Churn-train", "train", "return", "other")]
    assert [each.name for each in search(known, "train")] == ["train", "Churn-train"]
    assert [each.name for each in search(known, "TRN")] == ["Churn-train", "return", "train"]
    assert len(search(known, "")) == 4
    assert search(known, "zz") == []


@pytest.mark.parametrize(
    ("text", "name", "version", "head"),
    [
        ("name: a\nimage: b", "a", "", "name: a"),
        ("image: b\nversion: 1.10\nname: 'a b'  # c\n", "a b", "1.1", "name: 'a b"),
        ("name: 🚗\nversion: '1.10'\n", "🚗", "1.10", "name: 🚗"),
        ("{version: null, name: a}", "a", "", "{version: null, name: a"),
    ],
)
def test_definition(text: str, name: str, version: str, head: str) -> None:
    document = build(Source("/w/a.yml", text), FileKind.ENVIRONMENT, None)
    found = define(document.source, document.environment)
    assert found is not None
    assert (found.name, found.version, found.head) == (name, version, head)
    assert text[slice(*found.span)] == name


@pytest.mark.parametrize(
    "text", ["image: a", "name: 3\nimage: a", "name: {{ x }}", "name: '{{ x }}'", "name:", "- a", ""]
)
def test_what_has_no_name_is_no_definition(text: str) -> None:
    document = build(Source("/w/a.yml", text), FileKind.ENVIRONMENT, None)
    assert define(document.source, document.environment) is None
