"""The findings of a file as they are sent, and what names them."""

from hashlib import blake2b
from typing import NamedTuple


class Report(NamedTuple):
    """The findings of a file as JSON text; files with the same findings at the same places have the same id."""

    items: str = "[]"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return self.items == "[]"

    @property
    def result_id(self) -> str:
        """What names the result."""
        return blake2b(self.items.encode(), digest_size=12).hexdigest()
