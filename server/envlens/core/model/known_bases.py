"""Base images of which something is known for sure: which programs they lack, and that they hold no files of the user.

Official images hold neither ONBUILD instructions nor anybody's requirements files (but for the long gone `onbuild`
tags). Images that are not named here may hold anything.
"""

import re

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

# What no image for Debian and its like has unless somebody installs it. Source: the Dockerfiles of the official images
# and of nvidia/cuda, read; a minimal Debian 12, looked into.
_FOREIGN = frozenset({"apk", "dnf", "yum", "microdnf"})
_BUILD = frozenset({"gcc", "g++", "cc", "c++", "make", "cmake"})
_PLAIN = frozenset({"git", "wget", "unzip", "zip", "sudo", "jq"}) | _BUILD | _FOREIGN
_PYTHON = frozenset({"python", "python3", "pip", "pip3"})
_MINIMAL = _PLAIN | {"curl"} | _PYTHON
# `python:3.12` is built on buildpack-deps, which has most.
_FULL = _FOREIGN | {"cmake", "sudo"}
_ALPINE = frozenset(
    {"git", "curl", "sudo", "jq", "bash", "apt", "apt-get", "dnf", "yum", "microdnf", "cmake", "gcc", "g++", "make"}
)
# Before 18.04 the images of Ubuntu held more.
_UBUNTU = re.compile(r"(?:(?:1[89]|2\d)\.\d\d|bionic|focal|jammy|noble|latest|rolling)(?:-\d{8}(?:\.\d+)?)?")
_DEBIAN_13 = re.compile(r"(?:13(?:\.\d+)?|trixie)(?:-\d{8})?(?:-slim)?")
_CUDA = re.compile(r".*-(?:base|runtime)-ubuntu(?:18|2\d)\.\d\d")
_FULL_PYTHON = re.compile(r"(?:latest|\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?)(?:-(?:buster|bullseye|bookworm|trixie))?")


def lacks(image: ImageReference) -> frozenset[str]:
    """The programs that an image surely lacks, of those that somebody asks about."""
    if _is_special(image):
        return frozenset()
    tag = image.tag or "latest"
    if image.digest is not None and image.tag is None:
        return frozenset()
    match plain_name(image):
        case "debian":
            return _MINIMAL
        case "ubuntu":
            return _MINIMAL if _UBUNTU.fullmatch(tag) else frozenset()
        case "python":
            if "alpine" in tag:
                return _ALPINE
            if "slim" in tag:
                return _MINIMAL - _PYTHON
            return _FULL if _FULL_PYTHON.fullmatch(tag) else frozenset()
        case "nvidia/cuda":
            return _MINIMAL if _CUDA.fullmatch(tag) else frozenset()
        case "alpine":
            return _ALPINE | _PYTHON
    return frozenset()


def has_no_package_lists(image: ImageReference) -> bool:
    """Whether an image surely has apt, and lists of no packages for it."""
    return "apk" in lacks(image)


def is_minimal(image: ImageReference) -> bool:
    """Whether an image surely holds little more than Debian or Ubuntu need, and Python where it is Python's."""
    return has_no_package_lists(image) and "git" in lacks(image)


def asks_before_installing(image: ImageReference) -> bool:
    """Whether apt-get of an image surely asks, as it does unless somebody configures it."""
    return has_no_package_lists(image) or (image.repository.startswith(_AZUREML) and not _is_special(image))


def keeps_apt_packages(image: ImageReference) -> bool:
    """Whether pip surely cannot replace what apt installs in an image: Debian from 13 on."""
    is_new = image.tag is not None and _DEBIAN_13.fullmatch(image.tag) is not None
    return plain_name(image) == "debian" and is_new


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
