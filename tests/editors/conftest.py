from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from . import toolbox
from .toolbox import provide
from .vscode import VSCode, build_extension, running_code_server

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "editors: drives a real editor (installs it on the first run)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("editors")


@pytest.fixture(scope="session")
def chromium() -> Path:
    return provide("Chromium", toolbox.chromium)


@pytest.fixture(scope="session")
def playwright() -> Path:
    return provide("playwright-core", toolbox.playwright)


@pytest.fixture(scope="session")
def code_server() -> Path:
    return provide("code-server", toolbox.code_server)


@pytest.fixture(scope="session")
def neovim() -> Path:
    return provide("Neovim", toolbox.neovim)


@pytest.fixture(scope="session")
def tmux() -> Path:
    return provide("tmux", toolbox.tmux)


@pytest.fixture(scope="session")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged extension (.vsix), built from editors/vscode."""
    folder = provide("the extension's tool chain", toolbox.extension_build_dir)
    return build_extension(folder, tmp_path_factory.mktemp("vsix") / "envlens.vsix")


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: a temporary folder, or the folder named by ENVLENS_SCREENSHOTS."""
    chosen = os.environ.get("ENVLENS_SCREENSHOTS")
    folder = Path(chosen).resolve() if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def start_vscode(
    extension: Path,
    code_server: Path,
    chromium: Path,
    playwright: Path,
    screenshots: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[bool], AbstractContextManager[VSCode]]:
    """Starts VS Code, which trusts its folders or asks."""

    @contextmanager
    def start(trust: bool) -> Iterator[VSCode]:
        root = tmp_path_factory.mktemp("vscode")
        with running_code_server(code_server, extension, root, trust=trust) as server:
            yield VSCode(server, chromium, playwright, screenshots)

    return start


@pytest.fixture
def trusting_vscode(start_vscode: Callable[[bool], AbstractContextManager[VSCode]]) -> Iterator[VSCode]:
    with start_vscode(True) as vscode:
        yield vscode


@pytest.fixture
def wary_vscode(start_vscode: Callable[[bool], AbstractContextManager[VSCode]]) -> Iterator[VSCode]:
    with start_vscode(False) as vscode:
        yield vscode
