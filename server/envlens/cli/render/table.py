"""Tables for a terminal."""

from collections.abc import Sequence

from .style import Style
from .text import printable, width


def render(head: Sequence[str], rows: Sequence[Sequence[str]], style: Style, columns: int | None = None) -> str:
    """Rows below a head, in columns as wide as they have to be. Only the last one is cut at `columns`, if given."""
    cells = [[printable(cell).replace("\t", " ") for cell in row] for row in rows]
    last = len(head) - 1
    widths = [max(map(width, (head[at], *(row[at] for row in cells)))) for at in range(last)]
    lines = [style.paint(_line(head, widths, columns), bold=True)]
    return "".join(f"{line}\n" for line in [*lines, *(_line(row, widths, columns) for row in cells)])


def _line(row: Sequence[str], widths: Sequence[int], columns: int | None) -> str:
    line = "  ".join([f"{cell}{' ' * (wide - width(cell))}" for cell, wide in zip(row, widths, strict=False)])
    line = f"{line}  {row[-1]}" if widths else row[-1]
    if columns is not None and width(line) > columns:
        while width(line) > columns - 1:
            line = line[:-1]
        line += "…"
    return line.rstrip()
