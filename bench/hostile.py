"""Times inputs that are made to hang, to crash or to fill memory."""

import json
import multiprocessing
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import process
from .inputs import conda

_TOP = "channels: [conda-forge]\ndependencies: "
_LIMIT = 30.0  # seconds


def _bomb() -> str:
    lines = ["channels: [conda-forge]", "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 30)]
    return "\n".join([*lines, "dependencies: *a29", ""])


def _mappings(count: int) -> str:
    """Three levels of mappings, each of which holds the one below `count` times: small as text, huge as data."""
    levels = [f"  a{at}: &a{at} {{{', '.join(f'k{key}: *a{at - 1}' for key in range(count))}}}" for at in (1, 2)]
    top = "$schema: x/environment.schema.json\nname: a\nimage: b:1\ntags:\n  a0: &a0 {b: c}\n"
    return top + "\n".join(levels) + f"\n  a3: {{{', '.join(f'k{key}: *a2' for key in range(count))}}}\n"


def _large(size: int) -> str:
    return conda(size // 18)[:size].rpartition("\n")[0] + "\n"


def _comments(count: int) -> str:
    lines = (f"  - numpy{at}  # envlens: ignore[not-exactly-pinned] known\n" for at in range(count))
    return _TOP + "\n" + "".join(lines)


def _entry(text: str) -> str:
    return f"channels:\n  - conda-forge\ndependencies:\n  - {text}\n  - pip:\n      - {text}\n"


INPUTS: dict[str, Callable[[], str]] = {
    "1,000,000 levels deep (flow)": lambda: _TOP + "[" * 1_000_000,
    "2,000 levels deep (block)": lambda: _TOP + "\n" + "".join(f"{' ' * at}-\n" for at in range(1, 2000)),
    "alias bomb, 10^30 items": _bomb,
    "three levels of 300 aliased mappings": lambda: _mappings(300),
    "3,000 misspelt keys": lambda: (
        "$schema: x/environment.schema.json\n" + "".join(f"descripti{at}on: a\n" for at in range(3000))
    ),
    "190 kB of tabs": lambda: _TOP + "[\n" + "".join(f"a{at},\t\t\t\t\n" for at in range(19_000)) + "]\n",
    "20,000 lines": lambda: conda(19_000),
    "20,000 lines, each a syntax error": lambda: _TOP + "\n" + '  - "numpy\n  ] : [\n' * 10_000,
    "20,000 suppression comments": lambda: _comments(20_000),
    "20,000 duplicate keys": lambda: _TOP + "[]\n" + "name: a\n" * 20_000,
    "just below 5 MB": lambda: _large(4_999_000),
    "just above 5 MB": lambda: _large(5_100_000),
    "one entry of 1 MB of '='": lambda: _entry("numpy" + "=" * 1_000_000),
    "one entry of 1 MB of spaces": lambda: _entry("numpy" + " " * 1_000_000 + "1"),
    "one entry of 1 MB of '['": lambda: _entry("numpy" + "[" * 1_000_000),
    "one entry of 1 MB of 'a,'": lambda: _entry("numpy>=" + "1,>=" * 250_000),
    "1 MB of control characters": lambda: _TOP + "\x01" * 1_000_000,
}


@dataclass(frozen=True)
class Row:
    """How long one input kept `envlens lint`."""

    name: str
    size: int
    taken: process.Run
    said: str


def measure(command: list[str], folder: Path) -> list[Row]:
    """Lints each hostile file once. What is large happens elsewhere: a child's peak counts its parent's at the fork."""
    writer = multiprocessing.Process(target=_write, args=(folder,))
    writer.start()
    writer.join()
    files = {name: _file(folder, at) for at, name in enumerate(INPUTS)}
    taken = {name: process.run([*command, str(file)], limit=_LIMIT) for name, file in files.items()}
    return [
        Row(name, file.stat().st_size, taken[name], "" if taken[name].is_ended else _said(command, file))
        for name, file in files.items()
    ]


def _file(folder: Path, at: int) -> Path:
    return folder / f"hostile{at:02d}" / "conda.yml"


def _write(folder: Path) -> None:
    for at, make in enumerate(INPUTS.values()):
        file = _file(folder, at)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(make())


def _said(command: list[str], file: Path) -> str:
    """How many findings there are; a file that is not looked at would be fast for the wrong reason."""
    output = subprocess.run([*command, "--format", "json", str(file)], capture_output=True, check=False).stdout
    report = json.loads(output)
    return str(len(report["findings"])) if report["files_checked"] else "skipped as not ours"
