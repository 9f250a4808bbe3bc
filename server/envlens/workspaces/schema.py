"""The tables of a workspace, and how a file that an older envlens made gets those of today."""

import sqlite3

from ..core.workspace.port import WorkspaceError
from .failures import ELSEWHERE, DamageError, shown

APPLICATION_ID = 0x656E766C
"""`envl`: what the header of the file says about whose it is."""

_V1 = (
    # A mark is a number of one file: each begins elsewhere, so that the marks of a file that is gone are known as such.
    "CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), first_mark INTEGER NOT NULL, mark INTEGER NOT NULL)",
    "INSERT INTO meta VALUES (1, ((random() & 2147483647) << 20) + 1, 0)",
    "UPDATE meta SET mark = first_mark",
    # `digest` is null while it is being brought; `unclaimed` is when that was (seconds), null once a version has it.
    # Numbers are never given out again: who was away for long must not add to what is another's by now.
    """CREATE TABLE blob (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB UNIQUE CHECK (typeof(digest) = 'null' OR length(digest) = 32),
        size INTEGER NOT NULL,
        unclaimed INTEGER)""",
    "CREATE INDEX blob_unclaimed ON blob (unclaimed) WHERE unclaimed IS NOT NULL",
    """CREATE TABLE piece (
        blob INTEGER NOT NULL REFERENCES blob ON DELETE CASCADE,
        number INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (blob, number))""",
    """CREATE TABLE tree (
        id INTEGER PRIMARY KEY,
        merkle BLOB NOT NULL UNIQUE CHECK (length(merkle) = 32),
        files INTEGER NOT NULL,
        size INTEGER NOT NULL)""",
    """CREATE TABLE leaf (
        tree INTEGER NOT NULL REFERENCES tree,
        path BLOB NOT NULL CHECK (typeof(path) = 'blob'),
        executable INTEGER NOT NULL,
        blob INTEGER NOT NULL REFERENCES blob,
        PRIMARY KEY (tree, path)) WITHOUT ROWID""",
    "CREATE INDEX leaf_blob ON leaf (blob)",
    """CREATE TABLE content (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
        image TEXT,
        conda INTEGER REFERENCES blob,
        tree INTEGER REFERENCES tree,
        uri TEXT,
        dockerfile_path TEXT,
        os_type TEXT NOT NULL,
        inference TEXT NOT NULL)""",
    "CREATE INDEX content_conda ON content (conda) WHERE conda IS NOT NULL",
    """CREATE TABLE environment (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        is_anonymous INTEGER NOT NULL,
        is_archived INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL)""",
    "CREATE INDEX environment_changed ON environment (changed)",
    # `id` is the order in which versions were made; `number` is null for a version that is a word.
    """CREATE TABLE version (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        environment INTEGER NOT NULL REFERENCES environment,
        version TEXT NOT NULL,
        number INTEGER,
        content INTEGER NOT NULL REFERENCES content,
        written INTEGER REFERENCES blob,
        kind TEXT NOT NULL,
        fingerprint TEXT,
        unavailable TEXT,
        formula TEXT,
        is_confirmed INTEGER NOT NULL,
        conda_key TEXT,
        sdk_version TEXT,
        description TEXT,
        tags TEXT NOT NULL,
        author TEXT NOT NULL,
        created TEXT NOT NULL,
        modified TEXT NOT NULL,
        is_archived INTEGER NOT NULL DEFAULT 0,
        UNIQUE (environment, version))""",
    "CREATE INDEX version_order ON version (environment, is_archived)",
    "CREATE INDEX version_number ON version (environment, number)",
    "CREATE INDEX version_content ON version (environment, content)",
    "CREATE INDEX version_written ON version (written) WHERE written IS NOT NULL",
    # What is immutable is so for whoever has the file open.
    """CREATE TRIGGER version_stays BEFORE UPDATE OF id, environment, version, number, content, written, kind,
        fingerprint, unavailable, formula, is_confirmed, conda_key, sdk_version, author, created ON version
        BEGIN SELECT RAISE(ABORT, 'a version is immutable'); END""",
    "CREATE TRIGGER content_stays BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'content is immutable'); END",
    "CREATE TRIGGER tree_stays BEFORE UPDATE ON tree BEGIN SELECT RAISE(ABORT, 'a tree is immutable'); END",
    "CREATE TRIGGER leaf_stays BEFORE UPDATE ON leaf BEGIN SELECT RAISE(ABORT, 'a leaf is immutable'); END",
    "CREATE TRIGGER piece_stays BEFORE UPDATE ON piece BEGIN SELECT RAISE(ABORT, 'a piece is immutable'); END",
    """CREATE TRIGGER blob_stays BEFORE UPDATE OF id, digest, size ON blob
        WHEN OLD.digest IS NOT NULL AND (NEW.digest IS NOT NULL OR OLD.unclaimed IS NULL)
        BEGIN SELECT RAISE(ABORT, 'a blob is immutable'); END""",
    """CREATE TRIGGER blob_is_whole BEFORE INSERT ON piece
        WHEN (SELECT digest FROM blob WHERE id = NEW.blob) IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a blob is immutable'); END""",
)
# Which versions have the same predicted image is asked across environments.
_V2 = ("CREATE INDEX version_fingerprint ON version (fingerprint) WHERE fingerprint IS NOT NULL",)

MIGRATIONS = (_V1, _V2)
"""The statements that lead from one schema to the next; their count is the schema of today."""

CURRENT = len(MIGRATIONS)
READABLE = 1
"""The oldest schema that can be read as it is: what came later are indexes."""


def check(connection: sqlite3.Connection, path: str) -> int:
    """The schema of a file, 0 for one that holds nothing yet.

    Raises WorkspaceError for the file of another program, or of an envlens to come.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION_ID:
        if version < 1:
            raise DamageError
        if version > CURRENT:
            raise WorkspaceError(f"{shown(path)} was made by a newer envlens (schema {version}): update envlens")
        return int(version)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application or version or tables:
        raise WorkspaceError(foreign(path))
    return 0


def foreign(path: str) -> str:
    """The text for a database of another program."""
    return f"{shown(path)} is a database of another program; it was not changed: {ELSEWHERE}"


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Brings a file to the schema of today, each step whole or not at all. Raises sqlite3.Error and WorkspaceError."""
    while _step(connection, path) < CURRENT:
        pass


def _step(connection: sqlite3.Connection, path: str) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = check(connection, path)  # another process may have been here first
        if version < CURRENT:
            for statement in MIGRATIONS[version]:
                connection.execute(statement)
            version += 1
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return version
