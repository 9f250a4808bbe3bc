"""The mutable centre: open files, what was read from disk, and who draws on whom. Everything leaves it as a Snapshot.

Only one thread may change it (the server's event loop). Paths are absolute and `/`-separated.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..core.features.diagnose import Judgement, Memo, Report, as_written, diagnose
from ..core.index.snapshot import Snapshot
from ..core.model.dockerfile import Known
from ..core.model.document import Document, FileKind, Reuse, build, kind_by_name, oversized, parse_yaml
from ..core.model.environment import Definition
from ..core.model.facts import Entry, Facts, FileState
from ..core.model.registered import Registered
from ..core.rules._rule import Looked, Use
from ..core.settings import Include, Settings
from ..core.text.diagnostic import Diagnostic
from ..core.text.source import Source, decode, decode_requirements
from . import catalogue, contexts, disk, drawing, scope, using
from .disk import normal
from .folders import DIRECT, Folders
from .graph import Graph
from .names import Names, named
from .registered import RegisteredNames
from .scan import Found
from .scope import Base, Claim, Lookup

if TYPE_CHECKING:
    from ..core.hashing.earlier import EarlierOf

__all__ = ["Base", "Host", "Lookup", "normal"]


class _Loaded(NamedTuple):
    """A file as it was found on disk: what changes when it changes, why it was not read, the document if it is ours."""

    stamp: disk.Stamp | None
    state: FileState
    document: Document | None


class Host:
    """See the module. `report` is told of rules that fail; `earlier_of` says what rules compare a document with."""

    def __init__(self, facts: Facts, report: Report, roots: Iterable[str] = (), lookup: Lookup | None = None) -> None:
        self.facts = facts
        self.report = report
        self.says_effects = False  # whether titles of fixes say that a hash changes
        self._memo = Memo()
        self._known = Known()
        self._roots: Sequence[str] | None = roots if isinstance(roots, disk.Roots) and roots else list(roots) or None
        self._lookup: Lookup = lookup or scope.defaults
        self._bases: dict[str, Base] = {}
        self._texts: dict[str, str] = {}
        self._open: dict[str, Document | None] = {}  # None: open, and not ours
        self._kinds: dict[str, FileKind] = {}
        self.named: set[str] = set()
        self._loaded: dict[str, _Loaded] = {}
        self._noted: dict[str, Document | None] = {}
        self.graph = Graph()
        self.names = Names()
        self.registered = RegisteredNames()
        self._uses_shown: dict[str, tuple[Use, ...]] = {}  # by open file
        self.earlier_of: EarlierOf = lambda _document: None

    # What may be read, and by which settings

    @property
    def roots(self) -> Sequence[str]:
        """The folders that may be read, as real paths; none for a file opened without any, which restricts nothing."""
        return self._roots or []

    @property
    def folders(self) -> Folders:
        """How it is found out what lies at paths."""
        return self._roots.folders if isinstance(self._roots, disk.Roots) else DIRECT

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
        folder = path.rpartition("/")[0] or "/"
        base = self._bases.get(folder)
        if base is None:
            base = self._bases[folder] = self._lookup(folder)
        return base

    @property
    def bases(self) -> list[str]:
        """The folders whose settings were asked for."""
        return list(self._bases)

    def settings_for(self, path: str) -> Settings:
        """The settings that hold for a file, but for what `path-ignores` turns off in it."""
        return self.base_of(path).settings

    # Open files

    def name(self, path: str) -> None:
        """Takes a file as asked for by name: a conda file of any name is then ours."""
        self.named.add(path)
        self._loaded.pop(path, None)

    def update(self, path: str, text: str) -> set[str]:
        """Takes the text of an open file; returns the open files whose answers may have changed, itself included."""
        self._texts[path] = text
        document = self._decide(Source(path, text))
        self._open[path] = document
        return {path} | self._concerned(path, document)

    def close(self, path: str) -> set[str]:
        """Forgets an open file: the disk counts again. Returns the open files whose answers may have changed."""
        self._open.pop(path, None)
        self._uses_shown.pop(path, None)
        self._texts.pop(path, None)
        self._kinds.pop(path, None)
        return self.changed_on_disk(path)

    def changed_on_disk(self, path: str) -> set[str]:
        """Looks again at a file that was made, changed or deleted; returns the open files that it may concern."""
        self._loaded.pop(path, None)
        affected = {each for each in self._open if self._is_in_context(path, each)}
        if path in self._open:
            return affected | (self.users_of(path) & self._open.keys())
        return affected | self._concerned(path, self._load(path).document)

    def _concerned(self, path: str, document: Document | None) -> set[str]:
        """Takes up what a file draws on and its names now; returns the other open files that it may concern."""
        opened = self._open.keys()
        before = using.below(path, self.graph, self.names, self.roots) & opened
        defined = self.names.of(path).definition
        affected = self.users_of(path) | self._note(path, document)
        if self.names.of(path).definition != defined:
            affected |= {each for each in opened if self.names.of(each).refers}
        for each in set(self.above(path)) & opened:
            held = self._open[each]
            affected |= {each} if held is not None and drawing.looks_into_definitions(held) else set()
        # What a file says of those that use it changes with them.
        for each in before | (using.below(path, self.graph, self.names, self.roots) & opened):
            if self.uses_of(each) != self._uses_shown.get(each, ()):
                affected.add(each)
        return affected & opened

    def uses_of(self, path: str) -> tuple[Use, ...]:
        """Where definitions and jobs use a file."""
        users = self.above(path)
        return tuple(using.uses(path, users, self.graph, self.names, self.held)) if users else ()

    def above(self, path: str) -> tuple[str, ...]:
        """The files that use a file, through as many as it takes; the nearest first, and not more than a few."""
        return using.above(path, self.graph, self.names, self.roots)

    def look_up(self, name: str) -> Looked:
        """What the folders and the workspace know of the name of an environment."""
        found, registered = self.names.called(name, self.roots), self.registered.get(name)
        if found or registered is not None:
            return Looked(found, (), registered)
        meant = {*self.names.meant(name, self.roots), *self.registered.meant(name)}
        return Looked(meant=tuple(sorted(meant)), has_workspace=bool(meant and self.registered.all))

    def take_registered(self, found: Iterable[Registered], *, is_all: bool = False) -> set[str]:
        """Takes what the workspace has, with `is_all` nothing else; returns the open files that it concerns."""
        before = set(self.registered.all)
        changed = self.registered.take(found, is_all=is_all)
        is_renamed = before != self.registered.all.keys()
        affected: set[str] = set()
        for path in self._open if changed else ():
            named = self.names.of(path)
            own = {named.definition.name} if named.definition is not None else set()
            # A name that came may be what one that is not found was meant to be.
            if (own | named.refers) & changed or (is_renamed and named.refers):
                affected.add(path)
        return affected

    def _is_in_context(self, path: str, user: str) -> bool:
        """Whether a path lies in a build context of an open file."""
        uses = (*self.graph.drawn_by(user).values(), *self.graph.users(user).values())
        return any(use.context and path.startswith(f"{use.context.rstrip('/')}/") for use in uses)

    def document(self, path: str) -> Document | None:
        """The document of an open file."""
        return self._open.get(path)

    # Files on disk

    def load(self, path: str) -> Document | None:
        """The document of a file on disk, None where it is not ours or cannot be read."""
        if path in self._open:
            return self._open[path]
        document = self._load(path).document
        if self._noted.get(path, _NOBODY) is not document:
            self._noted[path] = document
            self._note(path, document)
        return document

    def read_state(self, path: str) -> FileState:
        """Why a file could not be read, or that it could."""
        return self._load(path).state

    def stamps(self) -> dict[str, disk.Stamp | None]:
        """The paths that were looked at on disk, there or not, with what changes when they change."""
        return {path: each.stamp for path, each in self._loaded.items()}

    def source_of(self, path: str) -> Source | None:
        """The text of a file that a finding points to, unsaved text first; None where it cannot be read."""
        known = self._open.get(path) or (self._load(path).document if path in self._loaded else None)
        if known is not None:
            return known.source
        found = disk.read(path, self._roots, self.settings_for(path).max_file_size)
        return self.decode(path, found.data) if found.state is FileState.PRESENT else None

    def _load(self, path: str, drawn: FileKind | None = None) -> _Loaded:
        """A file on disk, read once while it stays as it is. `drawn`: what a file in hand takes it for."""
        known = self._loaded.get(path)
        if known is not None and (known.document is not None or not drawn):
            is_lasting = isinstance(self._roots, disk.Roots)
            if is_lasting or known.stamp == disk.stamp(path, self._roots):
                return known
        found = disk.read(path, self._roots, self.settings_for(path).max_file_size)
        if found.state is FileState.PRESENT:
            document = self._decide(self.decode(path, found.data, drawn), drawn)
        else:
            document = self.oversized(path) if found.state is FileState.TOO_LARGE else None
        known = self._loaded[path] = _Loaded(found.stamp, found.state, document)
        return known

    def decode(self, path: str, data: bytes, drawn: FileKind | None = None) -> Source:
        """The text of a file. Requirements files pip reads in encodings that nothing else takes."""
        is_pips = scope.known_kind(self._claim(path, drawn)) is FileKind.REQUIREMENTS
        return decode_requirements(path, data) if is_pips else decode(path, data)

    def oversized(self, path: str) -> Document | None:
        """The document of a text that is too large to be read, None where it is not ours by name."""
        claim = self._claim(path)
        kind = claim.stated or claim.drawn
        if kind is None and claim.is_said:
            kind = kind_by_name(path) or FileKind.CONDA
        return oversized(path, kind, self.settings_for(path).max_file_size) if kind else None

    # Scope

    def included(self, path: str) -> Include | None:
        """The `include` entry that matches a path, None for none."""
        root, settings = self.base_of(path)
        return scope.included(path, root, settings) if settings.include else None

    def is_included(self, path: str) -> bool:
        """Whether an `include` pattern matches a path."""
        return self.included(normal(path)) is not None

    def is_excluded(self, path: str) -> bool:
        """Whether an `exclude` pattern matches a path."""
        root, settings = self.base_of(path)
        return scope.is_excluded(path, root, settings)

    def _claim(self, path: str, drawn: FileKind | None = None) -> Claim:
        entry = self.included(path)
        return Claim(
            path,
            stated=entry.kind if entry else None,
            is_included=entry is not None,
            drawn=drawn or self.graph.kind_of(path),
            is_named=path in self.named,
            before=self._kinds.get(path),
        )

    def _decide(self, source: Source, drawn: FileKind | None = None) -> Document | None:
        claim = self._claim(source.path, drawn)
        kind, tree = scope.known_kind(claim), None
        if kind is None or kind.is_yaml:
            tree = parse_yaml(source, kind)
            kind = kind or scope.shown_kind(claim, source, tree)
        if kind is None:
            return None
        self._kinds[source.path] = kind
        schema = catalogue.environment_schema() if kind in _WITH_SCHEMA else None
        return build(source, kind, schema, tree, Reuse(self._known, self._open.get(source.path)))

    # Who draws on whom

    def _note(self, path: str, document: Document | None) -> set[str]:
        """Takes up what a file draws on now, and what that draws on; returns the files whose scope may have changed."""
        self.names.note(path, named(document))
        affected: set[str] = set()
        pending: list[tuple[str, Document | None]] = [(path, document)]
        while pending:
            user, drawing = pending.pop()
            kind = drawing.kind if drawing else None
            changed = self.graph.replace(user, kind, drawing.draws if drawing else ())
            for each, taken in changed.items():
                affected.add(each)
                self._reconsider(each, taken=taken)
                role = self.graph.kind_of(each)
                if role in _FOLLOWED:
                    pending.append((each, self._open[each] if each in self._open else self._load(each, role).document))
                elif not taken and self.graph.drawn_by(each):
                    pending.append((each, None))
        return affected

    def _reconsider(self, path: str, *, taken: bool) -> None:
        """Decides anew whether a file is ours, when another took it up or let it go."""

        def may_change(document: Document | None) -> bool:
            return document is None if taken else document is not None and document.kind in _BY_USE

        if path in self._open and may_change(self._open[path]):
            self._kinds.pop(path, None)
            self._open[path] = self._decide(Source(path, self._texts[path]))
        if path in self._loaded and may_change(self._loaded[path].document):
            del self._loaded[path]

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The named definitions of the folders, as far as they were looked at."""
        return tuple(self.names.definitions(self.roots))

    def referring(self, name: str) -> Iterator[Document]:
        """The documents of the folders that refer to an environment by its name."""
        yield from filter(None, map(self.load, self.names.referring(name, self.roots)))

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """What lies in a folder, for one to choose from."""
        return disk.entries(folder, self._roots) if os.path.isabs(folder) else ()

    def note_found(self, found: Iterable[Found]) -> set[str]:
        """Takes what a scan found; returns the open files that it concerns."""
        affected: set[str] = set()
        for each in found:
            if each.path not in self._open:
                renamed = self.names.note(each.path, each.named)
                affected |= {path for path in self._open if renamed and self.names.of(path).refers}
                changed = self.graph.replace(each.path, each.kind, each.draws)
                for path, taken in changed.items():
                    self._reconsider(path, taken=taken)
                affected |= changed.keys() | using.below(each.path, self.graph, self.names, self.roots)
        return affected & self._open.keys()

    def users_of(self, path: str) -> set[str]:
        """The files that draw on a path."""
        return set(self.graph.users(path))

    # Answers

    def snapshot(self, document: Document) -> Snapshot:
        """The world as far as one document's answers depend on it."""
        made = drawing.snapshot(self, document)
        if document.path in self._open:
            self._uses_shown[document.path] = made.uses
        return made

    def held(self, path: str) -> Document | None:
        """The document of a file, open or not, without taking up anything of it."""
        return self._open[path] if path in self._open else self._load(path).document

    def found(self, path: str, drawn: FileKind) -> tuple[FileState, Document | None]:
        """What lies where a file is drawn on, and the document of it that this makes."""
        if path in self._open and self._open[path] is not None:
            return FileState.PRESENT, self._open[path]
        found = self._load(path, drawn)
        return found.state, found.document

    def contexts_of(self, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The build contexts that a file is uploaded with, and the files whose definitions are built from them."""
        return tuple(each for each in self.graph.contexts_around(path) if contexts.takes(each[0], path, self._roots))

    def diagnose(self, document: Document) -> tuple[Diagnostic, ...]:
        """The diagnostics of a document of this host."""
        return self.judge(document).diagnostics

    def judge(self, document: Document) -> Judgement:
        """The diagnostics of a document of this host, and the rules that could not run; none for what is excluded."""
        if self.is_excluded(document.path):
            return Judgement((), ())
        return diagnose(self.snapshot(document), document, self._memo, self.report, effects=self.says_effects)

    def judge_as_written(self, document: Document) -> tuple[Diagnostic, ...]:
        """The diagnostics of a document as if nothing excluded it, and no setting and no comment silenced any."""
        return as_written(self.snapshot(document), document, self._memo, self.report)


_NOBODY = object()
_WITH_SCHEMA = frozenset({FileKind.ENVIRONMENT, FileKind.JOB})
# What draws on further files, once it is drawn on.
_FOLLOWED = frozenset({FileKind.DOCKERFILE, FileKind.REQUIREMENTS, FileKind.ENVIRONMENT})
# What is ours only because something draws on it.
_BY_USE = frozenset({FileKind.CONDA, FileKind.DOCKERFILE, FileKind.REQUIREMENTS})
