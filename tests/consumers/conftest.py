"""The consumers, each run once for all of its rules; and the page that is written of what they said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from editors.toolbox import UnavailableError, provide

from . import engine_runs, pip_runs, proof_page, sdk_runs
from .engine_runs import Engine
from .loopback import Certificate, certificate
from .pages import Outcome
from .table import Consumer, rules_of


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return provide("openssl", lambda: certificate(tmp_path_factory.mktemp("certificate")))


@pytest.fixture(scope="session")
def sent(held: Certificate, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], sdk_runs.Sent]:
    """What azure-ai-ml makes of its rules' pages, and of those whose build contexts the engine gets from it."""
    rules = sorted({*rules_of(Consumer.SDK), *filter(engine_runs.has_context, rules_of(Consumer.ENGINE))})
    return provide("azure-ai-ml", lambda: sdk_runs.run_all(rules, held, tmp_path_factory.mktemp("sdk")))


@pytest.fixture(scope="session")
def installed(held: Certificate, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Outcome]:
    """What pip makes of its rules' pages."""
    return pip_runs.run_all(rules_of(Consumer.PIP), held, tmp_path_factory.mktemp("pip"))


@pytest.fixture(scope="session")
def build(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Outcome]:
    """Builds a section of a page on an engine that has the base images."""

    def ready() -> Callable[..., Outcome]:
        if not engine.version.startswith("20.10."):
            raise UnavailableError(f"this is {engine.version}, and says it in other words")
        folder = tmp_path_factory.mktemp("engine")
        engine_runs.prepare(engine, rules_of(Consumer.ENGINE), folder)
        return partial(engine_runs.build, engine, folder=folder)

    return provide("Docker 20.10", ready)


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest) -> Iterator[dict[proof_page.Key, proof_page.Row]]:
    """The rows of the page; with `--update` those that the tests put there are written at the end."""
    found = proof_page.read()
    yield found
    if request.config.getoption("--update"):
        proof_page.PAGE.write_text(proof_page.render(found), encoding="utf-8")
