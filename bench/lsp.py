"""Times language servers side by side: opening, typing, bursts and memory."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .client import Client, Publish

PAUSE = 0.12  # a typist's; what a server says late must not pass for its next answer
EDITS = 24
BURST = 200


@dataclass(frozen=True)
class Server:
    """A server under test; `settings` is what the client answers, by section."""

    name: str
    command: list[str]
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A file to open, in a folder. Edits grow the version number of a package half-way down."""

    name: str
    folder: Path
    file: Path
    burst: bool = True
    language: str = "yaml"


@dataclass
class Figures:
    """What one round of one server with one case took, in milliseconds and megabytes."""

    init: float = 0
    opened: float = 0
    spawn_to_shown: float = 0
    edits: list[float] = field(default_factory=list)
    cpu_per_edit: float = 0
    burst: float = 0
    stale: int = 0
    memory: float = 0
    findings: int = 0
    as_before: bool = True


class Typing:
    """An open file and the place that is typed at."""

    def __init__(self, client: Client, case: Case) -> None:
        self.client = client
        self.uri = case.file.as_uri()
        text = case.file.read_text()
        lines = text.split("\n")
        middle = len(lines) // 2
        near = sorted(range(len(lines)), key=lambda at: abs(at - middle))
        self.line = next(at for at in near if (lines[at][-1:].isdigit() and "=" in lines[at]) or "tion:" in lines[at])
        self.column = len(lines[self.line])
        self.version = 1
        item = {"uri": self.uri, "languageId": case.language, "version": 1, "text": text}
        self.sent = client.notify("textDocument/didOpen", {"textDocument": item})

    def type(self, typed: str) -> float:
        """Types one digit, or takes the last one back; returns when."""
        self.version += 1
        start = self.column if typed else self.column - 1
        self.range = {
            "start": {"line": self.line, "character": start},
            "end": {"line": self.line, "character": self.column},
        }
        self.column = start + len(typed)
        self.sent = self.client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": self.range, "text": typed}],
            },
        )
        return self.sent

    def judged(self) -> list[Publish]:
        """What came since the last edit about this file, as far as it is not about an older text."""
        return [
            each
            for each in self.client.publishes
            if each.at > self.sent and each.uri == self.uri and each.version in {None, self.version}
        ]


def measure(server: Server, case: Case, edits: int = EDITS) -> Figures:
    """One session: start, open, type with pauses, then type without any."""
    figures = Figures()
    client = Client(server.command, case.folder, server.settings)
    try:
        figures.init = (client.initialize() - client.spawned) * 1000
        typing = Typing(client, case)
        # A server may publish nothing first, while it waits for its settings: the first finding counts.
        client.wait(lambda: any(each.count for each in typing.judged()))
        shown = next(each.at for each in typing.judged() if each.count)
        figures.opened = (shown - typing.sent) * 1000
        figures.spawn_to_shown = (shown - client.spawned) * 1000
        client.rest(1.0)
        figures.findings = client.publishes[-1].count
        _warm(client, typing)
        before = client.cpu_ms()
        figures.edits = [_edit(client, typing, str(at * 7 % 10)) for at in range(edits)]
        figures.cpu_per_edit = (client.cpu_ms() - before) / max(edits, 1)
        for _ in range(edits):
            typing.type("")
        client.rest(1.5)
        if case.burst:
            _burst(client, typing, figures)
        figures.as_before = client.publishes[-1].count == figures.findings
        figures.memory = client.peak_megabytes()
    finally:
        client.close()
    return figures


def _warm(client: Client, typing: Typing) -> None:
    for typed in ("9", "", "8", ""):
        _edit(client, typing, typed)


def _edit(client: Client, typing: Typing, typed: str) -> float:
    client.rest(PAUSE)
    typing.type(typed)
    client.wait(lambda: bool(typing.judged()))
    return (typing.judged()[0].at - typing.sent) * 1000


def _burst(client: Client, typing: Typing, figures: Figures) -> None:
    known = len(client.publishes)
    for at in range(BURST):
        typing.type(str(at % 10) if at < BURST // 2 else "")
    client.wait(lambda: bool(typing.judged()))
    # Without versions only silence tells that the last publish was the last.
    client.rest(1.5)
    new = client.publishes[known:]
    last = next((each for each in new if each.version == typing.version), new[-1])
    figures.burst = max((last.at - typing.sent) * 1000, 0)
    figures.stale = new.index(last)


@dataclass
class Row:
    """The figures of all rounds of one server with one case."""

    server: str
    case: str
    rounds: list[Figures] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether text that was typed and taken back left the findings as they were."""
        return all(each.as_before for each in self.rounds)

    def median(self, name: str) -> float:
        """The median over the rounds."""
        return float(statistics.median(getattr(each, name) for each in self.rounds))

    def edit(self, share: float) -> float:
        """A quantile of edit → diagnostics: the median over rounds of each round's own."""
        return statistics.median(quantile(each.edits, share) for each in self.rounds)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that such a share of the values is not above."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def compare(pairs: Sequence[tuple[Server, Case]], rounds: int, edits: int = EDITS) -> list[Row]:
    """Measures all pairs round by round in shuffled order, so that a busy moment does not hit one server only."""
    rows = [Row(server.name, case.name) for server, case in pairs]
    shuffle = random.Random(1)
    for _ in range(rounds):
        order = list(range(len(pairs)))
        shuffle.shuffle(order)
        for at in order:
            rows[at].rounds.append(measure(*pairs[at], edits))
    return rows
