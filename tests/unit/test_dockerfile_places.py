"""Outline, hover and links of a Dockerfile."""

from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.hover import Known, hover
from envlens.core.features.links import links
from envlens.core.features.symbol import Symbol
from envlens.core.features.symbols import symbols
from envlens.core.model.document import Document, FileKind, build
from envlens.core.text.source import Source
from envlens.host import catalogue
from envlens.host.host import Host

TEXT = """\
ARG TAG=20251130.v1
FROM mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:${TAG} AS base
COPY requirements.txt *.md /app/
COPY ["notes.txt", "/app/"]
RUN pip install -r /app/requirements.txt \\
    "numpy==2.1.3" && conda install -y python=3.8
FROM base
ONBUILD WORKDIR /app
"""
FILES = {
    "environment.yml": "name: a\nbuild: {path: context}\n",
    "context/Dockerfile": TEXT,
    "context/requirements.txt": "six==1.16.0\n",
    "context/notes.txt": "words\n",
}


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Host, Document]:
    host = reader.place([(name, text.encode()) for name, text in FILES.items()], tmp_path)
    document = reader.documents(host, tmp_path, FILES)["context/Dockerfile"]
    assert document is not None
    return host, document


def shown(symbol: Symbol) -> tuple[str, str, list[tuple[str, str]]]:
    return symbol.name, symbol.detail, [(each.name, each.detail) for each in symbol.children]


def test_outline(opened: tuple[Host, Document]) -> None:
    _, document = opened
    found = symbols(document)
    assert [shown(each) for each in found] == [
        ("ARG", "TAG=20251130.v1", []),
        (
            "base",
            "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:${TAG}",
            [
                ("COPY", "requirements.txt *.md /app/"),
                ("COPY", '["notes.txt", "/app/"]'),
                ("RUN", 'pip install -r /app/requirements.txt "numpy==2.1.3" && conda install -y python=3'),
            ],
        ),
        ("base", "", [("ONBUILD", "WORKDIR /app")]),
    ]
    for each in found:
        for child in (each, *each.children):
            assert child.span.start <= child.selection.start
            assert child.selection.end <= child.span.end <= each.span.end


def test_the_outline_shows_no_secrets() -> None:
    text = "FROM a\nENV PIP_INDEX_URL=https://user:hunter2-swordfish@pkgs.example.com/simple\n"
    (stage,) = symbols(build(Source("/w/Dockerfile", text), FileKind.DOCKERFILE, None))
    assert [each.detail for each in stage.children] == ["PIP_INDEX_URL=https://***@pkgs.example.com/simple"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("mcr.microsoft", "newest known tag"),
        ("numpy", "exactly this version"),
        ("python=3.8", "support of Python 3.8 ended"),
        ("RUN", "Runs a command"),
        ("ONBUILD", "another image"),
        ("WORKDIR", "The directory"),
        ("ARG", "variable of the build"),
        ("/app/requirements", None),
        ("&&", None),
    ],
)
def test_hover(at: str, expected: str | None, opened: tuple[Host, Document]) -> None:
    host, document = opened
    found = hover(host.snapshot(document), document, TEXT.index(at), Known((), catalogue.environment_schema(), tuple))
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert expected in found.markdown
        assert found.span.contains(TEXT.index(at))


def test_links(opened: tuple[Host, Document]) -> None:
    host, document = opened
    found = links(host.snapshot(document), document)
    root = document.path.rpartition("/")[0]
    assert [(TEXT[each.span.start : each.span.end], each.path.removeprefix(root)) for each in found] == [
        ("requirements.txt", "/requirements.txt"),
        ('"notes.txt"', "/notes.txt"),
        ("/app/requirements.txt", "/requirements.txt"),
    ]


def test_there_are_no_links_without_a_context(tmp_path: Path) -> None:
    host = reader.place([("Dockerfile", TEXT.encode()), ("requirements.txt", b"")], tmp_path)
    host.name(str(tmp_path.resolve() / "Dockerfile"))
    document = host.load(str(tmp_path.resolve() / "Dockerfile"))
    assert document is not None
    assert links(host.snapshot(document), document) == []
