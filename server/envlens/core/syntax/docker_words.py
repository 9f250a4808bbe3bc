"""How Docker itself reads words: quotes, escapes and variables, as the `shell` package of its Dockerfile frontend does.

This is not a shell's way: it knows no globs and no command output, and the escape character may be a backtick.
"""

import re
from collections.abc import Mapping

# What Go's unicode.IsSpace takes for white space; Python's own idea of it has four characters more.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

_PLAIN = re.compile(r"[^\s'\"$<\\]+")
_BLANKS = re.compile(r"[ \t\r]*")
_NAME = re.compile(r"[0-9]+|[@*#?$!-]|\w+")
# Deeper than anyone writes; each level's text is copied into the one around it.
_MAX_DEPTH = 100
_DEFINED = re.compile(r"(?::[-+?]|[-+?#%])")


def raw_words(line: str) -> list[tuple[int, int]]:
    """Start and end of each word of a logical line, as Docker looks for heredocs in it; `<< EOF` is one word.

    Nothing where the line has an unclosed quote or a substitution that Docker cannot read: it then sees no heredoc.
    The escape character is a backslash here, whatever the file says.
    """
    words: list[tuple[int, int]] = []
    closers: list[str] = []
    start = -1
    at, length = 0, len(line)
    while at < length:
        char = line[at]
        if closers and char == closers[-1]:
            # The pattern of ${name/pattern/text} is over: its text begins.
            closers[-1:] = ["}"] if char == "/" else []
            at += 1
        elif closers and closers[-1] == '"':
            at = _in_quotes(line, at, closers)
        elif char in SPACE:
            if start >= 0 and not closers:
                words.append((start, at))
                start = -1
            at += 1
        else:
            start = at if start < 0 else start
            at = _in_word(line, at, closers)
        if at < 0:
            return []
    if closers:
        return []
    if start >= 0:
        words.append((start, length))
    return words


def _in_word(line: str, at: int, closers: list[str]) -> int:
    """The offset behind the next piece of a word; -1 where Docker gives up."""
    char = line[at]
    if char == "'":
        return line.find("'", at + 1) + 1 or -1
    if char == '"':
        closers.append('"')
        return at + 1
    if char == "$":
        return _dollar(line, at, closers)
    if char == "<":
        blanks = _BLANKS.match(line, at + 2) if line.startswith("<<", at) else None
        return blanks.end() if blanks else at + 1
    if char == "\\":
        return min(at + 2, len(line))
    plain = None if closers else _PLAIN.match(line, at)
    return plain.end() if plain else at + 1


def _in_quotes(line: str, at: int, closers: list[str]) -> int:
    char = line[at]
    if char == "$":
        return _dollar(line, at, closers)
    return at + 2 if char == "\\" and line[at + 1 : at + 2] in {'"', "$", "\\"} else at + 1


def _dollar(line: str, at: int, closers: list[str]) -> int:
    """The offset behind `$name`, or where the word of `${name:-word}` begins; -1 where Docker cannot read it."""
    if not line.startswith("{", at + 1):
        name = _NAME.match(line, at + 1)
        return name.end() if name else at + 1
    if at + 2 >= len(line) or line[at + 2] in "{}:":
        return -1
    name = _NAME.match(line, at + 2)
    end = name.end() if name else at + 2
    if line.startswith("}", end):
        return end + 1
    if line.startswith("/", end):
        closers.append("/")
        return end + 2 if line.startswith("//", end) else end + 1
    operator = _DEFINED.match(line, end)
    if operator is None:
        return -1
    closers.append("}")
    return operator.end()


def refusal(text: str, escape: str) -> str | None:
    """Why Docker cannot read an argument when it puts variables in, in its words; None where it can."""
    if "$" not in text and "'" not in text and '"' not in text:
        return None
    closers: list[str] = []
    at, length = 0, len(text)
    while at < length:
        char = text[at]
        if closers and char == closers[-1]:
            closers[-1:] = ["}"] if char == "/" else []
            at += 1
        elif char == escape:
            at += 2
        elif char == "$":
            at = _dollar(text, at, closers)
        elif char == "'" and '"' not in closers[-1:]:
            at = text.find("'", at + 1) + 1
            if not at:
                return _UNCLOSED.format("single-quote")
        elif char == '"':
            closers.append(char)
            at += 1
        else:
            at += 1
        if at < 0:
            return "syntax error: bad substitution"
    if not closers:
        return None
    return _UNCLOSED.format("double-quote") if closers[-1] == '"' else "syntax error: missing '}'"


_UNCLOSED = "unexpected end of statement while looking for matching {}"


class _Frame:
    """A text that is being put together, and what it is for: the word of `${name:-word}` but for the outermost."""

    __slots__ = ("closer", "name", "operator", "parts")

    def __init__(self, closer: str, name: str = "", operator: str = "") -> None:
        self.closer = closer
        self.name = name
        self.operator = operator
        self.parts: list[str | None] = []

    def text(self) -> str | None:
        return None if None in self.parts else "".join(part for part in self.parts if part is not None)


def substitute(text: str, variables: Mapping[str, str | None], escape: str = "\\") -> str | None:
    """What Docker makes of an argument: variables put in, quotes and escapes taken away. None where that is unknown.

    A variable that is not in `variables` is unset: alone it makes the result unknown (Docker puts nothing there, which
    is hardly meant), and `${name:-word}` gives the word. None as a value says that it is set, but not to what. Unknown
    are also `${name#…}`, `${name%…}`, `${name/…}` and whatever Docker refuses to read.
    """
    if "$" not in text and "'" not in text and '"' not in text and escape not in text:
        return text
    frames = [_Frame("")]
    at, length = 0, len(text)
    while at < length:
        char = text[at]
        frame = frames[-1]
        if frame.closer and char == frame.closer:
            frames.pop()
            frames[-1].parts.append(frame.text() if char == '"' else _chosen(frame, variables))
            at += 1
        elif char == "$":
            at = _put_in(text, at, frames, variables)
            if at < 0:
                return None
        elif char == escape:
            kept = frame.closer == '"' and text[at + 1 : at + 2] not in {'"', "$", escape}
            frame.parts.append(char if kept and at + 1 < length else text[at + 1 : at + 2])
            at += 1 if kept else 2
        elif char == "'" and frame.closer != '"':
            end = text.find("'", at + 1)
            if end < 0:
                return None
            frame.parts.append(text[at + 1 : end])
            at = end + 1
        elif char == '"' and len(frames) <= _MAX_DEPTH:
            frames.append(_Frame('"'))
            at += 1
        else:
            frame.parts.append(char)
            at += 1
    return frames[0].text() if len(frames) == 1 else None


def _put_in(text: str, at: int, frames: list[_Frame], variables: Mapping[str, str | None]) -> int:
    """Puts the variable at `at` into the innermost frame, or opens one for its word; -1 where it is unreadable."""
    if not text.startswith("{", at + 1):
        name = _NAME.match(text, at + 1)
        frames[-1].parts.append(variables.get(name[0]) if name else "$")
        return name.end() if name else at + 1
    name = _NAME.match(text, at + 2)
    if name is None:
        return -1
    if text.startswith("}", name.end()):
        frames[-1].parts.append(variables.get(name[0]))
        return name.end() + 1
    operator = _DEFINED.match(text, name.end())
    if operator is None or len(frames) > _MAX_DEPTH:
        return -1
    frames.append(_Frame("}", name[0], operator[0]))
    return operator.end()


def _chosen(frame: _Frame, variables: Mapping[str, str | None]) -> str | None:
    """What `${name<operator>word}` stands for."""
    is_set = frame.name in variables
    value = variables.get(frame.name)
    if is_set and value is None:
        return None
    counts = is_set and not (frame.operator.startswith(":") and not value)
    match frame.operator[-1]:
        case "-":
            return value if counts else frame.text()
        case "+":
            return frame.text() if counts else ""
        case "?":
            return value if counts else None
        case _:
            return None
