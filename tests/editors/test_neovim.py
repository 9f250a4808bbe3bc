from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import toolbox
from .document import BAD_NAME, NAME_RULE, OTHER_RULES, server_command, server_env, write_context, write_workspace
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


def test_finding_hover_and_fix(neovim: Path, tmp_path: Path) -> None:
    file = write_workspace(tmp_path / "workspace")
    (file.parent / "envlens.toml").touch()
    dockerfile = write_context(file.parent / "built")
    command: list[str | Path] = [neovim, "--headless", "-u", HERE / "neovim_init.lua", "-i", "NONE", file]
    done = subprocess.run(
        [*command, "-c", f"luafile {HERE / 'neovim_check.lua'}"],
        env={**os.environ, **neovim_env(tmp_path), "ENVLENS_DOCKERFILE": str(dockerfile)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, (report, done.stderr)
    assert {NAME_RULE, *OTHER_RULES} <= set(report["before"])
    assert set(report["after"]) == set(report["before"]) - {NAME_RULE}
    assert NAME_RULE in json.dumps(report["hover"])
    assert BAD_NAME not in "\n".join(report["lines"])
    assert report["root"] == str(file.parent)
    assert report["dockerfile"] == report["requirements"] == ["pip-invalid-operator"]


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


def test_screen(neovim: Path, tmux: Path, chromium: Path, playwright: Path, tmp_path: Path, screenshots: Path) -> None:
    """What a user sees: the findings at the end of their lines and, after K on the last one, the explanation."""
    file = write_workspace(tmp_path / "workspace")
    look = "lua vim.diagnostic.config({ virtual_text = true }); vim.o.termguicolors = true; vim.o.laststatus = 0;"
    look += " vim.o.linebreak = true; vim.o.winborder = 'rounded'; vim.o.ruler = false"
    command: list[str | Path] = [neovim, "-u", HERE / "neovim_init.lua", "-i", "NONE", "-c", look, file]
    env = {**neovim_env(tmp_path), "TERM": "tmux-256color", "LANG": "C.UTF-8"}
    with terminal_with(tmux, file.parent, command, env) as terminal:
        wait_for_text(terminal, rf"E name: {BAD_NAME} +■ .*\nE os_type: macos +■ ")
        subprocess.run([*terminal, "send-keys", "G$F=K"], check=True, timeout=20)
        screen = wait_for_text(terminal, r"pip-invalid-operator · error")
    source, script = tmp_path / "terminal.html", tmp_path / "page_picture.mjs"
    source.write_text(to_html(screen), encoding="utf-8")
    shutil.copy(HERE / script.name, script)
    (tmp_path / "node_modules").symlink_to(playwright / "node_modules")
    picture = screenshots / "neovim.png"
    subprocess.run([toolbox.node(), script, chromium, source, picture], check=True, capture_output=True, timeout=60)
    assert picture.stat().st_size > 10_000
