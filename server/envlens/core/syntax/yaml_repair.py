"""Mends text that is no YAML so that the rest of it can be read: nothing that stands moves.

Half-typed text is the normal state of an editor. A list or mapping in brackets that is still open is closed where its
lines end; else the line that holds the error is blanked, and if that does not help the block around it.
"""

import re

import yaml

from ..text.span import Span

_BLOCK_START = re.compile(r"^(?=[^\s#])", re.MULTILINE)
_LINE = re.compile(r"(?:\r\n|\r|\n)([ ]*)(?=[^\s])")
_FLOW_TOKEN = re.compile(r"""(?P<quote>["'])|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comment>(?:(?<=\s)|\A)\#[^\r\n]*)""")
_QUOTED = {'"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*'", re.DOTALL)}
_CLOSERS = {"[": "]", "{": "}"}
_KEY = re.compile(r"[ ]*(?:- +)*[^\s#][^#]*:(?:\s|\Z)")
# A line that more has to follow.
_OPENING = re.compile(r"(?:^|\s)(?:[^\s]*:|-|[|>][-+0-9]*|[^#]*[\[{,])\s*(?:\s#.*)?$")
# Longer collections are not mended: nobody types in one.
_MAX_FLOW = 20_000
_MAX_TRIES = 12


def repaired(text: str, error: yaml.MarkedYAMLError, flow_start: int | None, *, whole_block: bool) -> str:
    """The text with what is around the error mended. `flow_start` is where an open flow collection begins, if any."""
    closed = _closed(text, flow_start) if flow_start is not None else None
    return closed if closed is not None else _without_culprit(text, error, whole_block=whole_block)


def _closed(text: str, start: int) -> str | None:
    """The text with the flow collection at `start` closed where its lines end; None where nothing is to be closed."""
    end = _flow_end(text, start)
    if end - start > _MAX_FLOW:
        return None
    if not text[end:].strip():
        missing = _missing(text[start:])
        # Behind the end nothing has to stay where it is; the line break ends a comment.
        return f"{text}\n{missing}" if missing and missing[0] not in "\"'" else f"{text}{missing}" if missing else None
    last = start + len(text[start:end].rstrip("\r\n"))
    if not _missing(text[start:last]):
        return None
    for at in range(last, max(last - _MAX_TRIES, start), -1):
        missing = _missing(text[start:at])
        if text[at - 1] in "\r\n":
            return None
        if missing and at + len(missing) <= last:
            return text[:at] + missing + " " * (last - at - len(missing)) + text[last:]
    return None


def _flow_end(text: str, start: int) -> int:
    """Where the lines of a flow collection end: before one that is indented no deeper than that on which it begins."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    indentation = len(text[line:start]) - len(text[line:start].lstrip(" "))
    for found in _LINE.finditer(text, start):
        if len(found[1]) <= indentation and text[found.end()] not in "]}#,":
            return found.start()
    return len(text)


def _missing(flow: str) -> str:
    """What would close a text that begins with a flow collection: quotes and brackets; empty where nothing is open."""
    closers: list[str] = []
    at = 0
    while found := _FLOW_TOKEN.search(flow, at):
        at = found.end()
        if found["open"]:
            closers.append(_CLOSERS[found["open"]])
        elif found["close"]:
            if closers:
                closers.pop()
            if not closers:
                return ""
        elif found["quote"] and flow[: found.start()].rstrip()[-1:] in {"[", "{", ",", ":"}:
            end = _QUOTED[found["quote"]].match(flow, at)
            if end is None:
                return found["quote"] + "".join(reversed(closers))
            at = end.end()
    return "".join(reversed(closers))


def error_span(text: str, clean: str, shift: int, error: yaml.MarkedYAMLError) -> Span:
    at = _culprit(error, clean) + shift
    end = at
    while end < len(text) and text[end] not in "\r\n":
        end += 1
    return Span(min(at, len(text)), max(min(end, len(text)), min(at, len(text))))


def _culprit(error: yaml.MarkedYAMLError, text: str) -> int:
    """Where the mistake is, not where the parser gave up: an open quote or key is at the context mark."""
    mark = error.problem_mark
    context = error.context or ""
    if error.context_mark is not None and (
        "simple key" in context or "quoted scalar" in context or context.startswith("while parsing a flow")
    ):
        mark = error.context_mark
    at: int = mark.index if mark is not None else 0
    at = min(at, len(text))
    # Errors at the end of the stream, or on a blank rest of it, belong to the last line with text on it.
    while at > 0 and not text[at:].split("\n", 1)[0].strip() and not text[at:].strip():
        at -= 1
        if not text[at].isspace():
            return at
    return at


def message(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or "").strip()
    context = (error.context or "").strip()
    if "'\\t'" in problem or "tab" in problem:
        return "not YAML: a tab stands where only spaces may"
    if problem.startswith("mapping values are not allowed"):
        return "not YAML: a ':' is not allowed here (quote the text if it belongs to it)"
    return f"not YAML: {problem} ({context})" if context else f"not YAML: {problem}"


def _without_culprit(text: str, error: yaml.MarkedYAMLError, *, whole_block: bool) -> str:
    at = _culprit(error, text)
    if whole_block:
        starts = [found.start() for found in _BLOCK_START.finditer(text)]
        start = max((s for s in starts if s <= at), default=0)
        end = min((s for s in starts if s > at), default=len(text))
    else:
        start, end = _damaged(text, at, error)
    blank = re.sub(r"[^\r\n]", " ", text[start:end])
    return text[:start] + blank + text[end:]


def _damaged(text: str, at: int, error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """What to blank for an error: its line, or the block that lost the line above it, where that explains more."""
    start, end = _line_start(text, at), _line_end(text, at)
    line = text[start:end]
    if not _KEY.match(line) and not line.lstrip(" ").startswith("- "):
        return start, end
    above = text[:start].rstrip()
    before = text[_line_start(text, len(above)) : len(above)]
    if above and _indentation(before) < _indentation(line) and not _OPENING.search(before):
        # `image: x` and deeper below it `channels:`: the key between them is gone, all that it held is without a place.
        return start, _run_end(text, start)
    if (error.context or "").startswith("while parsing a block") or "document start" in (error.problem or ""):
        # Two blocks that do not fit together: the one above has no key, or the smaller one is what somebody is at.
        first = _run_start(text, start)
        is_smaller = text.count("\n", first, start) < text.count("\n", start, _block_end(text, start))
        if first < start and (is_smaller or not text[:first].strip()):
            return first, start
    return start, end


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end(text: str, at: int) -> int:
    return min((end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0), default=len(text))


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block_end(text: str, start: int) -> int:
    """Behind the lines that belong to the key at `start`: those deeper, and the items of its list."""
    width = _indentation(text[start : _line_end(text, start)])
    for found in _LINE.finditer(text, start):
        if len(found[1]) < width or (len(found[1]) == width and text[found.end()] != "-"):
            return found.end() - len(found[1])
    return len(text)


def _run_end(text: str, start: int) -> int:
    """Behind the lines from `start` on that are indented no less than the first."""
    width = _indentation(text[start : _line_end(text, start)])
    for found in _LINE.finditer(text, start):
        if len(found[1]) < width:
            return found.end() - len(found[1])
    return len(text)


def _run_start(text: str, start: int) -> int:
    """The first of the lines right above `start` that are indented deeper, or are items of a list."""
    width = _indentation(text[start : _line_end(text, start)])
    while start > 0:
        above = _line_start(text, max(start - 2, 0) if text[max(start - 2, 0)] == "\r" else start - 1)
        line = text[above : _line_end(text, above)]
        is_item = line.lstrip(" ").startswith("-") and _indentation(line) == width
        if line.strip() and _indentation(line) <= width and not is_item:
            break
        start = above
    return start
