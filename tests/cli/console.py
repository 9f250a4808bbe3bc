"""Console fixtures: Markdown whose `##` sections are tests, whose fences are files, and whose console blocks are exact.

A console block holds commands behind `$ `, each followed by all that it prints (stderr first, then stdout, as a pipe
gives it) and by `[exit N]`. `pytest --update` rewrites the blocks in place; the diff is the review.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
_FENCE = re.compile(r"^(```+)(\w*) ?(.*)\n((?:(?!^\1).*\n)*)\1$", re.MULTILINE)

_MOUNT = re.compile(r"'[^'\n]*' is a local file system \([\w.-]+\)")
_NOW = "1795341600"  # 2026-11-22 10:00 UTC


@dataclass(frozen=True)
class Section:
    """One test of a fixture file."""

    path: Path
    title: str
    body: str

    @property
    def id(self) -> str:
        return f"{self.path.stem}: {self.title}"


def sections(*paths: Path) -> list[Section]:
    """The sections with console blocks of some pages."""
    found = (
        Section(path, each[1], each[2])
        for path in paths
        for each in _SECTION.finditer(path.read_text(encoding="utf-8"))
    )
    return [each for each in found if "```console" in each.body]


def replay(section: Section, folder: Path) -> tuple[list[str], list[str]]:
    """The console blocks of a section as they stand and as they come out, its files being made in `folder`."""
    tools, home = folder / "bin", folder / "project"
    tools.mkdir()
    home.mkdir()
    tool = tools / "envlens"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m envlens "$@"\n')
    tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    environment |= {"ENVLENS_WORKSPACE": str(folder / "workspace.db"), "LOGNAME": "ada", "SOURCE_DATE_EPOCH": _NOW}
    environment.pop("NO_COLOR", None)
    # Sections run side by side: each has places of its own, seen as <home>.
    environment |= {"ENVLENS_CONFIG_DIR": str(folder / "config"), "ENVLENS_WORKSPACE": str(folder / "workspace.db")}
    before, after = [], []
    for fence in _FENCE.finditer(section.body):
        if fence[2] == "console":
            before.append(fence[4])
            after.append(
                "".join(_run(line[2:], home, environment) for line in fence[4].splitlines() if line[:2] == "$ ")
            )
        elif fence[3]:
            path = home / fence[3]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fence[4], encoding="utf-8")
    return before, after


def _run(command: str, home: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    output = done.stdout.decode().replace(str(home.resolve()), "<project>").replace(str(home), "<project>")
    output = output.replace(str(home.parent.resolve()), "<home>").replace(str(home.parent), "<home>")
    output = _MOUNT.sub("<where it lies>", output)
    if output and not output.endswith("\n"):
        output += "\n[no newline at the end]\n"
    return f"$ {command}\n{output}[exit {done.returncode}]\n"


def rewrite(section: Section, after: list[str]) -> None:
    """Puts what came out into the fixture file."""
    blocks = iter(after)
    body = _FENCE.sub(
        lambda fence: f"{fence[1]}console\n{next(blocks)}{fence[1]}" if fence[2] == "console" else fence[0],
        section.body,
    )
    text = section.path.read_text(encoding="utf-8")
    section.path.write_text(
        text.replace(f"## {section.title}\n{section.body}", f"## {section.title}\n{body}"), encoding="utf-8"
    )
