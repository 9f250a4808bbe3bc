"""What all tests share: rules that fail raise, `--update` rewrites the fixtures, and one Docker engine serves all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.docker_engine import Engine


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite expectations and fixed blocks of the fixtures in place"
    )


@pytest.fixture(autouse=True)
def _strict(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("ENVLENS_STRICT", "1")
    monkeypatch.setenv("ENVLENS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A Docker engine that only these tests talk to."""
    from editors.toolbox import provide
    from engine.docker_engine import running

    with ExitStack() as stack:
        yield provide("a Docker engine", lambda: stack.enter_context(running()))
