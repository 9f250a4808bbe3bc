"""What is kept of what rules said changes no answer: a memo that saw hundreds of files against a new one."""

import random
from datetime import date
from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.diagnose import Memo, diagnose
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import FileKind, build
from envlens.core.settings import Settings
from envlens.core.text.diagnostic import Diagnostic
from envlens.core.text.source import Source
from envlens.host import catalogue

FACTS = catalogue.load_facts(date(2026, 11, 22))
FIXTURES = Path(__file__).parents[1] / "rules"


def texts_of(kind: FileKind, ending: str) -> list[str]:
    files = [file for case in reader.cases(FIXTURES) for file in case.files]
    found = sorted({file.text for file in files if file.name.endswith(ending)})
    assert len(found) > 50, kind
    return found


def judged(text: str, kind: FileKind, memo: Memo) -> tuple[Diagnostic, ...]:
    document = build(Source("/x/file", text), kind, None)
    snapshot = Snapshot(FACTS, Settings(), {document.path: document}, {})
    return diagnose(snapshot, document, memo, reader.raising).diagnostics


@pytest.mark.parametrize(
    ("kind", "ending"),
    [(FileKind.DOCKERFILE, "Dockerfile"), (FileKind.CONDA, "conda.yml"), (FileKind.REQUIREMENTS, ".txt")],
)
def test_a_memo_changes_no_answer(kind: FileKind, ending: str) -> None:
    texts = texts_of(kind, ending)
    lasting, chance = Memo(), random.Random(7)
    said = 0
    for _ in range(2):  # what the second round says was all said before
        chance.shuffle(texts)
        for text in texts:
            found = judged(text, kind, lasting)
            assert found == judged(text, kind, Memo()), text
            said += len(found)
    assert said > len(texts)


def test_commands_are_known_again_where_they_stand_now() -> None:
    """Several Dockerfiles one below the other: the same commands at other places, under other images."""
    texts, lasting, chance = texts_of(FileKind.DOCKERFILE, "Dockerfile"), Memo(), random.Random(8)
    for _ in range(150):
        text = "\n".join(chance.sample(texts, 3))
        assert judged(text, FileKind.DOCKERFILE, lasting) == judged(text, FileKind.DOCKERFILE, Memo()), text
