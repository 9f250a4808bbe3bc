"""Text from files put into Markdown so that it stays text: no link, picture or table cell comes out of it."""

import re

_MAX = 200


def line(text: str, limit: int = _MAX) -> str:
    """A text in one line, without control characters, cut where it is too long."""
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def code(text: str, limit: int = _MAX) -> str:
    """A text as code, whatever it holds."""
    text = line(text, limit)
    fence = "`" * (max(map(len, re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{space}{text}{space}{fence}"


def cell(markdown: str) -> str:
    """Markdown as the cell of a table, where a bar ends even code."""
    return markdown.replace("|", "\\|")


def plain(text: str, limit: int = _MAX) -> str:
    """A text as it is among words."""
    return re.sub(r"([\\`*\[\]<>|&])", r"\\\1", line(text, limit))
