"""What the workspace has, by name: asked for once, told from then on; and which open files a change concerns."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fixture_reader as reader
from envlens.core.model.registered import Registered, RegisteredVersion
from envlens.core.text import slips
from envlens.host.host import Host
from envlens.host.registered import RegisteredNames

NAME = st.text(alphabet="abtrain-_1", min_size=1, max_size=8)
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: a\nenvironment: {}\n"
FILES = {
    "churn.yml": "name: churn\nversion: '1'\nimage: example.io/base:1\n",
    "uses-churn.yml": JOB.format("azureml:churn:1"),
    "uses-scoring.yml": JOB.format("azureml:scoring:1"),
    "a-slip.yml": JOB.format("azureml:scorring:1"),
    "inline.yml": JOB.format("{image: example.io/base:1}"),
}


def of(name: str, *versions: str) -> Registered:
    return Registered(name, tuple(RegisteredVersion(each, each) for each in versions))


def test_asked_once_and_only_when_needed() -> None:
    asked: list[int] = []
    known = RegisteredNames(lambda: (asked.append(1), [of("churn", "1")])[1])
    assert asked == []
    assert known.get("churn") == of("churn", "1")
    assert known.get("other") is None
    assert known.meant("chrun") == {"churn"}
    assert asked == [1]


def test_takes_up_what_changed() -> None:
    known = RegisteredNames()
    assert known.take([of("churn", "1"), of("scoring", "1")]) == {"churn", "scoring"}
    assert known.take([of("churn", "1")]) == set()
    assert known.take([of("churn", "1", "2")]) == {"churn"}
    assert known.take([of("churn", "1", "2")], is_all=True) == {"scoring"}
    assert dict(known.all) == {"churn": of("churn", "1", "2")}


@given(st.lists(st.tuples(st.sets(NAME, max_size=6), st.booleans()), max_size=5), NAME)
def test_slips_follow_what_comes_and_goes(steps: list[tuple[set[str], bool]], written: str) -> None:
    known = RegisteredNames()
    for names, is_all in steps:
        known.take(map(of, names), is_all=is_all)
        assert known.meant(written) == slips.Index(known.all).meant(written)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    host = reader.place([], tmp_path)
    host.take_registered([of("scoring", "1")])
    for name, text in FILES.items():
        host.update(f"{tmp_path.resolve()}/{name}", text)
    return host


def concerned(host: Host, *found: Registered, is_all: bool = False) -> set[str]:
    """The open files that are said to be concerned; the answers of no other one may be another."""
    documents = [document for name in FILES if (document := host.document(f"{host.roots[0]}/{name}")) is not None]
    before = [host.diagnose(each) for each in documents]
    affected = host.take_registered(found, is_all=is_all)
    for document, said in zip(documents, before, strict=True):
        assert document.path in affected or host.diagnose(document) == said, document.path
    return {path.rpartition("/")[2] for path in affected}


def test_nothing_new_concerns_nobody(host: Host) -> None:
    assert concerned(host, of("scoring", "1")) == set()


def test_a_version_concerns_those_that_refer_to_the_name(host: Host) -> None:
    assert concerned(host, of("scoring", "1", "2")) == {"uses-scoring.yml"}
    assert concerned(host, of("scoring", "1")._replace(is_archived=True)) == {"uses-scoring.yml"}


def test_a_name_concerns_all_that_refer_to_any_and_who_defines_it(host: Host) -> None:
    referring = {"uses-churn.yml", "uses-scoring.yml", "a-slip.yml"}
    assert concerned(host, of("unheard-of", "1")) == referring
    assert concerned(host, of("churn", "1")._replace(is_archived=True)) == referring | {"churn.yml"}
    assert concerned(host, of("churn", "2")) == {"uses-churn.yml", "churn.yml"}
    assert concerned(host, is_all=True) == referring | {"churn.yml"}
