"""Makes of a definition what is handed to a workspace."""

import json
from typing import NamedTuple

from ..hashing import predicting, sdk
from ..hashing.prediction import Prediction
from ..hashing.values import construct
from ..index import predictions
from ..index.snapshot import Snapshot
from ..model.document import Document
from ..model.environment import RESERVED_PREFIXES, Environment
from ..syntax.nodes import Pair, find
from ..syntax.scalars import text_of
from . import content
from .credentials import credential_in
from .port import Forecast, Offer
from .target import name_problem, version_problem

_LONGEST_TAG = 1_000_000  # characters


class Offered(NamedTuple):
    """What can be registered, or why the service would not take it, or we would not store it.

    `is_pending`: its build context is being read.
    """

    offer: Offer | None = None
    problem: str | None = None
    is_pending: bool = False


def offer(snapshot: Snapshot, document: Document, definition: Environment, prediction: Prediction) -> Offered:
    """What is to be registered of a definition. `snapshot` has its build context, `prediction` is made of it."""
    if prediction.unavailable in {predicting.BROKEN, predicting.TEMPLATE, predicting.CREDENTIAL}:
        return Offered(problem=prediction.unavailable)
    given = predictions.given(snapshot, document, definition)
    made = content.make(definition, predicting.specification(definition, given), given.tree)
    if made.content is None:
        return Offered(problem=made.problem, is_pending=made.is_pending)
    named = _name(definition, prediction)
    if named.problem is not None:
        return Offered(problem=named.problem)
    try:
        tags = _tags(find(definition.node, "tags"))
    except ValueError as error:
        return Offered(problem=str(error))
    description = text_of(find(definition.node, "description"))
    written = _written(snapshot, document, definition)
    found = Offer(
        named.name,
        named.version,
        made.content,
        forecast(prediction),
        written,
        given.tree.leaves if given.tree is not None and made.content.context is not None else (),
        description,
        tags,
        is_anonymous=named.is_anonymous,
    )
    texts = [made.content.image, made.content.conda, written, description, *_words(tags)]
    texts += [made.content.context.uri if made.content.context else None, made.content.dockerfile_path]
    texts += [each.path for each in made.content.inference.values()]
    # All paths as one text: there may be 100,000, and an editor waits.
    texts.append("\n".join(each.path.decode("utf-8", "replace") for each in found.leaves))
    if "@" in (made.content.image or "").partition("/")[0]:  # before the host, as in an address; not `@sha256:…`
        texts.append(f"docker://{made.content.image}" if "/" in (made.content.image or "") else None)
    for text in filter(None, texts):
        if (held := credential_in(text)) is not None:
            return Offered(problem=f"it holds {held}, which would be stored")
    return Offered(found)


def forecast(prediction: Prediction) -> Forecast:
    """What is kept of a prediction."""
    return Forecast(
        prediction.kind,
        prediction.fingerprint,
        prediction.unavailable,
        prediction.formula,
        prediction.is_confirmed,
        prediction.conda_key,
        prediction.sdk.version,
    )


class _Name(NamedTuple):
    name: str = ""
    version: str | None = None
    is_anonymous: bool = False
    problem: str | None = None


def _name(definition: Environment, prediction: Prediction) -> _Name:
    """What a definition is registered as: jobs and components drop the name of what they hold."""
    if not definition.keeps_name:
        if prediction.sdk.version is None:
            return _Name(problem=f"used inline it has no version that lasts: {prediction.sdk.unavailable}")
        return _Name(sdk.NAME, prediction.sdk.version, is_anonymous=True)
    name, version = prediction.place.name, prediction.place.version
    if name is None:
        return _Name(problem="it has no name")
    problem = name_problem(name)
    reserved = next((each for each in RESERVED_PREFIXES if name.startswith(each)), None)
    if problem is None and reserved is not None:
        problem = f"the prefix '{reserved}' is Microsoft's"
    if problem is None and name == sdk.NAME:
        problem = f"the name '{sdk.NAME}' is that of anonymous environments"
    if problem is None and version is not None and (wrong := version_problem(version)):
        problem = wrong
    return _Name(name, version, problem=problem)


def _written(snapshot: Snapshot, document: Document, definition: Environment) -> str | None:
    """The conda file as its author wrote it; None for one that stands in the definition itself."""
    path = definition.conda_path
    drawn = snapshot.draw(document, path.text) if path is not None else None
    return drawn.document.source.text if drawn is not None and drawn.document is not None else None


def _tags(pair: Pair | None) -> dict[str, str] | None:
    """Tags as texts, which the service keeps; None where there are none. Raises ValueError where that cannot be."""
    if pair is None:
        return None
    value, problem = construct(pair.value)
    if problem is not None:
        raise ValueError(f"'tags' cannot be read: {problem}")
    if not isinstance(value, dict):
        return None
    return {str(key): each if isinstance(each, str) else _tag(each) for key, each in value.items()}


def _tag(value: object) -> str:
    """A tag that is no text as JSON. Raises ValueError; aliases can make of ten lines more than a machine holds."""
    parts, size = [], 0
    try:
        for part in json.JSONEncoder(default=str).iterencode(value):
            parts.append(part)
            size += len(part)
            if size > _LONGEST_TAG:
                raise ValueError("a tag is too large to be registered")
    except TypeError:
        raise ValueError("a tag holds a mapping with keys that are no text, which JSON does not have") from None
    return "".join(parts)


def _words(tags: dict[str, str] | None) -> list[str]:
    return [*tags, *tags.values()] if tags else []
