"""A Dockerfile as a definition draws on it: its base images, what it installs, and what it takes from its context."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..syntax.joined import Joined
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import Requirement


class Dockerfile(NamedTuple):
    """A Dockerfile."""

    text: str
    packages: tuple[tuple[MatchSpec | Requirement, Joined], ...] = ()
    requirements_paths: tuple[str, ...] = ()
    conda_paths: tuple[str, ...] = ()
    context_paths: tuple[str, ...] = ()

    @property
    def values(self) -> Iterator[Any]:
        """The values that rules look at."""
        yield from ()


def build(text: str) -> Dockerfile:
    """The model of a Dockerfile's text. Never raises."""
    return Dockerfile(text)
