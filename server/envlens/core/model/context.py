"""What is known of a build context: the folder that is uploaded, and that the Dockerfile's COPY takes from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .facts import FileState

UPLOAD_IGNORES = (".amlignore", ".gitignore")
"""The ignore files of which the first that is there decides what azure-ai-ml uploads."""


class Looked(NamedTuple):
    """What lies at a path of the context. `hidden_by` is the ignore file that leaves it out, None for none.

    `nearby` are paths of the context that could have been meant.
    """

    state: FileState
    hidden_by: str | None = None
    nearby: tuple[str, ...] = ()


class BuildContext(NamedTuple):
    """A context folder. `looked` holds what was asked for, by path from the root as written.

    `upload_ignore` is the file that decides what is uploaded: `.amlignore`, else `.gitignore` (azure-ai-ml 1.35.2,
    run).
    `is_empty` says whether nothing would be uploaded, None where nobody counted.
    """

    root: str
    looked: Mapping[str, Looked] = MappingProxyType({})
    upload_ignore: str | None = None
    is_empty: bool | None = None
