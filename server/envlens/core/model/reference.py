"""A reference to an environment, as job, component and deployment YAML write it: `azureml:name:version` and so on.

Forms: facts of azure-ai-ml 1.35.2, run on each of them (`cases/sdk_references.json` holds its answers).
"""

import re
from enum import StrEnum
from typing import NamedTuple

from ..syntax.nodes import Scalar
from ..text.span import Span

PREFIX = "azureml:"
REGISTRIES = "azureml://registries/"
_CURATED = "AzureML-"


class Form(StrEnum):
    """The ways to name an environment."""

    SHORT = "short"  # azureml:name:version, azureml:name@label
    REGISTRY = "registry"  # azureml://registries/…
    ARM = "arm"  # azureml:/subscriptions/…
    FILE = "file"  # file:env.yml
    URI = "uri"  # azureml://something else
    BARE = "bare"  # without a prefix


class Reference(NamedTuple):
    """A reference. `name`, `version` and `label` are of the short form; spans count from the start of `text`."""

    scalar: Scalar
    text: str
    form: Form
    name: str = ""
    version: str | None = None
    label: str | None = None
    name_span: Span = Span(0, 0)

    @property
    def is_curated(self) -> bool:
        """Whether the service resolves it by itself: Microsoft's own environments, in the short form."""
        return self.form is Form.SHORT and self.name.startswith(_CURATED)

    @property
    def path(self) -> str | None:
        """The file that it names."""
        return self.text[len("file:") :] if self.form is Form.FILE else None

    def span_of(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the file."""
        return self.scalar.span_of(start, end)


class RegistryReference(NamedTuple):
    """The parts of `azureml://registries/R/environments/N/versions/V`, as written."""

    registry: str
    asset: str
    name: str
    by: str
    version: str


_REGISTRY = re.compile(r"azureml://registries/([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/]+)")


def parse(scalar: Scalar) -> Reference:
    """The parts of a reference. Never raises; what is wrong with it is for rules to say."""
    text = scalar.text
    if text.startswith("azureml://"):
        return Reference(scalar, text, Form.REGISTRY if text.startswith(REGISTRIES) else Form.URI)
    if not text.startswith(PREFIX):
        return Reference(scalar, text, Form.FILE if text.startswith("file:") else Form.BARE)
    if text.startswith(PREFIX + "/"):
        return Reference(scalar, text, Form.ARM)
    rest = text[len(PREFIX) :]
    named, at, label = rest.rpartition("@")
    if not at:
        named, label = rest, ""
    name, colon, version = named.partition(":")
    span = Span(len(PREFIX), len(PREFIX) + len(name))
    return Reference(scalar, text, Form.SHORT, name, version if colon else None, label if at else None, span)


def registry_parts(reference: Reference) -> RegistryReference | None:
    """The parts of a registry reference that is well formed, else None."""
    found = _REGISTRY.fullmatch(reference.text) if reference.form is Form.REGISTRY else None
    return RegistryReference(*found.groups()) if found else None
