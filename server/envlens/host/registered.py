"""What the workspace has, by name: asked for when it is first needed, and told from then on what changed."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from ..core.model.registered import Registered
from ..core.text import slips

Ask = Callable[[], Iterable[Registered]]
"""Gives all that a workspace has."""


class RegisteredNames:
    """See the module. Without `ask`, nothing is known until somebody tells it."""

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask
        self._known: dict[str, Registered] = {}
        self._slips: slips.Index | None = None
        # What was asked for, in order: a run that is kept hangs on it.
        self.got: dict[str, None] = {}
        self.sought: dict[str, None] = {}

    def take(self, found: Iterable[Registered], *, is_all: bool = False) -> set[str]:
        """Takes up what environments are now, with `is_all` no others. Returns the names of which something changed."""
        now = {each.name: each for each in found}
        came = now.keys() - self._known.keys()
        gone = self._known.keys() - now.keys() if is_all else set()
        changed = {name for name, each in now.items() if self._known.get(name) != each} | gone
        self._known |= now
        for name in gone:
            del self._known[name]
        if self._slips is not None:  # which takes long to make for thousands
            for name in came:
                self._slips.add(name)
            for name in gone:
                self._slips.drop(name)
        return changed

    @property
    def all(self) -> Mapping[str, Registered]:
        """Everything, by name."""
        if self._ask is not None:
            ask, self._ask = self._ask, None
            self.take(ask(), is_all=True)
        return MappingProxyType(self._known)

    def get(self, name: str) -> Registered | None:
        """What is registered under a name."""
        self.got[name] = None
        return self.all.get(name)

    def meant(self, name: str) -> set[str]:
        """The names that `name` is likely a slip of the pen for."""
        self.sought[name] = None
        if self._slips is None:
            self._slips = slips.Index(self.all)
        return self._slips.meant(name)
