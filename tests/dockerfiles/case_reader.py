"""Reads `cases.txt`: a name behind `===`, a Dockerfile, and behind `---` what is expected of it, line by line.

Signs stand for what an editor would hide or change: ␍ CR, ␉ tab, ␣ a blank at the end of a line, ␋ ␌ vertical tab and
form feed, ⍽ no-break space, ␅ U+0085, ␀ byte order mark, ␄ no line break at the end.
"""

from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("cases.txt")
SIGNS = str.maketrans({"␍": "\r", "␉": "\t", "␣": " ", "␋": "\v", "␌": "\f", "⍽": "\xa0", "␅": "\x85", "␀": "\ufeff"})


class Case(NamedTuple):
    name: str
    written: str
    text: str
    expected: list[str]


def read() -> list[Case]:
    cases = []
    for block in FILE.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, body = block.partition("\n")
        written, _, expected = body.partition("---\n")
        text = written.translate(SIGNS)
        cases.append(Case(name, written, text.removesuffix("␄\n"), expected.splitlines()))
    return cases


def write(cases: list[Case]) -> None:
    blocks = []
    for case in cases:
        expected = "".join(f"{line}\n" for line in case.expected)
        blocks.append(f"=== {case.name}\n{case.written}" + (f"---\n{expected}" if expected else ""))
    FILE.write_text("".join(blocks), encoding="utf-8", newline="\n")
