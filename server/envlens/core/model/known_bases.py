"""Base images of which something is known for sure: whether they bring conda, and what they do not hold.

Official images hold neither ONBUILD instructions nor anybody's requirements files (but for the long gone `onbuild`
tags). Images that are not named here may hold anything.
"""

from .image import ImageReference

_MIRRORS = (
    "docker.io/",
    "index.docker.io/",
    "registry-1.docker.io/",
    "public.ecr.aws/docker/",
    "mcr.microsoft.com/mirror/docker/",
    "nvcr.io/",
)
_WITHOUT_CONDA = frozenset(
    (
        *("almalinux", "alpine", "amazonlinux", "buildpack-deps", "busybox", "centos", "debian", "fedora", "golang"),
        *("node", "nvidia/cuda", "openjdk", "python", "r-base", "rockylinux", "ruby", "rust", "ubuntu"),
        *("tensorflow/tensorflow",),
    )
)
# Their working directory is the root, as is that of all above but TensorFlow's.
_WITH_CONDA = frozenset({"continuumio/miniconda3", "continuumio/anaconda3", "condaforge/miniforge3"})
# What they bring beside Python, TensorFlow or R is not known.
_WITH_MORE = frozenset({"tensorflow/tensorflow", "continuumio/anaconda3", "r-base"})
_AZUREML = ("mcr.microsoft.com/azureml/openmpi", "mcr.microsoft.com/azureml/intelmpi")


def lacks_conda(image: ImageReference) -> bool:
    """Whether an image surely has no conda."""
    return plain_name(image) in _WITHOUT_CONDA and not _is_special(image)


def lacks_build_tools(image: ImageReference) -> bool:
    """Whether an image surely has neither MPI nor CMake."""
    name = plain_name(image)
    known = (name in _WITHOUT_CONDA or name in _WITH_CONDA) and name not in _WITH_MORE
    return known and not _is_special(image)


def holds_no_files(image: ImageReference) -> bool:
    """Whether an image surely starts at the root, with no files of the user's and no ONBUILD."""
    name = plain_name(image)
    known = name in _WITH_CONDA or (name in _WITHOUT_CONDA and name != "tensorflow/tensorflow")
    return (known or image.repository.startswith(_AZUREML)) and not _is_special(image)


def plain_name(image: ImageReference) -> str:
    """The repository without a registry that mirrors Docker Hub, and without `library/`."""
    name = image.repository
    for mirror in _MIRRORS:
        name = name.removeprefix(mirror)
    return name.removeprefix("library/")


def _is_special(image: ImageReference) -> bool:
    return "onbuild" in (image.tag or "") or "windows" in (image.tag or "")
