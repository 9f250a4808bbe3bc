"""A channel is written so that conda cannot reach it, or is likely misspelt.

## Why
conda turns a channel into an address: a name into one below `https://conda.anaconda.org/`, whatever is in the name.
Where that address has no packages, conda stops before it looks for any. `conda_forge` is such a name, and so is a
channel with a blank in it or an address whose `://` is not complete.
Source: Azure ML, Troubleshoot environment issues; conda's `Channel` and session (source of 2026-08), run: other
schemes than http, https, ftp, s3 and file end in `InvalidSchema`.

## Bad
```yaml conda.yml
channels:
  - conda_forge
dependencies:
  - python=3.12
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
```

## Fix safety
Unsafe: which channel is meant is a guess. Channels that only resemble a known one are left alone where more than one
letter differs.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..model.conda import CondaSpec
from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.changes import replace
from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

# Names long enough that one letter more or less is a slip of the pen.
_NAMES = ("conda-forge", "bioconda", "defaults", "nodefaults", "anaconda", "pytorch", "nvidia", "rapidsai")
_SCHEMES = {"http", "https", "ftp", "s3", "file", "oci"}  # the last is mamba's
_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_BROKEN = re.compile(r"(?P<scheme>https?)(?::/?|/{1,2})(?=[^/:])(?P<rest>\S+)")
_LIKE_HTTP = re.compile(r"(?:h{0,2}t{1,3}p{1,2}s{0,2})", re.IGNORECASE)
_PLACE = ("/", "./", "../", "~", "file:")
_HOLE = re.compile(r"[${}<>%]")
_SEPARATORS = re.compile(r"[-_. ]")


class _Slip(NamedTuple):
    message: str
    meant: str | None
    severity: Severity


@rule("conda-communication-error", on=(CondaSpec, MatchSpec, IndexOption), severity=Severity.WARNING)
def check(value: CondaSpec | MatchSpec | IndexOption, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, CondaSpec):
        for channel in value.channels:
            slip = _judged(channel.text)
            if slip and (value.is_whole or slip.severity is Severity.ERROR):  # a name may be half typed
                fixes = replace(channel, slip.meant, f"write '{slip.meant}'", safe=False) if slip.meant else ()
                yield Finding(channel.span, slip.message, fixes, slip.severity)
    elif isinstance(value, MatchSpec):
        slip = _judged(value.channel) if value.channel else None
        if slip and value.channel:
            at = value.text.index(value.channel)
            span = Span(at, at + len(value.channel))
            yield Finding(span, slip.message, _edit(span, slip), slip.severity)
    elif value.name == "--channel":
        slip = _judged(value.value.text)
        if slip:
            fixes = _edit(value.value.span, slip) if value.value.inner == value.value.span.start else ()
            yield Finding(value.value.span, slip.message, fixes, slip.severity)


def _edit(span: Span, slip: _Slip) -> tuple[Fix, ...]:
    return (Fix(f"write '{slip.meant}'", (Edit(span, slip.meant),), safe=False),) if slip.meant else ()


def _judged(text: str) -> _Slip | None:
    """What is wrong with a channel; None where it may be right."""
    if _HOLE.search(text) or text.startswith(_PLACE) or "\\" in text:
        return None  # a place to be filled in, or a folder
    address = _ADDRESS.match(text)
    if address:
        scheme = address["scheme"].lower()
        if scheme in _SCHEMES:
            return None
        if _LIKE_HTTP.fullmatch(scheme):
            message = f"conda knows no '{scheme}:' addresses: it stops here"
            return _Slip(message, "https://" + text[address.end() :], Severity.ERROR)
        return _Slip(f"conda itself knows no '{scheme}:' addresses", None, Severity.WARNING)
    broken = _BROKEN.fullmatch(text)
    if broken:
        whole = f"{broken['scheme']}://{broken['rest']}"
        # A credential shows in what the address would be only: as it stands, nobody would leave it out.
        is_secret = bool(urls.credentials(whole))
        shown = f"{text[: broken.start('rest')]}…" if is_secret else text
        message = f"'{shown}' is no address: conda looks for a channel of that name, and finds none"
        return _Slip(message, None if is_secret else whole, Severity.ERROR)
    if re.search(r"[\s,]|::", text.strip()):
        message = f"conda takes '{text}' for the name of one channel, and finds none"
        return _Slip(message, None, Severity.ERROR)
    name, _, rest = text.partition("/")
    meant = _meant(name.lower())
    if meant is None or (rest and not rest.startswith("label/")):
        return None
    message = f"'{name}' is likely '{meant}': conda stops at a channel that does not exist"
    return _Slip(message, meant + text[len(name) :], Severity.WARNING)


def _meant(name: str) -> str | None:
    if name in _NAMES:
        return None
    letters = _SEPARATORS.sub("", name)
    for known in _NAMES:
        bare = known.replace("-", "")
        if letters == bare or (abs(len(letters) - len(bare)) <= 1 and _differs_once(letters, bare)):
            return known
    return None


def _differs_once(one: str, other: str) -> bool:
    """Whether a letter is missing, too much or another, or two that are neighbours are exchanged."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
