"""The comment that silences a finding in a Dockerfile: it does, and Docker reads the same instructions as before."""

from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.actions import quick_fixes
from envlens.core.features.edits import apply
from envlens.core.text.span import Span
from envlens.host.host import Host

PACKAGES = """\
# syntax=docker/dockerfile:1
FROM acme.azurecr.io/base
RUN pip install numpy \\
    scipy \\
    # a comment
    pandas
ONBUILD RUN true
RUN <<EOT bash
  pip install flask
EOT
  RUN ["pip", "install", "six"]
COPY a /b # c
"""


def opened(text: str, folder: Path) -> tuple[Host, str]:
    host = reader.place([], folder)
    path = str(folder.resolve() / "Dockerfile")
    host.name(path)
    host.update(path, text)
    return host, path


def shape(host: Host, path: str) -> list[tuple[str, str]]:
    document = host.document(path)
    assert document is not None
    assert document.dockerfile is not None
    return [(each.keyword, each.args.text) for each in document.dockerfile.tree.instructions]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_finding_can_be_silenced(newline: str, mark: str, tmp_path: Path) -> None:
    text = mark + PACKAGES.replace("\n", newline)
    host, path = opened(text, tmp_path)
    document = host.document(path)
    assert document is not None
    before = shape(host, path)
    found = host.diagnose(document)
    assert len(found) == 7
    for each in found:
        (action,) = [
            a
            for a in quick_fixes(host.snapshot(document), document, [each], each.span)
            if a.title.startswith("ignore ")
        ]
        host.update(path, apply(text, action.edits))
        changed = host.document(path)
        assert changed is not None
        left = [(other.rule, other.message) for other in host.diagnose(changed)]
        assert (each.rule, each.message) not in left
        assert shape(host, path) == before
        assert changed.source.text.count("\n") == changed.source.text.count(newline)
        assert changed.source.text.startswith(mark)


def test_a_comment_that_is_there_is_taken(tmp_path: Path) -> None:
    text = "FROM a:1\n# envlens: ignore[not-exactly-pinned] why\nRUN pip install numpy\n"
    host, path = opened(text, tmp_path)
    document = host.document(path)
    assert document is not None
    (each,) = [found for found in host.diagnose(document) if found.rule == "unpinned-dependency"]
    (action,) = quick_fixes(host.snapshot(document), document, [each], each.span)
    assert "ignore[not-exactly-pinned, unpinned-dependency] why" in apply(text, action.edits)


def test_what_is_said_of_the_whole_file_is_silenced_for_the_whole_file(tmp_path: Path) -> None:
    text = "# syntax=docker/dockerfile:1\nFROM a:1\n" + "# words\n" * 14_000
    host, path = opened(text, tmp_path)
    document = host.document(path)
    assert document is not None
    (each,) = host.diagnose(document)
    (action,) = quick_fixes(host.snapshot(document), document, [each], Span(0, 0))
    changed = apply(text, action.edits)
    assert changed.startswith("# syntax=docker/dockerfile:1\n# envlens: ignore-file[dockerfile-too-large]\nFROM a:1\n")
    host.update(path, changed)
    document = host.document(path)
    assert document is not None
    assert host.diagnose(document) == ()
