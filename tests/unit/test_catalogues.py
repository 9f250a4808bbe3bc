"""The catalogues that are loaded late: when they are, and that what stands in them can be true."""

import re
from datetime import date

import pytest

from envlens.host import catalogue

TODAY = date(2026, 11, 21)


def test_large_tables_are_read_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(catalogue, "_read", lambda name, real=catalogue._read: read.append(name) or real(name))
    catalogue.load_facts(TODAY)
    assert not {"package_names.json", "python_requirements.json"} & set(read)


def test_a_name_stands_in_one_table_of_package_names_alone() -> None:
    names = catalogue.load_facts(TODAY).package_names()
    assert not names.pip_only & names.conda_names.keys()
    for name in (*names.pip_names, *names.no_pip_packages, *names.no_conda_packages):
        assert re.sub(r"[-_.]+", "-", name).lower() == name
    assert not {"pytorch", "azureml-mlflow", "dataclasses", "zlib"} & names.no_conda_packages
    assert not {"dataclasses", "uuid", "datetime", "asyncio"} & names.no_pip_packages


def test_what_has_files_for_a_python_is_admitted_by_it() -> None:
    for rows in catalogue.load_facts(TODAY).python_support().values():
        seen: set[str] = set()
        for row in rows:
            assert not seen & row.releases
            seen |= row.releases
            (low, high), (first, last) = row.wanted, row.found
            assert (low or 0) <= (first or 0)
            assert (last or 99) <= (high or 99)


def test_all_catalogues_have_a_source_and_a_date() -> None:
    found = catalogue.catalogues(TODAY)
    assert all(each.source and each.as_of for each in found)
    assert {"package names", "Python versions of packages"} <= {each.name for each in found}
