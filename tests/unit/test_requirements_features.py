"""What the editor shows of a requirements file: outline, hovers, links, and comments that silence a finding."""

from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.actions import quick_fixes
from envlens.core.features.edits import apply
from envlens.core.features.hover import Known, hover
from envlens.core.features.links import links
from envlens.core.features.symbols import symbols
from envlens.core.model.document import Document
from envlens.host import catalogue
from envlens.host.host import Host

TEXT = """\
-r base.txt
--constraint=constraints.txt
pandas>=2.2 ; python_version > "3.8"  # frames
scipy[all]==1.14.1 \\
    --hash=sha256:00 \\
    --hash=sha256:11
git+https://user:pa55word@git.example.com/churn.git
"""


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Host, Document]:
    return place(TEXT, tmp_path)


def place(text: str, folder: Path) -> tuple[Host, Document]:
    host = reader.place([("requirements.txt", text.encode()), ("base.txt", b"six==1.16.0\n")], folder)
    path = str(folder.resolve() / "requirements.txt")
    host.name(path)
    document = host.load(path)
    assert document is not None
    return host, document


def test_outline(opened: tuple[Host, Document]) -> None:
    found = [(each.name, each.detail, TEXT[slice(*each.span)].partition("\n")[0]) for each in symbols(opened[1])]
    assert found == [
        ("--requirement", "base.txt", "-r base.txt"),
        ("--constraint", "constraints.txt", "--constraint=constraints.txt"),
        ("pandas", ">=2.2", 'pandas>=2.2 ; python_version > "3.8"'),
        ("scipy", "==1.14.1", "scipy[all]==1.14.1 \\"),
        ("git+https://***@git.example.com/churn.git", "", "git+https://user:pa55word@git.example.com/churn.git"),
    ]


def test_links_lead_to_files_that_exist(opened: tuple[Host, Document]) -> None:
    host, document = opened
    found = links(host.snapshot(document), document)
    assert [(TEXT[slice(*each.span)], each.path.rpartition("/")[2]) for each in found] == [("base.txt", "base.txt")]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("-r base", ["**--requirement**", "Installs what that file lists too"]),
        ("pandas", ["**pandas** · pip package", "a range", 'only where `python_version > "3.8"`']),
        ("scipy", ["**scipy**", "exactly this version", "extras `all`", "one of these 2 hashes"]),
        ("--hash=sha256:11", ["**--hash**"]),
    ],
)
def test_hover(at: str, words: list[str], opened: tuple[Host, Document]) -> None:
    host, document = opened
    found = hover(host.snapshot(document), document, TEXT.index(at), Known((), catalogue.environment_schema(), tuple))
    assert found is not None
    assert all(word in found.markdown for word in words), found.markdown


@pytest.mark.parametrize("at", ["# frames", "git+https"])
def test_no_hover(at: str, opened: tuple[Host, Document]) -> None:
    host, document = opened
    offset = TEXT.index(at) + 2
    assert hover(host.snapshot(document), document, offset, Known((), catalogue.environment_schema(), tuple)) is None


@pytest.mark.parametrize(
    ("text", "silenced"),
    [
        ("pandas\n", "pandas  # envlens: ignore[unpinned-dependency]\n"),
        ("pandas # x\n", "pandas # x  # envlens: ignore[unpinned-dependency]\n"),
        (
            "pandas # envlens: ignore[insecure-index]\n",
            "pandas # envlens: ignore[insecure-index, unpinned-dependency]\n",
        ),
        (
            "six==1\r\npandas \\\r\n  --hash=sha256:00\r\n",
            "six==1\r\n# envlens: ignore[unpinned-dependency]\r\npandas \\\r\n  --hash=sha256:00\r\n",
        ),
        (
            "six==1 \\\n  --hash=md5:00\n",
            "# envlens: ignore[pip-unknown-option]\nsix==1 \\\n  --hash=md5:00\n",
        ),
        ("pandas \\\n", "# envlens: ignore[unpinned-dependency]\npandas \\\n"),
    ],
)
def test_an_ignore_comment_silences_its_finding_and_breaks_no_line(text: str, silenced: str, tmp_path: Path) -> None:
    host, document = place(text, tmp_path)
    # Of a comment that the case has already nothing is said here.
    (found,) = (each for each in host.diagnose(document) if each.rule != "unused-ignore")
    (action,) = (
        each
        for each in quick_fixes(host.snapshot(document), document, (found,), found.span)
        if each.title.startswith("ignore")
    )
    new = apply(text, action.edits)
    assert new == silenced
    host.update(document.path, new)
    after = host.document(document.path)
    assert after is not None
    assert [each.rule for each in host.diagnose(after) if each.rule != "unused-ignore"] == []
