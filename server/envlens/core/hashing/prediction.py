"""The predicted hash of one definition: which image it is, what counted, and how sure that is."""

from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from ..text.span import Span
from .tree import Tree


class Formula(StrEnum):
    """Whose key a predicted hash is: Azure ML's own image key, or our digest."""

    AZUREML = "azureml"
    ENVLENS = "envlens"


class Kind(StrEnum):
    """What a definition is, in Azure ML's words; a conda file alone is none."""

    SYSTEM_MANAGED = "system-managed"
    USER_MANAGED = "user-managed"
    CONDA_FILE = "conda-file"


class Part(StrEnum):
    """What can count for an image."""

    PLATFORM = "platform"
    BASE_IMAGE = "base-image"
    CONDA = "conda"
    DOCKERFILE_PATH = "dockerfile-path"
    BUILD_CONTEXT = "build-context"
    BASE_DOCKERFILE = "base-dockerfile"
    IMAGE_REGISTRY = "image-registry"
    SPARK = "spark"
    R = "r"


class Counted(NamedTuple):
    """What counts for the image of a definition, as typed values. None stands for what it does not have.

    `conda` is the specification as YAML reads it, `conda_text` what it is in Azure ML's dump with an empty name. The
    texts are of v1 definitions: BaseDockerfile, image registry, and Spark and R sections as dumped.
    """

    base_image: str | None = None
    conda: object = None
    conda_text: str | None = None
    dockerfile_path: str | None = None
    tree: Tree | None = None
    base_dockerfile: str | None = None
    image_registry: str | None = None
    spark: str | None = None
    r: str | None = None

    @property
    def has_build(self) -> bool:
        """Whether an image is built, and not only one used as it is."""
        return any(each is not None for each in (self.conda_text, self.tree, self.base_dockerfile, self.spark, self.r))

    def fields(self) -> list[tuple[Part, bytes]]:
        """What is digested, in the order in which it is (docs/hash.md)."""
        texts = (
            (Part.PLATFORM, PLATFORM),
            (Part.BASE_IMAGE, self.base_image),
            (Part.CONDA, self.conda_text),
            (Part.DOCKERFILE_PATH, self.dockerfile_path),
            (Part.BUILD_CONTEXT, self.tree.merkle if self.tree else None),
            (Part.BASE_DOCKERFILE, self.base_dockerfile),
            (Part.IMAGE_REGISTRY, self.image_registry),
            (Part.SPARK, self.spark),
            (Part.R, self.r),
        )
        return [(part, text.encode("utf-8", "surrogatepass")) for part, text in texts if text is not None]


PLATFORM = "linux/amd64"
_FORMAT = b"envlens-hash 1\n"


def identity(counted: Counted) -> str:
    """The digest of all that counts: 64 hex digits. Its first 32 are the predicted hash of formula `envlens`.

    SHA-256 of `envlens-hash 1`, a line feed, and for each part its name, a blank, its length in bytes in decimal, a
    colon, its bytes and a line feed.
    """
    digest = sha256(_FORMAT)
    for part, data in counted.fields():
        digest.update(b"%s %d:%s\n" % (part.encode(), len(data), data))
    return digest.hexdigest()


class Input(NamedTuple):
    """A part that counted, for people: what it is (a list for packages and channels), and the digest of its bytes."""

    part: str
    value: str | tuple[str, ...]
    digest: str


class Sdk(NamedTuple):
    """The version that azure-ai-ml gives an environment that is used inline, or why there is none."""

    version: str | None
    unavailable: str | None = None
    is_pending: bool = False


class Place(NamedTuple):
    """Where a definition stands: the keys that lead to it (none for a file of its own) and its beginning."""

    keys: tuple[str, ...]
    span: Span
    name: str | None = None
    version: str | None = None


class Prediction(NamedTuple):
    """What is predicted of one definition.

    `fingerprint` is the predicted hash, 32 hex digits, or None and `unavailable` says why; `is_pending` that it is
    being computed. `doubts` are the reasons why no public evidence covers it. `conda_key` is part of formula `azureml`,
    and known without a base image too. `counted` is None where something that counts is not known; then nothing can be
    compared. `notes` are worth knowing and change nothing.
    """

    place: Place
    kind: Kind
    formula: Formula | None = None
    fingerprint: str | None = None
    unavailable: str | None = None
    doubts: tuple[str, ...] = ()
    conda_key: str | None = None
    sdk: Sdk = Sdk(None)
    counted: Counted | None = None
    notes: tuple[str, ...] = ()
    is_pending: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether public evidence covers it."""
        return self.formula is Formula.AZUREML and self.fingerprint is not None and not self.doubts

    @property
    def image_name(self) -> str | None:
        """The name of the image in Azure, None where that is not known."""
        return image_name(self.formula, self.fingerprint)

    @property
    def conda_path(self) -> str | None:
        """The path of the conda environment inside the image, as job logs show it."""
        return conda_path(self.conda_key)


def image_name(formula: Formula | None, fingerprint: str | None) -> str | None:
    """The name of an image in Azure, None where that is not known."""
    return f"azureml/azureml_{fingerprint}" if formula is Formula.AZUREML and fingerprint is not None else None


def conda_path(key: str | None) -> str | None:
    """The path of the conda environment of a key inside the image, None for none."""
    return f"/azureml-envs/azureml_{key}" if key else None


def short_name(formula: Formula | None, fingerprint: str | None) -> str | None:
    """What an image is called in a word: `azureml_3f2c9a…`, of our own digests `envlens 3f2c9a…`; None for no hash."""
    if fingerprint is None:
        return None
    return f"{'azureml_' if formula is Formula.AZUREML else 'envlens '}{fingerprint[:SHORT]}…"


SHORT = 6
"""The digits of a key that stand for all of it where there is little room."""
