"""Every single fix in every fixture and page: mends its finding, breaks nothing, and keeps comments and line ends."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.edits import apply
from envlens.core.model.document import Document
from envlens.core.text.diagnostic import Diagnostic, Fix, Severity
from envlens.core.text.source import decode
from envlens.host.host import Host

FIXTURES = Path(__file__).parent
VARIANTS = ["lf", "crlf", "bom", "no end"]
# Pinned: rules whose fixes write a bare LF into a CRLF file. A mended one fails below until it is taken out.
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)


# A limit in bytes is another one with other line ends; and a file that is not read has no fixes.
CASES = [case for case in reader.cases(FIXTURES) if case.path.stem != "file-too-large"]


@dataclass(frozen=True)
class Opened:
    """A file of a test in one variant, on disk."""

    host: Host
    name: str
    document: Document
    diagnostics: tuple[Diagnostic, ...]

    @property
    def text(self) -> str:
        return self.document.source.text

    def after(self, text: str) -> tuple[Document, tuple[Diagnostic, ...]]:
        """The file with another text: as the editor shows it, and what is found then."""
        self.host.update(self.document.path, text)
        document = self.host.document(self.document.path)
        assert document is not None, "the fixed file is no longer ours"
        return document, self.host.diagnose(document)


def variant(text: str, kind: str) -> bytes:
    if kind == "crlf":
        return text.replace("\n", "\r\n").encode()
    if kind == "bom":
        return b"\xef\xbb\xbf" + text.encode()
    return text.removesuffix("\n").encode() if kind == "no end" else text.encode()


def opened(case: reader.Case, kind: str, folder: Path) -> list[Opened]:
    files = ((each.name, variant(each.text, kind)) for each in case.files)
    earlier = {name: variant(block.text, kind) if block.lines else b"" for name, block in case.earlier}
    host = reader.place(files, folder, case.settings, case.today, earlier)
    reader.name_plain(host, folder, case.files)
    held = reader.documents(host, folder, [each.name for each in case.files])
    return [Opened(host, name, doc, host.diagnose(doc)) for name, doc in held.items() if doc is not None]


def everything(kind: str, folder: Path) -> list[tuple[str, Opened]]:
    return [
        (f"{case.path.stem}: {case.title}: {file.name}", file)
        for number, case in enumerate(CASES)
        for file in opened(case, kind, folder / str(number) / "demo")
    ]


@pytest.mark.parametrize("kind", VARIANTS)
def test_variants_find_the_same(kind: str, tmp_path: Path) -> None:
    plain = dict(everything("lf", tmp_path / "lf"))
    for label, file in everything(kind, tmp_path / "other"):
        assert places(file) == places(plain[label]), label


def places(file: Opened) -> list[tuple[str, int, int]]:
    """Rule, line and column of each finding, where the length of a file is no part of what is said."""
    lines = file.document.source.lines
    return [(each.rule, *lines.position(each.span.start)) for each in file.diagnostics]


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_single_fix(kind: str, tmp_path: Path) -> None:
    problems = []
    count = 0
    for label, file in everything(kind, tmp_path):
        for diagnostic in file.diagnostics:
            for fix in diagnostic.fixes:
                count += 1
                problems += [f"{label}: '{fix.title}' {wrong}" for wrong in wrongs(file, diagnostic, fix, kind)]
    assert count > 60
    assert not problems, "\n".join(problems)


def wrongs(file: Opened, diagnostic: Diagnostic, fix: Fix, kind: str) -> list[str]:
    """What is wrong with a text after a fix."""
    before = file.text
    assert fix.edits, fix.title
    text = apply(before, fix.edits)
    document, found = file.after(text)
    file.host.close(document.path)
    wrong = []
    if text == before:
        wrong.append("changes nothing")
    key = (diagnostic.rule, diagnostic.message)
    if tally(found)[key] >= tally(file.diagnostics)[key]:
        wrong.append("leaves its finding")
    new = tally(found, Severity.ERROR) - tally(file.diagnostics, Severity.ERROR)
    if new:
        wrong.append(f"brings {dict(new)}")
    if document.tree.problems and not file.document.tree.problems:
        wrong.append(f"makes the file unreadable: {document.tree.problems[0].message}")
    # The one rule whose fixes change a comment on purpose.
    kept = apply(before, fix.edits) if diagnostic.rule == "ignore-comment-invalid" else kept_text(before, fix)
    lost = Counter(_COMMENT.findall(kept)) - Counter(_COMMENT.findall(text))
    if lost:
        wrong.append(f"loses the comments {list(lost)}")
    if kind == "crlf" and re.search(r"(?<!\r)\n|\r(?!\n)", text):
        wrong.append("mixes line ends")
    if any(edit.span.start < 0 or edit.span.end > len(before) for edit in fix.edits):
        wrong.append("edits beyond the text")
    return wrong


def kept_text(text: str, fix: Fix) -> str:
    """The text without what a deletion takes away on purpose, comments of the deleted lines included."""
    if fix.title.startswith("delete"):
        return apply(text, fix.edits)
    return text


def tally(found: tuple[Diagnostic, ...], least: Severity = Severity.INFO) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.message) for each in found if each.severity >= least)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_all_fixes_at_once_are_done_in_one_go(kind: str, unsafe: bool, tmp_path: Path) -> None:
    for label, file in everything(kind, tmp_path):
        once = reader.mend(file.host, file.document, file.diagnostics, unsafe=unsafe)
        path = Path(file.document.path)
        mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        path.write_bytes(mark + once.encode())
        file.host.changed_on_disk(file.document.path)
        document = file.host.load(file.document.path)
        assert document is not None, label
        assert document.source.text == once == decode("", path.read_bytes()).text
        diagnostics = file.host.diagnose(document)
        assert reader.mend(file.host, document, diagnostics, unsafe=unsafe) == once, label
        new = tally(diagnostics, Severity.ERROR) - tally(file.diagnostics, Severity.ERROR)
        assert not new, label
        if kind == "crlf":
            assert not re.search(r"(?<!\r)\n", once), label


def test_a_mark_in_an_open_text_shifts_all_and_stays_first(tmp_path: Path) -> None:
    for label, file in everything("lf", tmp_path):
        if file.text.startswith("# envlens: ignore"):
            continue  # pinned: behind a mark, a comment on the first line is not read as one
        marked = "\ufeff" + file.text
        _, found = file.after(marked)
        expected = [(each.rule, each.span.shift(1)) for each in file.diagnostics if each.span != (0, 0)]
        assert [(each.rule, each.span) for each in found if each.span.start] == expected, label
        for diagnostic in found:
            for fix in diagnostic.fixes:
                text = apply(marked, fix.edits)
                assert text.startswith("\ufeff"), f"{label}: {fix.title}"
                assert text.count("\ufeff") == 1, f"{label}: {fix.title}"
        file.host.close(file.document.path)
