"""Rows as the values of the port. Nothing in a file is believed: what is malformed raises DamageError."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..core.hashing.prediction import Formula, Kind
from ..core.hashing.tree import Leaf, merkle
from ..core.model.registered import Registered, RegisteredVersion
from ..core.workspace.content import Content, Context, Route
from ..core.workspace.port import Forecast, Version
from ..core.workspace.target import name_problem, version_problem
from . import blobs
from .failures import DamageError

_SPOILT = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)

_VERSIONS = """
    SELECT v.id, e.name, v.version, c.digest, c.image, c.conda, c.tree, t.merkle, t.files, t.size, c.uri,
        c.dockerfile_path, c.os_type, c.inference, v.written, v.kind, v.fingerprint, v.unavailable, v.formula,
        v.is_confirmed, v.conda_key, v.sdk_version, v.description, v.tags, v.author, v.created, v.modified,
        v.is_archived, e.is_archived, e.is_anonymous
    FROM version v JOIN environment e ON e.id = v.environment JOIN content c ON c.id = v.content
        LEFT JOIN tree t ON t.id = c.tree
"""


_FACTS = "SELECT e.name, e.is_archived, v.version, c.digest, v.fingerprint, v.is_archived FROM "
# CROSS JOIN is SQLite's word for joining in the order that is written: all of it is read as it lies in the file, and of
# what changed nothing else is looked at.
_ALL = f"""{_FACTS} version v CROSS JOIN content c ON c.id = v.content CROSS JOIN environment e ON e.id = v.environment
    WHERE NOT e.is_anonymous ORDER BY v.id"""
_CHANGED = f"""{_FACTS} environment e CROSS JOIN version v ON v.environment = e.id
    CROSS JOIN content c ON c.id = v.content
    WHERE e.changed > ? AND NOT e.is_anonymous ORDER BY v.id"""


class _Row(NamedTuple):
    id: int
    name: str
    version: str
    digest: bytes
    image: str | None
    conda: int | None
    tree: int | None
    merkle: bytes | None
    files: int | None
    size: int | None
    uri: str | None
    dockerfile_path: str | None
    os_type: str
    inference: str
    written: int | None
    kind: str
    fingerprint: str | None
    unavailable: str | None
    formula: str | None
    is_confirmed: int
    conda_key: str | None
    sdk_version: str | None
    description: str | None
    tags: str
    author: str
    created: str
    modified: str
    is_archived: int
    is_environment_archived: int
    is_anonymous: int


def versions(connection: sqlite3.Connection, rest: str, values: tuple[object, ...]) -> Iterator[Version]:
    """The versions that a clause finds: `v` and `e` are their tables. Raises DamageError."""
    for found in connection.execute(_VERSIONS + rest, values).fetchall():
        yield _version(connection, _Row(*found))


def version_of(connection: sqlite3.Connection, number: int) -> Version:
    """The version with a number in the file. Raises DamageError."""
    found = next(versions(connection, "WHERE v.id = ?", (number,)), None)
    if found is None:
        raise DamageError
    return found


def _version(connection: sqlite3.Connection, row: _Row) -> Version:
    try:
        content = _content(row, blobs.text(connection, row.conda))
        if bytes.fromhex(content.digest) != row.digest or name_problem(row.name) or version_problem(row.version):
            raise DamageError
        forecast = Forecast(
            Kind(row.kind),
            _word(row.fingerprint),
            _optional(row.unavailable),
            None if row.formula is None else Formula(row.formula),
            bool(row.is_confirmed),
            _word(row.conda_key),
            _word(row.sdk_version),
        )
        return Version(
            row.name,
            row.version,
            content,
            forecast,
            written=blobs.text(connection, row.written),
            description=_optional(row.description),
            tags=MappingProxyType({_text(key): _text(value) for key, value in json.loads(row.tags).items()}),
            author=_text(row.author),
            created=_word(row.created) or "",
            modified=_word(row.modified) or "",
            is_archived=bool(row.is_archived or row.is_environment_archived),
            is_anonymous=bool(row.is_anonymous),
        )
    except _SPOILT as error:
        raise DamageError from error


def _content(row: _Row, conda: str | None) -> Content:
    context = None
    if row.tree is not None:
        if row.merkle is None or len(row.merkle) != 32:
            raise DamageError
        context = Context(row.merkle.hex(), _number(row.files), _number(row.size), _optional(row.uri))
    elif row.uri is not None:
        context = Context(None, uri=_text(row.uri))
    routes = {_text(key): Route(_number(port), _text(path)) for key, (port, path) in json.loads(row.inference).items()}
    return Content(
        image=_optional(row.image),
        conda=conda,
        context=context,
        dockerfile_path=_optional(row.dockerfile_path),
        os_type=_text(row.os_type),
        inference=MappingProxyType(routes),
    )


def leaves(connection: sqlite3.Connection, digest: bytes) -> tuple[Leaf, ...] | None:
    """The files of a tree by path, None where there is no such tree. Raises DamageError."""
    tree = connection.execute("SELECT id FROM tree WHERE merkle = ?", (digest,)).fetchone()
    if tree is None:
        return None
    rows = connection.execute(
        "SELECT path, executable, blob.size, digest FROM leaf JOIN blob ON blob.id = blob WHERE tree = ? ORDER BY path",
        tree,
    )
    try:
        found = tuple(Leaf(_bytes(path), bool(mode), _number(size), _bytes(of)) for path, mode, size, of in rows)
        if any(path_problem(each.path) for each in found) or merkle(found) != digest.hex():
            raise DamageError
    except _SPOILT as error:
        raise DamageError from error
    return found


def path_problem(path: bytes) -> str | None:
    """Why a file of a build context cannot have a path, None where it can. Such paths stay below their folder."""
    if b"\0" in path:
        return "it holds a NUL"
    if any(part in {b"", b".", b".."} for part in path.split(b"/")):
        return "it does not stay below its folder"
    return None


def registered(connection: sqlite3.Connection, since: int) -> tuple[Registered, ...]:
    """The environments that changed behind a mark, 0 for all, by name; no anonymous ones. Raises DamageError."""
    made: dict[str, tuple[bool, list[RegisteredVersion]]] = {}
    rows = connection.execute(_CHANGED, (since,)) if since else connection.execute(_ALL)
    try:
        for name, is_whole_archived, version, content, fingerprint, is_archived in rows:
            if name not in made:
                if name_problem(name):
                    raise DamageError
                made[name] = bool(is_whole_archived), []
            if version_problem(version):
                raise DamageError
            one = RegisteredVersion(version, _bytes(content).hex(), _word(fingerprint), bool(is_archived))
            made[name][1].append(one)
    except _SPOILT as error:
        raise DamageError from error
    return tuple(Registered(name, tuple(each), archived) for name, (archived, each) in sorted(made.items()))


def tags_text(tags: Mapping[str, str]) -> str:
    """Tags as they are stored."""
    return json.dumps(dict(tags))


def inference_text(routes: Mapping[str, Route]) -> str:
    """Inference routes as they are stored."""
    return json.dumps({name: list(each) for name, each in routes.items()}, sort_keys=True)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise DamageError
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _word(value: Any) -> str | None:
    """What nobody but us chose, and is shown as it is: nothing in it may steer a terminal."""
    found = _optional(value)
    if found is not None and not (found.isascii() and found.isprintable()):
        raise DamageError
    return found


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise DamageError
    return value


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise DamageError
    return value
