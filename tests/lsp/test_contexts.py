"""Build contexts: hashed beside the event loop, shown while that lasts, cancelled, and looked at again when needed."""

import os
import time
from pathlib import Path

import pytest

from .wire import TIMEOUT, Message, Wire

WATCHING: Message = {
    "workspace": {
        "codeLens": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
    },
    "textDocument": {"codeLens": {"resolveSupport": {"properties": ["command"]}}},
    "window": {"workDoneProgress": True},
}
COMPUTING = "computing the hash of the build context…"
FILES = 2_000
# Bytes that no disk has to hold, and that take longer to hash than anybody waits.
LONG = 40 << 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    context = tmp_path / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "environment.yml").write_text("name: demo\nbuild:\n  path: context\n")
    return tmp_path


def fill(context: Path) -> None:
    """2,000 files, the last of which takes long."""
    for number in range(FILES):
        (context / f"file{number:04}").write_text(str(number))
    with (context / "zzz").open("wb") as file:
        os.truncate(file.fileno(), 8 << 30)


def title(wire: Wire, uri: str) -> str:
    (found,) = wire.titles(uri)
    return found


def test_a_change_makes_another_hash(folder: Path) -> None:
    with Wire(folder, capabilities=WATCHING) as wire:
        uri = wire.open(folder / "environment.yml")
        first = title(wire, uri)
        assert first.startswith("envlens ")
        wire.until(lambda: any("envlens-context" in str(each) for each in wire.asked), "the context is watched")
        (registered,) = [
            each["registrations"][0]["registerOptions"]["watchers"]
            for each in wire.asked_for("client/registerCapability")
            if "envlens-context" in each["registrations"][0]["id"]
        ]
        assert registered == [{"globPattern": {"baseUri": (folder / "context").as_uri(), "pattern": "**"}}]
        # Looked at once while it was watched, it answers from memory: a change without a word is not seen.
        assert title(wire, uri) == first  # our answer that it is watched may come after this question
        assert title(wire, uri) == first
        (folder / "context" / "new").write_text("x")
        assert title(wire, uri) == first
        refreshed = len(wire.asked_for("workspace/codeLens/refresh"))
        changes = [{"uri": (folder / "context" / "new").as_uri(), "type": 1}]
        wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        wire.until(lambda: len(wire.asked_for("workspace/codeLens/refresh")) > refreshed, "the client is told")
        assert title(wire, uri) != first
        assert "2 files" in wire.hover(uri, 0, 1)
        wire.close(uri)
        wire.until(lambda: wire.asked_for("client/unregisterCapability"), "nobody needs it any more")
        assert wire.stop() == 0
        assert wire.stderr == b""


def test_without_watching_it_is_looked_at_each_time(folder: Path) -> None:
    with Wire(folder) as wire:
        uri = wire.open(folder / "environment.yml")
        first = title(wire, uri)
        (folder / "context" / "new").write_text("x")
        assert title(wire, uri) != first


def test_a_long_one_shows_how_far_it_is_and_can_be_cancelled(folder: Path) -> None:
    fill(folder / "context")
    with Wire(folder, capabilities=WATCHING) as wire:
        uri = wire.open(folder / "environment.yml")
        assert title(wire, uri) == COMPUTING
        started = time.monotonic()
        assert wire.rules(uri) == []
        assert "computing" in wire.hover(uri, 0, 1)
        assert time.monotonic() - started < 1, "nobody waits for it"

        def progress() -> list[Message]:
            return [params["value"] for method, params in wire.notifications if method == "$/progress"]

        wire.until(lambda: len(progress()) > 1, "it shows how far it is")
        begin, report = progress()[:2]
        assert begin["title"] == "hashing the build context 'context'"
        assert begin["cancellable"]
        assert "files" in report["message"]
        (asked,) = wire.asked_for("window/workDoneProgress/create")
        wire.notify("window/workDoneProgress/cancel", {"token": asked["token"]})
        wire.until(lambda: progress()[-1]["kind"] == "end", "it ends")
        wire.until(lambda: title(wire, uri) != COMPUTING, "the line says so")
        if "cancelled" in progress()[-1]["message"]:
            assert title(wire, uri) == "no predicted hash: reading the build context was cancelled"
        asked_before = len(wire.asked_for("window/workDoneProgress/create"))
        wire.run("envlens.showHash", {"uri": uri})
        wire.until(
            lambda: len(wire.asked_for("window/workDoneProgress/create")) > asked_before, "asked for, it goes on"
        )


def test_it_can_be_shut_down_in_the_middle(folder: Path) -> None:
    fill(folder / "context")
    with Wire(folder, capabilities=WATCHING) as wire:
        uri = wire.open(folder / "environment.yml")
        assert title(wire, uri) == COMPUTING
        started = time.monotonic()
        assert wire.stop() == 0
        assert time.monotonic() - started < TIMEOUT / 2
        assert wire.stderr == b""


def test_a_client_that_vanishes_leaves_no_process(folder: Path) -> None:
    fill(folder / "context")
    with Wire(folder, capabilities=WATCHING) as wire:
        uri = wire.open(folder / "environment.yml")
        assert title(wire, uri) == COMPUTING
        assert wire.process.stdin
        wire.process.stdin.close()
        wire.process.wait(TIMEOUT / 2)


def test_nothing_outside_the_folders_is_watched_or_read(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "environment.yml").write_text("name: demo\nbuild:\n  path: ../context\n")
    with Wire(inner, capabilities=WATCHING) as wire:
        uri = wire.open(inner / "environment.yml")
        assert title(wire, uri).startswith("no predicted hash: the build context ")
        wire.settle()
        assert not any("envlens-context" in str(each) for each in wire.asked)
