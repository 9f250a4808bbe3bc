"""A Docker engine of the tests' own: Debian's, started by hand, with all that it keeps in a folder that goes with it.

It needs root, and neither a network nor an image: what is built starts from `scratch`, and nothing is run. It has
mounts of its own, so that none outlives it; no bridge and no firewall rules, so that the machine's network stays as
it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import docker
from requests.exceptions import RequestException

from editors.toolbox import UnavailableError, apt

# By their paths: a client from elsewhere may come first on the PATH, and may lack BuildKit.
DAEMON, CLIENT = Path("/usr/sbin/dockerd"), Path("/usr/bin/docker")
START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0
# The daemon refuses to start where no control groups are mounted.
_START = """\
if ! grep -qE '^[^ ]+ /sys/fs/cgroup(/[^ ]*)? cgroup2? ' /proc/mounts; then
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  for name in $(awk '!/^#/ && $4 == 1 {print $1}' /proc/cgroups); do
    mkdir "/sys/fs/cgroup/$name" && mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name"
  done
fi
exec "$@"
"""


class Engine(NamedTuple):
    """A running engine: the API, and the address that a client wants in `DOCKER_HOST`."""

    client: docker.DockerClient
    address: str

    @property
    def version(self) -> str:
        return str(self.client.version()["Version"])


@contextmanager
def running() -> Iterator[Engine]:
    """Installs what is missing and starts an engine. Raises UnavailableError with the reason where it cannot."""
    apt({str(DAEMON): "docker.io", str(CLIENT): "docker.io"})
    if os.geteuid() != 0:
        raise UnavailableError("an engine needs root")
    # Not below pytest's own folder: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="engine-", dir="/tmp"))
    try:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(_command(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield _wait(process, folder)
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(folder: Path) -> list[str]:
    (folder / "daemon.json").write_text("{}")  # not the machine's
    places = {"config-file": "daemon.json", "data-root": "data", "exec-root": "exec", "pidfile": "pid"}
    options = [f"--{name}={folder / place}" for name, place in places.items()]
    daemon = [str(DAEMON), f"--host=unix://{folder}/socket", "--bridge=none", "--iptables=false", *options]
    return ["unshare", "--mount", "--propagation=private", "sh", "-ec", _START, "sh", *daemon]


def _wait(process: subprocess.Popen[bytes], folder: Path) -> Engine:
    address = f"unix://{folder}/socket"
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return Engine(docker.DockerClient(address, version="auto", timeout=60), address)
        except (docker.errors.DockerException, RequestException):
            time.sleep(0.1)
    said = (folder / "log").read_text(errors="replace")[-2000:]
    raise UnavailableError(f"dockerd does not start: {said}")
