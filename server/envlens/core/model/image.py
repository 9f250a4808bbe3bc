"""An image reference (`host:port/repository:tag@sha256:…`) and its parts."""

import re
from typing import NamedTuple

from ..syntax.nodes import Scalar

_DIGEST = re.compile(r"@([A-Za-z0-9_+.\-]+:[0-9a-fA-F]+)$")


class ImageReference(NamedTuple):
    """The base image of an environment, as written. `repository` includes the host; `tag` and `digest` may be None."""

    scalar: Scalar
    text: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def is_literal(self) -> bool:
        """Whether the text is the image, and not something that is filled in later or blank."""
        text = self.text
        return bool(text) and not self.scalar.is_template and "${" not in text and "<" not in text and " " not in text


def parse(scalar: Scalar) -> ImageReference:
    """The parts of an image reference. `host:5000/name` has a port, not a tag."""
    text = scalar.text.strip()
    rest = text
    digest = None
    found = _DIGEST.search(rest)
    if found:
        digest, rest = found[1], rest[: found.start()]
    head, slash, last = rest.rpartition("/")
    name, colon, tag = last.partition(":")
    return ImageReference(scalar, text, head + slash + name, tag if colon else None, digest)
