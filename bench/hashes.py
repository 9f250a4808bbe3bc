"""Predicts what all definitions in a folder are, and counts: `python -m bench.hashes FOLDER [--list]`."""

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from envlens.core.hashing.prediction import Kind, Prediction
from envlens.core.index import predictions
from envlens.core.model.document import Document, FileKind
from envlens.core.model.facts import Facts
from envlens.host import disk, forecast, trees
from envlens.host.host import Host, normal

_QUOTED = re.compile(r"'[^']*[/.][^']*'")


def main() -> None:
    """Counts and prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--list", action="store_true", help="each definition with its answer")
    args = parser.parse_args()
    found = list(predict(args.folder))
    if args.list:
        for shown, each in found:
            print(f"{shown}\t{'.'.join(each.place.keys)}\t{each.kind}\t{each.formula or '-'}\t{_answer(each)}")
        return
    print(_table("kind and formula", Counter(_kind(each) for _, each in found)))
    print(_table("formula `azureml`", Counter(_sureness(each) for _, each in found if each.image_name)))
    doubts = Counter(doubt for _, each in found if each.fingerprint for doubt in each.doubts)
    print(_table("not confirmed because (several are possible)", doubts))
    none = [each for _, each in found if each.fingerprint is None and each.kind is not Kind.CONDA_FILE]
    print(_table("no hash because", Counter(_plain(each.unavailable or "") for each in none)))
    loose = [each for _, each in found if each.kind is Kind.CONDA_FILE]
    print(_table("conda files alone", Counter("conda key" if each.conda_key else each.unavailable for each in loose)))
    print(
        _table(
            "SDK version", Counter(_plain(each.sdk.unavailable or "version") for _, each in found if each not in loose)
        )
    )


def predict(folder: str) -> Iterator[tuple[str, Prediction]]:
    """The predictions of all definitions in a folder; a conda file counts alone where no definition draws on it."""
    host = Host(Facts(date(2026, 11, 21)), print, [normal(folder)])
    documents: dict[str, Document] = {}
    for path in disk.walk(folder, disk.ignored_above(folder), host.is_included, host.folders):
        document = host.load(normal(path))
        if document is not None:
            documents[os.path.relpath(path, folder)] = document
    looked: dict[str, trees.Tree] = {}
    for shown, document in sorted(documents.items()):
        if document.kind is FileKind.CONDA and host.users_of(document.path):
            continue
        for each in predictions.folders(document):
            if each not in looked:
                looked[each] = trees.look(each, host.roots).tree
        for prediction in forecast.predict(host, document, looked):
            yield shown, prediction


def _answer(each: Prediction) -> str:
    if each.fingerprint is None:
        return f"none: {each.unavailable}"
    return "confirmed" if each.is_confirmed else f"{'; '.join(each.doubts) or 'ours'}"


def _kind(each: Prediction) -> str:
    if each.kind is Kind.CONDA_FILE:
        return "conda file alone"
    return f"{each.kind}, {each.formula}" if each.fingerprint else f"{each.kind}, no hash"


def _sureness(each: Prediction) -> str:
    return "confirmed" if each.is_confirmed else "not confirmed"


def _plain(reason: str) -> str:
    """A reason without the path that it is about."""
    return _QUOTED.sub("'…'", reason)


def _table(title: str, counts: Counter[str | None]) -> str:
    rows = [f"| {name} | {count} |" for name, count in counts.most_common()]
    return "\n".join([f"| {title} | |", "| --- | ---: |", *rows, f"| total | {sum(counts.values())} |", ""])


if __name__ == "__main__":
    main()
