"""What only the outside knows, as immutable values: the date, the catalogues, the state of files drawn on.

A rule whose fact is missing stays silent: unknown is not wrong.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
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


class ServerReleases(NamedTuple):
    """Releases of a package that brings Azure ML's inference server, from `first` to `last`.

    `flask` is what they ask for, empty where that is not known. `starts` says whether they run with what pip installs
    with them today.
    """

    first: str
    last: str
    flask: str
    starts: bool = True


class InferenceServers(NamedTuple):
    """Releases of inference servers by package, the oldest first, and what the flask of the newest one asks for."""

    releases: Mapping[str, tuple[ServerReleases, ...]] = MappingProxyType({})
    flask_needs: Mapping[str, str] = MappingProxyType({})


class InstalledPackages(NamedTuple):
    """Which programs come with packages of apt, and for packages without wheels what apt must install before them."""

    apt: Mapping[str, frozenset[str]] = MappingProxyType({})
    compiled: Mapping[str, str] = MappingProxyType({})


class Catalogue(NamedTuple):
    """Where a table of facts comes from and how old it is."""

    name: str
    source: str
    as_of: date

    def is_outdated(self, today: date) -> bool:
        """Whether it is so old that what it does not hold may have come since: 180 days."""
        return is_outdated(self.as_of, today)


def is_outdated(as_of: date, today: date) -> bool:
    """Whether a table is so old that what it does not hold may have come since: 180 days."""
    return (today - as_of).days > _OUTDATED


_OUTDATED = 180


class Entry(NamedTuple):
    """A file or folder in the listing of a folder."""

    name: str
    is_folder: bool


class PackageNames(NamedTuple):
    """Names that conda's channels or PyPI do not have. In lower case; modules with `-` as PEP 503 writes names."""

    pip_only: frozenset[str] = frozenset()  # on PyPI, in none of conda's usual channels
    conda_names: Mapping[str, str] = MappingProxyType({})  # likewise, with conda's name for the same package
    pip_names: Mapping[str, str] = MappingProxyType({})  # what cannot be installed, with PyPI's name for what is meant
    stubs: Mapping[str, str] = MappingProxyType({})  # what ends pip's run on purpose, likewise
    no_conda_packages: frozenset[str] = frozenset()  # modules of Python that no channel has
    no_pip_packages: frozenset[str] = frozenset()  # modules of Python that PyPI does not have
    as_of: date = date.max
    odd_for_conda: frozenset[str] = frozenset()  # all of these that concern conda's part
    odd_for_pip: frozenset[str] = frozenset()  # likewise pip's


_Minors = tuple[int | None, int | None]


class PythonSupport(NamedTuple):
    """The minor versions of Python 3 that releases of a package are for: first and last, None for no known bound.

    `wanted` is what Requires-Python admits, `found` those of them for which there is a file too.
    """

    wanted: _Minors
    found: _Minors
    releases: frozenset[str]


class Facts(NamedTuple):
    """The facts of one run. Tables that few files need are loaded when they are asked for."""

    today: date
    pythons: Mapping[str, PythonRelease] = MappingProxyType({})
    images: Mapping[str, BaseImage] = MappingProxyType({})
    catalogues: tuple[Catalogue, ...] = ()
    inference_images: Mapping[str, BaseImage] = MappingProxyType({})
    deprecated_images: Mapping[str, DeprecatedImage] = MappingProxyType({})
    withdrawn_images: tuple[str, ...] = ()  # patterns as fnmatch has them
    curated: tuple[str, ...] = ()  # as the registry `azureml` calls them, without the prefix `AzureML-`
    retired: tuple[str, ...] = ()  # curated once, likewise without prefix; patterns as fnmatch has them
    successors: Mapping[str, str] = MappingProxyType({})  # a current environment by the beginning of old ones' names
    package_names: Callable[[], PackageNames] = PackageNames
    python_support: Callable[[], Mapping[str, tuple[PythonSupport, ...]]] = dict
    inference_servers: Callable[[], InferenceServers] = InferenceServers
    installed: Callable[[], InstalledPackages] = InstalledPackages

    def is_retired(self, name: str) -> bool:
        """Whether a curated environment, without its prefix, is no longer kept up. Case counts for nothing."""
        return _is_retired(name.lower(), self.curated, self.retired)

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


@lru_cache(maxsize=1024)  # a folder refers to few, many times
def _is_retired(name: str, curated: tuple[str, ...], retired: tuple[str, ...]) -> bool:
    return name not in map(str.lower, curated) and any(fnmatchcase(name, each.lower()) for each in retired)


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
