"""Writes `server/envlens/data/python_requirements.json`: which releases of packages pip finds for which Python.

    python -m bench.python_requirements

One page of the package index is read for each package below, by pip's own finder and with pip's own configuration. A
release is found for a Python where one of its files is a source archive or a wheel for it on linux/amd64, and that
file's Requires-Python has it.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

TARGET = Path(__file__).parent.parent / "server" / "envlens" / "data" / "python_requirements.json"
MINORS = range(6, 15)
PACKAGES = (
    *("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "pyarrow", "numba", "xgboost", "lightgbm"),
    *("torch", "torchvision", "tensorflow", "transformers", "onnxruntime", "mlflow", "dataclasses"),
    *("azure-ai-ml", "mltable", "azureml-core", "azureml-mlflow"),
    "azureml-inference-server-http",
)
_RELEASE = re.compile(r"\d+(\.\d+)*(\.post\d+)?")
_SOURCES = (".tar.gz", ".zip", ".tar.bz2")
_SOURCE_TEXT = (
    "the package index's metadata (files and their Requires-Python), read with pip's finder by "
    "`python -m bench.python_requirements`: final releases, files for linux/amd64. A row: first and last minor version "
    "of Python 3 that Requires-Python admits, those for which there is a file as well, the releases; null where no "
    "bound is known between 3.6 and 3.14."
)


def main() -> None:
    """Reads the pages and writes the table."""
    packages = []
    for name in PACKAGES:
        rows = ",\n".join(f"   {json.dumps(row)}" for row in _rows(name))
        packages += [f'  "{name}": [\n{rows}\n  ]'] if rows else []
    head = json.dumps({"source": _SOURCE_TEXT, "as_of": date.today().isoformat()}, indent=1)[:-2]
    text = head + ',\n "packages": {\n' + ",\n".join(packages) + "\n }\n}\n"
    json.loads(text)
    TARGET.write_text(text, encoding="utf-8")


def _rows(name: str) -> list[list[Any]]:
    releases: dict[str, list[tuple[str, str]]] = {}
    for link in _links(name):
        if link.url.startswith("file:"):
            continue  # a mirror beside the index
        version = _version(name, link.filename)
        if version and _RELEASE.fullmatch(version):
            releases.setdefault(version, []).append((link.filename, link.requires_python or ""))
    rows: dict[tuple[int | None, ...], list[str]] = {}
    for version, files in releases.items():
        admitted = [minor for minor in MINORS if any(_admits(wanted, minor) for _, wanted in files)]
        found = [
            minor for minor in MINORS if any(_admits(wanted, minor) and _is_for(file, minor) for file, wanted in files)
        ]
        if found and _has_no_gap(admitted) and _has_no_gap(found):
            rows.setdefault((*_bounds(admitted), *_bounds(found)), []).append(version)
    return [
        [*bounds, " ".join(sorted(versions, key=Version))]
        for bounds, versions in sorted(rows.items(), key=lambda row: min(map(Version, row[1])))
        if any(bounds)
    ]


def _links(name: str) -> Iterator[Any]:
    """The files on a project's page, as pip finds them."""
    command = import_module("pip._internal.commands.install").InstallCommand("install", "")
    options, _ = command.parse_args([])
    session = command._build_session(options)
    finder = command._build_package_finder(options, session)
    sources = finder._link_collector.collect_sources(name, _no_candidate)
    for source in sources.index_urls:
        if source is not None and source.link is not None:
            page = finder._link_collector.fetch_response(source.link)
            if page is not None:
                yield from import_module("pip._internal.index.collector").parse_links(page)


def _no_candidate(_: Any) -> tuple[()]:
    return ()


def _version(name: str, file: str) -> str | None:
    stem = re.sub(r"[-_.]+", "-", name).lower()
    found = re.match(r"(?P<name>.+?)-(?P<version>\d[^-]*?)(?:-.*\.whl|\.tar\.gz|\.zip|\.tar\.bz2)$", file)
    return found["version"] if found and re.sub(r"[-_.]+", "-", found["name"]).lower() == stem else None


def _admits(wanted: str, minor: int) -> bool:
    try:
        specifiers = SpecifierSet(wanted)
    except InvalidSpecifier:
        return True
    return any(specifiers.contains(f"3.{minor}.{patch}") for patch in range(30))


def _is_for(file: str, minor: int) -> bool:
    """Whether pip takes a file for that Python on linux/amd64."""
    if file.endswith(_SOURCES):
        return True
    if not file.endswith(".whl"):
        return False
    pythons, abis, platforms = file.removesuffix(".whl").rsplit("-", 3)[1:]
    if not any(each == "any" or re.fullmatch(r"(manylinux.*|linux)_x86_64", each) for each in platforms.split(".")):
        return False
    for python in pythons.split("."):
        if python in {"py3", f"py3{minor}", f"cp3{minor}"}:
            return True
        older = re.fullmatch(r"(cp|py)3(\d+)", python)
        if older and int(older[2]) <= minor and (older[1] == "py" or "abi3" in abis.split(".")):
            return True
    return False


def _has_no_gap(minors: list[int]) -> bool:
    return not minors or minors == list(range(minors[0], minors[-1] + 1))


def _bounds(minors: list[int]) -> tuple[int | None, int | None]:
    """First and last, None where the table's range ends there."""
    low, high = minors[0], minors[-1]
    return (None if low == MINORS[0] else low), (None if high == MINORS[-1] else high)


if __name__ == "__main__":
    main()
