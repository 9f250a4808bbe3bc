"""Loads the JSON schema and the tables of facts that are shipped with envlens."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ..core.model.facts import BaseImage, Catalogue, Facts, PythonRelease
from ..core.syntax.schema import Schema

_DATA = Path(__file__).parent.parent / "data"


def schema_path(name: str) -> Path:
    """Where a schema lies: in the wheel inside the package, in a checkout at the top."""
    shipped = Path(__file__).parent.parent / "schemas" / name
    return shipped if shipped.exists() else Path(__file__).parents[3] / "schemas" / name


@cache
def environment_schema() -> Schema:
    """The schema of environment YAML."""
    return Schema(json.loads(schema_path("environment.schema.json").read_bytes()))


def load_facts(today: date) -> Facts:
    """The facts of all catalogues, as of `today`."""
    pythons, images = _read("python_releases.json"), _read("base_images.json")
    return Facts(
        today,
        {
            row["minor"]: PythonRelease(
                row["minor"], date.fromisoformat(row["end_of_life"]), row["precision"] == "month"
            )
            for row in pythons["releases"]
        },
        {
            row["repository"]: BaseImage(row["repository"], row["ubuntu"] or "", row["contents"], row["newest_tag"])
            for row in images["supported"]
        },
        tuple(
            Catalogue(name, table["source"], date.fromisoformat(table["as_of"]))
            for name, table in (("Python releases", pythons), ("base images", images))
        ),
    )


@cache
def _read(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((_DATA / name).read_bytes())
    return table
