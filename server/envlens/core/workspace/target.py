"""How people name what is registered: `churn`, `churn:3`, `churn@latest`, each with `azureml:` in front or without."""

import re
from typing import NamedTuple

from ..model.reference import PREFIX

LATEST = "latest"
_MAX_NAME = 255
# What azure-ai-ml can refer to, and what is safe as the name of a folder. A name may have a dot (`sklearn-1.5`).
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9_.+-]+", re.ASCII)
_MAX_VERSION = 100


class Target(NamedTuple):
    """An environment, or with `version` one of its versions. `is_latest`: the label was written."""

    name: str
    version: str | None = None
    is_latest: bool = False

    def __str__(self) -> str:
        return f"{self.name}:{self.version}" if self.version is not None else self.name


def parse(text: str) -> Target:
    """What a text names. Raises ValueError with the reason for one that names nothing that can be registered."""
    rest = text.removeprefix(PREFIX)
    name, at, label = rest.partition("@")
    if at:
        if label != LATEST:
            raise ValueError(f"'{text}': the only label is '@{LATEST}'")
        if ":" in name:
            raise ValueError(f"'{text}' has both a version and a label")
        return Target(_checked(name, text), None, is_latest=True)
    name, colon, version = rest.partition(":")
    if colon and not version:
        raise ValueError(f"'{text}': nothing follows the colon")
    if colon and (reason := version_problem(version)):
        raise ValueError(f"'{text}': {reason}")
    return Target(_checked(name, text), version if colon else None)


def _checked(name: str, text: str) -> str:
    reason = name_problem(name)
    if reason:
        raise ValueError(f"'{text}' names no environment: {reason}")
    return name


def name_problem(name: str) -> str | None:
    """Why nothing can be registered under a name, None where something can. Such names are safe in paths."""
    if not name:
        return "it has no name"
    if len(name) > _MAX_NAME:
        return f"a name has {_MAX_NAME} characters at most"
    if not _NAME.fullmatch(name):
        return "a name has letters, digits, '-', '_' and '.', and begins with a letter or digit"
    return None


def version_problem(version: str) -> str | None:
    """Why nothing can be registered under a version, None where something can."""
    if not version:
        return "it is empty"
    if version == LATEST:
        return f"'{LATEST}' is the label of the newest version (NAME@{LATEST}), and none itself"
    if len(version) > _MAX_VERSION or not _VERSION.fullmatch(version) or set(version) == {"."}:
        return "a version has letters, digits, '-', '_', '+' and '.'"
    return None
