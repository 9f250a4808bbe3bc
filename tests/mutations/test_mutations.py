"""In good projects each documented mistake is made, wherever it can be: its rule has to say so, on that line."""

import re
from collections import Counter
from pathlib import Path

import conda_mistakes  # noqa: F401  (each puts its mistakes on the list)
import docker_mistakes  # noqa: F401
import environment_mistakes  # noqa: F401
import job_mistakes  # noqa: F401
import mutants
import pip_mistakes  # noqa: F401
import pytest
from mutants import HERE, MISTAKES, Mutant

import fixture_reader as reader
from envlens.core.rules import RULES

PAGE = HERE.parents[1] / "docs" / "calibration.md"
# Rules without a mistake of their own here, and why.
NOT_MADE = {
    "archived-environment": "no mistake in a good file but what a workspace says of it; tests/rules has it",
    "file-too-large": "a matter of size alone; tests/rules provokes it",
    "internal-error": "a fault of envlens, not of a file; tests/rules provokes it",
    "v1-format-retired": "no mistake in a good file but another format",
}
LEAST = 3
# Rules whose mistakes have fewer places, since they need several files of a kind that one good project has.
FEW = {"batch-env-missing-packages", "inference-config-on-training-env", "inference-server-missing"}
CAUGHT, ELSEWHERE = 0.95, 0.01


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Mutant]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ENVLENS_STRICT", "1")
        folder = tmp_path_factory.mktemp("mutants")
        known: dict[str, dict[str, list[mutants.Diagnostic]]] = {}
        return [mutant for each in MISTAKES for mutant in mutants.made(each, folder, known)]


def test_nothing_is_found_in_good_projects(tmp_path: Path) -> None:
    for number, case in enumerate(reader.read(HERE / "good.md")):
        found, _ = reader.run(case, tmp_path / str(number) / "demo")
        assert not {name: each for name, each in found.items() if each}, case.title


def test_every_rule_has_a_mistake_or_a_reason() -> None:
    assert {each.rule for each in MISTAKES} | set(NOT_MADE) >= set(RULES)
    assert not {each.rule for each in MISTAKES} & set(NOT_MADE)


def test_every_mistake_is_made(judged: list[Mutant]) -> None:
    counts = Counter(each.mistake.rule for each in judged)
    assert {rule: counts[rule] for rule in {each.rule for each in MISTAKES} - FEW if counts[rule] < LEAST} == {}
    made = {(each.mistake.rule, each.mistake.name) for each in judged}
    assert [each[:2] for each in MISTAKES if each[:2] not in made] == []


def test_mistakes_are_reported_where_they_are_made(judged: list[Mutant]) -> None:
    missed = [each.shown for each in judged if not each.is_caught]
    assert len(missed) <= (1 - CAUGHT) * len(judged), "\n".join(missed)


def test_mistakes_bring_no_errors_elsewhere(judged: list[Mutant]) -> None:
    wrong = [f"{each.shown} -> {'; '.join(each.elsewhere)}" for each in judged if each.elsewhere]
    assert len(wrong) <= ELSEWHERE * len(judged), "\n".join(wrong)


def test_figures_are_those_of_the_page(judged: list[Mutant], update: bool) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = re.compile(r"(?<=<!-- mutations -->\n).*?(?=<!-- /mutations -->)", re.DOTALL)
    new = block.sub(lambda _: figures(judged), page)
    if update:
        PAGE.write_text(new, encoding="utf-8")
        return
    assert new == page, "pytest tests/mutations --update writes them"


def figures(judged: list[Mutant]) -> str:
    """The table of the page, and what was missed."""
    rules = {each.mistake.rule for each in judged}
    files = {(each.good.project, each.good.name) for each in judged}
    caught = sum(each.is_caught for each in judged)
    elsewhere = sum(bool(each.elsewhere) for each in judged)
    missed = Counter(
        f"{each.mistake.rule}: {each.mistake.name.replace('_', ' ')}" for each in judged if not each.is_caught
    )
    rows = [
        ("kinds of mistake", f"{len(MISTAKES)}"),
        ("rules that they are made for", f"{len(rules)} of {len(RULES)}"),
        ("good files that they are made in", f"{len(files)}"),
        ("files with one mistake", f"{len(judged):,}"),
        ("reported by the rule on the line", f"{caught:,} ({caught / len(judged):.1%})"),
        ("an error on another line", f"{elsewhere} ({elsewhere / len(judged):.1%})"),
    ]
    table = "\n".join(["| | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in rows)])
    misses = "\n".join(f"| {name} | {count} |" for name, count in sorted(missed.items()))
    if misses:
        table += f"\n\nNot reported on the line:\n\n| rule and mistake | times |\n| --- | ---: |\n{misses}"
    return f"\n{table}\n\n"
