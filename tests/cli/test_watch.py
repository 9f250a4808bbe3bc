"""`--watch` checks again when something changes that counts, and ends when it is told to."""

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

import pytest

from .running import BASE, ENVLENS, GOOD, SCHEMA, place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
TIMEOUT = 20


class Watch:
    """A watching process; its output, standard error included, comes line by line."""

    def __init__(self, folder: Path, *arguments: str, terminal: bool = False) -> None:
        self._master, out = os.openpty() if terminal else os.pipe()
        command = [*ENVLENS, "lint", "--watch", "--format", "concise", *arguments]
        self.process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        os.close(out)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        rest = b""
        try:
            while data := os.read(self._master, 1 << 16):
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    self._lines.put(line.decode().rstrip("\r"))
        except OSError:
            pass  # a terminal without a process

    def run(self) -> list[str]:
        """What the next run prints."""
        found = []
        while True:
            line = self._lines.get(timeout=TIMEOUT)
            if line == "envlens: watching for changes, Ctrl-C ends":
                return found
            found.append(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(TIMEOUT)


def test_it_checks_again_when_something_changes(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    with Watch(tmp_path) as watch:
        assert watch.run() == []
        place(tmp_path, environment_yml=f"{GOOD}conda_file: train.txt\n")
        assert "train.txt" in "".join(watch.run())
        # What a definition draws on, though no folder is walked for it.
        place(tmp_path, train_txt="channels: [c]\ndependencies: [python=3.12, numpy=2.1]\n")
        assert watch.run() == []
        place(tmp_path, sub__environment_yml=f"{SCHEMA}name: a\nimage: {BASE}\n")
        assert [line.split(": ")[0] for line in watch.run()] == ["sub/environment.yml:3:8"]
        # Settings that come to stand there, wrong ones, and none.
        place(tmp_path, envlens_toml="ignore = ['image-no-tag']\n")
        assert "settings-invalid" in watch.run()[0]
        place(tmp_path, envlens_toml="ignore = ['image-no-tag-or-digest']\n")
        assert watch.run() == []
        (tmp_path / "environment.yml").unlink()
        assert watch.run() == []
        assert watch.interrupt() == 0


def test_a_named_file_may_come_and_go(tmp_path: Path) -> None:
    with Watch(tmp_path, "environment.yml") as watch:
        assert watch.run() == ["envlens: environment.yml does not exist"]
        place(tmp_path, environment_yml=GOOD)
        assert watch.run() == []
        assert watch.interrupt() == 0


def test_a_terminal_is_cleared_and_a_pipe_is_not(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=f"{SCHEMA}name: a\nimage: {BASE}\n")
    for terminal in (True, False):
        with Watch(tmp_path, terminal=terminal) as watch:
            assert watch.run()[0].startswith("\x1b[2J") is terminal
            assert watch.interrupt() == 0


def test_fixes_are_applied_as_they_can_be(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD)
    with Watch(tmp_path, "--fix") as watch:
        assert watch.run() == []
        place(tmp_path, environment_yml=f"{GOOD}descripton: a\n")
        assert watch.run() == ["envlens: fixed 1 file"]
        assert watch.interrupt() == 0
    assert (tmp_path / "environment.yml").read_text() == f"{GOOD}description: a\n"
