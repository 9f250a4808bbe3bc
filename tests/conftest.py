"""What all tests share: rules that fail raise, `--update` rewrites the fixtures, and one Docker engine serves all."""

from __future__ import annotations

import itertools
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


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what runs outside a single test, too: nothing is read or written where the user's own things are."""
    base = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENVLENS_STRICT", "1")
        patch.setenv("ENVLENS_CACHE_DIR", str(base / "cache"))
        patch.setenv("ENVLENS_CONFIG_DIR", str(base / "config"))
        patch.setenv("ENVLENS_WORKSPACE", str(base / "workspace.db"))
        yield


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test has its own workspace and settings of the user; none of them is there yet."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(_count)}"
    monkeypatch.setenv("ENVLENS_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("ENVLENS_WORKSPACE", str(home / "workspace.db"))


_count = itertools.count()


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
