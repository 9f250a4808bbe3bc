"""Parts the arguments of an instruction, as each has its own way (BuildKit's frontend/dockerfile/parser)."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from ..text.span import Span
from .docker_words import SPACE
from .dockerfile_parts import Assignment, Flag, Problem, ProblemKind
from .joined import Joined, Word

_ASCII_SPACE = "\t\n\v\f\r "
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_NOT_BLANK = re.compile(r"[^\t\v\f\r ]+")
_HEALTH_TYPE = re.compile(rf"([^{_ASCII_SPACE}]+)[{_ASCII_SPACE}]*")
_JSON_STRING = r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"'
_JSON_ITEM = re.compile(_JSON_STRING)
_JSON_LIST = re.compile(
    rf"\[[ \t\r\n]*(?:{_JSON_STRING}[ \t\r\n]*(?:,[ \t\r\n]*{_JSON_STRING}[ \t\r\n]*)*+)?\][ \t\r\n]*"
)


def _words_pattern(escape: str, blanks: str, single: str) -> re.Pattern[str]:
    """Words with quotes that hide blanks. `single` is what stands between single quotes."""
    escaped = re.escape(escape)
    double = rf'"(?:[^"{escaped}]++|{escaped}(?s:.))*+(?:"|{escaped}?\Z)'
    return re.compile(rf"""(?:[^{blanks}"'{escaped}]++|{escaped}(?s:.)|{double}|'{single}*+(?:'|{escaped}?\Z))++""")


def _cook(word: str, escape: str) -> str:
    """A word of the flags without its quotes and escapes; an escape counts in both kinds of quotes."""
    if escape not in word and '"' not in word and "'" not in word:
        return word
    parts = []
    quote = ""
    skip = False
    for at, char in enumerate(word):
        if skip:
            skip = False
            parts.append(char)
        elif char == escape:
            skip = at + 1 < len(word)
        elif char == quote:
            quote = ""
        elif char in "\"'" and not quote:
            quote = char
        else:
            parts.append(char)
    return "".join(parts)


_WORDS = {escape: _words_pattern(escape, SPACE, "[^']") for escape in "\\`"}
_FLAGS = {
    escape: _words_pattern(escape, _ASCII_SPACE, rf"(?:[^'{re.escape(escape)}]|{re.escape(escape)}(?s:.))")
    for escape in "\\`"
}


class Arguments(NamedTuple):
    """What `Instruction` says of its arguments."""

    words: tuple[Word, ...] = ()
    is_json: bool = False
    assignments: tuple[Assignment, ...] = ()
    refusal: Problem | None = None


def read(keyword: str, args: Joined, escape: str) -> Arguments:
    """The arguments of an instruction; nothing of one that Docker does not know."""
    reader = _READERS.get(keyword)
    return _NOTHING if reader is None or not args.text else reader(keyword, args, escape)


def flags(joined: Joined, at: int, end: int, escape: str) -> tuple[tuple[Flag, ...], int]:
    """The `--name=value` in front of the arguments, and where these begin."""
    text = joined.text
    pattern = _FLAGS[escape]
    found = []
    while at < end:
        if text[at] in _ASCII_SPACE:
            at += 1
            continue
        word = pattern.match(text, at, end) if text.startswith("--", at, end) else None
        if word is None:
            break
        at = word.end()
        cooked = _cook(word[0], escape)
        if cooked == "--":
            break
        found.append(_flag(joined, word.start(), at, cooked))
    return tuple(found), at


def _pairs(keyword: str, args: Joined, escape: str) -> Arguments:
    words = _quoted_words(args, escape)
    text = args.text
    if not words:
        return _NOTHING
    if "=" not in words[0].text:
        blanks = _BLANKS.search(text)
        if blanks is None:
            message = f"{keyword} must have two arguments"
            return Arguments(words, refusal=Problem(ProblemKind.BAD_ASSIGNMENT, words[0].span, message))
        name, value = args.word(0, blanks.start()), _variable(args.word(blanks.end(), len(text)))
        return Arguments(words, False, (Assignment(name, value, args.span_of(0, len(text)), True),))
    refusal = None
    pairs = []
    for word in words:
        if "=" in word.text:
            pairs.append(_assignment(word))
        elif refusal is None:
            quoted = json.dumps(word.text, ensure_ascii=False)
            message = f"Syntax error - can't find = in {quoted}. Must be of the form: name=value"
            refusal = Problem(ProblemKind.BAD_ASSIGNMENT, word.span, message)
    return Arguments(words, False, tuple(pairs), refusal)


def _declared(_keyword: str, args: Joined, escape: str) -> Arguments:
    words = _quoted_words(args, escape)
    return Arguments(words, False, tuple(map(_assignment, words)))


def _parted(_keyword: str, args: Joined, _escape: str) -> Arguments:
    return Arguments(_blank_separated(args, 0))


def _one(_keyword: str, args: Joined, _escape: str) -> Arguments:
    return Arguments(_one_word(args, 0))


def _json_or_parted(_keyword: str, args: Joined, _escape: str) -> Arguments:
    found = _maybe_json(args, 0, _blank_separated)
    # Docker puts variables into these strings, where a shell would not.
    return found._replace(words=tuple(map(_variable, found.words))) if found.is_json and "$" in args.text else found


def _json_or_one(_keyword: str, args: Joined, _escape: str) -> Arguments:
    return _maybe_json(args, 0, _one_word)


def _health(_keyword: str, args: Joined, _escape: str) -> Arguments:
    kind = _HEALTH_TYPE.match(args.text)
    if kind is None:
        return _NOTHING
    rest = _maybe_json(args, kind.end(), _one_word)
    return rest._replace(words=(args.word(0, kind.end(1)), *rest.words))


_NOTHING = Arguments()
_READERS: dict[str, Callable[[str, Joined, str], Arguments]] = {
    **dict.fromkeys(("ENV", "LABEL"), _pairs),
    "ARG": _declared,
    **dict.fromkeys(("FROM", "EXPOSE"), _parted),
    **dict.fromkeys(("ADD", "COPY", "VOLUME"), _json_or_parted),
    **dict.fromkeys(("RUN", "CMD", "ENTRYPOINT", "SHELL"), _json_or_one),
    "HEALTHCHECK": _health,
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _one),
}


def _maybe_json(args: Joined, start: int, otherwise: Callable[[Joined, int], tuple[Word, ...]]) -> Arguments:
    text = args.text
    if text.startswith("[", start):
        if _JSON_LIST.fullmatch(text, start):
            items = tuple(_item(args, *found.span()) for found in _JSON_ITEM.finditer(text, start))
            return Arguments(items, True)
        if _is_json_list(text[start:]):
            message = "when using JSON array syntax, arrays must be comprised of strings only"
            where = args.span_of(start, len(text))
            return Arguments(refusal=Problem(ProblemKind.JSON_NOT_STRINGS, where, message))
    return Arguments(otherwise(args, start))


def _quoted_words(args: Joined, escape: str) -> tuple[Word, ...]:
    """Words with their quotes, as ENV, LABEL and ARG part them."""
    words = tuple([args.word(*found.span()) for found in _WORDS[escape].finditer(args.text)])
    return tuple(map(_variable, words)) if "$" in args.text else words


def _variable(word: Word) -> Word:
    return word._replace(is_literal=False) if "$" in word.text else word


def _flag(joined: Joined, start: int, end: int, cooked: str) -> Flag:
    name, sign, value = cooked[2:].partition("=")
    equals = joined.text.find("=", start, end)
    if not sign or equals < 0:
        span = joined.span_of(start, end)
        return Flag(name, span, span, None)
    whole_value = joined.word(equals + 1, end)
    inner = whole_value.inner if whole_value.text == value else None
    return Flag(
        name,
        joined.span_of(start, end),
        joined.span_of(start, equals),
        Word(value, whole_value.span, inner, "$" not in value),
    )


def _assignment(word: Word) -> Assignment:
    """`NAME=value` or `NAME` alone."""
    at = word.text.find("=")
    if at < 0:
        return Assignment(word, None, word.span, False)
    if word.inner is None:
        return Assignment(word._replace(text=word.text[:at]), word._replace(text=word.text[at + 1 :]), word.span, False)
    start, end = word.span
    middle = start + at
    text = word.text
    value = Word(text[at + 1 :], Span(middle + 1, end), middle + 1, "$" not in text)
    return Assignment(Word(text[:at], Span(start, middle), start), value, word.span, False)


def _blank_separated(args: Joined, start: int) -> tuple[Word, ...]:
    words = [args.word(*found.span()) for found in _NOT_BLANK.finditer(args.text, start)]
    return tuple(map(_variable, words)) if "$" in args.text else tuple(words)


def _one_word(args: Joined, start: int) -> tuple[Word, ...]:
    return (_variable(args.word(start, len(args.text))),) if start < len(args.text) else ()


def _item(args: Joined, start: int, end: int) -> Word:
    """A string of a JSON list. Its span has the quotes, `inner` stands behind the first."""
    written = args.text[start + 1 : end - 1]
    if "\\" not in written:
        inner = args.at(start + 1) if args.is_contiguous(start, end) else None
        return Word(written, args.span_of(start, end), inner)
    value = str(json.loads(args.text[start:end]))
    # Halves of surrogate pairs, which JSON can spell, are no characters.
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Word(value, args.span_of(start, end), None)


def _is_json_list(text: str) -> bool:
    """Whether Go's JSON reader takes it for a list, of whatever."""
    try:
        return isinstance(json.loads(text, parse_constant=_refuse), list)
    except (ValueError, RecursionError):
        return False


def _refuse(word: str) -> None:
    raise ValueError(word)
