"""The version that azure-ai-ml gives an environment used inline (anonymous). It is the client's own, no image's name.

Source: azure-ai-ml 1.35.2, `entities/_assets/environment.py` and `_schema/assets/environment.py`, read and run. What of
a definition enters (all run):

- A local `build.path` comes first; image, conda file and inference routes then have no effect.
- `image` enters unless it is the empty string. With neither the SDK makes a name and version of chance.
- `conda_file` enters as the dump of what it was parsed to, unless that is empty to Python: inline `{}`, `""`, `false`,
  `0`, `[]`; a file that is empty, holds comments only, or one of these or `null`, `!!set {}`, `!!binary ''`. Any other
  root of a file enters (a string, number, date or list, `.nan` too). Inline, anything but a mapping, a path and the
  empty values is refused, as is `null`. Nothing of its content is checked.
- `inference_config` enters whenever it was given: `{}`, `null` and a missing route or key are refused.
"""

import hashlib
import re
from typing import NamedTuple

from .dump import Dumped, dump
from .written import form_of, spread

NAME = "CliV2AnonymousEnvironment"
NEWEST_RELEASE = "1.35.2"
"""The newest release that was run."""

_FIRST_WITH_SHA256 = (1, 28, 0)
_FIRST_WITH_THIS_INFERENCE = (1, 33, 0)
_MODELS = "!!python/object:azure.ai.ml._restclient.arm_ml_service.models._models"
_PATH_INDENT = 6


class Route(NamedTuple):
    """Where a container answers. `port` as `port_of` gives it."""

    port: int
    path: str


class Inference(NamedTuple):
    """`inference_config`, whose three routes are all required."""

    liveness: Route
    readiness: Route
    scoring: Route


def image_version(image: str, conda_text: str | None, inference: Inference | None, algorithm: str = "sha256") -> str:
    """The version of an environment that starts from an image. `conda_text` is None or empty where none enters."""
    woven = _digest(image, algorithm)
    if inference is not None:
        woven = _weave(woven, _digest(inference_text(*inference), algorithm))
    if conda_text:
        woven = _weave(woven, _digest(conda_text, algorithm))
    return _digest(woven, algorithm)


def context_version(tree_hash: str, dockerfile_path: str | None, algorithm: str = "sha256") -> str:
    """The version of an environment that is built. `tree_hash` is the SDK's own digest of the context's files.

    `dockerfile_path` counts as written, so that `Dockerfile` and none differ, but the empty string is as none.
    """
    woven = _digest(tree_hash, algorithm)
    if dockerfile_path:
        woven = _weave(woven, _digest(dockerfile_path, algorithm))
    return _digest(woven, algorithm)


def conda_text(value: object) -> Dumped:
    """The text of a parsed conda file, as it is hashed and sent. It is empty where none enters.

    The SDK's dumper differs from PyYAML's own for `OrderedDict` alone, which no YAML file gives (1.35.2, read; run with
    sets, tuples, bytes, dates and aliases).
    """
    return dump(value) if value else Dumped("", frozenset())


def inference_text(liveness: Route, readiness: Route, scoring: Route) -> str:
    """The dump of the SDK's own objects for the routes. It names a private module: `knows_inference`."""
    lines = [f"{_MODELS}.InferenceContainerProperties", "_data:"]
    for name, route in (("livenessRoute", liveness), ("readinessRoute", readiness), ("scoringRoute", scoring)):
        path = spread(form_of(route.path), _PATH_INDENT + len("path: "), _PATH_INDENT + 2)
        lines += [f"  {name}: {_MODELS}.Route", "    _data:", f"      path: {path}", f"      port: {route.port}"]
    return "\n".join(lines) + "\n"


def port_of(value: object) -> int | None:
    """The port that the SDK reads: `"5001"` and `5001.9` are 5001 to it. None for what it refuses."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        port = int(value)
        str(port)  # thousands of digits: Python does not print them, and the SDK ends
    except (ValueError, OverflowError):
        return None
    return port


def algorithm_of(release: str) -> str | None:
    """The digest that a release uses: MD5 up to 1.27.1, SHA-256 from 1.28.0 on; None where the release is unreadable.

    Read in 1.0.0, 1.26.5, 1.27.1 (there is none between it and the next), 1.28.0, 1.29.0, 1.33.0 and 1.34.0; run with
    1.8.0, 1.26.0, 1.28.1, 1.30.0, 1.32.0, 1.34.1 and 1.35.2.
    """
    numbers = _numbers(release)
    if numbers is None:
        return None
    return "sha256" if numbers >= _FIRST_WITH_SHA256 else "md5"


def knows_inference(release: str) -> bool:
    """Whether `inference_text` is the text of a release: run with 1.33.0, 1.34.0, 1.34.1, 1.35.2.

    That of 1.32.0 and before is another. Of a newer release nothing is known: the text names a private module.
    """
    numbers, newest = _numbers(release), _numbers(NEWEST_RELEASE)
    return numbers is not None and newest is not None and _FIRST_WITH_THIS_INFERENCE <= numbers <= newest


def _numbers(release: str) -> tuple[int, ...] | None:
    found = _RELEASE.fullmatch(release)
    return tuple(int(each or 0) for each in found.groups()) if found else None


_RELEASE = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


def _weave(woven: str, through: str) -> str:
    """The whole of `woven` between all neighbouring letters of `through`: what `str.join` does, meant or not."""
    return woven.join(through)


def _digest(text: str, algorithm: str) -> str:
    # A lone surrogate can only come from an escape in an image's name, which the SDK refuses.
    return hashlib.new(algorithm, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
