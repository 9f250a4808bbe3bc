"""Every row of the catalogue of problems is a rule with tests, or says why not: docs/catalogue.md."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from envlens.core.model.document import FileKind
from envlens.core.rules import RULES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "catalogue.md"
FIXTURES = ROOT / "tests" / "rules"
ROWS = Path(__file__).with_name("catalogue.tsv")
IDS = [
    *(f"D{number}" for number in range(1, 34)),
    *(f"B{number}" for number in range(1, 35)),
    *(f"E{number}" for number in range(1, 79)),
    *(f"L{number}" for number in range(1, 6)),
    *("S7.9", "S7.10a", "S7.10b", "S7.10c", "S7.10d", "S7.10e"),
]
KINDS = {
    "env-yaml": FileKind.ENVIRONMENT,
    "conda-yaml": FileKind.CONDA,
    "requirements": FileKind.REQUIREMENTS,
    "dockerfile": FileKind.DOCKERFILE,
    "v1-json": FileKind.V1,
    "job-yaml": FileKind.JOB,
}
HEAD = """\
# The catalogue of problems

What can be wrong with an environment, from Azure ML's documentation (D: definition problems, B: build problems), from
running the clients and reading their sources (E), from build logs (L), and what running pip, conda and Docker added
(S7). A row is *done* when there is a rule and `tests/rules` holds its cases. Written by
`pytest tests/house/test_catalogue.py --update` from `tests/house/catalogue.tsv`; a row without a rule says why.

"""


class Row(NamedTuple):
    """One problem. `why` says why there is no rule, `rest` what the rule leaves."""

    id: str
    name: str
    stage: str
    files: str
    other: str
    why: str
    rest: str

    @property
    def rule(self) -> str | None:
        """The rule that is there for it, with its cases."""
        name = self.other or self.name
        return name if name in RULES and (FIXTURES / f"{name}.md").exists() else None

    @property
    def status(self) -> str:
        """Done, or why not."""
        if self.rule is None:
            return self.why
        left = [kind for kind in self.files.split(", ") if kind in KINDS and KINDS[kind] not in RULES[self.rule][0]]
        rest = [self.rest] if self.rest else []
        rest += [f"{kind}: {'later' if kind == 'v1-json' else 'not looked at'}" for kind in left]
        return "; ".join(["done", *rest])


def rows() -> list[Row]:
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    return [Row(*line.split("\t")) for line in lines if not line.startswith("#")]


def page() -> str:
    found = rows()
    done = sum(row.rule is not None for row in found)
    lines = [f"{done} of {len(found)} are done.", "", "| | problem | files | seen by | rule | tests | status |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for row in found:
        rule = f"[`{row.rule}`](rules/{row.rule}.md)" if row.rule else ""
        tests = f"[cases](../tests/rules/{row.rule}.md)" if row.rule else ""
        lines.append(f"| {row.id} | {row.name} | {row.files} | {row.stage} | {rule} | {tests} | {row.status} |")
    why = Counter(row.why for row in found if row.rule is None)
    lines += ["", "Why rows are not done:", "", "| reason | rows |", "| --- | ---: |"]
    lines += [f"| {reason} | {count} |" for reason, count in why.most_common()]
    more = sorted(set(RULES) - {row.rule for row in found})
    lines += ["", f"Rules beside the catalogue: {', '.join(f'[`{name}`](rules/{name}.md)' for name in more)}."]
    return HEAD + "\n".join(lines) + "\n"


def test_no_row_is_missing() -> None:
    assert [row.id for row in rows()] == IDS


def test_every_row_is_done_or_says_why_not() -> None:
    assert [f"{row.id} {row.name}" for row in rows() if not row.status] == []


def test_the_page_is_current(update: bool) -> None:
    if update:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "pytest tests/house/test_catalogue.py --update writes it"
