"""Times edit → findings for a client that asks for lenses, hovers and hints after each edit, beside one that does not.

Both edit the same file in the same repository, in turns. A third one asks while a large build context is hashed.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import inputs
from .client import Client, Json
from .lsp import PAUSE, Case, Server, Typing, quantile

EDITS = 40
ALONE, ASKING, HASHING = "nobody asks", "asked after each edit", "the same, a build context being hashed"
MODES = (ALONE, ASKING, HASHING)
# Bytes that no disk has to hold: hashing them takes longer than a round.
_LARGE = 64 << 30
_MANY = 20_000
_LAZY: Json = {"codeLens": {"resolveSupport": {"properties": ["command"]}}}
_SETTINGS: Json = {"envlens": {"inlay-hints": True}}


@dataclass
class Row:
    """What one file took in all rounds, in milliseconds, by mode: edit → findings, and edit → the text of its lens."""

    case: str
    edits: dict[str, list[float]] = field(default_factory=lambda: {mode: [] for mode in MODES})
    lenses: dict[str, list[float]] = field(default_factory=lambda: {mode: [] for mode in MODES})

    def edit(self, mode: str, share: float) -> float:
        """A quantile of edit → findings."""
        return quantile(self.edits[mode], share)

    def lens(self, mode: str, share: float) -> float:
        """A quantile of edit → the text of the lens."""
        return quantile(self.lenses[mode], share)


def compare(server: Server, cache: Path, rounds: int) -> list[Row]:
    """Measures all files and modes round by round."""
    rows = [Row("environment, its 300 dependencies inline"), Row("conda file of 300 dependencies")]
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        files = _repository(Path(folder))
        for _ in range(rounds):
            for row, file in zip(rows, files, strict=True):
                for mode in MODES:
                    _measure(row, server, file, mode)
    return rows


def _repository(folder: Path) -> Sequence[Path]:
    """A repository with the files that are edited, and beside it what is hashed."""
    environment, conda = folder / "project" / "environment.yml", folder / "project" / "conda.yml"
    environment.parent.mkdir()
    environment.write_text(inputs.inline(310))
    conda.write_text(inputs.conda(300))
    large = folder / "project" / "large"
    (large / "context").mkdir(parents=True)
    (large / "environment.yml").write_text("name: large\nbuild:\n  path: context\n")
    (folder / "project" / ".gitignore").write_text("large/\n")
    for number in range(_MANY):
        (large / "context" / f"{number}").write_text(str(number))
    with (large / "context" / "zzz").open("wb") as file:
        file.truncate(_LARGE)
    git = shutil.which("git")
    assert git, "needs git"
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([git, "-C", environment.parent, *who, *words], check=True, capture_output=True)
    return environment, conda


def _measure(row: Row, server: Server, file: Path, mode: str) -> None:
    client = Client(server.command, file.parent, _SETTINGS, _LAZY)
    try:
        client.initialize()
        if mode == HASHING:
            _begin_to_hash(client, file.parent / "large" / "environment.yml")
        typing = Typing(client, Case(row.case, file.parent, file))
        client.wait(lambda: bool(typing.judged()))
        client.rest(1.0 if mode != HASHING else 0.3)
        for turn in range(EDITS + 4):
            client.rest(PAUSE)
            typing.type("" if turn % 2 else "7")
            asked = [] if mode == ALONE else _ask(client, typing)
            client.wait(lambda: bool(typing.judged()))
            if turn >= 4:
                row.edits[mode].append((typing.judged()[0].at - typing.sent) * 1000)
            client.wait(lambda asked=asked: all(client.answered(each) for each in asked))  # type: ignore[misc]
            if asked and turn >= 4:
                row.lenses[mode].append(((client.answered(asked[1]) or 0) - typing.sent) * 1000)
    finally:
        client.close()


def _begin_to_hash(client: Client, file: Path) -> None:
    uri = file.as_uri()
    item = {"uri": uri, "languageId": "yaml", "version": 1, "text": file.read_text()}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})


def _ask(client: Client, typing: Typing) -> list[int]:
    """All that an editor asks, at once: none waits for the answer to another."""
    document = {"textDocument": {"uri": typing.uri}}
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}
    lens = {"range": whole, "data": {"uri": typing.uri, "at": []}}
    return [
        client.ask("textDocument/codeLens", document),
        client.ask("codeLens/resolve", lens),
        client.ask("textDocument/hover", document | {"position": {"line": 0, "character": 1}}),
        client.ask("textDocument/inlayHint", document | {"range": whole}),
    ]
