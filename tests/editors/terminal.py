"""Makes a web page out of what a terminal shows (``tmux capture-pane -e``)."""

from __future__ import annotations

import html
import re

BASE = ("#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6")
BRIGHT = ("#969896", "#e06c75", "#c3e88d", "#ffd866", "#9ac7ff", "#d7a8e0", "#a3e0da", "#ffffff")
BACKGROUND, FOREGROUND = "#14161b", "#e0e2ea"
SGR = re.compile(r"\x1b\[([0-9;:]*)m")
OTHER_ESCAPES = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|\[[0-9;:?]*[A-Za-ln-z])")
UNDERLINES = {"1": "solid", "2": "double", "3": "wavy", "4": "dotted", "5": "dashed"}


def indexed(number: int) -> str:
    if number < 16:
        return (BASE + BRIGHT)[number]
    if number < 232:
        levels = (0, 95, 135, 175, 215, 255)
        number -= 16
        red, green, blue = levels[number // 36], levels[number // 6 % 6], levels[number % 6]
        return f"#{red:02x}{green:02x}{blue:02x}"
    grey = 8 + 10 * (number - 232)
    return f"#{grey:02x}{grey:02x}{grey:02x}"


class Style:
    """The drawing state of a terminal, changed by SGR sequences."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.colours: dict[str, str] = {}
        self.flags: set[str] = set()
        self.underline = ""

    def apply(self, sequence: str) -> None:
        parts = [part.split(":") for part in sequence.split(";")]
        while parts:
            head, *rest = parts.pop(0)
            code = int(head or 0)
            if code in (38, 48, 58):
                words = [word for word in rest if word]
                if not words:  # the older form, with semicolons
                    size = 4 if parts and parts[0] == ["2"] else 2
                    words = [part[0] for part in parts[:size]]
                    del parts[:size]
                self.colours[str(code)] = self.colour(words)
            elif code == 0:
                self.reset()
            elif code == 4:
                self.underline = UNDERLINES.get(rest[0] if rest else "1", "")
            elif code == 24:
                self.underline = ""
            elif code in (1, 2, 3, 7):
                self.flags.add(str(code))
            elif code in (22, 23, 27):
                self.flags -= {"1", "2"} if code == 22 else {str(code - 20)}
            elif code in (39, 49, 59):
                self.colours.pop(str(code - 1), None)
            elif 30 <= code <= 37 or 40 <= code <= 47:
                self.colours["38" if code < 40 else "48"] = BASE[code % 10]
            elif 90 <= code <= 97 or 100 <= code <= 107:
                self.colours["38" if code < 100 else "48"] = BRIGHT[code % 10]

    @staticmethod
    def colour(words: list[str]) -> str:
        if words[0] == "5":
            return indexed(int(words[1]))
        red, green, blue = (int(word) for word in words[-3:])
        return f"#{red:02x}{green:02x}{blue:02x}"

    def css(self) -> str:
        front, back = self.colours.get("38", FOREGROUND), self.colours.get("48", BACKGROUND)
        if "7" in self.flags:
            front, back = back, front
        rules = [f"color:{front}", f"background:{back}"]
        if "1" in self.flags:
            rules.append("font-weight:bold")
        if "3" in self.flags:
            rules.append("font-style:italic")
        if self.underline:
            rules.append(f"text-decoration:underline {self.underline} {self.colours.get('58', front)}")
        return ";".join(rules)


def to_html(screen: str) -> str:
    style = Style()
    lines = []
    for line in screen.rstrip("\n").split("\n"):
        pieces = SGR.split(OTHER_ESCAPES.sub("", line))
        cells = []
        for index, piece in enumerate(pieces):
            if index % 2:
                style.apply(piece)
            elif piece:
                cells.append(f'<span style="{style.css()}">{html.escape(piece)}</span>')
        lines.append("".join(cells))
    body = "\n".join(lines)
    return (
        '<!doctype html><meta charset="utf-8"><title>terminal</title>'
        f"<style>body{{margin:0;background:{BACKGROUND}}}pre{{margin:0;padding:16px;width:max-content;"
        f"font:17px/1.35 'DejaVu Sans Mono','Liberation Mono',monospace;background:{BACKGROUND};color:{FOREGROUND}}}"
        "span{text-underline-offset:3px;text-decoration-skip-ink:none}"
        f"</style><pre>{body}</pre>"
    )
