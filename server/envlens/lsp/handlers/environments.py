"""The request `envlens/environments`: what trees in editors show."""

from collections.abc import Iterable
from typing import Any

from lsprotocol import types as lsp

from ...core.hashing.prediction import Prediction
from ...core.model.registered import Registered
from ...host import forecast
from .. import convert
from ..server import Server

_MAX_DEFINITIONS = 500
_MAX_REGISTERED = 1_000


def environments(ls: Server, params: Any) -> dict[str, Any]:
    """Takes `{}`; returns `{definitions, registered, workspace}`.

    A definition of the folders is `{uri, range, at, name, version, kind, fingerprint}`; one that is built from a
    context has its fingerprint only while its file is open. A registered environment is
    `{name, archived, latest, versions}` with versions of `{version, fingerprint, archived}`, the newest first.
    `workspace` is whether it is known by now.
    """
    ls.settle()
    return {
        "definitions": [each for path in _paths(ls) for each in _definitions(ls, path)][:_MAX_DEFINITIONS],
        "registered": [_registered(each) for each in _sorted(ls.host.registered.all.values())[:_MAX_REGISTERED]],
        "workspace": ls.registrations.is_known,
    }


def _paths(ls: Server) -> list[str]:
    return sorted({each.path for each in ls.host.definitions})[:_MAX_DEFINITIONS]


def _definitions(ls: Server, path: str) -> Iterable[dict[str, Any]]:
    document = ls.host.load(path)
    if document is None:
        return
    is_open = path in ls.texts
    found = ls.forecasts.of(document).predictions if is_open else forecast.predict(ls.host, document, {})
    for each in found:
        yield _definition(ls, path, each, convert.to_range(document.source, each.place.span, ls.encoding))


def _definition(ls: Server, path: str, found: Prediction, where: lsp.Range) -> dict[str, Any]:
    place = found.place
    return {
        "uri": ls.uri_of(path),
        "range": _range(where),
        "at": list(place.keys),
        "name": place.name,
        "version": place.version,
        "kind": found.kind.value,
        "fingerprint": found.fingerprint,
    }


def _range(where: lsp.Range) -> dict[str, Any]:
    start, end = ({"line": each.line, "character": each.character} for each in (where.start, where.end))
    return {"start": start, "end": end}


def _sorted(found: Iterable[Registered]) -> list[Registered]:
    return sorted(found, key=lambda each: (each.is_archived, each.name.lower(), each.name))


def _registered(found: Registered) -> dict[str, Any]:
    latest = found.latest
    versions = [
        {
            "version": each.version,
            "fingerprint": each.fingerprint,
            "archived": found.is_archived or each.is_archived,
        }
        for each in reversed(found.versions)
    ]
    return {
        "name": found.name,
        "archived": found.is_archived,
        "latest": latest.version if latest is not None else None,
        "versions": versions,
    }
