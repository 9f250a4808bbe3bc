"""A language client of the bare minimum: one thread, raw stdio, and a clock that stops when bytes arrive."""

import json
import os
import re
import select
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 120.0
_LENGTH = re.compile(rb"Content-Length: *(\d+)", re.IGNORECASE)
Json = dict[str, Any]


@dataclass(frozen=True)
class Publish:
    """Diagnostics as they arrived. `version` is None from servers that do not say which text they judged."""

    at: float
    uri: str
    version: int | None
    count: int


class Client:
    """One session with one server process. `settings` answers `workspace/configuration`, by section."""

    def __init__(self, command: list[str], root: Path, settings: Json, capabilities: Json | None = None) -> None:
        self.spawned = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root, bufsize=0
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        self._root = root
        self._settings = settings
        self._capabilities = capabilities or {}
        self._received = bytearray()
        self._pending = bytearray()
        self._last_id = 0
        self._answers: dict[int, float] = {}
        self.publishes: list[Publish] = []
        self.heard = self.spawned

    # Messages

    def initialize(self) -> float:
        """The handshake; returns when the answer to `initialize` came."""
        uri = self._root.as_uri()
        text = {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}}
        workspace = {"configuration": True, "workspaceFolders": True}
        capabilities = {"workspace": workspace, "textDocument": text | self._capabilities}
        folders = [{"uri": uri, "name": "bench"}]
        params = {"processId": os.getpid(), "rootUri": uri, "capabilities": capabilities, "workspaceFolders": folders}
        at = self.request("initialize", params)
        self.notify("initialized", {})
        return at

    def request(self, method: str, params: Json | None) -> float:
        """Sends a request; returns when its answer came."""
        wanted = self.ask(method, params)
        self.wait(lambda: wanted in self._answers)
        return self._answers[wanted]

    def ask(self, method: str, params: Json | None) -> int:
        """Sends a request and does not wait; `answered` says when its answer came."""
        self._last_id += 1
        self._send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        return self._last_id

    def answered(self, asked: int) -> float | None:
        """When the answer to a request came, None for not yet."""
        return self._answers.get(asked)

    @staticmethod
    def now() -> float:
        """The clock that all times are of."""
        return time.perf_counter()

    def notify(self, method: str, params: Json | None) -> float:
        """Sends a notification; returns when."""
        at = time.perf_counter()
        self._send({"jsonrpc": "2.0", "method": method, "params": params})
        return at

    def wait(self, done: Callable[[], bool], limit: float = TIMEOUT) -> bool:
        """Reads until `done`; whether it was before the time was over. Raises TimeoutError only at the full limit."""
        end = time.perf_counter() + limit
        while not done():
            left = end - time.perf_counter()
            if left <= 0:
                if limit >= TIMEOUT:
                    raise TimeoutError("no answer")
                return False
            self._read(left)
        return True

    def rest(self, silence: float) -> None:
        """Reads until nothing came for so many seconds."""
        start = time.perf_counter()
        while (left := max(self.heard, start) + silence - time.perf_counter()) > 0:
            self._read(left)

    def close(self) -> None:
        """Ends the session, by force where the server does not go."""
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(5)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def _send(self, message: Json) -> None:
        body = json.dumps(message).encode()
        self._pending += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        self._write()

    def _write(self) -> None:
        try:
            while self._pending:
                del self._pending[: os.write(self._input, self._pending)]
        except BlockingIOError:
            pass

    def _read(self, limit: float) -> None:
        readable, writable, _ = select.select([self._output], [self._input] if self._pending else [], [], limit)
        if writable:
            self._write()
        if not readable:
            return
        data = os.read(self._output, 1 << 20)
        now = time.perf_counter()
        if not data:
            raise ConnectionResetError("the server is gone")
        self._received += data
        while (cut := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received, 0, cut)
            assert length, "a message without its length"
            end = cut + 4 + int(length[1])
            if len(self._received) < end:
                return
            body = bytes(self._received[cut + 4 : end])
            del self._received[:end]
            self._take(json.loads(body), now)

    def _take(self, message: Json, now: float) -> None:
        self.heard = now
        method = message.get("method")
        if method is None:
            self._answers[message["id"]] = now
        elif method == "textDocument/publishDiagnostics":
            params = message["params"]
            publish = Publish(now, params["uri"], params.get("version"), len(params["diagnostics"]))
            self.publishes.append(publish)
        elif "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [self._settings.get(item.get("section")) for item in message["params"]["items"]]
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    # The process

    def peak_megabytes(self) -> float:
        """The most memory that the process held at once (Linux)."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self._process.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def cpu_ms(self) -> float:
        """The processor time that the process took so far (Linux; a tick is 10 ms)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
