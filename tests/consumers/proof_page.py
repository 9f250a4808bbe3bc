"""`docs/rules-proof.md`: the table of `table.py` with what the consumers said. It is read back: runs are held to it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from editors.toolbox import REPO
from envlens.core.rules import load

from .pages import Outcome
from .table import NOT_RUN, PROOFS, Proof

PAGE = REPO / "docs" / "rules-proof.md"
WIDTH = 110
_ROW = re.compile(r"^\| \[([a-z0-9-]+)\]\(\S+\) \| \w+ \| ([^|]+?) \| (?:([^|`]+): )?`` (.+) `` \|$", re.MULTILINE)
_HEAD = """\
# Which failures are shown by the consumers themselves

Written by the tests (`pytest tests/consumers --update`), and held to them. For each of these rules the consumer is run
on the page's Bad and on its Good: it fails on the first, in the words given here, and takes the second.

- azure-ai-ml loads the file and sends it to a stand-in for a workspace on loopback, which says yes to what it can read.
- pip gets the requirements file, or the one that conda writes of a `pip:` list, and a package index on loopback. There
  every package is a stub, with what the true one asks for where that decides. It answers 401 for a feed without a
  credential and 403 for a signature that has ended.
- The Docker engine builds, with the classic builder and with BuildKit: the Dockerfile; or the build context as
  azure-ai-ml uploaded it; or, of a definition with an image, a Dockerfile that starts from that image. All images are a
  small Debian 12 of the tests' own: apt-get, make and pip in it are the true ones, what they install are stubs.
- hadolint reads the Dockerfile, or one that starts from the image of the definition.
"""
_ROWS = """
## Run: {rules} rules, {errors} of them errors

| rule | severity | consumer | how it fails on the page's Bad |
| --- | --- | --- | --- |
"""
_OTHERS = """
## Not run: {rules} rules

| rule | severity | why no consumer is run |
| --- | --- | --- |
"""


class Row(NamedTuple):
    """What stands behind a proof: the consumer with its version, where it failed, and its words."""

    consumer: str
    stage: str
    words: str


Key = tuple[str, str]


def key(proof: Proof) -> Key:
    return proof.rule, proof.consumer


def row(proof: Proof, version: str, bad: Outcome) -> Row:
    """The row that an outcome makes; what the pattern finds, on one line, shortened."""
    found = re.search(proof.pattern, bad.output)
    words = " ".join(re.sub(r"\\+n", " ", found[0] if found else "").replace("\\", "").replace("`", "'").split())
    words = words.replace("|", "/")
    return Row(version, bad.stage, words if len(words) <= WIDTH else f"{words[: WIDTH - 2]} …")


def read() -> dict[Key, Row]:
    """The rows that the page has."""
    if not PAGE.exists():
        return {}
    by_name = {each.consumer.split(" ")[0]: each.consumer for each in PROOFS}
    rows = {}
    for rule, consumer, stage, words in _ROW.findall(PAGE.read_text(encoding="utf-8")):
        rows[rule, by_name[consumer.split(" ")[0]]] = Row(consumer, stage, words)
    return rows


def render(rows: Mapping[Key, Row]) -> str:
    """The whole page."""
    shown = sorted({each.rule for each in PROOFS})
    errors = sum(load(rule).severity.label == "error" for rule in shown)
    out = [_HEAD, _ROWS.format(rules=len(shown), errors=errors)]
    for proof in sorted(PROOFS):
        found = rows.get(key(proof), Row(proof.consumer, "", "not yet run"))
        stage = f"{found.stage}: " if found.stage else ""
        out.append(f"| {_link(proof.rule)} | {found.consumer} | {stage}`` {found.words} `` |\n")
    others = sorted((rule, reason) for reason, rules in NOT_RUN.items() for rule in rules)
    out.append(_OTHERS.format(rules=len(others)))
    out += [f"| {_link(rule)} | {reason.partition(':')[0]} |\n" for rule, reason in others]
    out.append("\n")
    out += [f"- *{word}*: {meaning}.\n" for word, meaning in (reason.split(": ", 1) for reason in NOT_RUN)]
    return "".join(out)


def _link(rule: str) -> str:
    return f"[{rule}](rules/{rule}.md) | {load(rule).severity.label}"
