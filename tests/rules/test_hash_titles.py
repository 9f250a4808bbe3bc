"""Every fix and every action says in its title that a hash changes where one does, and nowhere else.

Each is made on disk, in every fixture, every page and the examples, and all predictions of the folder are compared.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features import actions
from envlens.core.features.edits import apply
from envlens.core.model.document import Document
from envlens.core.text.diagnostic import Edit
from envlens.core.text.span import Span
from envlens.host import forecast
from envlens.host.host import Host

ROOT = Path(__file__).parents[2]
# Where the limit is some bytes, every edit ends the reading.
CASES = [case for case in reader.cases(Path(__file__).parent) if case.path.stem != "file-too-large"]
_LANGUAGES = {"Dockerfile": "dockerfile", "requirements.txt": "requirements"}

Hashes = dict[tuple[str, tuple[str, ...]], object]


def examples() -> list[reader.Case]:
    """The example projects, as one test each."""
    found = []
    for top in sorted((ROOT / "examples").iterdir()):
        paths = [each for each in sorted(top.rglob("*")) if each.is_file() and each.suffix not in {".md", ".py"}]
        fences = [
            reader.Fence(_LANGUAGES.get(each.name, "yaml"), (), tuple(each.read_text().split("\n")), 0, 0)
            for each in paths
        ]
        files = zip(paths, fences, strict=True)
        codes = tuple(reader.Code(str(each.relative_to(top)), each.read_text(), (), fence) for each, fence in files)
        found.append(reader.Case(top.name, top, 1, codes))
    return found


def opened(case: reader.Case, folder: Path) -> tuple[Host, list[Document]]:
    """The folder of a test as the command line sees it."""
    files = [(each.name, each.text.encode()) for each in case.files]
    earlier = {name: block.text.encode() for name, block in case.earlier}
    host = reader.place(files, folder, case.settings, case.today, earlier, case.registered)
    host.says_effects = True
    reader.name_plain(host, folder, case.files)
    held = reader.documents(host, folder, [each.name for each in case.files])
    return host, [each for each in held.values() if each is not None]


def hashes(host: Host, documents: list[Document]) -> Hashes:
    """What counts for each definition that has a hash, and the conda key of each conda file."""
    found: Hashes = {}
    for document in documents:
        for each in forecast.predict(host, document, reader.trees_of(document)):
            what = each.conda_key if each.counted is None else each.counted.fields()
            if what is not None:
                found[document.path, each.place.keys] = what
    return found


def titles(host: Host, document: Document) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """All that can be done in a file: what the command line shows, and what the editor does."""
    diagnostics = host.diagnose(document)
    for each in diagnostics:
        yield from ((fix.title, fix.edits) for fix in each.fixes)
    host.says_effects = False
    plain, snapshot = host.diagnose(document), host.snapshot(document)
    host.says_effects = True
    made = actions.quick_fixes(snapshot, document, plain, Span(0, len(document.source.text)))
    every = actions.fix_all(snapshot, document, plain)
    yield from ((each.title, each.edits) for each in (*made, *filter(None, (every,))))


def says(title: str) -> bool:
    """Whether a title ends in brackets that say it."""
    return bool(re.search(r"\((.*[;,] )?(changes|may change) the hash\b[^()]*\)$", title))


@pytest.mark.parametrize("case", [*CASES, *examples()], ids=lambda case: f"{case.path.stem}: {case.title}")
def test_titles_say_whether_a_hash_changes(case: reader.Case, tmp_path: Path) -> None:
    host, documents = opened(case, tmp_path / "demo")
    before = hashes(host, documents)
    wrong = []
    answers: dict[tuple[str, tuple[Edit, ...]], bool] = {}
    for document in documents:
        for title, edits in titles(host, document):
            key = (document.path, edits)
            if key not in answers:
                answers[key] = changes(case, document, edits, before, tmp_path / "after")
            if answers[key] and not says(title):
                wrong.append(f"'{title}' changes a hash and does not say it")
            if before and "changes the hash" in title and not answers[key]:
                wrong.append(f"'{title}' changes no hash")
    assert not wrong, "\n".join(wrong)


def changes(case: reader.Case, document: Document, edits: tuple[Edit, ...], before: Hashes, folder: Path) -> bool:
    """Whether a hash that was known is another one, or none, after edits."""
    text = apply(document.source.text, edits)
    name = document.path.partition("/demo/")[2]
    code = next(each for each in case.files if each.name == name)
    files = tuple(reader.Code(name, text, (), code.fence) if each is code else each for each in case.files)
    host, documents = opened(reader.Case(case.title, case.path, case.line, files, (), case.settings), folder / "demo")
    after = hashes(host, documents)
    there, here = document.path.removesuffix(name), f"{folder.resolve()}/demo/"
    return any(after.get((here + path.removeprefix(there), keys)) != what for (path, keys), what in before.items())


# What a file is to its definitions decides, not what is done in it.

BUILD = "name: demo\nbuild: {path: context}\n"
DOCKERFILE = "FROM example.io/base:1\nCOPY requirements.txt conda.yml ./\nRUN pip install numpy\n"
CONTEXT = {
    "environment.yml": BUILD,
    "context/Dockerfile": DOCKERFILE,
    "context/requirements.txt": "numpy\n",
    "context/conda.yml": "channels: [conda-forge]\ndependencies: [python=3.12, numpy]\n",
}
INLINE = """\
name: demo
image: example.io/base
conda_file:
  channels: [conda-forge]
  dependencies: [python=3.12, numpy, pip, pip: [pandas]]
"""


def said(files: dict[str, str], name: str, folder: Path) -> dict[str, bool]:
    """The titles of all that can be done in a file, and whether they say that a hash changes."""
    codes = (
        reader.Code(each, text, (), reader.Fence(_LANGUAGES.get(Path(each).name, "yaml"), (), (), 0, 0))
        for each, text in files.items()
    )
    host, documents = opened(reader.Case("", Path(), 1, tuple(codes)), folder / "demo")
    (document,) = (each for each in documents if each.path.endswith(f"/demo/{name}"))
    return {title: says(title) for title, _ in titles(host, document)}


@pytest.mark.parametrize("name", ["context/Dockerfile", "context/requirements.txt", "context/conda.yml"])
def test_every_byte_of_a_build_context_counts(name: str, tmp_path: Path) -> None:
    found = said(CONTEXT, name, tmp_path)
    assert any(title.startswith("ignore ") for title in found)
    assert all(found.values()), found


@pytest.mark.parametrize(
    "files",
    [
        {**CONTEXT, "context/.amlignore": "*\n"},
        {**CONTEXT, "environment.yml": f"{BUILD}os_type: windows\n"},
        {**CONTEXT, "environment.yml": f"{BUILD}image: example.io/base:1\n"},
        {**CONTEXT, "environment.yml": BUILD.replace("context", "other")},
        {"context/requirements.txt": "numpy\n"},
    ],
    ids=["not uploaded", "no hash of windows", "no hash of both", "another folder", "no definition"],
)
def test_outside_of_one_with_a_hash_nothing_is_said(files: dict[str, str], tmp_path: Path) -> None:
    found = said(files, "context/requirements.txt", tmp_path)
    assert found
    assert not any(found.values()), found


def test_a_definition_inside_its_own_context_counts_too(tmp_path: Path) -> None:
    files = {"environment.yml": "name: demo 1\nbuild: {path: .}\n", "Dockerfile": "FROM example.io/base:1\n"}
    found = said(files, "environment.yml", tmp_path)
    assert found
    assert all(found.values()), found


def test_comments_in_yaml_and_names_change_nothing(tmp_path: Path) -> None:
    found = said({"environment.yml": INLINE}, "environment.yml", tmp_path)
    assert {title: says for title, says in found.items() if not title.startswith("ignore ")}
    assert all(says is not title.startswith("ignore ") for title, says in found.items()), found


def test_what_takes_too_long_is_not_found_out(tmp_path: Path) -> None:
    text = INLINE + "description: " + "x" * 60_000 + "\n"
    found = said({"environment.yml": text}, "environment.yml", tmp_path)
    assert any("may change the hash" in title for title in found)


def test_a_title_says_that_the_hash_is_that_of_head_again(tmp_path: Path) -> None:
    cases = [each for each in CASES if each.path.stem == "order-changes-hash"]
    host, documents = opened(cases[0], tmp_path / "demo")
    (title, *_) = [title for document in documents for title, _ in titles(host, document)]
    assert title == "restore the order of HEAD (changes the hash to that of HEAD)"
