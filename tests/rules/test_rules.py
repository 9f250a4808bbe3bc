"""Every fixture: what is expected is found, to the column, and nothing else; fixes give the text that is written."""

from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.rules import RULES

FOLDER = Path(__file__).parent
CASES = [case for path in sorted(FOLDER.glob("*.md")) for case in reader.read(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path.stem}: {case.title}")
def test_fixture(case: reader.Case, tmp_path: Path, update: bool) -> None:
    found, mended = reader.run(case, tmp_path / "demo")
    if update:
        reader.rewrite(case.path, {case.title: (found, mended)})
        return
    problems = [
        f"{file.name} {problem}"
        for file in case.files
        for problem in reader.differences(file.expected, found[file.name])
    ]
    for name, safe, block in case.fixed:
        if mended[name, safe] != block.text:
            problems.append(f"{name} {'fixed safe' if safe else 'fixed'} should be\n{mended[name, safe]}")
    assert not problems, f"{case.path.name}:{case.line} {case.title}\n" + "\n".join(problems)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_fixture_that_fires_it(rule: str) -> None:
    expected = [each.rule for case in CASES if case.path.stem == rule for file in case.files for each in file.expected]
    # Neither a wrong byte nor a failing rule can be written down in Markdown: test_pages provokes them.
    assert rule in expected or rule in {"utf8-decode-error", "internal-error", "dockerfile-too-large"}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_fixture_has_a_near_miss(rule: str) -> None:
    silent = [
        case
        for case in CASES
        if case.path.stem == rule and all(each.rule != rule for file in case.files for each in file.expected)
    ]
    assert silent
