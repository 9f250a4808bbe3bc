"""Finds definitions in files for the commands that work with registered environments."""

import argparse
import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...core.hashing.prediction import Kind
from ...core.hashing.tree import Tree
from ...core.index import predictions
from ...core.workspace.offering import Offered
from ...host import registering
from ...host.host import Host
from ...host.registering import Candidate
from ..contexts import looker
from ..definitions import Defined, find
from ..errors import UsageError
from ..projects import Projects, open_host, roots_of


class Found(NamedTuple):
    """A definition in a file, and what of it can be registered."""

    defined: Defined
    candidate: Candidate
    offered: Offered


class Files(NamedTuple):
    """The files of a run, and the host that read them."""

    host: Host
    found: tuple[Found, ...]


def read(paths: Sequence[str], args: argparse.Namespace) -> Files:
    """The definitions in some files. Raises UsageError for a file that holds none."""
    gc.disable()  # as in `hash`
    projects = Projects(args)
    host = open_host(roots_of(paths), projects, None)
    if projects.problems:
        raise UsageError("\n".join(projects.problems))
    return Files(host, tuple(_found(host, paths, args)))


def _found(host: Host, paths: Sequence[str], args: argparse.Namespace) -> Iterator[Found]:
    look = looker(host, args)
    seen: Counter[str] = Counter()
    for defined in find(host, list(paths), look, None):
        document = defined.document
        at = seen[document.path]
        seen[document.path] += 1
        if document.environments and at >= len(document.environments):
            continue  # the file was named twice
        if at >= len(document.environments):  # a conda file, or a v1 definition
            what = "a conda file alone" if defined.prediction.kind is Kind.CONDA_FILE else "a v1 definition"
            raise UsageError(f"{defined.shown}: {what} cannot be registered: name an environment YAML")
        trees: Mapping[str, Tree] = {folder: look(folder, None) for folder in predictions.folders(document)}
        candidate = Candidate(document, document.environments[at], defined.prediction)
        yield Found(defined, candidate, registering.offered(host, candidate, trees))
