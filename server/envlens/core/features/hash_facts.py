"""What is predicted of a definition, fact by fact, in words that hovers and pages share."""

from typing import NamedTuple

from ..hashing import azureml, sdk
from ..hashing.inputs import inputs
from ..hashing.prediction import Formula, Input, Kind, Prediction
from ..model.document import Document
from ..workspace.port import Forecast
from . import lens
from .markdown import code, line, plain

_LABELS = {
    "base-image": "base image",
    "channels": "channels",
    "conda-packages": "conda packages",
    "pip-packages": "pip packages",
    "conda": "other keys of the conda specification",
    "dockerfile-path": "path of the Dockerfile",
    "build-context": "build context",
    "base-dockerfile": "BaseDockerfile",
    "image-registry": "image registry",
    "spark": "Spark",
    "r": "R",
}


_SHORT = 12


class Fact(NamedTuple):
    """A name and what is known under it, as Markdown."""

    label: str
    markdown: str


def name_of(document: Document, found: Prediction) -> str:
    """What a definition is called for people: its name, else the keys that lead to it, else its file."""
    name = found.place.name or ".".join(found.place.keys)
    return line(name or document.path.rpartition("/")[2])


def place_of(document: Document) -> str:
    """Where a document lies, as far as people need it."""
    return "/".join(document.path.split("/")[-2:])


def headline(found: Prediction) -> str:
    """The whole name of the image as Markdown, or why there is none."""
    if found.kind is Kind.CONDA_FILE and found.conda_key:
        return f"conda key {code(f'azureml_{found.conda_key}')}"
    return lens.COMPUTING if found.fingerprint is None and found.is_pending else image(found)


def image(found: Prediction | Forecast) -> str:
    """The whole name of an image, predicted now or when it was registered, or why there is none."""
    if found.image_name is not None:
        return code(found.image_name)
    if found.fingerprint is not None:
        return f"envlens {code(found.fingerprint)}"
    return f"no predicted hash: {plain(found.unavailable or 'nothing is known of it', 400)}"


def certainty(found: Prediction) -> str:
    """How sure it is, and why not more so; empty where there is nothing to be sure of."""
    if found.formula is Formula.ENVLENS:
        return (
            "Azure's own name for this image is not known. This is envlens' digest of all that counts: "
            "while it stays, so does the image."
        )
    if lens.short(found) is None and not found.conda_key:
        return ""
    said = f"{azureml.REVISION[0].upper()}{azureml.REVISION[1:]}."
    if not found.doubts:
        return f"{said} Confirmed: public logs cover such definitions."
    return f"{said} Unconfirmed: {'; '.join(plain(each) for each in found.doubts)}."


def keys(found: Prediction, *, is_short: bool = False) -> list[Fact]:
    """The conda key with its path, and the version that azure-ai-ml gives where it is used inline."""
    facts = []
    if found.conda_path is not None:
        facts.append(Fact("conda key", code(found.conda_path)))
    if found.kind is Kind.CONDA_FILE:
        return facts
    if found.sdk.version is not None:
        version = f"{found.sdk.version[:_SHORT]}…" if is_short else found.sdk.version
        facts.append(Fact("SDK version", code(f"{sdk.NAME}:{version}")))
    elif found.sdk.is_pending:
        facts.append(Fact("SDK version", "computing"))
    elif found.sdk.unavailable and found.sdk.unavailable != found.unavailable:
        facts.append(Fact("SDK version", f"none: {plain(found.sdk.unavailable, 400)}"))
    return facts


def parts(found: Prediction) -> tuple[Input, ...]:
    """What counts for the image."""
    return inputs(found.counted) if found.counted is not None else ()


def label(part: str) -> str:
    """What an input is called."""
    return _LABELS.get(part, part)


def notes(found: Prediction) -> list[str]:
    """What is worth knowing, as Markdown."""
    return [plain(each, 400) for each in found.notes]
