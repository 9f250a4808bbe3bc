"""Predicts what definitions in memory are: files by name, as they would lie in one folder."""

import posixpath
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from envlens.core.hashing.prediction import Prediction
from envlens.core.hashing.tree import Leaf, Tree, merkle
from envlens.core.index import predictions
from envlens.core.index.snapshot import Snapshot, resolve
from envlens.core.model.document import Document, FileKind, build, classify, kind_by_name, parse_yaml
from envlens.core.model.facts import Facts, FileState
from envlens.core.rules._rule import Drawn
from envlens.core.settings import Settings
from envlens.core.text.source import decode

FOLDER = "/work"
FACTS = Facts(date(2026, 11, 21))
Files = Mapping[str, str | bytes]


def document(files: Files, name: str, kind: FileKind | None = None) -> Document:
    data = files[name]
    source = decode(f"{FOLDER}/{name}", data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    kind = kind or kind_by_name(name) or classify(parse_yaml(source)) or FileKind.ENVIRONMENT
    return build(source, kind, None)


def predict_all(files: Files, name: str = "env.yml", kind: FileKind | None = None) -> tuple[Prediction, ...]:
    """The predictions of one file; the others are what it draws on, build contexts included."""
    made = document(files, name, kind)
    drawn = {}
    for draw in made.draws:
        path = resolve(made.path, draw.path)
        given = posixpath.relpath(path, FOLDER)
        if draw.kind is not None:
            is_there = given in files
            found = document(files, given, draw.kind) if is_there else None
            drawn[path] = Drawn(FileState.PRESENT if is_there else FileState.MISSING, path, found)
    trees = {folder: tree(files, posixpath.relpath(folder, FOLDER)) for folder in predictions.folders(made)}
    return predictions.predict(Snapshot(FACTS, Settings(), {made.path: made}, drawn, trees=trees), made)


def predict(files: Files, name: str = "env.yml", kind: FileKind | None = None) -> Prediction:
    """The prediction of the one definition in a file."""
    (found,) = predict_all(files, name, kind)
    return found


def tree(files: Files, folder: str) -> Tree:
    """A build context of plain files, none of which is executable."""
    leaves = []
    for name, data in files.items():
        if name.startswith(f"{folder}/"):
            content = data if isinstance(data, bytes) else data.encode()
            leaves.append(Leaf(name[len(folder) + 1 :].encode(), False, len(content), sha256(content).digest()))
    leaves.sort()
    return Tree(tuple(leaves), merkle(leaves), sdk="0" * 64, size=sum(leaf.size for leaf in leaves))
