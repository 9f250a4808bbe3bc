"""What only the outside knows, as immutable values: the date, the catalogues, the state of files drawn on.

A rule whose fact is missing stays silent: unknown is not wrong.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class PythonRelease(NamedTuple):
    """A minor version of Python and the day its support ends (the last day of the month where only that is known)."""

    minor: str
    end_of_life: date
    month_only: bool = False


class BaseImage(NamedTuple):
    """A supported base image: repository with host, newest dated tag known to the catalogue, or None."""

    repository: str
    ubuntu: str
    contents: str
    newest_tag: str | None


class DeprecatedImage(NamedTuple):
    """A base image without new versions, and the supported repository to move to where one is known."""

    repository: str
    replacement: str | None
    source: str
    note: str = ""


class Catalogue(NamedTuple):
    """Where a table of facts comes from and how old it is."""

    name: str
    source: str
    as_of: date

    def is_outdated(self, today: date) -> bool:
        """Whether it is so old that what it does not hold may have come since: 180 days."""
        return (today - self.as_of).days > _OUTDATED


_OUTDATED = 180


class Entry(NamedTuple):
    """A file or folder in the listing of a folder."""

    name: str
    is_folder: bool


class Facts(NamedTuple):
    """The facts of one run."""

    today: date
    pythons: Mapping[str, PythonRelease] = MappingProxyType({})
    images: Mapping[str, BaseImage] = MappingProxyType({})
    catalogues: tuple[Catalogue, ...] = ()
    inference_images: Mapping[str, BaseImage] = MappingProxyType({})
    deprecated_images: Mapping[str, DeprecatedImage] = MappingProxyType({})
    withdrawn_images: tuple[str, ...] = ()  # patterns as fnmatch has them
    curated: tuple[str, ...] = ()  # as the registry `azureml` calls them, without the prefix `AzureML-`
    retired: tuple[str, ...] = ()  # curated once, likewise without prefix; patterns as fnmatch has them
    apt_packages: Mapping[str, frozenset[str]] = MappingProxyType({})  # which programs come with them
    compiled: Mapping[str, str] = MappingProxyType({})  # packages without wheels: what apt must install before

    def newest_tag(self, repository: str) -> str | None:
        """The newest dated tag that the catalogue knows of `repository` (host included)."""
        image = self.images.get(repository)
        return image.newest_tag if image else None

    @property
    def suggested_image(self) -> str | None:
        """A supported CPU base image with a dated tag, for a definition that has none."""
        for image in self.images.values():
            if image.newest_tag and "cuda" not in image.repository and "openmpi" in image.repository:
                return f"{image.repository}:{image.newest_tag}"
        return None


class FileState(StrEnum):
    """What lies at a path that a definition draws on."""

    PRESENT = "present"
    MISSING = "missing"
    DIRECTORY = "directory"
    OUTSIDE = "outside"  # outside the workspace folders: not looked at
    SPECIAL = "special"  # a device, a FIFO, a socket: not opened
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"

    @property
    def obstacle(self) -> str | None:
        """Why nothing can be said of the content, in words that follow the path; None where it is not the reason."""
        return _OBSTACLES.get(self)


_OBSTACLES = {
    FileState.MISSING: "does not exist",
    FileState.DIRECTORY: "is a folder",
    FileState.OUTSIDE: "leads out of the project",
    FileState.SPECIAL: "is no regular file",
    FileState.TOO_LARGE: "is too large",
    FileState.UNREADABLE: "cannot be read",
}
