"""Which edits change a predicted hash, so that the titles of fixes and actions say it.

Asked of the predictions before and after, and not declared by rules: it hangs on what the file is to its definitions.
Of a definition without a hash nothing is said, as nothing changes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from ..hashing.given import holds_credential
from ..hashing.prediction import Prediction
from ..hashing.tree import Tree
from ..index.predictions import folders, predict
from ..index.snapshot import Snapshot, resolve
from ..model.document import Document, FileKind, build
from ..model.facts import FileState
from ..syntax.nodes import Scalar
from ..text.diagnostic import Diagnostic, Edit
from ..text.source import Source
from ..text.titles import noted
from . import counted_texts
from .edits import apply

CHANGES = "changes the hash"
MAY_CHANGE = "may change the hash"
# What may be read anew for the fixes of one file, in characters; beyond that nobody waits for an exact answer.
_MOST_READ = 50_000

_Known = dict[tuple[str, ...], object]


class HashEffect:
    """What edits of one document do to the hashes that it counts for."""

    def __init__(self, snapshot: Snapshot, document: Document) -> None:
        self._document = document
        self._snapshot = snapshot
        self._read = 0

    def of(self, edits: Iterable[Edit]) -> str | None:
        """What is to be said of edits that are made together; None where no hash changes."""
        document = self._document
        if self._every_byte_counts:
            return CHANGES
        if not _defines(document) or (self._size <= _MOST_READ and not self._before):
            return None
        edits = [each for each in edits if each.path is None]
        if self._snapshot.earlier is None and any(map(self._is_another_text, edits)):
            return CHANGES
        self._read += self._size
        if self._read > _MOST_READ:
            return MAY_CHANGE
        source = Source(document.path, apply(document.source.text, edits), encoding=document.source.encoding)
        after = _known(self._predict(build(source, document.kind, None)))
        if all(after.get(keys) == what for keys, what in self._before.items()):
            return None
        if any(keys in after and after[keys] != what for keys, what in self._before.items()):
            return f"{CHANGES} to that of {self._label}" if after == self._earlier else CHANGES
        return MAY_CHANGE  # what it leads to nobody has looked at

    def titled(self, title: str, edits: Iterable[Edit], *notes: str) -> str:
        """A title with what is to be said of its edits, and other notes, in brackets behind it."""
        return noted(title, self.of(edits), *notes)

    def _is_another_text(self, edit: Edit) -> bool:
        """Whether an edit puts another text in place of one that counts: then nothing need be read anew."""
        at = bisect_right(self._starts, edit.span.start) - 1
        return at >= 0 and counted_texts.becomes_another(self._document.source.text, self._counted[at], edit)

    @cached_property
    def _counted(self) -> list[Scalar]:
        return counted_texts.find(self._document, [_what_counts(each) is not None for each in self._present])

    @cached_property
    def _starts(self) -> list[int]:
        return [each.span.start for each in self._counted]

    @cached_property
    def _every_byte_counts(self) -> bool:
        """Whether the file is part of a build context, or the `BaseDockerfile` of a v1 definition."""
        document, snapshot = self._document, self._snapshot
        if document.size_limit or holds_credential((document.source.text,)):
            return False
        is_base = document.dockerfile is not None and any(user.kind is FileKind.V1 for user in snapshot.users)
        return is_base or any(_has_hash(snapshot, *each) for each in snapshot.contexts.items())

    @cached_property
    def _size(self) -> int:
        """What is read for one answer, in characters."""
        drawn = (each.document for each in self._snapshot.drawn.values() if each.document is not None)
        files = (self._document, *(each for each in drawn if each.kind.is_yaml))
        return sum(len(each.source.text) for each in files)

    @cached_property
    def _before(self) -> _Known:
        return _known(self._present)

    @cached_property
    def _present(self) -> tuple[Prediction, ...]:
        return self._predict(self._document)

    @cached_property
    def _earlier(self) -> _Known | None:
        earlier = self._snapshot.earlier
        return _known(earlier.predictions) if earlier is not None else None

    @property
    def _label(self) -> str:
        return self._snapshot.earlier.label if self._snapshot.earlier is not None else ""

    def _predict(self, document: Document) -> tuple[Prediction, ...]:
        trees = {folder: self._tree(folder) for folder in folders(document)}
        return predict(self._snapshot._replace(trees=trees), document, wants_sdk=False)

    def _tree(self, folder: str) -> Tree:
        """The build context at a path, of which only has to be known that it is another one than others."""
        drawn = self._snapshot.drawn.get(folder)
        tree = self._snapshot.trees.get(folder)
        if tree is not None or drawn is None or drawn.state is not FileState.DIRECTORY:
            return tree or Tree(problem="there is none")
        return Tree(merkle=folder)


def _has_hash(snapshot: Snapshot, folder: str, documents: Iterable[Document]) -> bool:
    """Whether a definition that is built from a folder has a hash, whatever lies in the folder."""
    world = snapshot._replace(trees={folder: Tree(merkle=folder)}, drawn={}, searched={})
    for document in documents:
        found = predict(world, document, wants_sdk=False)
        for definition, each in zip(document.environments, found, strict=False):
            built_from = definition.context.folder if definition.context else None
            if each.counted is not None and built_from and resolve(document.path, built_from) == folder:
                return True
    return False


def _defines(document: Document) -> bool:
    """Whether a file defines environments, or the packages of some."""
    return document.kind is FileKind.CONDA or document.v1 is not None or bool(document.environments)


def _known(predictions: Sequence[Prediction]) -> _Known:
    """What counts for the definitions that have a hash, by their places."""
    found = ((each.place.keys, _what_counts(each)) for each in predictions)
    return {keys: what for keys, what in found if what is not None}


def _what_counts(prediction: Prediction) -> object:
    """What can be compared, of a conda file its key; None for what has no hash."""
    return prediction.conda_key if prediction.counted is None else prediction.counted.fields()


def mark(snapshot: Snapshot, document: Document, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, with what their fixes do to the hash in the titles."""
    effect = HashEffect(snapshot, document)
    return tuple(
        each._replace(fixes=tuple(fix._replace(title=effect.titled(fix.title, fix.edits)) for fix in each.fixes))
        if each.fixes
        else each
        for each in diagnostics
    )
