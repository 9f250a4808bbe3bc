"""Times what an editor asks for while one types: completion, at rest and right after an edit, hover, the outline."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from .client import Client
from .lsp import Case, Server, Typing, quantile

ASKED = 40
AFTER_EDIT = "completion right after an edit"
KINDS = ("completion", AFTER_EDIT, "hover", "documentSymbol")


@dataclass
class Row:
    """How long the answers of one server about one case took in all rounds, in milliseconds, by kind."""

    server: str
    case: str
    lines: int
    taken: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def at(self, kind: str, share: float) -> float:
        """A quantile over all rounds."""
        return quantile(self.taken[kind], share)


def compare(pairs: Sequence[tuple[Server, Case]], rounds: int) -> list[Row]:
    """Asks all servers in turn, round by round."""
    rows = [Row(server.name, case.name, case.file.read_text().count("\n")) for server, case in pairs]
    for _ in range(rounds):
        for row, (server, case) in zip(rows, pairs, strict=True):
            _ask(row, server, case)
    return rows


def _ask(row: Row, server: Server, case: Case) -> None:
    client = Client(server.command, case.folder, server.settings)
    try:
        client.initialize()
        typing = Typing(client, case)
        client.wait(lambda: bool(typing.judged()))
        client.rest(1.0)
        lines = case.file.read_text().split("\n")
        places = itertools.cycle(at for at in range(1, len(lines), 37) if len(lines[at]) > 4)
        for turn, kind in itertools.product(range(ASKED), KINDS):
            client.rest(0.02)
            # The edit's time counts: the answer is about the text behind it.
            start = typing.type("" if turn % 2 else "7") if kind == AFTER_EDIT else client.now()
            line = next(places)
            place = {"position": {"line": line, "character": len(lines[line])}} if kind != "documentSymbol" else {}
            params = {"textDocument": {"uri": typing.uri}, **place}
            answered = client.request(f"textDocument/{kind.partition(' ')[0]}", params)
            row.taken[kind].append((answered - start) * 1000)
    finally:
        client.close()
