"""How handlers come by what is predicted of a file: at once with what is known, or a moment later with more of it."""

from collections.abc import Mapping
from typing import Any

from ..core.features import lens as lenses
from ..core.hashing.prediction import Prediction
from ..core.model.document import Document
from . import convert
from .forecasts import PATIENCE, Forecast
from .server import Server


def forecast(ls: Server, uri: str, *, again: bool = False) -> Forecast | None:
    """What is predicted of a file by now, while what it hangs on is looked at; None for one that is not ours."""
    path = convert.to_path(uri)
    # A page may outlive the editor of the file that it is about.
    document = ls.document(uri) if path in ls.texts else ls.host.load(path)
    if document is None:
        return None
    look(ls, document, again=again)
    return ls.forecasts.of(document)


def look(ls: Server, document: Document, *, again: bool = False) -> None:
    """Has it looked at what the predictions of a file hang on."""
    ls.forecasts.look(document, again=again)
    ls.watches.want(ls.forecasts.folders)


async def forecast_soon(ls: Server, uri: str, seconds: float = PATIENCE, *, again: bool = False) -> Forecast | None:
    """The same after a short wait for what is being looked at."""
    found = forecast(ls, uri, again=again)
    if found is None:
        return None
    await ls.forecasts.ready(found.document, seconds)
    path = convert.to_path(uri)
    document = ls.document(uri) if path in ls.texts else found.document  # it may have been edited meanwhile
    return ls.forecasts.of(document) if document is not None else None


def meant(ls: Server, found: Forecast, given: Mapping[str, Any]) -> Prediction | None:
    """The definition that a command is about: at the keys or the position under `at`; without either the only one."""
    at = given.get("at")
    if isinstance(at, list):
        return found.at([str(key) for key in at])
    if isinstance(at, Mapping):
        position = convert.to_position(at)
        offset = convert.to_offset(found.document.source, position, ls.encoding) if position else -1
        return lenses.around(found.document, found.predictions, offset)
    return found.predictions[0] if len(found.predictions) == 1 else None
