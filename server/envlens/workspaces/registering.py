"""How a version is made: what the rules say of an offer, and the one transaction in which it comes to be."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from ..core.hashing import sdk
from ..core.hashing.tree import merkle
from ..core.model.registered import number_of
from ..core.workspace.port import (
    ArchivedError,
    Bring,
    ConflictError,
    Offer,
    Registration,
    Status,
    Version,
    WorkspaceError,
)
from ..core.workspace.target import name_problem, version_problem
from . import blobs, stored
from .blobs import Source
from .failures import shown


class Plan(NamedTuple):
    """What an offer comes to as the file is now.

    `existing` is the number in the file of the version that has its content already, `known` that version; else
    `version` is to be made. `environment`, `content` and `tree` are numbers in the file of what is there of it, `alike`
    an earlier version with the same content.
    """

    version: str
    environment: int | None = None
    existing: int | None = None
    known: Version | None = None
    alike: str | None = None
    content: int | None = None
    tree: int | None = None


def check(offer: Offer) -> None:
    """Raises WorkspaceError for an offer that nothing can be made of."""
    if offer.is_anonymous:
        if offer.name != sdk.NAME:
            raise WorkspaceError(f"an anonymous environment is called '{sdk.NAME}'")
        if offer.version is None:
            raise WorkspaceError("an anonymous environment needs a version")
    elif offer.name == sdk.NAME:
        raise WorkspaceError(f"'{sdk.NAME}' is the name of anonymous environments: choose another")
    check_name(offer.name)
    if offer.version is not None and (problem := version_problem(offer.version)):
        raise WorkspaceError(f"there can be no such version of '{offer.name}': {problem}")
    context = offer.content.context
    if context is not None and context.merkle is None and context.uri is None:
        raise WorkspaceError("the build context has neither files nor an address")
    for leaf in offer.leaves:
        if problem := stored.path_problem(leaf.path):
            raise WorkspaceError(f"{shown(leaf.path)} cannot be the path of a file: {problem}")


def check_name(name: str) -> None:
    """Raises WorkspaceError for a name that nobody can have."""
    if problem := name_problem(name):
        raise WorkspaceError(f"{shown(name)} names no environment: {problem}")


def plan(connection: sqlite3.Connection, offer: Offer) -> Plan:
    """See `Plan`. Raises ConflictError and ArchivedError."""
    digest = bytes.fromhex(offer.content.digest)
    row = connection.execute("SELECT id FROM content WHERE digest = ?", (digest,)).fetchone()
    content = None if row is None else int(row[0])
    context = offer.content.context
    tree = None
    if context is not None and context.merkle is not None:
        row = connection.execute("SELECT id FROM tree WHERE merkle = ?", (bytes.fromhex(context.merkle),)).fetchone()
        tree = None if row is None else int(row[0])
    found = Plan(offer.version or "1", content=content, tree=tree)
    row = connection.execute("SELECT id, is_archived FROM environment WHERE name = ?", (offer.name,)).fetchone()
    if row is None:
        return found
    environment, is_archived = row
    if is_archived:
        raise ArchivedError(f"'{offer.name}' is archived: restore it first: envlens restore {offer.name}")
    found = found._replace(environment=environment)
    existing = _existing(connection, environment, offer.version)
    if existing is not None and existing[1] == content:
        return found._replace(existing=existing[0], known=stored.version_of(connection, existing[0]))
    if existing is not None and offer.version is not None:
        raise ConflictError(stored.version_of(connection, existing[0]))
    if offer.version is None:
        found = found._replace(version=_next(connection, environment, offer.name))
    row = connection.execute(
        "SELECT version FROM version WHERE environment = ? AND content = ? ORDER BY id DESC LIMIT 1",
        (environment, content),
    ).fetchone()
    return found._replace(alike=None if row is None else str(row[0]))


def _existing(connection: sqlite3.Connection, environment: int, version: str | None) -> tuple[int, int] | None:
    """The number and content of a version, for None of the latest."""
    if version is not None:
        row = connection.execute(
            "SELECT id, content FROM version WHERE environment = ? AND version = ?", (environment, version)
        ).fetchone()
    else:
        row = connection.execute(
            "SELECT id, content FROM version WHERE environment = ? AND is_archived = 0 ORDER BY id DESC LIMIT 1",
            (environment,),
        ).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def _next(connection: sqlite3.Connection, environment: int, name: str) -> str:
    (highest,) = connection.execute("SELECT max(number) FROM version WHERE environment = ?", (environment,)).fetchone()
    version = str((highest or 0) + 1)
    if number_of(version) is None:  # too long for a number: the one behind it could not be told
        raise WorkspaceError(f"'{name}' has no next number: give a version")
    return version


def changed(offer: Offer, known: Version) -> bool:
    """Whether an offer brings another description or other tags than a version has."""
    is_other_text = offer.description is not None and offer.description != known.description
    return is_other_text or (offer.tags is not None and dict(offer.tags) != dict(known.tags))


def sources(offer: Offer, found: Plan, bring: Bring) -> Iterator[Source]:
    """What has to be stored before a version can be made."""
    if offer.written is not None:
        yield blobs.of_text(offer.written, "the conda file")
    if found.content is not None:
        return
    if offer.content.conda is not None:
        yield blobs.of_text(offer.content.conda, "the conda specification")
    if found.tree is None:
        for leaf in offer.leaves:
            yield Source(leaf.digest, leaf.size, shown(leaf.path), lambda leaf=leaf: bring(leaf))  # type: ignore[misc]


def check_tree(offer: Offer) -> None:
    """Raises WorkspaceError where the files of a build context are not those that its digest was made of."""
    context = offer.content.context
    if context is None or context.merkle is None:
        return
    try:
        found = merkle(offer.leaves)
    except ValueError:
        found = ""
    if found != context.merkle:
        raise WorkspaceError("the build context is not the one that was hashed: nothing was registered")


def make(connection: sqlite3.Connection, offer: Offer, moment: str) -> Registration:
    """Makes or updates a version. Raises ConflictError, ArchivedError, and LostError where it lacks bytes."""
    found = plan(connection, offer)
    if found.known is not None and found.existing is not None:
        if not changed(offer, found.known):
            return Registration(found.known, Status.UNCHANGED)
        _update(connection, offer, found.existing, found.known, moment)
        touch(connection, offer.name)
        return Registration(stored.version_of(connection, found.existing), Status.UPDATED)
    content = found.content if found.content is not None else _content(connection, offer, found.tree)
    environment = found.environment
    if environment is None:
        environment = connection.execute(
            "INSERT INTO environment (name, is_anonymous, changed) VALUES (?, ?, 0)", (offer.name, offer.is_anonymous)
        ).lastrowid
    number = _version(connection, offer, found.version, (environment, content), moment)
    touch(connection, offer.name)
    return Registration(stored.version_of(connection, number), Status.CREATED, found.alike)


def touch(connection: sqlite3.Connection, name: str) -> None:
    """Raises the mark of the file, and notes it as that of an environment."""
    connection.execute("UPDATE meta SET mark = mark + 1")
    connection.execute("UPDATE environment SET changed = (SELECT mark FROM meta) WHERE name = ?", (name,))


def _update(connection: sqlite3.Connection, offer: Offer, number: int, known: Version, moment: str) -> None:
    description = known.description if offer.description is None else offer.description
    tags = known.tags if offer.tags is None else offer.tags
    connection.execute(
        "UPDATE version SET description = CAST(? AS TEXT), tags = ?, modified = ? WHERE id = ?",
        (_told(description), stored.tags_text(tags), moment, number),
    )


def _content(connection: sqlite3.Connection, offer: Offer, tree: int | None) -> int:
    content = offer.content
    context = content.context
    if context is not None and context.merkle is not None and tree is None:
        tree = _tree(connection, offer, bytes.fromhex(context.merkle))
    made = connection.execute(
        """INSERT INTO content (digest, image, conda, tree, uri, dockerfile_path, os_type, inference)
        VALUES (?, CAST(? AS TEXT), ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?)""",
        (
            bytes.fromhex(content.digest),
            _told(content.image),
            _text(connection, content.conda),
            tree,
            _told(context.uri if context is not None else None),
            _told(content.dockerfile_path),
            _told(content.os_type),
            stored.inference_text(content.inference),
        ),
    )
    return int(made.lastrowid or 0)


def _tree(connection: sqlite3.Connection, offer: Offer, digest: bytes) -> int:
    size = sum(leaf.size for leaf in offer.leaves)
    made = connection.execute(
        "INSERT INTO tree (merkle, files, size) VALUES (?, ?, ?)", (digest, len(offer.leaves), size)
    )
    tree = int(made.lastrowid or 0)
    connection.executemany(
        "INSERT INTO leaf VALUES (?, ?, ?, ?)",
        (
            (tree, leaf.path, int(leaf.executable), blobs.claim(connection, leaf.digest, leaf.size))
            for leaf in sorted(offer.leaves)
        ),
    )
    return tree


def _version(
    connection: sqlite3.Connection, offer: Offer, version: str, belongs: tuple[int | None, int], moment: str
) -> int:
    forecast = offer.forecast
    made = connection.execute(
        """INSERT INTO version (environment, content, version, number, written, kind, fingerprint, unavailable, formula,
            is_confirmed, conda_key, sdk_version, description, tags, author, created, modified)
        VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?, ?)""",
        (
            *belongs,
            version,
            number_of(version),
            _text(connection, offer.written),
            forecast.kind.value,
            forecast.fingerprint,
            _told(forecast.unavailable),
            forecast.formula.value if forecast.formula is not None else None,
            int(forecast.is_confirmed),
            forecast.conda_key,
            forecast.sdk_version,
            _told(offer.description),
            stored.tags_text(offer.tags or {}),
            _told(offer.author),
            moment,
            moment,
        ),
    )
    return int(made.lastrowid or 0)


def _text(connection: sqlite3.Connection, text: str | None) -> int | None:
    if text is None:
        return None
    source = blobs.of_text(text, "the conda file")
    return blobs.claim(connection, source.digest, source.size)


def _told(text: str | None) -> bytes | None:
    """A text as SQLite takes it whatever it holds: half of a surrogate pair, too."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def in_words(moment: datetime) -> str:
    """A moment as versions tell it: UTC in ISO 8601 to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
