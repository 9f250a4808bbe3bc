"""A reference to an environment, as job, component and deployment YAML write it: `azureml:name:version` and so on.

Forms: facts of azure-ai-ml 1.35.2, run on each of them (`cases/sdk_references.json` holds its answers).
"""

import re
from enum import StrEnum
from typing import NamedTuple

from ..syntax.nodes import Scalar
from ..text.span import Span
from .placeholder import is_filled_in_later

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
        return self.text[len("file:") :] or None if self.form is Form.FILE and self.is_literal else None

    @property
    def is_literal(self) -> bool:
        """Whether the text is the reference, and not something that is filled in later."""
        return not is_filled_in_later(self.scalar)

    @property
    def is_well_formed(self) -> bool:
        """Whether it is a reference as it stands, and not one that something fills in."""
        return self.is_literal and self.malformation is None

    @property
    def malformation(self) -> str | None:
        """Why it has none of the forms of a reference, in words, though it has a prefix; None for one that has."""
        if self.form is Form.SHORT:
            return _short_malformation(self)
        if self.form is Form.FILE and self.text == "file:":
            return "it names no file"
        if self.form is Form.URI:
            return "of 'azureml://…' only 'azureml://registries/…' is one"
        if self.form is Form.ARM:
            other = names_other_asset(self)
            is_id = _VERSIONED_ID.match(self.text[len(PREFIX) :]) or is_refused_id(self)
            return f"it is an id of '{other}'" if other else None if is_id else "behind 'azureml:/' stands no id of one"
        return None

    @property
    def label_span(self) -> Span:
        """Where the label stands, with its `@`."""
        return Span(self.text.rfind("@"), len(self.text))

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


def _short_malformation(reference: Reference) -> str | None:
    name, version, label = reference.name, reference.version, reference.label
    if re.search(r"\s", reference.text):
        return "it has a blank"
    if not name:
        return "it has no name"
    if version == "":
        return "nothing follows the colon"
    if label == "":
        return "nothing follows the '@'"
    if "/" in reference.text:
        return "a name has no '/'"
    return "it has two '@'" if "@" in name + (version or "") else None


_REGISTRY = re.compile(r"azureml://registries/([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/]+)/?")
# What azure-ai-ml takes for the id of a version, and for that of an environment in a workspace (its own expressions).
_VERSIONED_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+/"
    r"(?P<asset>[^/]+)/[^/]+/versions/[^/]+"
)
_ASSET_ID = (
    "/subscriptions/",
    "/resourcegroups/",
    "/providers/microsoft.machinelearningservices/workspaces/",
    "/environments/",
)


def names_other_asset(reference: Reference) -> str | None:
    """The kind of asset that the id of a version names, where it is no environment; None otherwise."""
    found = _VERSIONED_ID.match(reference.text[len(PREFIX) :]) if reference.form is Form.ARM else None
    return found["asset"] if found and found["asset"] != "environments" else None


def is_refused_id(reference: Reference) -> bool:
    """Whether a long id names an environment, but none of its versions: the client refuses it when it loads it."""
    text = reference.text[len(PREFIX) :]
    if reference.form is not Form.ARM or _VERSIONED_ID.match(text):
        return False
    # Part by part: as one expression with a wildcard between them it would take the cube of a hostile text's length.
    lowered, at = text.lower(), 0
    for part in _ASSET_ID:
        at = lowered.find(part, at) + len(part)
        if at < len(part):
            return False
    return lowered.startswith(_ASSET_ID[0])


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


def curated_name(reference: Reference) -> str | None:
    """What the registry `azureml` calls the environment that a reference names; None where it names another one.

    The short form has a prefix there that is no part of the name.
    """
    if not reference.is_well_formed:
        return None
    if reference.is_curated:
        return reference.name.removeprefix(_CURATED) or None
    parts = registry_parts(reference)
    is_asset = parts is not None and parts.asset == "environments" and parts.by in {"versions", "labels"}
    return parts.name if parts is not None and is_asset and parts.registry == "azureml" else None


def registry_parts(reference: Reference) -> RegistryReference | None:
    """The parts of a registry reference that is well formed, else None."""
    found = _REGISTRY.fullmatch(reference.text) if reference.form is Form.REGISTRY else None
    return RegistryReference(*found.groups()) if found else None
