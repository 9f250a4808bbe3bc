"""What the workspace has of a reference, in a hover."""

from collections.abc import Iterator

from ..model.reference import Reference
from ..model.registered import Registered
from .markdown import code

_SHORT = 12


def describe(reference: Reference, registered: Registered) -> Iterator[str]:
    """In a line of Markdown what is known of the version that is meant; nothing of labels that nobody resolves."""
    latest = registered.latest
    if reference.version is None and reference.label != "latest":
        return
    version = registered.get(reference.version)
    if version is not None:
        said = f"version {code(version.version)}" if reference.version is None else "this"
        parts = [f"{said} is the latest in the workspace" if version == latest else "registered in the workspace"]
        parts += ["archived"] if registered.is_archived or version.is_archived else []
        parts += [f"predicted hash {code(version.fingerprint[:_SHORT] + '…')}"] if version.fingerprint else []
        yield ", ".join(parts)
    elif reference.version is None:
        if registered.versions:
            yield "all versions in the workspace are archived"
    else:
        yield "not registered in the workspace" + (f", where {code(latest.version)} is the latest" if latest else "")
