"""How a definition stands to what is registered under its name, and what can be done about it: lines and actions."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from ..model.registered import Registered, RegisteredVersion
from ..workspace.port import Offer


class Deed(StrEnum):
    """What a click does."""

    REGISTER = "register"
    COMPARE = "compare"
    OPEN = "open"
    HISTORY = "history"


class Standing(NamedTuple):
    """A definition beside its name in the workspace.

    `same` is the version that has its content: the one that it asks for, else the latest. `against` is the one to
    compare it with where that has another content. `version` is what it would be registered as, None where it would
    not be: it is there already, its version has another content, or the environment is archived.
    """

    name: str
    same: RegisteredVersion | None = None
    against: RegisteredVersion | None = None
    version: str | None = None
    is_archived: bool = False


class Line(NamedTuple):
    """A line above a definition, or an entry of a menu. `version` is the one that the deed is about."""

    deed: Deed
    title: str
    version: str | None = None


def standing(offer: Offer, registered: Registered | None) -> Standing | None:
    """How a definition stands; None for one that is anonymous."""
    if offer.is_anonymous:
        return None
    if registered is None:
        return Standing(offer.name, version=offer.version or "1")
    if registered.is_archived:
        return Standing(offer.name, is_archived=True)
    content = offer.content.digest
    asked = registered.get(offer.version) if offer.version is not None else None
    other = asked or registered.latest
    if other is not None and other.content == content and (asked is not None or offer.version is None):
        return Standing(offer.name, same=other)
    version = None if asked is not None else offer.version or registered.next_version
    if other is not None and other.content == content:  # its own version is not there yet
        return Standing(offer.name, same=other, version=version)
    return Standing(offer.name, against=other, version=version)


def lines(stands: Standing) -> Iterator[Line]:
    """The lines above a definition."""
    if stands.is_archived:
        yield Line(Deed.HISTORY, f"'{stands.name}' is archived")
    elif stands.same is not None:
        yield Line(Deed.OPEN, f"registered as {stands.same.version}, unchanged", stands.same.version)
    elif stands.against is not None:
        yield Line(Deed.COMPARE, f"changed since {stands.against.version}", stands.against.version)
    if stands.version is not None:
        yield _register(stands)


def actions(stands: Standing) -> Iterator[Line]:
    """The entries of a menu."""
    if stands.version is not None:
        yield _register(stands)
    if stands.against is not None:
        yield Line(Deed.COMPARE, f"Compare with {stands.name}:{stands.against.version}", stands.against.version)
    known = stands.same or stands.against
    if known is not None:
        yield Line(Deed.OPEN, f"Open registered version {stands.name}:{known.version}", known.version)
    if known is not None or stands.is_archived:
        yield Line(Deed.HISTORY, f"Show the history of {stands.name}")


def _register(stands: Standing) -> Line:
    return Line(Deed.REGISTER, f"Register {stands.name} as {stands.version}", stands.version)
