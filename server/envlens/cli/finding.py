"""`envlens hash --find`: which definition an image key, a conda key or an SDK version is of."""

import argparse
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from ..host.host import Host
from .definitions import Defined, Look, find
from .errors import UsageError
from .render.json_report import to_text
from .render.text import printable
from .report import say

# A key as logs, portals and our lenses show it: behind a path or a name, cut off by an ellipsis.
_KEY = re.compile(r"(?:.*[/_:])?(?P<digits>[0-9a-fA-F]{6,64})(?:…|\.\.\.)?")
_OLD_RELEASE = "1.27.1"  # the last with MD5
_MD5_DIGITS = 32


class Hit(NamedTuple):
    """A definition that has the key, as what, and the whole key."""

    defined: Defined
    what: str
    key: str


def run(host: Host, paths: list[str], look: Look, args: argparse.Namespace) -> int:
    """Prints the definitions that have the key; 1 where there is none."""
    found = _KEY.fullmatch(args.find.strip().rstrip("/"))
    if found is None:
        raise UsageError(f"'{args.find}' is no key: it takes 6 to 64 hexadecimal digits, such as azureml_<32 digits>")
    digits = found["digits"].lower()
    defined = list(find(host, paths, look, args.sdk))
    hits = [hit for each in defined for hit in _hits(each, digits)]
    if not hits and args.sdk is None and len(digits) <= _MD5_DIGITS:
        hits = [hit for each in find(host, paths, look, _OLD_RELEASE) for hit in _hits(each, digits, only_sdk=True)]
    if args.format == "json":
        sys.stdout.write(to_text({"key": digits, "found": [_as_json(each) for each in hits]}))
    else:
        for each in hits:
            line, column = each.defined.position
            name = each.defined.prediction.place.name
            what = f"{name}: {each.what}" if name else each.what
            print(printable(f"{each.defined.shown}:{line}:{column}: {what} {each.key}"))
    if not hits:
        count = len(defined)
        say(f"none of {count} definition{'s' * (count != 1)} has the key {digits}, as the files are now")
    return 0 if hits else 1


def _hits(each: Defined, digits: str, *, only_sdk: bool = False) -> Iterator[Hit]:
    prediction = each.prediction
    is_azures = prediction.image_name is not None
    keys = (
        ("image key" if is_azures else "hash (envlens)", None if only_sdk else prediction.fingerprint),
        ("conda key", None if only_sdk else prediction.conda_key),
        ("SDK version", prediction.sdk.version),
    )
    for what, key in keys:
        if key is not None and key.startswith(digits):
            yield Hit(each, what, key)


def _as_json(hit: Hit) -> dict[str, object]:
    line, column = hit.defined.position
    place = hit.defined.prediction.place
    return {
        "path": hit.defined.shown,
        "at": {"line": line, "column": column},
        "name": place.name,
        "version": place.version,
        "what": hit.what.replace(" (envlens)", "").replace(" ", "-").lower(),
        "key": hit.key,
    }
