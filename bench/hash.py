"""Times the prediction of a definition whose document is built: `python -m bench.hash`."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date

from envlens.core.hashing.difference import compare
from envlens.core.index import predictions
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import Document, FileKind, build
from envlens.core.model.facts import Facts, FileState
from envlens.core.rules._rule import Drawn
from envlens.core.settings import Settings
from envlens.core.text.source import Source

_FOLDER = "/work"


def main() -> None:
    """Prints the medians in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args()
    inline, drawn = _inline(args.packages, "1.0"), _drawn(args.packages)
    other = predictions.predict(*_inline(args.packages, "2.0"))[0]
    this = predictions.predict(*inline)[0]
    rows: dict[str, Callable[[], object]] = {
        "inline": lambda: predictions.predict(*inline),
        "conda file": lambda: predictions.predict(*drawn),
        "difference, every package re-versioned": lambda: compare(this, other),
    }
    for name, work in rows.items():
        print(f"{name}, {args.packages} packages: {_median(work, args.rounds):.2f} ms")


def _median(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def _specification(count: int, version: str) -> str:
    half = count // 2
    conda = "".join(f"  - package-{at}={version}.{at}\n" for at in range(half))
    pip = "".join(f"    - requirement-{at}=={version}.{at}\n" for at in range(count - half))
    return f"channels:\n  - conda-forge\ndependencies:\n{conda}  - pip:\n{pip}"


def _inline(count: int, version: str) -> tuple[Snapshot, Document]:
    indented = "".join(f"  {line}\n" for line in _specification(count, version).splitlines())
    return _world(f"name: e\nimage: mcr.microsoft.com/azureml/base:1\nconda_file:\n{indented}", {})


def _drawn(count: int) -> tuple[Snapshot, Document]:
    path = f"{_FOLDER}/conda.yml"
    conda = build(Source(path, _specification(count, "1.0")), FileKind.CONDA, None)
    text = "name: e\nimage: mcr.microsoft.com/azureml/base:1\nconda_file: conda.yml\n"
    return _world(text, {path: Drawn(FileState.PRESENT, path, conda)})


def _world(text: str, drawn: dict[str, Drawn]) -> tuple[Snapshot, Document]:
    document = build(Source(f"{_FOLDER}/environment.yml", text), FileKind.ENVIRONMENT, None)
    facts = Facts(date(2026, 11, 21))
    return Snapshot(facts, Settings(), {document.path: document}, drawn), document


if __name__ == "__main__":
    main()
