from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from editors.toolbox import provide

from .docker_engine import Engine, running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("engine")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A Docker engine that only these tests talk to."""
    with ExitStack() as stack:
        yield provide("a Docker engine", lambda: stack.enter_context(running()))
