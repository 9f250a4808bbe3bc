"""A language client that is nothing but a pipe: it writes to the byte what a test says, and hides nothing."""

import json
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

TIMEOUT = 8.0
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
ENVIRONMENT = f"name: demo\nimage: {BASE}\nconda_file: conda.yml\n"
CONDA = "channels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - pip=24.3.1\n"
FULL_CAPABILITIES: dict[str, Any] = {
    "workspace": {
        "configuration": True,
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceEdit": {"documentChanges": True},
    }
}

Message = dict[str, Any]


class Wire:
    """A server process and both ends of its pipe. Requests of the server are answered, notifications are kept."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        capabilities: Message | None = None,
        settings: Message | None = None,
        command: list[str] | None = None,
        preexec: Callable[[], None] | None = None,
        initialize: bool = True,
    ) -> None:
        command = command or [sys.executable, "-m", "envlens", "server"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=preexec,
        )
        self.configuration: Any = None
        self.answers: dict[str, Any] = {"window/showDocument": {"success": True}}  # to what the server asks, by method
        self.notifications: list[tuple[str, Message]] = []
        self.asked: list[Message] = []
        self.stderr = b""
        self._answers: dict[int, queue.Queue[Message]] = {}
        self._id = 0
        self._news = threading.Condition()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_stderr)]
        for thread in self._threads:
            thread.start()
        if initialize:
            self.initialize(folder, capabilities, settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            try:
                self.stop()
            except (OSError, TimeoutError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()

    def initialize(self, folder: Path | None, capabilities: Message | None, settings: Message | None) -> Message:
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        answer = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": capabilities or {},
                "workspaceFolders": folders,
                "initializationOptions": settings,
            },
        )
        self.capabilities: Message = answer["capabilities"]
        self.notify("initialized", {})
        return answer

    def stop(self) -> int:
        """Shuts the server down as a client should; the exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        code = self.process.wait(TIMEOUT)
        for thread in self._threads:
            thread.join(TIMEOUT)
        return code

    # Sending

    def send_raw(self, data: bytes) -> None:
        assert self.process.stdin
        with self._lock:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def send(self, message: Message) -> None:
        self.send_raw(frame(message))

    def notify(self, method: str, params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Message:
        """Sends a request; the whole answer, be it a result or an error."""
        self._id += 1
        answer = self._answers[self._id] = queue.Queue()
        self.send({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        try:
            return answer.get(timeout=TIMEOUT)
        except queue.Empty:
            raise TimeoutError(f"no answer to {method}; stderr: {self.stderr.decode()}") from None

    def request(self, method: str, params: Any) -> Any:
        """Sends a request; its result."""
        answer = self.ask(method, params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    # Documents

    def open(self, where: Path | str, text: str | None = None, version: int = 1, language: str = "yaml") -> str:
        uri = where if isinstance(where, str) else where.as_uri()
        if text is None:
            assert isinstance(where, Path)
            text = where.read_text(encoding="utf-8")
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, version: int, *changes: Message | str) -> None:
        self.send(change_message(uri, version, *changes))

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def hover(self, uri: str, line: int, character: int) -> str:
        at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        found = self.request("textDocument/hover", at)
        return found["contents"]["value"] if found else ""

    def actions(self, uri: str, where: Message, only: list[str] | None = None, diagnostics: Any = ()) -> list[Message]:
        context: Message = {"diagnostics": list(diagnostics)} | ({"only": only} if only else {})
        params = {"textDocument": {"uri": uri}, "range": where, "context": context}
        return self.request("textDocument/codeAction", params) or []

    def lenses(self, uri: str, *, about_hashes: bool = True) -> list[Message]:
        """The code lenses of a file about predicted hashes, or else about what is registered, with their commands."""
        found = self.request("textDocument/codeLens", {"textDocument": {"uri": uri}}) or []
        found = [each for each in found if (each["data"]["about"] == "hash") is about_hashes]
        return [each if "command" in each else self.request("codeLens/resolve", each) for each in found]

    def titles(self, uri: str, *, about_hashes: bool = True) -> list[str]:
        """What those code lenses of a file say."""
        return [each["command"]["title"] for each in self.lenses(uri, about_hashes=about_hashes)]

    def run(self, command: str, *arguments: Any) -> Any:
        """Runs a command of the server."""
        return self.request("workspace/executeCommand", {"command": command, "arguments": list(arguments)})

    def asked_for(self, method: str) -> list[Message]:
        """The parameters of all that the server asked by a method so far."""
        return [each.get("params") for each in self.asked if each["method"] == method]

    # What came back

    def settle(self) -> None:
        """Waits until all that was sent is handled and published: the second answer comes after the first's publish."""
        for _ in range(2):
            self.request("textDocument/documentSymbol", {"textDocument": {"uri": "untitled:nothing"}})

    def published(self, uri: str) -> list[Message]:
        """All that was published for a file so far."""
        with self._news:
            return [
                params
                for method, params in self.notifications
                if method == "textDocument/publishDiagnostics" and params["uri"] == uri
            ]

    def diagnostics(self, uri: str) -> list[Message]:
        """The diagnostics of a file once everything is handled."""
        self.settle()
        published = self.published(uri)
        return published[-1]["diagnostics"] if published else []

    def rules(self, uri: str) -> list[str]:
        return [each["code"] for each in self.diagnostics(uri)]

    def until(self, holds: Callable[[], Any], what: str) -> None:
        """Waits for what work beside the messages (a scan, settings that are fetched) brings about."""
        end = time.monotonic() + TIMEOUT
        while not holds():
            assert time.monotonic() < end, f"{what} did not come about"
            with self._news:
                self._news.wait(0.02)

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            if "method" in message and "id" in message:
                self.asked.append(message)
                asks_settings = message["method"] == "workspace/configuration"
                result = [self.configuration] if asks_settings else self.answers.get(message["method"])
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
            elif "method" in message:
                with self._news:
                    self.notifications.append((message["method"], message.get("params")))
                    self._news.notify_all()
            elif message.get("id") in self._answers:
                self._answers[message["id"]].put(message)

    def _read_stderr(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.stderr += line


def frame(message: Message) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def change_message(uri: str, version: int, *changes: Message | str) -> Message:
    """A didChange; a text is a change of the whole document."""
    events = [{"text": each} if isinstance(each, str) else each for each in changes]
    params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": events}
    return {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}


def units(text: str, encoding: str) -> int:
    """How long a text is in the units of a position encoding."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    return len(text.encode("utf-8" if width == 1 else f"{encoding}-le", "surrogatepass")) // width


def position(text: str, offset: int, encoding: str = "utf-16") -> dict[str, int]:
    """Where an offset lies, by the specification's line ends."""
    ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", text) if found.end() <= offset]
    return {"line": len(ends), "character": units(text[ends[-1] if ends else 0 : offset], encoding)}


def range_of(text: str, part: str, encoding: str = "utf-16") -> dict[str, dict[str, int]]:
    """Where the first occurrence of a part lies."""
    start = text.index(part)
    return {"start": position(text, start, encoding), "end": position(text, start + len(part), encoding)}


def edit(text: str, part: str, new: str, encoding: str = "utf-16") -> Message:
    """An incremental change of the first occurrence of a part."""
    return {"range": range_of(text, part, encoding), "text": new}


def apply_edits(text: str, edits: list[Message], encoding: str = "utf-16") -> str:
    """The text after edits that all speak of the text as it was."""
    offsets = {json.dumps(position(text, at, encoding)): at for at in range(len(text), -1, -1)}
    for each in sorted(
        edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]), reverse=True
    ):
        start, end = (offsets[json.dumps(each["range"][side])] for side in ("start", "end"))
        text = text[:start] + each["newText"] + text[end:]
    return text


def edits_of(action: Message, uri: str) -> list[Message]:
    """The text edits that an action makes in one file."""
    made = action["edit"]
    if "changes" in made:
        return made["changes"][uri]
    return [edit for each in made["documentChanges"] if each["textDocument"]["uri"] == uri for edit in each["edits"]]
