"""The port: what a workspace can do, what passes through it, and how it says that it could not.

It is shaped so that the Azure ML workspace can stand behind it too: a version is made in one call that says whether it
was made, was there already, or is refused; what is immutable is brought as bytes by digest; lists come in pages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

from ..hashing.prediction import Formula, Kind, conda_path, image_name
from ..hashing.tree import Leaf
from ..model.registered import Registered
from .content import Content
from .target import Target


class WorkspaceError(Exception):
    """The workspace cannot do it. The text says what and what to do, in one line, and holds nothing of a definition."""


class NotFoundError(WorkspaceError):
    """There is nothing of that name or version."""


class ArchivedError(WorkspaceError):
    """It cannot be done with what is archived."""


class ConflictError(WorkspaceError):
    """The version is there already, with another content."""

    def __init__(self, existing: "Version") -> None:
        super().__init__(f"{existing.name}:{existing.version} is registered already, with another content")
        self.existing = existing


class Forecast(NamedTuple):
    """What was predicted of a definition when it was registered; see `hashing.prediction.Prediction`."""

    kind: Kind
    fingerprint: str | None = None
    unavailable: str | None = None
    formula: Formula | None = None
    is_confirmed: bool = False
    conda_key: str | None = None
    sdk_version: str | None = None

    @property
    def image_name(self) -> str | None:
        """The name of the image in Azure, None where that is not known."""
        return image_name(self.formula, self.fingerprint)

    @property
    def conda_path(self) -> str | None:
        """The path of the conda environment inside the image."""
        return conda_path(self.conda_key)


class Offer(NamedTuple):
    """What is to be registered. `version` None takes the next number.

    `written` is the conda specification as its author wrote it, comments included. `description` and `tags` None leave
    those of a version that is there as they are. `leaves` are the files of the build context.
    """

    name: str
    version: str | None
    content: Content
    forecast: Forecast
    written: str | None = None
    leaves: tuple[Leaf, ...] = ()
    description: str | None = None
    tags: Mapping[str, str] | None = None
    author: str = ""
    is_anonymous: bool = False


Bring = Callable[[Leaf], Iterable[bytes]]
"""Gives the bytes of a file of the build context, when they are wanted. May raise WorkspaceError to end it."""


class Version(NamedTuple):
    """A version as it is registered. `created` and `modified` are UTC in ISO 8601 to the microsecond, with a `Z`.

    `is_archived` says it of the version itself or of all of its environment.
    """

    name: str
    version: str
    content: Content
    forecast: Forecast
    written: str | None = None
    description: str | None = None
    tags: Mapping[str, str] = MappingProxyType({})
    author: str = ""
    created: str = ""
    modified: str = ""
    is_archived: bool = False
    is_anonymous: bool = False

    @property
    def target(self) -> Target:
        """How it is called."""
        return Target(self.name, self.version)

    @property
    def minute(self) -> str:
        """When it was made, to the minute, for people: `2026-11-22 10:00`."""
        return self.created[: len("2026-11-22T10:00")].replace("T", " ")


class Status(StrEnum):
    """What came of registering."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    UPDATED = "updated"  # description or tags


class Registration(NamedTuple):
    """The version that a definition is registered as. `alike` is an earlier version with the same content."""

    version: Version
    status: Status
    alike: str | None = None


class Container(NamedTuple):
    """An environment in a list: its latest version (of all, where each is archived), and how many there are."""

    name: str
    latest: Version
    versions: int
    is_archived: bool = False


class Changes(NamedTuple):
    """What became of environments since a mark, whole, and the mark to ask from next time.

    `is_all`: these are all that there are, and any other that was told of is gone. It is so for mark 0, and for a mark
    of a workspace that was taken away and perhaps begun anew.
    """

    mark: int
    environments: tuple[Registered, ...] = ()
    is_all: bool = False


class Workspace(Protocol):
    """Environments with versions. Every method may raise WorkspaceError; names that nobody can have raise it, too.

    An anonymous environment is in no list and in no changes; it is found by its version.
    """

    @property
    def label(self) -> str:
        """What messages call it: `local`."""
        ...

    def register(self, offer: Offer, bring: Bring) -> Registration:
        """Makes a version, or finds it there. At every moment it is there whole or not at all.

        Without a version: the latest one where that has the same content, else the next number. With one: that, where
        it has the same content. Raises ConflictError, and ArchivedError where the whole environment is archived.
        """
        ...

    def get(self, target: Target) -> Version:
        """A version, archived or not; without one, the latest. Raises NotFoundError."""
        ...

    def leaves(self, version: Version) -> tuple[Leaf, ...]:
        """The files of its build context by path; none where it has no context."""
        ...

    def read(self, leaf: Leaf) -> Iterator[bytes]:
        """What a file of a build context holds, in pieces. Raises WorkspaceError where its digest is another."""
        ...

    def containers(self, *, archived: bool = False, after: str = "", limit: int = 50) -> tuple[Container, ...]:
        """A page of environments by name, those behind `after`. `archived`: those that are archived, too."""
        ...

    def versions(self, name: str, *, archived: bool = False) -> tuple[Version, ...]:
        """The versions of an environment, the one made last first. Raises NotFoundError."""
        ...

    def archive(self, target: Target) -> bool:
        """Archives a version, or without one the whole environment. Returns whether it was not archived before.

        The label `latest` means a version, here and in `restore`. Raises NotFoundError.
        """
        ...

    def restore(self, target: Target) -> bool:
        """Takes that back; returns whether it was archived.

        Raises NotFoundError, and ArchivedError for a version of an environment that is archived as a whole.
        """
        ...

    def changes(self, since: int) -> Changes:
        """What changed since a mark that `Changes` gave, 0 for all. Cheap where nothing did."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...
