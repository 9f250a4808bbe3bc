"""The grammar of image references, as Docker has it (distribution/reference), and what breaks it in words."""

import re
from functools import lru_cache
from typing import NamedTuple

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LABEL = r"(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
_PART = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_LONGEST = 255


class Breach(NamedTuple):
    """What is wrong with a reference: where in its text, in words, and the text that would be right."""

    start: int
    end: int
    what: str
    better: str | None = None
    title: str = ""
    safe: bool = False


@lru_cache(maxsize=1024)
def breach(text: str) -> Breach | None:
    """What is wrong with a reference, the first thing that is; None for a right one."""
    scheme = _SCHEME.match(text)
    if scheme is not None:
        rest = text[scheme.end() :]
        is_right = scheme[0].lower() != "azureml://" and not _SCHEME.match(rest) and rest and breach(rest) is None
        better = rest if is_right else None
        return Breach(0, scheme.end(), f"it begins with '{scheme[0]}'", better, f"delete '{scheme[0]}'", True)
    blank = re.search(r"\s", text)
    if blank is not None:
        return Breach(*blank.span(), "it has a blank")
    rest, at, digest = text.partition("@")
    if at:
        found = _wrong_digest(digest, len(rest) + 1)
        if found is not None:
            return found
    return _wrong_name(rest, text[len(rest) :])


def _wrong_digest(digest: str, start: int) -> Breach | None:
    end = start + len(digest)
    algorithm, _, digits = digest.partition(":")
    wanted = _LENGTHS.get(algorithm)
    if wanted is not None and digits and len(digits) != wanted:
        return Breach(start, end, f"a {algorithm} digest has {wanted} hexadecimal digits, this one {len(digits)}")
    if _DIGEST.fullmatch(digest) is None or (wanted is not None and digits != digits.lower()):
        return Breach(start, max(end, start), f"'{digest}' is no digest, such as 'sha256:' and 64 hexadecimal digits")
    return None


def _wrong_name(name: str, digest: str) -> Breach | None:
    head, slash, last = name.rpartition("/")
    repository, colon, tag = last.partition(":")
    if colon and _TAG.fullmatch(tag) is None:
        start = len(head + slash + repository + colon)
        what = "the tag is empty" if not tag else f"'{tag}' is no tag" if len(tag) <= 128 else "the tag is too long"
        return Breach(start if tag else start - 1, len(name), what)
    parts = (head + slash + repository).split("/")
    first = parts[0]
    # As Docker tells a host from the first part of a path.
    is_host = len(parts) > 1 and (any(char in first for char in ".:[") or first == "localhost")
    if is_host and _HOST.fullmatch(first) is None:
        host, colon, port = first.rpartition(":")
        what = f"'{port}' is no port" if colon and _HOST.fullmatch(host) else f"'{first}' is no host"
        return Breach(0, len(first), what)
    at = len(first) + 1 if is_host else 0
    for part in parts[1:] if is_host else parts:
        if _PART.fullmatch(part) is None:
            return _wrong_part(part, at, name, digest)
        at += len(part) + 1
    path = "/".join(parts)
    return Breach(0, len(path), f"it is longer than {_LONGEST} characters") if len(path) > _LONGEST else None


def _wrong_part(part: str, at: int, name: str, digest: str) -> Breach:
    end = at + len(part)
    if not part:
        return Breach(max(at - 1, 0), max(at, 1), "a part between two '/' is empty")
    if _PART.fullmatch(part.lower()) is None:
        return Breach(at, end, f"'{part}' is no part of a repository's name")
    colon = name.find(":", name.rfind("/") + 1)
    stop = colon if colon >= 0 else len(name)
    better = name[:at] + name[at:stop].lower() + name[stop:] + digest
    return Breach(at, end, f"'{part}' has upper case letters", better, f"use '{better}'")
