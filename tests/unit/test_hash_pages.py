"""What is said of predicted hashes is text, whatever stands in the file: no markup, no second line."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from envlens.core.features import comparison, hash_hover, hash_page, lens
from envlens.core.features.markdown import cell, code, line
from envlens.core.hashing.earlier import Earlier
from envlens.core.index.predictions import predict
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import Document, FileKind, build
from envlens.core.model.facts import Facts
from envlens.core.settings import Settings
from envlens.core.text.source import Source

FACTS = Facts(date(2026, 1, 1))
HEAD = "name: demo\nimage: mcr.microsoft.com/azureml/a:1\nconda_file:\n  dependencies:\n"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
HOSTILE = "](http://evil.example/x) ![](http://evil.example/y.png) <img src=x> | `` * _ #\u202e\x07"


def document(text: str) -> Document:
    return build(Source("/w/environment.yml", text), FileKind.ENVIRONMENT, None)


def quoted(text: str) -> str:
    escaped = "".join(f"\\U{ord(char):08x}" for char in text)
    return f'"{escaped}"'


@given(TEXTS)
def test_code_is_one_line_that_nothing_ends(text: str) -> None:
    made = code(text)
    fence = re.match("`+", made)
    assert fence
    assert "\n" not in made
    assert made.isprintable()
    inner = made[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inner)
    assert inner.strip(" ") == line(text).strip(" ")
    assert re.search(r"(?<!\\)\|", cell(made)) is None


@given(TEXTS, TEXTS)
def test_whatever_packages_are_called(before: str, after: str) -> None:
    old, new = (document(f"{HEAD}    - {quoted(each)}\n    - {quoted(HOSTILE)}\n") for each in (before, after))
    bare = Snapshot(FACTS, Settings())
    earlier = Earlier("HEAD", old, predict(bare, old))
    found = predict(bare, new)
    (one,) = found
    title = lens.title(one, found, earlier)
    assert title.isprintable()
    snapshot = bare._replace(earlier=earlier)
    for page in (
        hash_hover.describe(one, found, snapshot),
        hash_page.page(snapshot, new, one, found),
        comparison.page(new, one, found, earlier),
    ):
        for row in page.split("\n"):
            assert row.isprintable()
            outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", row)
            assert not re.search(r"(?<!\\)(\]\(|<|!\[)", outside)
