"""How PyYAML 6.0.3 writes one scalar in a block (`allow_unicode` off, width 80).

The text is hashed by Azure ML's service and by azure-ai-ml, so every byte counts, and what an installed PyYAML of
another release would write must not: what is plain, what is quoted and where lines break stands here. Source: PyYAML
6.0.3 (`emitter.py`, `resolver.py` read; `yaml.dump` run beside this on generated values) and YAML 1.1's types.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

WIDTH = 80
_CACHED_LENGTH = 200  # longer texts are rare, and would make the memory that is kept as large as the files


class Trait(StrEnum):
    """What occurred in a dump that no public key of Azure's bears witness to."""

    QUOTED = "quoted"
    """A string that had to be quoted; the empty one is EMPTY instead."""
    FOLDED_OR_LONG = "folded-or-long"
    """A string over several lines, or one that holds a space and ends behind column 80."""
    NON_ASCII = "non-ascii"
    NUMBER_OR_BOOLEAN = "number-or-boolean"
    """A scalar that is no string: a number, a truth value, null, a date, bytes."""
    REUSED = "reused"
    """A node written once with an anchor and then by its alias."""
    EMPTY = "empty"
    """An empty list, mapping or string."""
    OTHER_TYPE = "other-type"
    """A set or a tuple (`!!set`, `!!omap`, `!!pairs`)."""


class Form(NamedTuple):
    """A string ready to be written. `line` is it on one line, `style` one of `""` (plain), `'`, `"`.

    `has_breaks` is true where the string itself has line breaks, `may_break` where it could stand on several lines.
    """

    text: str
    line: str
    style: str
    has_breaks: bool
    may_break: bool
    traits: frozenset[Trait]


def form_of(text: str) -> Form:
    """How a string is written: plain if YAML then reads the same string, else quoted, escaped only if it must."""
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _form(text)


def _form(text: str) -> Form:
    if _PLAIN.fullmatch(text) and not means_something_else(text):
        return Form(text, text, "", False, " " in text, _NONE)
    if not text:
        return Form("", "''", "'", False, False, _NONE)
    traits = _QUOTED if text.isascii() else _QUOTED_NON_ASCII
    if _SINGLE_QUOTED.fullmatch(text) and " \n" not in text and "\n " not in text:
        line = "'" + text.replace("'", "''") + "'"
        has_breaks = "\n" in text
        return Form(text, line, "'", has_breaks, has_breaks or " " in text, traits)
    line = '"' + _ESCAPED.sub(_escape, text) + '"'
    return Form(text, line, '"', False, True, traits)


_remembered = lru_cache(maxsize=8192)(_form)
_NONE: frozenset[Trait] = frozenset()
_QUOTED = frozenset({Trait.QUOTED})
_QUOTED_NON_ASCII = frozenset({Trait.QUOTED, Trait.NON_ASCII})
# Printable ASCII that no indicator begins, and in which no `: `, no ` #` and no space at either end stands.
_PLAIN = re.compile(
    r"""(?![-?:](?:\ |\Z)|---|\.\.\.|[ #,\[\]{}&*!|>'"%@`])
        (?:[!-"$-9;-~]++|:(?=[!-~])|(?<=[!-~])\#|\ ++(?=[!-"$-~]))++""",
    re.VERBOSE,
)
_SINGLE_QUOTED = re.compile(r"[ -~\n]*+")
_ESCAPED = re.compile(r'[^ -~]|["\\]')


def means_something_else(text: str) -> bool:
    """Whether YAML 1.1 as PyYAML knows it takes a plain text for anything but a string."""
    return text in _WORDS or (text[:1] in _NUMERIC and _NUMBER_OR_DATE.fullmatch(text) is not None)


_CASES = (str.lower, str.capitalize, str.upper)
_WORDS = frozenset(
    {"", "~", "=", "<<"}
    | {case(word) for word in ("yes", "no", "true", "false", "on", "off", "null") for case in _CASES}
)
_NUMERIC = frozenset("-+.0123456789")
_NUMBER_OR_DATE = re.compile(
    r"""[-+]? (?: 0b[01_]+ | 0x[0-9a-fA-F_]+ | 0[0-7_]* | [1-9][0-9_]* (?::[0-5]?[0-9])* )
      | [-+]? [0-9][0-9_]* \. [0-9_]* (?:[eE][-+][0-9]+)?
      | \. [0-9][0-9_]* (?:[eE][-+][0-9]+)?
      | [-+]? [0-9][0-9_]* (?::[0-5]?[0-9])+ \. [0-9_]*
      | [-+]? \. (?:inf|Inf|INF)
      | \. (?:nan|NaN|NAN)
      | [0-9]{4}-[0-9]{2}-[0-9]{2}
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?:[Tt]|[ \t]+) [0-9]{1,2}:[0-9]{2}:[0-9]{2} (?:\.[0-9]*)?
        (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?""",
    re.VERBOSE,
)


def spread(form: Form, column: int, indent: int) -> str:
    """A string as it is written from `column` on, its further lines indented by `indent`."""
    if not form.may_break or (not form.has_breaks and column + len(form.line) <= WIDTH):
        return form.line
    if form.style == "":
        return fold(form.text, column, indent)
    if form.style == "'":
        return "'" + fold(form.text.replace("'", "''"), column + 1, indent) + "'"
    return _escaped(form.text, column, indent)


def fold(text: str, column: int, indent: int) -> str:
    """A text broken at each single space that stands behind column 80, but for spaces at its ends.

    The word that passes the column stays on its line. A line break in the text is written as an empty line.
    """
    parts: list[str] = []
    done = 0
    for gap in _GAP.finditer(text):
        start, end = gap.span()
        parts.append(text[done:start])
        column += start - done
        if text[start] == "\n":
            parts.append("\n" * (end - start + 1) + " " * indent)
            column = indent
        elif end - start == 1 and column > WIDTH and start and end < len(text):
            parts.append("\n" + " " * indent)
            column = indent
        else:
            parts.append(gap[0])
            column += end - start
        done = end
    parts.append(text[done:])
    return "".join(parts)


_GAP = re.compile(r" +|\n+")


def _escaped(text: str, column: int, indent: int) -> str:
    r"""A double-quoted text. Lines end in `\` at spaces and beside escapes, but not beside its first or last letter.

    Behind an escape a line may be one column longer than elsewhere: PyYAML counts so.
    """
    parts = ['"']
    column += 1
    last = len(text) - 1
    behind_escape = False
    for found in _PIECE.finditer(text):
        at, piece = found.start(), found[0]
        may_break = 0 < at < last
        if found.lastgroup == "escaped":
            piece = _escape(found)
            parts.append(piece)
            column += len(piece)
            if may_break and column > WIDTH + 1:
                column = _break(parts, indent, text[at + 1])
            behind_escape = True
            continue
        if may_break and (behind_escape or piece == " ") and column > WIDTH:
            column = _break(parts, indent, piece)
        parts.append(piece)
        column += len(piece)
        behind_escape = False
    parts.append('"')
    return "".join(parts)


_PIECE = re.compile(r'(?P<escaped>[^ -~]|["\\])|(?: |[!#-\[\]-~]+)')


def _break(parts: list[str], indent: int, following: str) -> int:
    """Ends the line, and shields a space that follows, which would count as indentation. The column after it."""
    shield = "\\" if following.startswith(" ") else ""
    parts.append("\\\n" + " " * indent + shield)
    return indent + len(shield)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return "\\" + short
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


# YAML 1.1, section 5.6, without `\/` and `\ `, which PyYAML does not write.
_SHORT_ESCAPES = dict(zip('\0\a\b\t\n\v\f\r\x1b"\\\x85\xa0\u2028\u2029', '0abtnvfre"\\N_LP', strict=True))


def scalar_text(value: object) -> str:
    """A number, truth value, null or date as text that needs no quotes. ValueError for too many digits to print."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _float_text(value: float) -> str:
    text = repr(value)
    if text in _NO_NUMBERS:
        return _NO_NUMBERS[text]
    # YAML 1.1 wants a point in the mantissa.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


_NO_NUMBERS = {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}
