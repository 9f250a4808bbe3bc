"""Runs a command to its end and says what it took."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """Wall and processor time in milliseconds, peak memory in megabytes (at least the parent's own at the fork)."""

    wall: float
    cpu: float
    memory: float
    code: int

    @property
    def is_ended(self) -> bool:
        """Whether it did not end by itself within the limit."""
        return self.code < 0


def run(command: Sequence[str], cwd: Path | None = None, limit: float = 60.0) -> Run:
    """Runs it with its output thrown away, for at most `limit` seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    alarm = threading.Timer(limit, os.kill, (process.pid, signal.SIGKILL))
    alarm.start()
    _, status, used = os.wait4(process.pid, 0)
    alarm.cancel()
    wall = (time.perf_counter() - start) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024, process.returncode)
