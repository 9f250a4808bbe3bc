"""The little that rules ask of an address: its host, and whether it holds a credential.

Credentials are found in user information (`https://user:token@host`), in a shared access signature (`?sig=…`) and in a
conda channel's path (`/t/<token>/`). A name that stands for one (`${TOKEN}`, `<token>`, `{{ token }}`) is none.
"""

import re
from typing import NamedTuple

from ..text.span import Span

_SCHEME = re.compile(
    r"(?<![A-Za-z0-9+])(?:[A-Za-z][A-Za-z0-9]{0,20}\+)?(?P<scheme>[A-Za-z][A-Za-z0-9]{0,20})://(?P<place>[^/?#\s]*)"
)
_SIGNATURE = re.compile(r"[?&;](?:sig|SIG)=(?P<value>[^&\s#\"']+)")
_TOKEN_PATH = re.compile(r"://[^\s?#]{0,300}?/t/(?P<value>[^/\s]{8,})/")
# A name for a secret, or a hole where one is to be filled in.
_STAND_IN = re.compile(
    r"\$\{?\w+\}?|\$\{\{.*\}\}|\{[^}]*\}+|<[^>]*>|%\w+%|\$\([^)]*\)|\*+|x{3,}|X{3,}|\.{3}|\[[^\]]*\]|__\w+__"
    r"|(?i:(?:your[-_ ]?)?(?:access[-_ ]?)?(?:token|password|pat|secret|key|passwd|pwd|pass|redacted|masked))"
)
# A user name alone is one, unless it looks like what GitHub, GitLab and others hand out in its place.
_LOOKS_SECRET = re.compile(r"gh[oprsu]_\w{10,}|github_pat_\w{10,}|glpat-[\w-]{10,}|[a-z0-9]{52}|[0-9a-f]{40}")
_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal", re.IGNORECASE)


class Address(NamedTuple):
    """What stands in front of an address's path: `host` without user information and port, lower case."""

    scheme: str
    scheme_span: Span
    host: str

    @property
    def is_loopback(self) -> bool:
        """Whether it leads to the machine itself."""
        return _LOOPBACK.fullmatch(self.host) is not None


def parse(text: str) -> Address | None:
    """The first address in a text, None where there is none."""
    found = _SCHEME.search(text)
    if found is None:
        return None
    return Address(found["scheme"].lower(), Span(*found.span("scheme")), host_of(found["place"]))


def host_of(place: str) -> str:
    """The host of `user@host:port`."""
    host = place.rpartition("@")[2]
    return re.sub(r":\d*$", "", host).lower()


def credentials(text: str) -> list[Span]:
    """Where the addresses in a text hold credentials; of user information, the `@` behind it included."""
    # Most addresses hold none of the marks that a credential needs; looked for first, for every text of every edit.
    if "://" not in text or not any(mark in text for mark in ("@", "sig=", "SIG=", "/t/")):
        return []
    found = []
    for each in _SCHEME.finditer(text):
        user, at, _ = each["place"].rpartition("@")
        if at and _is_secret(user, each["scheme"].lower()):
            start = each.start("place")
            found.append(Span(start, start + len(user) + 1))
    for pattern in (_SIGNATURE, _TOKEN_PATH):
        found += [Span(*each.span("value")) for each in pattern.finditer(text) if not is_stand_in(each["value"])]
    return sorted(found)


def _is_secret(user: str, scheme: str) -> bool:
    name, colon, password = user.partition(":")
    if colon and password:
        return not is_stand_in(password)
    return scheme != "ssh" and _LOOKS_SECRET.fullmatch(name) is not None


def is_stand_in(value: str) -> bool:
    """Whether a value is a name for a secret, or a hole where one is to be filled in."""
    return len(value) < 200 and _STAND_IN.fullmatch(value) is not None


def redacted(text: str) -> str:
    """The text with its credentials left out."""
    for span in reversed(credentials(text)):
        end = span.end - 1 if text[span.end - 1] == "@" else span.end
        text = f"{text[: span.start]}***{text[end:]}"
    return text


def masked(text: str) -> str:
    """The text with stars in the place of its credentials, so that everything else stays where it is."""
    for span in credentials(text):
        end = span.end - 1 if text[span.end - 1] == "@" else span.end
        text = f"{text[: span.start]}{'*' * (end - span.start)}{text[end:]}"
    return text


def secrets(text: str) -> tuple[str, ...]:
    """The credentials that stand in a text, the longest first; too short ones, which stand anywhere, left out."""
    found: set[str] = set()
    for span in credentials(text):
        value = text[span.start : span.end].removesuffix("@")
        found |= {value, value.partition(":")[2]}
    return tuple(sorted((each for each in found if len(each) >= _SHORTEST), key=len, reverse=True))


_SHORTEST = 4
