from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from git_maker import needs_git

from . import toolbox
from .document import (
    BAD_NAME,
    CONDA,
    LENS,
    NAME_RULE,
    OTHER_RULES,
    PROJECT,
    envlens,
    server_command,
    server_env,
    write_colleague,
    write_context,
    write_project,
    write_repository,
    write_workspace,
)
from .terminal import to_html

HERE = Path(__file__).parent
INTEGRATION = toolbox.REPO / "editors" / "neovim"


def setup_of_the_readme() -> str:
    """The two lines that the README tells the user to write."""
    found = re.search(r"```lua\n(.*?)```", (INTEGRATION / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    lines = found[1].splitlines()
    assert len(lines) == 2
    return "\n".join(lines).replace("/path/to/envlens/editors/neovim", str(INTEGRATION))


def neovim_env(root: Path) -> dict[str, str]:
    homes = {f"XDG_{kind}_HOME": str(root / kind.lower()) for kind in ("STATE", "CACHE", "DATA", "CONFIG")}
    return {
        **homes,
        **server_env(),
        "ENVLENS_COMMAND": json.dumps(server_command()),
        "ENVLENS_REPORT": str(root / "report.json"),
        "ENVLENS_SETUP": setup_of_the_readme(),
    }


def run_script(script: str, what: list[Path], root: Path, extra: dict[str, str], timeout: int) -> dict[str, Any]:
    """Runs a script in a Neovim that has a file open; what the script reports. `what` is Neovim and the file."""
    neovim, file = what
    done = subprocess.run(
        [neovim, "--headless", "-u", HERE / "neovim_init.lua", "-i", "NONE", file, "-c", f"luafile {HERE / script}"],
        env={**os.environ, **neovim_env(root), **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    report: dict[str, Any] = json.loads((root / "report.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, (report, done.stderr)
    return report


def test_finding_hover_and_fix(neovim: Path, tmp_path: Path) -> None:
    file = write_workspace(tmp_path / "workspace")
    (file.parent / "envlens.toml").touch()
    dockerfile = write_context(file.parent / "built")
    extra = {"ENVLENS_DOCKERFILE": str(dockerfile)}
    report = run_script("neovim_check.lua", [neovim, file], tmp_path, extra, timeout=60)
    assert {NAME_RULE, *OTHER_RULES} <= set(report["before"])
    assert set(report["after"]) == set(report["before"]) - {NAME_RULE}
    assert NAME_RULE in json.dumps(report["hover"])
    assert BAD_NAME not in "\n".join(report["lines"])
    assert report["root"] == str(file.parent)
    assert report["dockerfile"] == report["requirements"] == ["pip-invalid-operator"]


@needs_git
def test_lens_and_comparison(neovim: Path, tmp_path: Path) -> None:
    file = write_repository(tmp_path / "workspace")
    report = run_script("neovim_lens.lua", [neovim, file], tmp_path, {}, timeout=60)
    assert report["lens"].endswith(f" · {LENS}")
    assert report["shown"] == report["lens"], "what is seen is what was asked for"
    assert report["page"][0] == "# churn: another image than in HEAD"
    assert "  - `pandas` `2.1.4` → `2.2.3`" in report["page"]
    assert report["filetype"] == "markdown"
    assert not report["modifiable"]
    assert report["restored"].endswith(" · as in HEAD")
    assert report["unknown"] == ["There is nothing at this address any more."]


def test_registering(neovim: Path, tmp_path: Path) -> None:
    theirs = write_colleague(tmp_path / "theirs" / PROJECT)
    envlens("register", theirs.with_name("old.yml"), "--allow-errors")
    envlens("archive", "old")
    file = write_project(tmp_path / PROJECT)
    other = json.dumps([sys.executable, "-m", "envlens", "register", str(theirs)])
    extra = {"ENVLENS_OTHER": other}
    report = run_script("neovim_register.lua", [neovim, file], tmp_path, extra, timeout=90)
    assert report["told"] == "registered churn:1"
    assert {key: report[key][1:] for key in ("unregistered", "registered", "edited", "overtaken")} == {
        "unregistered": ["Register churn as 1"],
        "registered": ["registered as 1, unchanged"],
        "edited": ["changed since 1", "Register churn as 2"],
        "overtaken": ["changed since 3", "Register churn as 4"],
    }
    assert report["compared"][0] == "# churn: another image than in version 3"
    assert report["version"][0] == "# churn:3"
    assert [line for line in report["history"] if line.startswith("## ")] == ["## Version 3", "## Version 2", "## Version 1"]
    assert "`2.3.3`" not in "\n".join(report["compared"])
    assert "`2.3.3`" in "\n".join(report["compared_again"]), "a page is read anew, not as it was"
    assert any("did you mean 'churn'?" in each for each in report["findings"])
    assert any("'old' is archived in the workspace" in each for each in report["findings"])
    assert "azureml:churn:3" in report["completion"]


@contextmanager
def terminal_with(tmux: Path, root: Path, command: list[str | Path], env: dict[str, str]) -> Iterator[list[str | Path]]:
    """A terminal of its own; gives the command prefix that talks to it."""
    socket = Path("/tmp") / f"envlens-{os.getpid()}.sock"  # a socket's path must be short
    base: list[str | Path] = [tmux, "-S", socket, "-f", "/dev/null"]
    line = shlex.join(["env", *(f"{key}={value}" for key, value in env.items()), *map(str, command)])
    start = ["set-option", "-g", "status", "off", ";", "new-session", "-d", "-x", "112", "-y", "24", "-c"]
    subprocess.run([*base, *start, root, line], check=True, capture_output=True, timeout=20)
    try:
        yield base
    finally:
        subprocess.run([*base, "kill-server"], check=False, capture_output=True, timeout=20)
        socket.unlink(missing_ok=True)


def wait_for_text(tmux: list[str | Path], pattern: str, timeout: float = 30.0) -> str:
    """The screen once it shows the pattern; it must look the same twice."""
    deadline = time.monotonic() + timeout
    last = ""
    while time.monotonic() < deadline:
        screen = subprocess.run(
            [*tmux, "capture-pane", "-e", "-p"], check=True, capture_output=True, text=True, timeout=20
        ).stdout
        if screen == last and re.search(pattern, re.sub(r"\x1b\[[0-9;:]*m", "", screen), re.DOTALL):
            return screen
        last = screen
        time.sleep(0.1)
    raise AssertionError(f"the terminal never showed {pattern!r}:\n{last}")


@pytest.fixture
def take_picture(chromium: Path, playwright: Path, tmp_path: Path, screenshots: Path) -> Callable[[str, str], None]:
    """Makes a picture of a terminal's screen, under a name."""

    def take(screen: str, name: str) -> None:
        source, script = tmp_path / "terminal.html", tmp_path / "page_picture.mjs"
        source.write_text(to_html(screen), encoding="utf-8")
        shutil.copy(HERE / script.name, script)
        packages = tmp_path / "node_modules"
        packages.unlink(missing_ok=True)
        packages.symlink_to(playwright / "node_modules")
        picture = screenshots / f"{name}.png"
        command: list[str | Path] = [toolbox.node(), script, chromium, source, picture]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        assert picture.stat().st_size > 10_000

    return take


def neovim_command(neovim: Path, file: Path) -> list[str | Path]:
    look = "lua vim.diagnostic.config({ virtual_text = true }); vim.o.termguicolors = true; vim.o.laststatus = 0;"
    look += " vim.o.linebreak = true; vim.o.winborder = 'rounded'; vim.o.ruler = false"
    return [neovim, "-u", HERE / "neovim_init.lua", "-i", "NONE", "-c", look, file]


def test_screen(neovim: Path, tmux: Path, tmp_path: Path, take_picture: Callable[[str, str], None]) -> None:
    """What a user sees: the findings at the end of their lines and, after K on the last one, the explanation."""
    file = write_workspace(tmp_path / "workspace")
    env = {**neovim_env(tmp_path), "TERM": "tmux-256color", "LANG": "C.UTF-8"}
    with terminal_with(tmux, file.parent, neovim_command(neovim, file), env) as terminal:
        # Whatever came first stands first behind the name, finding or lens.
        wait_for_text(terminal, rf"E name: {BAD_NAME} .*■ .*\nE os_type: macos +■ ")
        subprocess.run([*terminal, "send-keys", "G$F=K"], check=True, timeout=20)
        take_picture(wait_for_text(terminal, r"pip-invalid-operator · error"), "neovim")


@needs_git
def test_screen_of_a_lens(neovim: Path, tmux: Path, tmp_path: Path, take_picture: Callable[[str, str], None]) -> None:
    """The lens behind the name, and the page that running it opens."""
    file = write_repository(tmp_path / "workspace")
    env = {**neovim_env(tmp_path), "TERM": "tmux-256color", "LANG": "C.UTF-8"}
    with terminal_with(tmux, file.parent, neovim_command(neovim, file), env) as terminal:
        shown = rf"name: churn azureml_[0-9a-f]+… · {re.escape(LENS)} \| Register churn as 5"
        take_picture(wait_for_text(terminal, shown), "neovim-lens")
        subprocess.run([*terminal, "send-keys", ":lua vim.lsp.codelens.run()", "Enter"], check=True, timeout=20)
        wait_for_text(terminal, r"1: azureml_.*\n2: Register churn as 5")
        subprocess.run([*terminal, "send-keys", "1", "Enter"], check=True, timeout=20)
        take_picture(wait_for_text(terminal, r"another image than in HEAD.*image now"), "neovim-compare")


def test_screen_of_the_command_line(tmux: Path, tmp_path: Path, take_picture: Callable[[str, str], None]) -> None:
    """What a shell shows of registered environments."""
    theirs = write_colleague(tmp_path / "theirs" / PROJECT)
    mine = write_project(tmp_path / PROJECT)
    envlens("register", theirs.with_name("old.yml"), "--allow-errors")
    envlens("register", mine, user="ada")
    envlens("register", theirs)
    shell = f'PS1="$ "; envlens() {{ {shlex.quote(sys.executable)} -m envlens "$@"; }}; clear'
    env = {**server_env(), "TERM": "tmux-256color", "LANG": "C.UTF-8", "ENV": ""}
    with terminal_with(tmux, mine.parent, ["/bin/bash", "--norc", "--noprofile"], env) as terminal:
        subprocess.run([*terminal, "send-keys", shell, "Enter"], check=True, timeout=20)
        wait_for_text(terminal, r"^\$ *\n*$")
        conda = mine.with_name("conda.yml")
        conda.write_text(CONDA.replace("pandas=2.1.4", "pandas=2.2.3"), encoding="utf-8")
        for line, answer in (
            ("envlens register environment.yml", r"registered churn:3"),
            ("envlens list", r"name +latest.*churn +3"),
            ("envlens history churn", r"1 .*first version"),
        ):
            subprocess.run([*terminal, "send-keys", line, "Enter"], check=True, timeout=20)
            screen = wait_for_text(terminal, rf"{answer}.*\n\$\s*$")
        take_picture(screen, "terminal-history")
