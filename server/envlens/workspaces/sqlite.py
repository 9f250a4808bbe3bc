"""The embedded workspace: one SQLite file, private to its user, made at the first registration.

Nothing is written before that, and nothing by reading, but for SQLite's own journal.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from ..core.hashing import sdk
from ..core.hashing.tree import Leaf
from ..core.workspace.port import (
    ArchivedError,
    Bring,
    Changes,
    Container,
    NotFoundError,
    Offer,
    Registration,
    Status,
    Version,
    Workspace,
    WorkspaceError,
)
from ..core.workspace.target import Target, version_problem
from . import blobs, registering, stored
from .failures import DamageError, shown
from .opening import File
from .registering import Plan

_ATTEMPTS = 5
"""How often it is begun anew where what was brought is gone: the file was moved away, or a day went by."""


def _now() -> datetime:
    return datetime.now(UTC)


def open_workspace(path: str, *, clock: Callable[[], datetime] = _now) -> "SqliteWorkspace":
    """The workspace in a file, which need not be there. Never raises; what is wrong with the file is said on use."""
    return SqliteWorkspace(File(path), clock)


class SqliteWorkspace:
    """A `core.workspace.port.Workspace`, for one thread at a time."""

    def __init__(self, file: File, clock: Callable[[], datetime]) -> None:
        self._file, self._clock = file, clock

    @property
    def label(self) -> str:
        return "local"

    @property
    def path(self) -> str:
        """The file."""
        return self._file.path

    def register(self, offer: Offer, bring: Bring) -> Registration:
        registering.check(offer)
        for _ in range(_ATTEMPTS):
            try:
                return self._register(offer, bring)
            except blobs.LostError:
                continue
        raise WorkspaceError(f"{shown(self.path)} loses what is brought to it: nothing was registered")

    def _register(self, offer: Offer, bring: Bring) -> Registration:
        now = int(self._clock().timestamp())
        old = now - blobs.KEPT
        plan, is_littered = self._file.read(
            lambda connection: (registering.plan(connection, offer), blobs.has_unclaimed(connection, old)),
            (Plan(offer.version or "1"), False),
        )
        if plan.known is not None and not registering.changed(offer, plan.known):
            return Registration(plan.known, Status.UNCHANGED)
        if is_littered:
            while self._file.write(lambda connection: blobs.sweep(connection, old)):
                pass
        if plan.known is None:
            self._bring(offer, plan, bring, now)
        # The time is told while nobody else writes, so that a later version has a later one.
        return self._file.write(lambda connection: registering.make(connection, offer, self._moment()))

    def _moment(self) -> str:
        return registering.in_words(self._clock())

    def _bring(self, offer: Offer, plan: Plan, bring: Bring, now: int) -> None:
        if plan.content is None and plan.tree is None:
            registering.check_tree(offer)
        wanted = {each.digest: each for each in registering.sources(offer, plan, bring)}
        missing = self._file.read(lambda connection: blobs.missing(connection, wanted), set(wanted))
        blobs.bring(self._file, (each for digest, each in wanted.items() if digest in missing), now)

    def get(self, target: Target) -> Version:
        self._check(target)
        found = self._file.read(lambda connection: stored.version_of(connection, _number_of(connection, target)), None)
        if found is None:
            raise self._nothing(target)
        return found

    def leaves(self, version: Version) -> tuple[Leaf, ...]:
        context = version.content.context
        if context is None or context.merkle is None:
            return ()
        digest = bytes.fromhex(context.merkle)
        found = self._file.read(lambda connection: stored.leaves(connection, digest), None)
        if found is None:
            raise NotFoundError(f"the build context of '{version.target}' is not in {shown(self.path)}")
        return found

    def read(self, leaf: Leaf) -> Iterator[bytes]:
        if self._file.read(lambda connection: blobs.missing(connection, [leaf.digest]), {leaf.digest}):
            raise NotFoundError(f"{shown(leaf.path)} is not in {shown(self.path)}")
        return blobs.stream(self._file, leaf.digest, shown(leaf.path))

    def containers(self, *, archived: bool = False, after: str = "", limit: int = 50) -> tuple[Container, ...]:
        def page(connection: sqlite3.Connection) -> tuple[Container, ...]:
            rows = connection.execute(
                """SELECT id, is_archived FROM environment
                WHERE name > ? AND NOT is_anonymous AND (? OR NOT is_archived) ORDER BY name LIMIT ?""",
                (after, archived, max(limit, 0)),
            ).fetchall()
            return tuple(_container(connection, *row) for row in rows)

        return self._file.read(page, ())

    def versions(self, name: str, *, archived: bool = False) -> tuple[Version, ...]:
        self._check(Target(name))

        def those(connection: sqlite3.Connection) -> tuple[Version, ...]:
            if connection.execute("SELECT 1 FROM environment WHERE name = ?", (name,)).fetchone() is None:
                raise NotFoundError(f"'{name}' is not registered")
            rest = "WHERE e.name = ? AND (? OR NOT (v.is_archived OR e.is_archived)) ORDER BY v.id DESC"
            return tuple(stored.versions(connection, rest, (name, archived)))

        found = self._file.read(those, None)
        if found is None:
            raise self._nothing(Target(name))
        return found

    def archive(self, target: Target) -> bool:
        return self._turn(target, to=True)

    def restore(self, target: Target) -> bool:
        return self._turn(target, to=False)

    def _turn(self, target: Target, *, to: bool) -> bool:
        self._check(target)
        # Asked first: what is not there makes no file, and what is so already needs none that can be written.
        asked = self._file.read(lambda connection: _is_turned(connection, target, to), None)
        if asked is None:
            raise self._nothing(target)
        return asked and self._file.write(lambda connection: _turn(connection, target, to, self._moment()))

    def changes(self, since: int) -> Changes:
        def behind(connection: sqlite3.Connection) -> Changes:
            first, mark = connection.execute("SELECT first_mark, mark FROM meta").fetchone() or (None, None)
            if not isinstance(first, int) or not isinstance(mark, int):
                raise DamageError
            if since == mark:
                return Changes(mark)
            is_ours = first <= since < mark
            return Changes(mark, stored.registered(connection, since if is_ours else 0), is_all=not is_ours)

        return self._file.read(behind, Changes(0, is_all=True))

    def close(self) -> None:
        self._file.close()

    def _check(self, target: Target) -> None:
        registering.check_name(target.name)
        if target.version is not None and (problem := version_problem(target.version)):
            raise WorkspaceError(f"'{target.name}' can have no such version: {problem}")
        if target.version is None and target.name == sdk.NAME:
            raise NotFoundError("anonymous environments are in no list: each is found by its version")

    def _nothing(self, target: Target) -> NotFoundError:
        return NotFoundError(f"'{target.name}' is not registered: there is no workspace in {shown(self.path)} yet")


_AS_PORT: type[Workspace] = SqliteWorkspace  # mypy holds it to the port


def _number_of(connection: sqlite3.Connection, target: Target) -> int:
    """The number in the file of a version, without one of the latest. Raises NotFoundError."""
    environment = connection.execute(
        "SELECT id, is_archived FROM environment WHERE name = ?", (target.name,)
    ).fetchone()
    if environment is None:
        raise NotFoundError(f"'{target.name}' is not registered")
    if target.version is not None:
        row = connection.execute(
            "SELECT id FROM version WHERE environment = ? AND version = ?", (environment[0], target.version)
        ).fetchone()
        if row is None:
            raise NotFoundError(f"'{target.name}' has no version '{target.version}'")
        return int(row[0])
    latest = None if environment[1] else _latest(connection, environment[0])
    if latest is None:
        raise NotFoundError(f"every version of '{target.name}' is archived: name one, or restore it")
    return latest


def _latest(connection: sqlite3.Connection, environment: int) -> int | None:
    row = connection.execute(
        "SELECT id FROM version WHERE environment = ? AND is_archived = 0 ORDER BY id DESC LIMIT 1", (environment,)
    ).fetchone()
    return None if row is None else int(row[0])


def _container(connection: sqlite3.Connection, environment: int, is_archived: int) -> Container:
    count, last = connection.execute(
        "SELECT count(*), max(id) FROM version WHERE environment = ?", (environment,)
    ).fetchone()
    latest = None if is_archived else _latest(connection, environment)
    if not count:
        raise DamageError
    version = stored.version_of(connection, last if latest is None else latest)
    return Container(version.name, version, int(count), bool(is_archived))


def _is_turned(connection: sqlite3.Connection, target: Target, to: bool) -> bool:
    """Whether archiving (or restoring) changes something. Raises NotFoundError and ArchivedError."""
    row = connection.execute("SELECT is_archived FROM environment WHERE name = ?", (target.name,)).fetchone()
    if row is None or (target.version is None and not target.is_latest):
        return bool(_whole(row, target) != to)
    number = _number_of(connection, target)
    if row[0]:
        if not to:
            raise ArchivedError(
                f"'{target.name}' is archived as a whole: restore it first: envlens restore {target.name}"
            )
        return False
    (found,) = connection.execute("SELECT is_archived FROM version WHERE id = ?", (number,)).fetchone()
    return bool(found) != to


def _whole(row: tuple[int] | None, target: Target) -> bool:
    if row is None:
        raise NotFoundError(f"'{target.name}' is not registered")
    return bool(row[0])


def _turn(connection: sqlite3.Connection, target: Target, to: bool, moment: str) -> bool:
    if not _is_turned(connection, target, to):
        return False
    if target.version is None and not target.is_latest:
        connection.execute("UPDATE environment SET is_archived = ? WHERE name = ?", (to, target.name))
    else:
        connection.execute(
            "UPDATE version SET is_archived = ?, modified = ? WHERE id = ?",
            (to, moment, _number_of(connection, target)),
        )
    registering.touch(connection, target.name)
    return True
