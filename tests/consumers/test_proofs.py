"""Each consumer fails on a page's Bad for the rule's reason and takes its Good; the page of proofs is what it said."""

import re
from collections.abc import Callable

import pytest

from envlens.core.rules import RULES, load
from envlens.core.text.diagnostic import Severity

from . import engine_runs, hadolint_runs, pip_runs, proof_page, sdk_runs
from .pages import Outcome
from .proof_page import Key, Row
from .table import NOT_RUN, PROOFS, Consumer, Proof, rules_of

Rows = dict[Key, Row]
BY_RULE = {(each.consumer, each.rule): each for each in PROOFS}


def prove(proof: Proof, version: str, bad: Outcome, good: Outcome) -> None:
    """Bad fails for this reason, and Good does not fail."""
    assert bad.failed, f"{version} takes the Bad of {proof.rule}:\n{bad.output}"
    assert re.search(proof.pattern, bad.output), f"{version} fails on {proof.rule} in other words:\n{bad.output}"
    assert not good.failed, f"{version} fails on the Good of {proof.rule}:\n{good.output}"


def hold(proof: Proof, version: str, bad: Outcome, rows: Rows, update: bool) -> None:
    """The page says what was said now. Other versions of pip may use other words for it."""
    now = proof_page.row(proof, version, bad)
    if update:
        rows[proof_page.key(proof)] = now
    held = rows[proof_page.key(proof)]
    assert held == now or (proof.consumer is Consumer.PIP and held.consumer != version), "run with --update"


def test_every_rule_has_a_proof_or_a_reason() -> None:
    reasoned = [rule for rules in NOT_RUN.values() for rule in rules]
    assert len(reasoned) == len(set(reasoned))
    assert len(BY_RULE) == len(PROOFS)
    assert list(PROOFS) == sorted(PROOFS, key=lambda each: each.rule)
    assert sorted({*reasoned, *(each.rule for each in PROOFS)}) == sorted(RULES)
    assert not {*reasoned} & {each.rule for each in PROOFS}


def test_errors_are_shown() -> None:
    assert sum(load(rule).severity is Severity.ERROR for rule in {each.rule for each in PROOFS}) >= 40


@pytest.mark.parametrize("rule", rules_of(Consumer.HADOLINT))
def test_hadolint(rule: str, rows: Rows, update: bool) -> None:
    bad, good = (hadolint_runs.run(rule, section) for section in ("Bad", "Good"))
    prove(BY_RULE[Consumer.HADOLINT, rule], hadolint_runs.VERSION, bad, good)
    hold(BY_RULE[Consumer.HADOLINT, rule], hadolint_runs.VERSION, bad, rows, update)


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules_of(Consumer.PIP))
def test_pip(rule: str, installed: dict[Key, Outcome], rows: Rows, update: bool) -> None:
    bad, good = installed[rule, "Bad"], installed[rule, "Good"]
    prove(BY_RULE[Consumer.PIP, rule], pip_runs.VERSION, bad, good)
    hold(BY_RULE[Consumer.PIP, rule], pip_runs.VERSION, bad, rows, update)


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules_of(Consumer.SDK))
def test_azure_ai_ml(rule: str, sent: dict[Key, sdk_runs.Sent], rows: Rows, update: bool) -> None:
    bad, good = sent[rule, "Bad"].outcome, sent[rule, "Good"].outcome
    prove(BY_RULE[Consumer.SDK, rule], sdk_runs.VERSION, bad, good)
    hold(BY_RULE[Consumer.SDK, rule], sdk_runs.VERSION, bad, rows, update)


@pytest.mark.engine
@pytest.mark.parametrize("kit", [False, True], ids=["classic", "buildkit"])
@pytest.mark.parametrize("rule", rules_of(Consumer.ENGINE))
def test_docker(
    rule: str, kit: bool, build: Callable[..., Outcome], request: pytest.FixtureRequest, rows: Rows, update: bool
) -> None:
    contexts = request.getfixturevalue("sent") if engine_runs.has_context(rule) else {}
    bad, good = (build(rule, section, sent=contexts.get((rule, section)), kit=kit) for section in ("Bad", "Good"))
    if contexts:
        assert not contexts[rule, "Good"].outcome.failed, contexts[rule, "Good"].outcome.output
    prove(BY_RULE[Consumer.ENGINE, rule], engine_runs.VERSION, bad, good)
    if not kit:
        hold(BY_RULE[Consumer.ENGINE, rule], engine_runs.VERSION, bad, rows, update)


def test_page_has_the_rows_of_the_table(rows: Rows, update: bool) -> None:
    for proof in PROOFS if not update else ():
        assert proof_page.key(proof) in rows, "run with --update"
    if not update:
        assert proof_page.PAGE.read_text(encoding="utf-8") == proof_page.render(rows)
