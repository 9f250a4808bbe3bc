"""One file as text: where it lies, what it says, and where its lines are."""

from dataclasses import dataclass, field

from .lines import LineIndex

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file.

    `path` is `/`-separated and either absolute or as it was given; core only compares and joins it. `problem` says why
    the bytes were no text (then `text` holds what could be read, with U+FFFD for the rest) and `problem_at` where.
    """

    path: str
    text: str
    problem: str | None = None
    problem_at: int = 0
    lines: LineIndex = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", LineIndex(self.text))


def decode(path: str, data: bytes) -> Source:
    """The text of `data` as UTF-8, without a byte order mark. Never raises: undecodable bytes become a problem."""
    try:
        return Source(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        text = data.decode("utf-8-sig", "replace")
        return Source(path, text, f"byte 0x{data[error.start]:02x} is not UTF-8", len(before))
