"""One file as text: where it lies, what it says, and where its lines are."""

import re

from .lines import LineIndex

BOM = "\ufeff"


class Source:
    """A decoded file. Immutable by convention: nothing assigns to it after it is made.

    `path` is `/`-separated and either absolute or as it was given; core only compares and joins it. `problem` says why
    the bytes were no text (then `text` holds what could be read, with U+FFFD for the rest) and `problem_at` where.
    `encoding` is how the text is written, where it is not UTF-8.
    """

    __slots__ = ("encoding", "lines", "path", "problem", "problem_at", "text")

    def __init__(
        self, path: str, text: str, problem: str | None = None, problem_at: int = 0, encoding: str = "utf-8"
    ) -> None:
        self.path = path
        self.text = text
        self.problem = problem
        self.problem_at = problem_at
        self.encoding = encoding
        self.lines = LineIndex(text)

    @property
    def is_utf16(self) -> bool:
        """Whether the bytes were UTF-16, with its mark or without: then every other one is NUL in plain English."""
        head = self.text[:200]
        return "\0" in head and head.count("\0") * 3 > len(head)

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


def decode_requirements(path: str, data: bytes) -> Source:
    """The text of a requirements file as pip reads it: by its byte order mark, else by a coding line, else as UTF-8.

    Source: `auto_decode` of pip 23.2.1 and `_decode_req_file` of 26.3, read; a coding line counts among the first two.
    Never raises.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        for line in data.split(b"\n", 2)[:2]:
            found = _CODING.search(line) if line[:1] == b"#" else None
            # Of Python's codecs some are no encoding of a file, and take their time.
            if found and _USUAL.match(found[1]):
                encoding = found[1].decode()
                break
    if encoding is None or encoding.lower() in {"utf-8", "utf8"}:
        return decode(path, data)
    try:
        text = data.decode(encoding)
    except (LookupError, ValueError):
        source = decode(path, data)
        problem = source.problem or f"it is not written in '{encoding}', as it says"
        return Source(path, source.text, problem, source.problem_at)
    return Source(path, text.removeprefix(BOM), encoding=encoding)


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_USUAL = re.compile(rb"(?i)utf|latin|iso|cp\d|win|ascii|us-ascii|koi8|gb|big5|s?.?jis|shift|euc|mac")
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
