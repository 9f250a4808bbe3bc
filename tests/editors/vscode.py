"""Builds the extension and runs it in VS Code, served by code-server and shown in headless Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import toolbox
from .document import server_env

UI_SCRIPT = Path(__file__).with_name("ui.mjs")
SETTINGS: Mapping[str, Any] = {
    "breadcrumbs.enabled": False,
    "chat.disableAIFeatures": True,
    "editor.accessibilitySupport": "off",
    "editor.fontSize": 16,
    "editor.hover.delay": 100,
    "editor.minimap.enabled": False,
    "editor.occurrencesHighlight": "off",
    "editor.renderLineHighlight": "none",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "git.enabled": False,
    "security.workspace.trust.enabled": True,  # the command line may still turn it off
    "security.workspace.trust.banner": "never",
    "security.workspace.trust.startupPrompt": "never",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.commandCenter": False,
    "window.menuBarVisibility": "hidden",
    "workbench.activityBar.location": "hidden",
    "workbench.enableExperiments": False,
    "workbench.layoutControl.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}


def build_extension(folder: Path, output: Path) -> Path:
    """Type-check, bundle and package (the script vscode:prepublish does the first two)."""
    try:
        toolbox.npm("run", "package", "--", "--out", str(output), cwd=folder)
    except toolbox.UnavailableError as error:  # the tools are there, so this is a defect of the extension
        raise AssertionError(str(error)) from error
    return output


@dataclass(frozen=True)
class CodeServer:
    """A running code-server and the folders it uses."""

    port: int
    root: Path

    def set_user_settings(self, settings: Mapping[str, Any]) -> None:
        """The user's settings. A page may see a change late, so set them once, before the first page.

        Written for the machine too: a remote window has those before extensions start, the user's may come later.
        """
        for name in ("User", "Machine"):
            folder = self.root / "data" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "settings.json").write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")

    def logs(self) -> str:
        """What the extension and the extension host wrote, for the report of a failure."""
        parts = []
        for log in sorted(self.root.glob("data/logs/**/*.log")):
            text = log.read_text(encoding="utf-8", errors="replace").strip()
            if text and log.name in {"envlens.log", "remoteexthost.log"}:
                parts.append(f"--- {log.name}\n{text[-4000:]}")
        return "\n".join(parts)


@contextmanager
def running_code_server(entry: Path, extension: Path, root: Path, *, trust: bool) -> Iterator[CodeServer]:
    """``trust`` false: every folder opens in restricted mode, as one that the user has not yet trusted."""
    (root / "home").mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("VSCODE_")}
    env |= server_env() | {
        "EXTENSIONS_GALLERY": '{"serviceUrl":""}',
        "HOME": str(root / "home"),
        "XDG_CONFIG_HOME": str(root / "home" / ".config"),
        "XDG_DATA_HOME": str(root / "home" / ".local" / "share"),
    }
    base: list[str | Path] = [toolbox.node(), entry, "--config", root / "config.yaml", "--user-data-dir", root / "data"]
    base += ["--extensions-dir", root / "extensions"]
    subprocess.run([*base, "--install-extension", extension], env=env, check=True, capture_output=True, timeout=60)
    port = free_port()
    command = [*base, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry"]
    command += ["--disable-update-check", "--disable-getting-started-override"]
    command += ["--disable-workspace-trust"] if trust else []
    with (root / "code-server.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until_healthy(process, port)
            yield CodeServer(port, root)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(process: subprocess.Popen[bytes], port: int, timeout: float = 30.0) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"code-server ended with code {process.returncode}")
        try:
            with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("code-server did not answer in time")


@dataclass(frozen=True)
class VSCode:
    """A code-server with the browser that shows it."""

    server: CodeServer
    browser: Path
    playwright: Path
    screenshots: Path

    def __call__(
        self,
        scenario: str,
        file: Path,
        settings: Mapping[str, Any],
        folder: Path | None = None,
        beside: Path | None = None,
    ) -> dict[str, Any]:
        """Play one scenario of ui.mjs with these user settings, in the file's folder or another; what it reports.

        ``beside`` is a folder that VS Code does not open.
        """
        self.server.set_user_settings(settings)
        # node looks for packages beside the script, so the script goes beside a link to its packages
        script = self.server.root / UI_SCRIPT.name
        packages = self.server.root / "node_modules"
        shutil.copy(UI_SCRIPT, script)
        packages.unlink(missing_ok=True)
        packages.symlink_to(self.playwright / "node_modules")
        task = {
            "beside": str(beside or ""),
            "browser": str(self.browser),
            "envlens": [sys.executable, "-m", "envlens"],
            "file": str(file),
            "folder": str(folder or file.parent),
            "port": self.server.port,
            "scenario": scenario,
            "screenshots": str(self.screenshots),
        }
        command: list[str | Path] = [toolbox.node(), script, json.dumps(task)]
        env = os.environ | server_env() | {"LOGNAME": "grace"}  # of what the scenario runs beside VS Code
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=150, check=False)
        if done.returncode:
            raise AssertionError(f"scenario {scenario}:\n{done.stderr[-4000:]}\n{self.server.logs()}")
        report: dict[str, Any] = json.loads(done.stdout)
        return report
