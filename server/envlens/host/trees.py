"""Computes the digests of build contexts: ours of the files, and azure-ai-ml's of names and contents in a row."""

import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from hashlib import md5, sha256
from typing import NamedTuple

from ..core.hashing.tree import Leaf, Tree, merkle
from . import disk, tree_read
from .tree_cache import Kept, Known, kept_for
from .tree_files import Checkpoint, File, Survey, shown
from .tree_walk import survey

_MAX_CONTEXTS = 64
# What azure-ai-ml begins with (1.35.2, read).
_SEED = b"Initialize for october 2021 AML CLI version"


class Cancelled(Exception):  # noqa: N818 - no error: somebody asked for it
    """Raised by a checkpoint, and by nothing here."""


class Wanted(NamedTuple):
    """What is asked for beside our own digest.

    `sdk`: the hash of azure-ai-ml since release 1.28, which takes reading everything when anything changed; without it,
    it is there only if it is kept. `md5`: that of releases before 1.28, which is not kept.
    """

    sdk: bool = True
    md5: bool = False


OURS = Wanted(sdk=False)
BOTH = Wanted()


class Looked(NamedTuple):
    """A tree, and the places beyond the context that it hangs on: links lead there."""

    tree: Tree
    beyond: tuple[str, ...] = ()


def look(
    root: str,
    roots: Sequence[str] | None,
    kept: Kept | None = None,
    wanted: Wanted = BOTH,
    checkpoint: Checkpoint | None = None,
) -> Looked:
    """The tree of the context at a path, a folder or a single file.

    With `roots`, nothing outside of them is opened; they are real paths. `kept` saves reading what was read before.

    `checkpoint` is called now and then with the files and bytes read so far, and may raise Cancelled to end the work.
    Nothing else is raised.
    """
    kept = kept if kept is not None else Kept()
    try:
        return _look(root, roots, kept, wanted, checkpoint)
    except tree_read.MovedError:
        pass
    try:  # it may have been saved just then
        return _look(root, roots, kept, wanted, checkpoint)
    except tree_read.MovedError as moved:
        problem = f"'{shown(moved.file.path)}' changes while it is read"
        return Looked(Tree(problem=problem, sdk_problem=problem))


def _look(root: str, roots: Sequence[str] | None, kept: Kept, wanted: Wanted, checkpoint: Checkpoint | None) -> Looked:
    moment = time.time_ns()
    found = survey(root, roots, checkpoint)
    tree = kept.tree(found)
    if tree is None or not _is_enough(tree, wanted):
        tree = _Work(found, kept, moment, tree_read.Progress(checkpoint)).tree(wanted)
        kept.take_tree(found, tree)
        kept.save({file.place for file in found.uploaded})
    return Looked(tree, found.beyond)


class _Work:
    """Reads what is not known of the files that were found."""

    def __init__(self, found: Survey, kept: Kept, moment: int, progress: tree_read.Progress) -> None:
        self._found = found
        self._kept = kept
        self._moment = moment
        self._progress = progress
        # What was read just now and is too young to be kept.
        self._read: dict[str, Known] = {}

    def tree(self, wanted: Wanted) -> Tree:
        """Raises MovedError."""
        found = self._found
        tree = Tree(problem=found.problem, sdk_problem=found.sdk_problem, notes=found.notes, is_file=found.is_file)
        known: list[Known] = []
        try:
            if tree.sdk_problem is None:
                sdk, sdk_md5 = self._sdk(wanted)
                tree = tree._replace(sdk=sdk, sdk_md5=sdk_md5)
            if tree.problem is None:
                known = [self._known(file) for file in found.uploaded]
        except tree_read.UnreadableError as unreadable:
            problem = f"'{shown(unreadable.file.path)}' cannot be read"
            tree = tree._replace(problem=tree.problem or problem)
            if any(step is unreadable.file for step in found.steps):
                tree = tree._replace(sdk=None, sdk_md5=None, sdk_problem=problem)
        self._progress.tell()
        return tree if tree.problem is not None else _filled(tree, found.uploaded, known)

    def _sdk(self, wanted: Wanted) -> tuple[str | None, str | None]:
        steps = self._found.steps
        sdk = self._kept.sdk(steps)
        new = sha256(_SEED) if wanted.sdk and sdk is None else None
        old = md5(_SEED, usedforsecurity=False) if wanted.md5 else None
        hashers = [each for each in (new, old) if each is not None]
        if hashers:
            for step in steps:
                name = step if isinstance(step, str) else step.path.rpartition("/")[2]
                for hasher in () if self._found.is_file else hashers:  # a file that is the context has no name
                    hasher.update(name.encode())
                if isinstance(step, File):
                    self._pass(step, hashers)
        if new is not None:
            sdk = new.hexdigest()
            self._kept.take_sdk(steps, sdk, self._moment)
        return sdk, old.hexdigest() if old is not None else None

    def _pass(self, file: File, hashers: Collection[tree_read.Hasher]) -> None:
        if self._found.problem is not None or self._kept.known(file) is not None:
            tree_read.pass_on(file, hashers, self._progress)
        else:
            self._take(file, tree_read.read(file, hashers, self._progress))

    def _known(self, file: File) -> Known:
        known = self._kept.known(file) or self._read.get(file.place)
        return known or self._take(file, tree_read.read(file, (), self._progress))

    def _take(self, file: File, known: Known) -> Known:
        self._kept.take(file, known, self._moment)
        self._read[file.place] = known
        return known


def _filled(tree: Tree, files: Sequence[File], known: Sequence[Known]) -> Tree:
    found = list(zip(files, known, strict=True))
    # All at once: no path holds a NUL.
    paths = os.fsencode("\0".join([file.path for file in files])).split(b"\0")
    leaves = tuple(
        [
            Leaf(path, file.executable, file.stamp[0], each.digest)
            for path, (file, each) in zip(paths, found, strict=True)
        ]
    )
    return tree._replace(
        leaves=leaves,
        merkle=merkle(leaves),
        crlf=tuple(shown(file.path) for file, each in found if each.has_crlf),
        size=sum(leaf.size for leaf in leaves),
    )


class Trees:
    """The trees of contexts as they were when last looked at, until a change is reported.

    Filled by worker threads (`get`) and asked by the event loop (`peek`, `invalidate`).
    """

    def __init__(self, roots: Sequence[str] | None, keep: Callable[[str], Kept] = kept_for) -> None:
        """With the folders that may be read; `keep` gives what is kept of a context from one process to the next."""
        self._roots = roots
        self._keep = keep
        self._contexts: dict[str, _Context] = {}
        self._lock = threading.Lock()

    def peek(self, root: str) -> Tree | None:
        """The tree at a path if it is known, never blocking. Whether its SDK hash is still to come, it says itself."""
        context = self._contexts.get(disk.normal(root))
        return context.tree if context is not None else None

    def get(self, root: str, wanted: Wanted = BOTH, checkpoint: Checkpoint | None = None) -> Tree:
        """The tree at a path, looked at where it is not known, see `look`."""
        root = disk.normal(root)
        with self._lock:
            context = self._contexts.pop(root, None) or _Context(root)
            self._contexts[root] = context
            while len(self._contexts) > _MAX_CONTEXTS:  # the one that was not asked for longest goes first
                del self._contexts[next(iter(self._contexts))]
        with context.busy:  # whoever asks for the same meanwhile waits, and finds it
            if context.tree is not None and _is_enough(context.tree, wanted):
                return context.tree
            if context.kept is None:
                context.kept = self._keep(root)
            with self._lock:
                context.reported = []
            tree, beyond = look(root, self._roots, context.kept, wanted, checkpoint)
            places = (root, os.path.realpath(root), *beyond)
            with self._lock:
                context.places = places
                if not any(map(context.hangs_on, context.reported)):
                    context.tree = tree
            return tree

    def invalidate(self, path: str) -> None:
        """Forgets what hangs on a file or a folder: one that changed, came or went."""
        path = disk.normal(path)
        with self._lock:
            for context in self._contexts.values():
                if context.hangs_on(path):
                    context.tree = None
                if context.busy.locked():
                    context.reported.append(path)


class _Context:
    """A context and what is known of it.

    `reported` are the changes while it is looked at: where its links lead may be known afterwards only.
    """

    def __init__(self, root: str) -> None:
        self.busy = threading.Lock()
        self.kept: Kept | None = None
        self.tree: Tree | None = None
        self.places: tuple[str, ...] = (root,)
        self.reported: list[str] = []

    def hangs_on(self, path: str) -> bool:
        """Whether what lies at a path, or below it, counts for the tree."""
        return any(disk.is_inside(path, (place,)) or disk.is_inside(place, (path,)) for place in self.places)


def _is_enough(tree: Tree, wanted: Wanted) -> bool:
    if tree.sdk_problem is not None:
        return True
    return (tree.sdk is not None or not wanted.sdk) and (tree.sdk_md5 is not None or not wanted.md5)
