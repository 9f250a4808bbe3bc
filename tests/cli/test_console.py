"""Runs the console fixtures beside this file, and the transcripts in the documentation."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from .console import Section, replay, rewrite, sections

Replay = Future[tuple[list[str], list[str]]]
HERE = Path(__file__).parent
SECTIONS = sections(*sorted(HERE.glob("*.md")), HERE.parents[1] / "docs" / "workspace.md")


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Replay]]:
    """All sections, run side by side: each is a few processes of its own."""
    with ThreadPoolExecutor(4) as pool:
        yield {each.id: pool.submit(replay, each, tmp_path_factory.mktemp("console")) for each in SECTIONS}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_console(section: Section, replayed: dict[str, Replay], request: pytest.FixtureRequest) -> None:
    before, after = replayed[section.id].result()
    assert before, "a section without a console block tests nothing"
    if request.config.getoption("--update", default=False) and before != after:
        rewrite(section, after)
        before = after
    assert after == before
