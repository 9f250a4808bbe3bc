"""Registered environments for programs, in a stable shape."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...core.hashing import sdk
from ...core.hashing.tree import Leaf
from ...core.text.diagnostic import Severity
from ...core.workspace import definition
from ...core.workspace.difference import Comparison, Step
from ...core.workspace.port import Container, Version
from .hash_json import change
from .json_report import findings, to_text
from .result import Report

if TYPE_CHECKING:
    from ..workspace.register import Outcome


def listed(found: Iterable[Container], after: str | None) -> str:
    """A page of environments. `next` is what `--after` takes for the next page, null at the end."""
    environments = [
        {
            "name": each.name,
            "versions": each.versions,
            "archived": each.is_archived,
            "latest": None if each.is_archived or each.latest.is_archived else _brief(each.latest),
        }
        for each in found
    ]
    return to_text({"environments": environments, "next": after})


def versions(name: str, found: Iterable[Version]) -> str:
    """The versions of an environment, the newest first."""
    return to_text({"name": name, "versions": [_brief(each) for each in found]})


def shown(found: Version, leaves: Sequence[Leaf]) -> str:
    """One version, with its files."""
    files = [
        {
            "path": leaf.path.decode("utf-8", "replace"),
            "executable": leaf.executable,
            "size": leaf.size,
            "digest": leaf.digest.hex(),
        }
        for leaf in leaves
    ]
    told = _brief(found) | {
        "definition": definition.text(found),
        "conda_file": definition.conda_text(found),
        "files": files,
    }
    return to_text({"environment": told})


def compared(before: str, after: str, found: Comparison) -> str:
    """What differs between two."""
    return to_text({"before": before, "after": after, **_comparison(found)})


def history(name: str, found: Iterable[Step]) -> str:
    """The versions with what changed in each from the one before."""
    told = []
    for each in found:
        since = {"version": each.since, **_comparison(each.comparison)} if each.comparison is not None else None
        told.append(_brief(each.version) | {"since": since})
    return to_text({"name": name, "versions": told})


def registered(outcomes: "Iterable[Outcome]", report: Report) -> str:
    """What came of registering, with all findings in the shape that `lint` gives them."""
    return to_text({"registered": [_outcome(each) for each in outcomes], "findings": findings(report)})


def _outcome(each: "Outcome") -> dict[str, Any]:
    made, counts = each.registration, each.counts
    line, column = each.found.defined.position
    conflict = each.conflict
    return {
        "path": each.found.defined.shown,
        "at": {"line": line, "column": column},
        "status": made.status if made else "conflict" if conflict else "failed" if each.is_failure else "refused",
        "reason": each.problem,
        "environment": _brief(made.version) if made is not None else None,
        "same_content_as": made.alike if made is not None else None,
        "conflict": {"with": conflict.existing, **_comparison(conflict.comparison)} if conflict is not None else None,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
    }


def _brief(version: Version) -> dict[str, Any]:
    found = version.forecast
    return {
        "name": version.name,
        "version": version.version,
        "kind": found.kind,
        "fingerprint": found.fingerprint,
        "fingerprint_unavailable": found.unavailable,
        "formula": found.formula,
        "confirmed": found.is_confirmed,
        "conda_key": found.conda_key,
        "sdk": {"name": sdk.NAME, "version": found.sdk_version} if found.sdk_version else None,
        "content": version.content.digest,
        "description": version.description,
        "tags": dict(version.tags),
        "author": version.author,
        "created": version.created,
        "modified": version.modified,
        "archived": version.is_archived,
        "anonymous": version.is_anonymous,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    difference = found.image
    return {
        "same_image": difference.is_same,
        "reason": difference.reason,
        "changes": [change(each) | {"counts": each not in found.others} for each in found.changes],
    }
