"""Every single fix in every fixture and page: mends its finding, breaks nothing, and keeps comments and line ends."""

from pathlib import Path

import pytest
from bench.fix_checks import Opened, wrongs, wrongs_of_all

import fixture_reader as reader
from envlens.core.features.edits import apply

FIXTURES = Path(__file__).parent
VARIANTS = ["lf", "crlf", "bom", "no end"]

# A limit in bytes is another one with other line ends; and a file that is not read has no fixes.
CASES = [case for case in reader.cases(FIXTURES) if case.path.stem != "file-too-large"]


def variant(text: str, kind: str) -> bytes:
    if kind == "crlf":
        return text.replace("\n", "\r\n").encode()
    if kind == "bom":
        return b"\xef\xbb\xbf" + text.encode()
    return text.removesuffix("\n").encode() if kind == "no end" else text.encode()


def opened(case: reader.Case, kind: str, folder: Path) -> list[Opened]:
    files = ((each.name, variant(each.text, kind)) for each in case.files)
    earlier = {name: variant(block.text, kind) if block.lines else b"" for name, block in case.earlier}
    host = reader.place(files, folder, case.settings, case.today, earlier, case.registered)
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
                problems += [f"{label}: '{fix.title}' {wrong}" for wrong in wrongs(file, diagnostic, fix)]
    assert count > 60
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_all_fixes_at_once_are_done_in_one_go(kind: str, unsafe: bool, tmp_path: Path) -> None:
    for label, file in everything(kind, tmp_path):
        assert wrongs_of_all(file, unsafe=unsafe) == [], label


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
