"""The lines above definitions: which image each is predicted to be, and how it stands to what is registered."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.features import lens as lenses
from ..core.features import registration
from ..core.features.registration import Deed
from ..core.features.standing import standing
from ..core.text.span import Span
from .forecasts import Forecast

if TYPE_CHECKING:
    from .server import Server

HASH = "hash"
COMMANDS = {
    Deed.REGISTER: "envlens.register",
    Deed.COMPARE: "envlens.compare",
    Deed.OPEN: "envlens.openRegistered",
    Deed.HISTORY: "envlens.showHistory",
}


class Line(NamedTuple):
    """A line: where it stands, which definition and what of it it is about, its text, and what a click runs."""

    span: Span
    keys: tuple[str, ...]
    about: str
    title: str
    command: str
    arguments: dict[str, Any]


def lines(ls: "Server", found: Forecast, uri: str) -> Iterator[Line]:
    """The lines of a file as far as it is known by now, those of one definition one behind the other."""
    for place in lenses.places(found.document, found.predictions):
        yield from lines_at(ls, found, uri, place)


def lines_at(ls: "Server", found: Forecast, uri: str, place: lenses.Place) -> Iterator[Line]:
    """The lines of one definition: asked for one by one, each must not cost what all of a file do."""
    prediction = found.at(place.keys)
    if prediction is not None:
        where: dict[str, Any] = {"uri": uri, "at": list(place.keys)}
        stands = standing(prediction, found.predictions, found.earlier)
        command = "envlens.compare" if stands is not None and stands.is_other else "envlens.showHash"
        title = lenses.title(prediction, found.predictions, found.earlier)
        yield Line(place.span, place.keys, HASH, title, command, where)
        known = stands_in_workspace(ls, found, place.keys)
        for each in registration.lines(known) if known is not None else ():
            yield Line(place.span, place.keys, each.deed, each.title, COMMANDS[each.deed], arguments(where, each))


def stands_in_workspace(ls: "Server", found: Forecast, keys: Sequence[str]) -> registration.Standing | None:
    """How a definition stands to what is registered; None where that is not known, or it cannot be registered."""
    offered = found.offer(keys) if ls.registrations.is_known else None
    if offered is None or offered.offer is None:
        return None
    return registration.standing(offered.offer, ls.host.registered.get(offered.offer.name))


def arguments(where: dict[str, Any], line: registration.Line) -> dict[str, Any]:
    """What the command of a line is given."""
    return where | ({"version": line.version} if line.version is not None else {})
