"""An image reference (`host:port/repository:tag@sha256:…`) and its parts."""

import re
from typing import NamedTuple

from ..syntax.joined import Word
from ..syntax.nodes import Scalar
from ..text.span import Span

_DIGEST = re.compile(r"@([A-Za-z0-9_+.\-]+:[0-9a-fA-F]+)$")


class ImageReference(NamedTuple):
    """A base image, as written. `repository` includes the host; `tag` and `digest` may be None."""

    place: Scalar | Word
    text: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def editable(self) -> Span | None:
        """Where the text stands letter by letter, so that it can be replaced; None where it does not."""
        return None if self.place.inner is None else self.place.span_of(0, len(self.place.text))

    @property
    def is_literal(self) -> bool:
        """Whether the text is the image, and not something that is filled in later or blank."""
        text = self.text
        return bool(text) and "{" not in text and "$" not in text and "<" not in text and " " not in text


def parse(place: Scalar | Word) -> ImageReference:
    """The parts of an image reference. `host:5000/name` has a port, not a tag."""
    text = place.text.strip()
    rest = text
    digest = None
    found = _DIGEST.search(rest)
    if found:
        digest, rest = found[1], rest[: found.start()]
    head, slash, last = rest.rpartition("/")
    name, colon, tag = last.partition(":")
    return ImageReference(place, text, head + slash + name, tag if colon else None, digest)
