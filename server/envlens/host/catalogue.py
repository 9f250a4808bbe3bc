"""Loads the JSON schema and the tables of facts that are shipped with envlens."""

import json
import os
from datetime import date
from functools import cache
from typing import Any

from ..core.model.facts import BaseImage, Catalogue, DeprecatedImage, Facts, PythonRelease
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
    packages = _read("packages_in_images.json")
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
                ("packages in images", packages),
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
        {name: frozenset(brings.split()) for name, brings in packages["apt"].items()},
        packages["compiled"],
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
