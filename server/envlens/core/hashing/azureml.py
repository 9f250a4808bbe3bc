"""Azure ML's own keys of a system-managed environment: the conda key and the image key.

Microsoft publishes no algorithm; both were reproduced from public build logs of 2020 to 2025 (docs/hash.md has the
evidence and its limits). The text below is a wire format: every byte counts.
"""

from hashlib import sha256

from ..model import image_grammar
from ..model.image import ImageReference
from .dump import Dumped, Trait, dump

_SETUP = "azureml-environment-setup"
_MUTATED = f"{_SETUP}/mutated_conda_dependencies.yml"
_HEAD = f"""USER root
RUN mkdir -p $HOME/.cache
WORKDIR /
COPY {_SETUP}/99brokenproxy /etc/apt/apt.conf.d/
RUN if dpkg --compare-versions `conda --version | grep -oE '[^ ]+$'` lt 4.4.11; then conda install conda==4.4.11; fi
COPY {_MUTATED} {_MUTATED}
"""
_SPARK = f"""COPY {_SETUP}/spark_cache.py {_SETUP}/log4j.properties /{_SETUP}/
RUN if [ $SPARK_HOME ]; then /bin/bash -c '$SPARK_HOME/bin/spark-submit  /{_SETUP}/spark_cache.py'; fi
ENV AZUREML_ENVIRONMENT_IMAGE True
CMD ["bash"]
"""
# Hosts whose images stand in the public logs.
_HOST = "mcr.microsoft.com/"
_KNOWN_KEYS = frozenset({"name", "channels", "dependencies"})

REVISION = "predicted, as computed from public Azure logs up to 2025-02"
"""What users are told of the formula."""


def conda_text(conda: dict[object, object]) -> Dumped:
    """The text whose digest is the conda key: the mapping with an empty `name`, dumped."""
    return dump({**conda, "name": ""}, blank="name")


def conda_key(text: str) -> str:
    """The key in `/azureml-envs/azureml_<key>`: 32 hex digits."""
    return sha256(text.encode()).hexdigest()[:32]


def dockerfile(base: str, key: str) -> str:
    """The generated Dockerfile as it is hashed: 15 instructions, whatever the real one has beside them."""
    prefix = f"/azureml-envs/azureml_{key}"
    return (
        f"FROM {base}\n{_HEAD}"
        f"RUN ldconfig /usr/local/cuda/lib64/stubs && conda env create -p {prefix} -f {_MUTATED} && "
        'rm -rf "$HOME/.cache/pip" && conda clean -aqy && CONDA_ROOT_DIR=$(conda info --root) && '
        'rm -rf "$CONDA_ROOT_DIR/pkgs" && find "$CONDA_ROOT_DIR" -type d -name __pycache__ -exec rm -rf {} + && '
        "ldconfig\n"
        f"# AzureML Conda environment name: azureml_{key}\n"
        f"ENV PATH {prefix}/bin:$PATH\n"
        f"ENV AZUREML_CONDA_ENVIRONMENT_PATH {prefix}\n"
        f"ENV LD_LIBRARY_PATH {prefix}/lib:$LD_LIBRARY_PATH\n"
        f"{_SPARK}"
    )


def image_key(base: str, key: str) -> str:
    """The key in `azureml/azureml_<key>`, the image's repository in the workspace's image registry: 32 hex digits."""
    return sha256(dockerfile(base, key).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def doubts_about_conda(conda: dict[object, object], text: Dumped) -> tuple[str, ...]:
    """Why no public evidence covers a conda specification; empty where some does."""
    found = [words for trait, words in _DOUBTS.items() if trait in text.traits]
    others = [str(key) for key in conda if key not in _KNOWN_KEYS]
    if others:
        found.append(f"no public key covers '{others[0][:40]}' in a conda specification")
    dependencies = conda.get("dependencies")
    if not isinstance(dependencies, list):
        found.append("no public key covers a conda specification without a list of dependencies")
    elif not _is_usual(dependencies):
        found.append("no public key covers dependencies other than texts and one list for pip")
    if not _are_texts(conda.get("channels", [])):
        found.append("no public key covers channels that are no list of texts")
    return tuple(found)


def _is_usual(dependencies: list[object]) -> bool:
    others = [each for each in dependencies if not isinstance(each, str)]
    return not others or (
        len(others) == 1 and isinstance(others[0], dict) and set(others[0]) == {"pip"} and _are_texts(others[0]["pip"])
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_DOUBTS = {
    Trait.QUOTED: "no public key covers strings that YAML has to quote",
    Trait.FOLDED_OR_LONG: "no public key covers strings over 80 columns that hold a space",
    Trait.NON_ASCII: "no public key covers characters outside ASCII",
    Trait.NUMBER_OR_BOOLEAN: "no public key covers numbers, booleans, dates or empty values",
    Trait.REUSED: "no public key covers a value that is used again by an anchor",
    Trait.EMPTY: "no public key covers empty lists and texts",
    Trait.OTHER_TYPE: "no public key covers YAML's sets and ordered mappings",
}


def doubts_about_base(base: str, image: ImageReference, *, is_v1: bool) -> tuple[str, ...]:
    """Why no public evidence covers a base image; empty where some does."""
    if base != image.text or image_grammar.breach(base) is not None:
        return ("the base image is no plain image reference",)
    found = []
    if not base.startswith(_HOST):
        found.append(f"public keys cover base images of {_HOST.rstrip('/')} alone")
    if image.tag is None:
        found.append("whether ':latest' is added to a base image without a tag is not known")
    if image.digest and not is_v1:
        found.append("no public key covers a base image that is written with its digest")
    return tuple(found)
