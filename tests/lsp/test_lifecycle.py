"""Starting, stopping, and messages that no client should send."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .wire import CONDA, ENVIRONMENT, SCHEMA, TIMEOUT, Wire, frame

SECRET = "hunter2-swordfish"


def test_exit_codes() -> None:
    with Wire() as wire:
        assert wire.stop() == 0
    with Wire() as wire:
        wire.notify("exit", None)
        assert wire.process.wait(TIMEOUT) == 1


def test_ends_when_the_client_is_gone() -> None:
    with Wire() as wire:
        assert wire.process.stdin
        wire.process.stdin.close()
        wire.process.wait(TIMEOUT)
        assert b"Traceback" not in wire.stderr


def test_stdio_option_is_accepted() -> None:
    with Wire(command=[sys.executable, "-m", "envlens", "server", "--stdio"]) as wire:
        assert wire.stop() == 0


def test_input_from_a_file(tmp_path: Path) -> None:
    """A client may hand over a file instead of a pipe: a recorded conversation."""
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}},
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    (tmp_path / "messages").write_bytes(b"".join(map(frame, messages)))
    with (tmp_path / "messages").open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "envlens", "server"], stdin=file, capture_output=True, timeout=TIMEOUT, check=False
        )
    assert b'"id": 2' in done.stdout
    assert b"Traceback" not in done.stderr


def test_no_file_is_read_before_the_client_is_ready(tmp_path: Path) -> None:
    (tmp_path / "envlens.toml").write_text("no-such-setting = 1\n")
    with Wire(initialize=False) as wire:
        params = {"processId": None, "capabilities": {}, "rootUri": tmp_path.as_uri()}
        wire.request("initialize", params)
        assert wire.notifications == []
        wire.notify("initialized", {})
        wire.settle()
        said = [method for method, _ in wire.notifications]
        assert said == ["window/logMessage", "textDocument/publishDiagnostics"]


MALFORMED = {
    "no JSON": b"{nonsense",
    "an empty object": b"{}",
    "a list": b"[]",
    "a batch": json.dumps([{"jsonrpc": "2.0", "id": 900, "method": "shutdown"}]).encode(),
    "a text": b'"text"',
    "null": b"null",
    "not UTF-8": b'{"jsonrpc": "2.0", "method": "\xff\xfe"}',
    "a method that is no text": b'{"jsonrpc": "2.0", "method": 7}',
    "an answer to nothing": b'{"jsonrpc": "2.0", "id": 99, "result": null}',
    "an error for nothing": b'{"jsonrpc": "2.0", "id": 98, "error": {"code": -1, "message": "no"}}',
    "deep": b"[" * 50_000,
    "no version": b'{"id": 97, "method": "textDocument/hover"}',
}


def test_malformed_bodies_do_no_harm(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        for number, (what, body) in enumerate(MALFORMED.items()):
            wire.send_raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            uri = wire.open(tmp_path / f"environment{number}.yml", ENVIRONMENT)
            assert wire.rules(uri) == ["conda-file-not-found"], what
        assert wire.stop() == 0
        assert b"Traceback" not in wire.stderr


def test_malformed_parameters_do_no_harm(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT)
        document = {"textDocument": {"uri": uri}}
        for method in ("textDocument/hover", "textDocument/codeAction", "textDocument/documentLink"):
            for params in (None, {}, [], 7, {"textDocument": 7}, document | {"position": "here", "range": []}):
                wire.send({"jsonrpc": "2.0", "id": "nobody waits", "method": method, "params": params})
        for method in ("textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"):
            for params in (None, {}, [], {"textDocument": {}}, {"textDocument": {"uri": 7}}):
                wire.notify(method, params)
        for rule in ([], [7], [None], [{}], [{"rule": 7}], [{"rule": "no-such"}], [[]]):
            wire.ask("workspace/executeCommand", {"command": "envlens.explainRule", "arguments": rule})
        for settings in (None, 7, [], {}, {"envlens": 7}, {"envlens": {"select": 7, "": None}}):
            wire.notify("workspace/didChangeConfiguration", {"settings": settings})
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": "file:///%00", "type": 1}]})
        wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": "", "type": 1}]})
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": []}})
        assert wire.rules(uri) == ["conda-file-not-found"]
        assert wire.stop() == 0


def test_a_request_with_wrong_parameters_is_answered(tmp_path: Path) -> None:
    """A client that gets no answer waits for it, and its menu stands still."""
    with Wire(tmp_path) as wire:
        assert "error" in wire.ask("textDocument/hover", {"textDocument": 7})


def test_unknown_methods(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        assert wire.ask("envlens/noSuchRequest", {"a": 1})["error"]["code"] == -32601
        assert "error" in wire.ask("workspace/executeCommand", {"command": "envlens.noSuchCommand"})
        wire.notify("envlens/noSuchNotification", {"a": 1})
        wire.notify("$/setTrace", {"value": "verbose"})
        wire.notify("$/cancelRequest", {"id": 12345})
        wire.notify("$/noSuch", None)
        assert wire.rules(wire.open(tmp_path / "environment.yml", ENVIRONMENT)) == ["conda-file-not-found"]


def test_messages_about_files_that_are_not_open(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = (tmp_path / "environment.yml").as_uri()
        wire.change(uri, 2, "name: a\n")
        wire.close(uri)
        assert wire.hover(uri, 0, 0) == ""
        assert wire.actions(uri, {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}) == []
        assert wire.diagnostics(uri) == []


def test_positions_beyond_the_end(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT)
        for line, character in ((0, 10_000), (2, 2**31 - 1), (3, 0), (4, 4), (2**31 - 1, 2**31 - 1)):
            wire.hover(uri, line, character)
            at = {"line": line, "character": character}
            wire.actions(uri, {"start": at, "end": at})
            wire.actions(uri, {"start": at, "end": {"line": 0, "character": 0}})
        far = {"line": 1_000_000, "character": 1_000_000}
        wire.change(uri, 2, {"range": {"start": far, "end": far}, "text": "# end\nversion: 1.5\n"})
        assert "conda-file-not-found" in wire.rules(uri)
        wire.change(uri, 3, {"range": {"start": {"line": 0, "character": 0}, "end": far}, "text": ""})
        wire.change(uri, 4, ENVIRONMENT.replace("conda.yml", "other.yml"))
        (found,) = wire.diagnostics(uri)
        assert "other.yml" in found["message"]


def test_logs_hold_nothing_of_the_files(tmp_path: Path) -> None:
    """Errors of every sort, each with a secret in the message that caused it: none reaches stderr or the log."""
    with Wire(tmp_path) as wire:
        text = f"{SCHEMA}name: {SECRET}\nimage: https://user:{SECRET}@example.io/x\ntags: [{SECRET}]\n"
        uri = wire.open(tmp_path / "environment.yml", text)
        broken = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"contentChanges": SECRET}}
        wire.send(broken)
        wire.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "text": SECRET}})
        wire.notify("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": [{"range": SECRET}]})
        hover = {"textDocument": {"uri": uri}, "position": SECRET}
        wire.send({"jsonrpc": "2.0", "id": "nobody waits", "method": "textDocument/hover", "params": hover})
        wire.ask("workspace/executeCommand", {"command": "envlens.noSuch", "arguments": [SECRET]})
        wire.notify("workspace/didChangeConfiguration", {"settings": {"envlens": {"select": [f"x{SECRET}"[:1]]}}})
        body = f'{{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {{"{SECRET}'.encode()
        wire.send_raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        wire.open(tmp_path / "conda.yml", f"channels: [a\ndependencies: {SECRET}\n- - {{{{ {SECRET}")
        wire.settle()
        wire.stop()
        logged = [params for method, params in wire.notifications if method != "textDocument/publishDiagnostics"]
        assert SECRET not in json.dumps(logged)
        assert SECRET.encode() not in wire.stderr
        assert b"Traceback" not in wire.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX only")
def test_what_is_printed_does_not_get_between_messages(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['envlens', 'server']\n"
        "from envlens.lsp.handlers import sync\n"
        "old = sync.did_open\n"
        "def loud(ls, params):\n    print('loud', flush=True)\n    old(ls, params)\n"
        "sync.did_open = loud\n"
        "from envlens.lsp import app\n"
        "from lsprotocol import types as lsp\n"
        "loud.__annotations__ = {'ls': app.Server, 'params': lsp.DidOpenTextDocumentParams}\n"
        "sys.exit(app.run())\n"
    )
    (tmp_path / "conda.yml").write_text(CONDA)
    with Wire(tmp_path, command=[sys.executable, "-c", program]) as wire:
        uri = wire.open(tmp_path / "environment.yml", ENVIRONMENT)
        assert wire.rules(uri) == []
        assert wire.stop() == 0
        assert b"loud" in wire.stderr


def test_an_input_that_is_empty_ends_the_server() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "envlens", "server"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert b"Traceback" not in done.stderr


def test_a_port_that_is_none_or_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in ("99999", str(taken.getsockname()[1])):
            command = [sys.executable, "-m", "envlens", "server", "--tcp", port]
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
            assert done.returncode == 2
            assert len(done.stderr.splitlines()) == 1, done.stderr
