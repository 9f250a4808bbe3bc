"""One file as text: where it lies, what it says, and where its lines are."""

from .lines import LineIndex

BOM = "\ufeff"


class Source:
    """A decoded file. Immutable by convention: nothing assigns to it after it is made.

    `path` is `/`-separated and either absolute or as it was given; core only compares and joins it. `problem` says why
    the bytes were no text (then `text` holds what could be read, with U+FFFD for the rest) and `problem_at` where.
    """

    __slots__ = ("lines", "path", "problem", "problem_at", "text")

    def __init__(self, path: str, text: str, problem: str | None = None, problem_at: int = 0) -> None:
        self.path = path
        self.text = text
        self.problem = problem
        self.problem_at = problem_at
        self.lines = LineIndex(text)

    @property
    def newline(self) -> str:
        """The line break that the text uses, for what a fix inserts."""
        return "\r\n" if "\r\n" in self.text else "\n"


def decode(path: str, data: bytes) -> Source:
    """The text of `data` as UTF-8, without a byte order mark. Never raises: undecodable bytes become a problem."""
    data = data.removeprefix(BOM.encode())
    try:
        return Source(path, data.decode())
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        text = data.decode("utf-8", "replace")
        return Source(path, text, f"byte 0x{data[error.start]:02x} is not UTF-8", len(before))
