"""Loads the JSON schema and the tables of facts that are shipped with envlens."""

import json
import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from ..core.model.facts import (
    BaseImage,
    Catalogue,
    DeprecatedImage,
    Facts,
    InferenceServers,
    InstalledPackages,
    PackageNames,
    PythonRelease,
    PythonSupport,
    ServerReleases,
)
from ..core.syntax.schema import Schema

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def schema_path(name: str) -> str:
    """Where a schema lies: in the wheel inside the package, in a checkout at the top."""
    shipped = os.path.join(_PACKAGE, "schemas", name)
    return shipped if os.path.exists(shipped) else os.path.join(_PACKAGE, "..", "..", "schemas", name)


@cache
def environment_schema() -> Schema:
    """The schema of environment YAML."""
    return Schema(_load(schema_path("environment.schema.json")))


def load_facts(today: date) -> Facts:
    """The facts of all catalogues, as of `today`."""
    pythons, images = _read("python_releases.json"), _read("base_images.json")
    curated = _read("curated_environments.json")
    return Facts(
        today,
        {
            row["minor"]: PythonRelease(
                row["minor"], date.fromisoformat(row["end_of_life"]), row["precision"] == "month"
            )
            for row in pythons["releases"]
        },
        _images(images["supported"]),
        tuple(
            Catalogue(name, table["source"], date.fromisoformat(table["as_of"]))
            for name, table in (
                ("Python releases", pythons),
                ("base images", images),
                ("curated environments", curated),
            )
        ),
        _images(images["inference"]),
        {
            row["repository"]: DeprecatedImage(
                row["repository"], row["replacement"], row["source"], row.get("note", "")
            )
            for row in images["deprecated"]
        },
        tuple(images["inference_withdrawn"]),
        (*(name for names in curated["curated"].values() for name in names), *curated["short_names"]),
        tuple(curated["retired"]),
        curated["successors"],
        _package_names,
        _python_support,
        _inference_servers,
        _installed_packages,
    )


def catalogues(today: date) -> tuple[Catalogue, ...]:
    """All catalogues, those included that are only loaded when a rule asks for them."""
    later = (
        ("inference servers", "inference_servers.json"),
        ("package names", "package_names.json"),
        ("packages in images", "packages_in_images.json"),
        ("Python versions of packages", "python_requirements.json"),
    )
    tables = [(name, _read(file)) for name, file in later]
    return (
        *load_facts(today).catalogues,
        *(Catalogue(name, table["source"], date.fromisoformat(table["as_of"])) for name, table in tables),
    )


@cache
def _package_names() -> PackageNames:
    table = _read("package_names.json")
    neither = frozenset(table["not_packages"])
    no_conda, no_pip = neither.union(table["no_conda_packages"]), neither.union(table["no_pip_packages"])
    pip_only = frozenset(table["pip_only"])
    return PackageNames(
        pip_only,
        table["conda_names"],
        table["pip_names"],
        table["stubs"],
        no_conda,
        no_pip,
        date.fromisoformat(table["as_of"]),
        pip_only.union(no_conda, table["conda_names"]),
        no_pip.union(table["pip_names"], table["stubs"]),
    )


@cache
def _python_support() -> Mapping[str, tuple[PythonSupport, ...]]:
    return {
        name: tuple(
            PythonSupport((first, last), (found, end), frozenset(releases.split()))
            for first, last, found, end, releases in rows
        )
        for name, rows in _read("python_requirements.json")["packages"].items()
    }


@cache
def _inference_servers() -> InferenceServers:
    table = _read("inference_servers.json")
    releases = {name: tuple(ServerReleases(**row) for row in rows) for name, rows in table["releases"].items()}
    return InferenceServers(releases, table["flask_needs"])


@cache
def _installed_packages() -> InstalledPackages:
    table = _read("packages_in_images.json")
    return InstalledPackages(
        {name: frozenset(brings.split()) for name, brings in table["apt"].items()}, table["compiled"]
    )


def _images(rows: list[dict[str, Any]]) -> dict[str, BaseImage]:
    return {
        row["repository"]: BaseImage(row["repository"], row["ubuntu"] or "", row["contents"], row["newest_tag"])
        for row in rows
    }


@cache
def _read(name: str) -> dict[str, Any]:
    return _load(os.path.join(_PACKAGE, "data", name))


def _load(path: str) -> dict[str, Any]:
    with open(path, "rb") as file:
        table: dict[str, Any] = json.loads(file.read())
    return table
