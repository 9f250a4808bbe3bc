"""The mutable centre: open files, what was read from disk, and who draws on whom. Everything leaves it as a Snapshot.

Only one thread may change it (the server's event loop). Paths are absolute and `/`-separated.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..core.features.diagnose import Judgement, Memo, Report, diagnose
from ..core.index.snapshot import Snapshot, resolve
from ..core.model.document import Document, FileKind, build, classify, drawn_paths, is_somebody_elses, oversized
from ..core.model.facts import Facts, FileState
from ..core.rules._rule import Drawn
from ..core.settings import Include, Settings
from ..core.syntax import yaml_tree
from ..core.text.diagnostic import Diagnostic
from ..core.text.source import Source, decode
from . import catalogue, disk, scope


class Base(NamedTuple):
    """The settings that hold for a file, and the folder from which their patterns count."""

    path: str
    settings: Settings


# The settings of a folder, by its path.
Lookup = Callable[[str], Base]


class _Loaded(NamedTuple):
    """A file as it was found on disk: what changes when it changes, why it was not read, the document if it is ours."""

    stamp: disk.Stamp | None
    state: FileState
    document: Document | None


def _defaults(folder: str) -> Base:
    return Base(folder, Settings())


def normal(path: str) -> str:
    """The path as the host keys it: absolute, `/`-separated."""
    return os.path.abspath(path).replace(os.sep, "/")


class Host:
    """See the module. `report` is told of rules that fail."""

    def __init__(self, facts: Facts, report: Report, roots: Iterable[str] = (), lookup: Lookup | None = None) -> None:
        self.facts = facts
        self.report = report
        self._memo = Memo()
        self._roots: list[str] | None = list(roots) or None
        self._lookup: Lookup = lookup or _defaults
        self._bases: dict[str, Base] = {}
        self._texts: dict[str, str] = {}
        self._open: dict[str, Document | None] = {}  # None: open, and not ours
        self._kinds: dict[str, FileKind] = {}
        self._named: set[str] = set()
        self._loaded: dict[str, _Loaded] = {}
        self._draws: dict[str, frozenset[str]] = {}  # definition → resolved paths
        self._users: dict[str, set[str]] = {}  # resolved path → definitions

    # What may be read, and by which settings

    @property
    def roots(self) -> list[str]:
        """The folders that may be read, as real paths; none for a file opened without any, which restricts nothing."""
        return self._roots or []

    def configure(self, roots: Iterable[str], lookup: Lookup) -> None:
        """Replaces folders and settings; open files keep their text and are judged anew."""
        self._roots = list(roots) or None
        self._lookup = lookup
        self._bases.clear()
        self._loaded.clear()
        for path, text in self._texts.items():
            self._open[path] = self._decide(Source(path, text))

    def base_of(self, path: str) -> Base:
        """The settings that hold for a file, and where their patterns count from."""
        folder = os.path.dirname(path)
        base = self._bases.get(folder)
        if base is None:
            base = self._bases[folder] = self._lookup(folder)
        return base

    def settings_for(self, path: str) -> Settings:
        """The settings that hold for a file."""
        return self.base_of(path).settings

    # Open files

    def name(self, path: str) -> None:
        """Takes a file as asked for by name: a conda file of any name is then ours."""
        self._named.add(path)
        self._loaded.pop(path, None)

    def update(self, path: str, text: str) -> set[str]:
        """Takes the text of an open file; returns the open files whose answers may have changed, itself included."""
        self._texts[path] = text
        document = self._decide(Source(path, text))
        self._open[path] = document
        affected = {path} | self._users.get(path, set()) | self._note(path, document)
        return affected & self._open.keys()

    def close(self, path: str) -> set[str]:
        """Forgets an open file: the disk counts again. Returns the open files whose answers may have changed."""
        self._open.pop(path, None)
        self._texts.pop(path, None)
        self._kinds.pop(path, None)
        return self.changed_on_disk(path)

    def changed_on_disk(self, path: str) -> set[str]:
        """Looks again at a file that was made, changed or deleted; returns the open files that it may concern."""
        self._loaded.pop(path, None)
        affected = set(self._users.get(path, ()))
        if path not in self._open:
            affected |= self._note(path, self._load(path).document)
        return affected & self._open.keys()

    def document(self, path: str) -> Document | None:
        """The document of an open file."""
        return self._open.get(path)

    # Files on disk

    def load(self, path: str) -> Document | None:
        """The document of a file on disk, None where it is not ours or cannot be read."""
        if path in self._open:
            return self._open[path]
        document = self._load(path).document
        self._note(path, document)
        return document

    def read_state(self, path: str) -> FileState:
        """Why a file could not be read, or that it could."""
        return self._load(path).state

    def source_of(self, path: str) -> Source | None:
        """The text of a file that a finding points to, unsaved text first; None where it cannot be read."""
        document = self._open.get(path) or self._load(path, drawn=True).document
        return document.source if document else None

    def _load(self, path: str, *, drawn: bool = False) -> _Loaded:
        """A file on disk, read once while it stays as it is. `drawn`: a definition in hand draws on it."""
        stamp = disk.stamp(path, self._roots)
        known = self._loaded.get(path)
        if known is None or known.stamp != stamp or (drawn and known.document is None):
            known = self._loaded[path] = _Loaded(stamp, *self._fetch(path, drawn))
        return known

    def _fetch(self, path: str, drawn: bool) -> tuple[FileState, Document | None]:
        found = disk.read(path, self._roots, self.settings_for(path).max_file_size)
        if found.state is FileState.PRESENT:
            return found.state, self._decide(decode(path, found.data), drawn)
        if found.state is FileState.TOO_LARGE:
            return found.state, self.oversized(path)
        return found.state, None

    def oversized(self, path: str) -> Document | None:
        """The document of a text that is too large to be read, None where it is not ours by name."""
        entry = self._included(path)
        kind = entry.kind if entry and entry.kind else FileKind.CONDA if self._has_said(path) else None
        return oversized(path, kind, self.settings_for(path).max_file_size) if kind else None

    # Scope

    def _included(self, path: str) -> Include | None:
        root, settings = self.base_of(path)
        return scope.included(path, root, settings) if settings.include else None

    def is_excluded(self, path: str) -> bool:
        """Whether an `exclude` pattern matches a path."""
        root, settings = self.base_of(path)
        return scope.is_excluded(path, root, settings)

    def _has_said(self, path: str) -> bool:
        """Whether somebody says that a file is a conda file: a definition, the command line, or its name."""
        return path in self._users or path in self._named or scope.has_conda_name(path)

    def _decide(self, source: Source, drawn: bool = False) -> Document | None:
        path = source.path
        entry = self._included(path)
        tree = yaml_tree.parse(source.text)
        kind = entry.kind if entry and entry.kind else self._shown_kind(path, source, tree, bool(entry), drawn)
        if kind is None:
            return None
        self._kinds[path] = kind
        return build(source, kind, catalogue.environment_schema() if kind is FileKind.ENVIRONMENT else None, tree)

    def _shown_kind(
        self, path: str, source: Source, tree: yaml_tree.YamlTree, included: bool, drawn: bool
    ) -> FileKind | None:
        """The kind of a file whose content decides."""
        drawn = drawn or path in self._users
        # A conda file is ours only where something says so; half-typed, a file keeps the kind that it had.
        ours = included or drawn or self._has_said(path)
        kind = classify(tree) or (self._kinds.get(path) if not is_somebody_elses(tree) else None)
        if kind is FileKind.CONDA and not ours:
            return None
        # What cannot be read has no shape: where the file is ours by name, that is said.
        is_broken = source.problem is not None or (not tree.is_whole and not is_somebody_elses(tree))
        if kind is None and (drawn or (is_broken and ours)):
            return FileKind.CONDA
        return kind

    # Who draws on whom

    def _note(self, path: str, document: Document | None) -> set[str]:
        """Takes up what a definition draws on now; returns the files that came into scope or left it by that."""
        return self._set_draws(path, drawn_paths(document) if document else ())

    def _set_draws(self, path: str, written: Iterable[str]) -> set[str]:
        new = frozenset(resolve(path, each) for each in written)
        old = self._draws.get(path, frozenset())
        if new == old:
            return set()
        for gone in old - new:
            users = self._users.get(gone, set())
            users.discard(path)
            if not users:
                self._users.pop(gone, None)
        for fresh in new - old:
            self._users.setdefault(fresh, set()).add(path)
        if new:
            self._draws[path] = new
        else:
            self._draws.pop(path, None)
        for changed in old ^ new:
            self._reconsider(changed, taken=changed in new)
        return set(old ^ new)

    def _reconsider(self, path: str, *, taken: bool) -> None:
        """Decides anew whether a file is ours, when a definition took it up or let it go."""

        def may_change(document: Document | None) -> bool:
            return document is None if taken else document is not None and document.kind is FileKind.CONDA

        if path in self._open and may_change(self._open[path]):
            self._open[path] = self._decide(Source(path, self._texts[path]))
        if path in self._loaded and may_change(self._loaded[path].document):
            del self._loaded[path]

    def note_draws(self, draws: dict[str, tuple[str, ...]]) -> set[str]:
        """Takes what a scan found (definition → paths as written in it); returns the open files that it concerns."""
        affected: set[str] = set()
        for path, written in draws.items():
            if path not in self._open:
                affected |= self._set_draws(path, written)
        return affected & self._open.keys()

    def users_of(self, path: str) -> set[str]:
        """The definitions that draw on a path."""
        return set(self._users.get(path, ()))

    def _draw(self, path: str, base: str) -> Drawn:
        document = self._open.get(path)
        if document is not None:
            return Drawn(FileState.PRESENT, path, document)
        found = self._load(path, drawn=True)
        if found.state is FileState.PRESENT:
            return Drawn(found.state, path, found.document)
        if found.state in {FileState.MISSING, FileState.DIRECTORY}:
            return Drawn(found.state, path, nearby=tuple(self._conda_files_near(path, base)))
        return Drawn(found.state, path)

    def _conda_files_near(self, path: str, base: str) -> Iterator[str]:
        """The files of conda's shape that could be meant by `path`, relative to the folder of `base`."""
        for each in disk.nearby(path, self._roots, base):
            # Of conda's shape, in scope or not: judged as if drawn on.
            document = self._open.get(normal(each)) or self._load(normal(each), drawn=True).document
            if document is not None and classify(document.tree) is FileKind.CONDA:
                yield os.path.relpath(each, os.path.dirname(base)).replace(os.sep, "/")

    # Answers

    def snapshot(self, document: Document) -> Snapshot:
        """The world as far as one document's answers depend on it."""
        # A relative path lies nowhere: only texts that no file stands for have one.
        written = drawn_paths(document) if os.path.isabs(document.path) else ()
        paths = [resolve(document.path, each) for each in written]
        drawn = {path: self._draw(path, document.path) for path in paths}
        return Snapshot(self.facts, self.settings_for(document.path), {document.path: document}, drawn)

    def diagnose(self, document: Document) -> tuple[Diagnostic, ...]:
        """The diagnostics of a document of this host."""
        return self.judge(document).diagnostics

    def judge(self, document: Document) -> Judgement:
        """The diagnostics of a document of this host, and the rules that could not run; none for what is excluded."""
        if self.is_excluded(document.path):
            return Judgement((), ())
        return diagnose(self.snapshot(document), document, self._memo, self.report)


def scan(folders: Iterable[str], limit: int) -> dict[str, tuple[str, ...]]:
    """Which definitions in the folders draw on which paths, as written. Reads every YAML file once; for a thread."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        for path in disk.walk(folder, disk.ignored_above(folder)):
            data = disk.read(path, [folder], limit).data
            if b"conda_file" not in data:
                continue
            source = decode(normal(path), data)
            tree = yaml_tree.parse(source.text)
            if classify(tree) is FileKind.ENVIRONMENT:
                written = drawn_paths(build(source, FileKind.ENVIRONMENT, None, tree))
                if written:
                    found[normal(path)] = tuple(written)
    return found
