"""What the port promises, of every workspace there is."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from bench.offers import CONDA, bring, bring_nothing, leaves_of, with_conda, with_context

from envlens.core.hashing import sdk
from envlens.core.hashing.prediction import Formula, Kind
from envlens.core.hashing.tree import Leaf
from envlens.core.workspace.content import Content, Context, Route
from envlens.core.workspace.definition import predict
from envlens.core.workspace.port import (
    ArchivedError,
    Changes,
    ConflictError,
    Forecast,
    NotFoundError,
    Offer,
    Registration,
    Status,
    Workspace,
    WorkspaceError,
)
from envlens.core.workspace.target import Target
from envlens.workspaces import opening
from envlens.workspaces.mounts import ROLLBACK, Journal
from envlens.workspaces.sqlite import SqliteWorkspace, open_workspace
from workspaces.memory import Memory

FILES = {
    b"Dockerfile": b"FROM a:1\nCOPY . .\n",
    b"src/run.sh": b"#!/bin/sh\n",
    b"src/train.py": b"",
    b"\xff.bin": b"x" * 3,
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a second and a bit whenever it is asked, in another zone than UTC."""
    now = datetime(2026, 11, 21, 23, 59, 50, 5, tzinfo=UTC)

    def tick() -> datetime:
        nonlocal now
        now += timedelta(seconds=1.25)
        return now

    return tick


@pytest.fixture(params=["sqlite", "sqlite with a rollback journal", "memory"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    if request.param == "sqlite with a rollback journal":
        monkeypatch.setattr(opening, "journal_for", lambda path: Journal(ROLLBACK, "on trial"))
    made: Workspace = (
        Memory(ticking())
        if request.param == "memory"
        else open_workspace(str(tmp_path / "home" / "workspace.db"), clock=ticking())
    )
    yield made
    made.close()


def register(workspace: Workspace, name: str, at: int, version: str | None = None, **more: object) -> Registration:
    return workspace.register(with_conda(name, at, version)._replace(**more), bring_nothing)


def names(workspace: Workspace, since: int = 0) -> list[str]:
    return [each.name for each in workspace.changes(since).environments]


def anonymous(version: str | None = "a1", at: int = 1) -> Offer:
    return with_conda(sdk.NAME, at, version)._replace(is_anonymous=True)


@pytest.mark.parametrize("kind", [SqliteWorkspace, Memory])
def test_it_has_all_that_the_port_has(kind: type[Workspace]) -> None:
    methods = {name for name, each in vars(Workspace).items() if inspect.isfunction(each) and name[0] != "_"}
    assert methods >= {"register", "get", "changes", "close"}
    for name in methods:
        assert inspect.signature(getattr(kind, name)) == inspect.signature(getattr(Workspace, name)), name
    assert isinstance(vars(kind)["label"], property)


def test_it_has_a_name_for_messages(workspace: Workspace) -> None:
    assert workspace.label == "local"


def test_an_empty_one_answers(workspace: Workspace) -> None:
    assert workspace.containers() == ()
    assert workspace.changes(0).environments == ()
    for ask in (workspace.get, workspace.archive, workspace.restore):
        for target in (Target("churn"), Target("churn", "1"), Target("churn", None, is_latest=True)):
            with pytest.raises(NotFoundError, match="churn"):
                ask(target)
    with pytest.raises(NotFoundError):
        workspace.versions("churn")
    with pytest.raises(NotFoundError):
        list(workspace.read(Leaf(b"a", False, 1, sha256(b"a").digest())))


# register


def test_a_version_is_what_was_offered(workspace: Workspace) -> None:
    forecast = Forecast(Kind.SYSTEM_MANAGED, "ab" * 16, "because", Formula.AZUREML, True, "cd" * 16, "ef" * 32)
    content = Content(image="a:1", conda=CONDA, os_type="windows", inference={"scoring_route": Route(5001, "/score")})
    offer = Offer(
        "churn", "2.0-rc_1+b", content, forecast, "# mine\n" + CONDA, (), "all of it", {"b": "1", "a": "ü"}, "me"
    )
    done = workspace.register(offer, bring_nothing)
    assert done.status is Status.CREATED
    assert done.alike is None
    found = workspace.get(Target("churn", "2.0-rc_1+b"))
    assert found == done.version
    assert found[:2] == ("churn", "2.0-rc_1+b")
    assert (found.content, found.forecast, found.written) == (content, forecast, offer.written)
    assert (found.description, dict(found.tags), found.author) == ("all of it", {"b": "1", "a": "ü"}, "me")
    assert found.content.digest == content.digest
    assert STAMP.fullmatch(found.created)
    assert found.created == found.modified
    assert not found.is_archived
    assert not found.is_anonymous


def test_what_is_not_given_is_not_there(workspace: Workspace) -> None:
    workspace.register(Offer("churn", None, Content(image="a:1"), Forecast(Kind.USER_MANAGED)), bring_nothing)
    found = workspace.get(Target("churn"))
    assert found.content == Content(image="a:1")
    assert found.forecast == Forecast(Kind.USER_MANAGED)
    assert (found.written, found.description, dict(found.tags), found.author) == (None, None, {}, "")


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\r\n\u2028", "'; DROP TABLE version", "ü" * 70_000])
def test_texts_come_back_as_they_are(workspace: Workspace, text: str) -> None:
    content = Content(image=text, conda=text or None, dockerfile_path=text, context=Context(None, uri=text))
    offer = Offer("churn", None, content, Forecast(Kind.USER_MANAGED, None, text), text, (), text, {text: text}, text)
    workspace.register(offer, bring_nothing)
    found = workspace.get(Target("churn"))
    assert (found.content, found.written, found.forecast.unavailable) == (content, text, text)
    assert (found.description, dict(found.tags), found.author) == (text, {text: text}, text)


def test_without_a_version_the_same_content_is_the_latest_one(workspace: Workspace) -> None:
    first = register(workspace, "churn", 1)
    again = register(workspace, "churn", 1, author="another", written="# another comment\n")
    assert again == Registration(first.version, Status.UNCHANGED)
    assert len(workspace.versions("churn")) == 1


def test_without_a_version_other_content_is_the_next_number(workspace: Workspace) -> None:
    assert [register(workspace, "churn", at).version.version for at in (1, 2, 3)] == ["1", "2", "3"]


def test_content_that_was_registered_earlier_is_a_new_version_and_is_said(workspace: Workspace) -> None:
    for at in (1, 2, 1, 2):
        register(workspace, "churn", at)
    done = register(workspace, "churn", 1)
    assert (done.status, done.version.version, done.alike) == (Status.CREATED, "5", "3")
    assert register(workspace, "churn", 1, "word").alike == "5"
    assert register(workspace, "other", 1).alike is None


def test_the_next_number_is_behind_all_numbers(workspace: Workspace) -> None:
    register(workspace, "churn", 1, "word")
    assert register(workspace, "churn", 2).version.version == "1"
    register(workspace, "churn", 3, "7")
    register(workspace, "churn", 4, "007")
    register(workspace, "churn", 5, "3.9")
    workspace.archive(Target("churn", "7"))
    assert register(workspace, "churn", 6).version.version == "8"
    workspace.archive(Target("churn", "8"))
    assert register(workspace, "churn", 7).version.version == "9"


def test_a_number_that_has_no_next_is_said(workspace: Workspace) -> None:
    register(workspace, "churn", 1, "9" * 18)
    with pytest.raises(WorkspaceError, match="give a version"):
        register(workspace, "churn", 2)
    assert register(workspace, "churn", 2, "b").status is Status.CREATED


def test_the_latest_is_the_one_made_last(workspace: Workspace) -> None:
    for at, version in enumerate(("9", "word", "2")):
        register(workspace, "churn", at, version)
    assert workspace.get(Target("churn")).version == "2"
    assert workspace.get(Target("churn", None, is_latest=True)).version == "2"
    register(workspace, "churn", 0, "9", description="new")
    assert workspace.get(Target("churn")).version == "2"  # a new description makes nothing the latest
    assert register(workspace, "churn", 2).status is Status.UNCHANGED
    assert register(workspace, "churn", 0).version.version == "10"


def test_a_version_with_the_same_content_is_left_as_it_is(workspace: Workspace) -> None:
    first = register(workspace, "churn", 1, "a", description="d", tags={"k": "v"})
    for more in ({}, {"description": "d"}, {"tags": {"k": "v"}}, {"forecast": Forecast(Kind.CONDA_FILE)}):
        assert register(workspace, "churn", 1, "a", **more) == Registration(first.version, Status.UNCHANGED)


def test_a_version_with_other_content_is_a_conflict(workspace: Workspace) -> None:
    first = register(workspace, "churn", 1, "a")
    mark = workspace.changes(0).mark
    with pytest.raises(ConflictError, match="churn:a") as raised:
        register(workspace, "churn", 2, "a", description="new")
    assert raised.value.existing == first.version
    assert workspace.changes(mark) == Changes(mark)


def test_description_and_tags_may_be_changed(workspace: Workspace) -> None:
    first = register(workspace, "churn", 1, "a", description="d", tags={"k": "v"}).version
    done = register(workspace, "churn", 1, "a", description="e", author="another")
    assert done.status is Status.UPDATED
    assert done.version == first._replace(description="e", modified=done.version.modified)
    assert done.version.modified > first.modified
    assert register(workspace, "churn", 1, tags={}).version.tags == {}
    assert register(workspace, "churn", 1, description="").version.description == ""
    assert workspace.get(Target("churn")).created == first.created
    assert len(workspace.versions("churn")) == 1


def test_nothing_is_registered_in_what_is_archived_as_a_whole(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    workspace.archive(Target("churn"))
    for offer in (with_conda("churn", 1), with_conda("churn", 1, "1"), with_conda("churn", 2, "new")):
        with pytest.raises(ArchivedError, match="envlens restore churn"):
            workspace.register(offer, bring_nothing)
    workspace.restore(Target("churn"))
    assert register(workspace, "churn", 1).status is Status.UNCHANGED


def test_an_archived_version_is_not_the_latest(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    register(workspace, "churn", 2)
    workspace.archive(Target("churn", "2"))
    assert workspace.get(Target("churn")).version == "1"
    done = register(workspace, "churn", 2)
    assert (done.status, done.version.version, done.alike) == (Status.CREATED, "3", "2")
    kept = register(workspace, "churn", 2, "2")
    assert (kept.status, kept.version.is_archived) == (Status.UNCHANGED, True)


BAD_NAMES = ["", ".", "..", "../a", "a/b", "a b", "-a", "a:1", "a\n", "ü", "x" * 256]
BAD_VERSIONS = ["", "latest", "..", "a/b", "a b", "1\n", "x" * 101]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_nobody_can_have(workspace: Workspace, name: str) -> None:
    for ask in (
        lambda: register(workspace, name, 1),
        lambda: workspace.get(Target(name)),
        lambda: workspace.versions(name),
        lambda: workspace.archive(Target(name, "1")),
        lambda: workspace.restore(Target(name)),
    ):
        with pytest.raises(WorkspaceError) as raised:
            ask()
        assert "\n" not in str(raised.value)
    assert workspace.containers(archived=True) == ()


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_versions_that_nobody_can_have(workspace: Workspace, version: str) -> None:
    for ask in (
        lambda: register(workspace, "churn", 1, version),
        lambda: workspace.get(Target("churn", version)),
        lambda: workspace.archive(Target("churn", version)),
    ):
        with pytest.raises(WorkspaceError) as raised:
            ask()
        assert "\n" not in str(raised.value)
    assert workspace.containers() == ()


# What is brought


def test_a_build_context_comes_back(workspace: Workspace) -> None:
    done = workspace.register(with_context("ctx", FILES), bring(FILES))
    version = workspace.get(Target("ctx"))
    assert version == done.version
    leaves = workspace.leaves(version)
    assert leaves == leaves_of(FILES)
    assert {leaf.path: b"".join(workspace.read(leaf)) for leaf in leaves} == FILES
    assert predict(version, leaves).fingerprint == version.forecast.fingerprint is not None


def test_a_large_file_comes_in_pieces(workspace: Workspace) -> None:
    files = {
        b"Dockerfile": b"FROM a:1\n",
        b"model.bin": bytes(range(256)) * 50_000,
        b"same.bin": bytes(range(256)) * 50_000,
    }
    workspace.register(with_context("ctx", files), bring(files, chunk=3_000_001))
    for leaf in workspace.leaves(workspace.get(Target("ctx"))):
        assert b"".join(workspace.read(leaf)) == files[leaf.path]


def test_no_context_has_no_leaves(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    assert workspace.leaves(workspace.get(Target("churn"))) == ()
    remote = Content(context=Context(None, uri="https://example.org/a.git"), dockerfile_path="Dockerfile")
    workspace.register(Offer("remote", None, remote, Forecast(Kind.USER_MANAGED)), bring_nothing)
    assert workspace.leaves(workspace.get(Target("remote"))) == ()


def test_a_context_may_have_an_address_beside_its_files(workspace: Workspace) -> None:
    offer = with_context("ctx", FILES)
    context = offer.content.context
    assert context is not None
    offer = offer._replace(content=offer.content._replace(context=context._replace(uri="https://example.org/a")))
    assert workspace.register(offer, bring(FILES)).version.content == offer.content
    assert workspace.leaves(workspace.get(Target("ctx"))) == offer.leaves


@pytest.mark.parametrize("leaves", [(), leaves_of({b"Dockerfile": b"FROM b:1\n"})])
def test_other_files_than_were_hashed_are_refused(workspace: Workspace, leaves: tuple[Leaf, ...]) -> None:
    with pytest.raises(WorkspaceError, match="is not the one that was hashed"):
        workspace.register(with_context("ctx", FILES)._replace(leaves=leaves), bring(FILES))
    assert workspace.containers() == ()


@pytest.mark.parametrize("path", [b"", b"/a", b"a//b", b"../a", b"a/./b", b"a/..", b"a\0"])
def test_files_stay_below_their_folder(workspace: Workspace, path: bytes) -> None:
    files = {b"Dockerfile": b"FROM a:1\n", path: b"x"}
    with pytest.raises(WorkspaceError):
        workspace.register(with_context("ctx", files), bring(files))
    assert workspace.containers() == ()


def test_nothing_is_brought_twice(workspace: Workspace) -> None:
    workspace.register(with_context("ctx", FILES), bring(FILES))
    asked: list[bytes] = []

    def spy(leaf: Leaf) -> Iterator[bytes]:
        asked.append(leaf.path)
        return iter((files[leaf.path],))

    files = {**FILES, b"copy.py": FILES[b"src/run.sh"]}
    for offer in (with_context("ctx", FILES), with_context("other", FILES), with_context("ctx", FILES, "1")):
        workspace.register(offer, spy)
    assert asked == []
    workspace.register(with_context("ctx", files), spy)
    assert asked == []
    files[b"new.py"] = files[b"new2.py"] = b"new"
    workspace.register(with_context("ctx", files), spy)
    assert asked in ([b"new.py"], [b"new2.py"])
    with pytest.raises(ConflictError):
        workspace.register(with_context("ctx", {**files, b"a": b"another"}, "1"), spy)
    assert len(asked) == 1


@pytest.mark.parametrize("data", [b"#!/bin/zz\n", b"#!", b"", b"#!/bin/sh\n" * 200_000])
def test_a_file_that_changes_while_it_is_read_registers_nothing(workspace: Workspace, data: bytes) -> None:
    with pytest.raises(WorkspaceError, match=r"src/run.sh.* changed while it was read: nothing was registered"):
        workspace.register(with_context("ctx", FILES), bring({**FILES, b"src/run.sh": data}))
    with pytest.raises(NotFoundError):
        workspace.get(Target("ctx"))
    assert workspace.register(with_context("ctx", FILES), bring(FILES)).status is Status.CREATED


def test_whoever_brings_may_end_it(workspace: Workspace) -> None:
    def no(leaf: Leaf) -> Iterator[bytes]:
        raise WorkspaceError("no permission to read it")

    with pytest.raises(WorkspaceError, match="no permission"):
        workspace.register(with_context("ctx", FILES), no)
    assert workspace.containers() == ()


# Lists


def test_environments_come_in_pages_by_name(workspace: Workspace) -> None:
    for name in ("b", "a", "C", "c-1", "c.1", "d"):
        register(workspace, name, 1)
        register(workspace, name, 2)
    expected = ["C", "a", "b", "c-1", "c.1", "d"]
    assert [each.name for each in workspace.containers()] == expected
    assert [each.name for each in workspace.containers(limit=2)] == expected[:2]
    assert [each.name for each in workspace.containers(limit=3, after="a")] == expected[2:5]
    assert workspace.containers(after="d") == workspace.containers(limit=0) == workspace.containers(limit=-1) == ()
    assert workspace.containers()[1] == ("a", workspace.get(Target("a")), 2, False)


def test_archived_environments_are_listed_where_they_are_wanted(workspace: Workspace) -> None:
    for name in ("a", "b", "c"):
        register(workspace, name, 1)
        register(workspace, name, 2)
    workspace.archive(Target("a"))
    for version in ("1", "2"):
        workspace.archive(Target("b", version))
    workspace.archive(Target("c", "2"))
    assert [(each.name, each.latest.version, each.versions) for each in workspace.containers()] == [
        ("b", "2", 2),
        ("c", "1", 2),
    ]
    assert [(each.name, each.latest.version, each.is_archived) for each in workspace.containers(archived=True)] == [
        ("a", "2", True),
        ("b", "2", False),
        ("c", "1", False),
    ]
    assert all(each.latest.is_archived for each in workspace.containers(archived=True)[:2])


def test_versions_come_with_the_one_made_last_first(workspace: Workspace) -> None:
    for at, version in enumerate(("9", "word", "2")):
        register(workspace, "churn", at, version)
    assert [each.version for each in workspace.versions("churn")] == ["2", "word", "9"]
    workspace.archive(Target("churn", "word"))
    assert [each.version for each in workspace.versions("churn")] == ["2", "9"]
    assert [each.is_archived for each in workspace.versions("churn", archived=True)] == [False, True, False]
    workspace.archive(Target("churn"))
    assert workspace.versions("churn") == ()
    assert [each.is_archived for each in workspace.versions("churn", archived=True)] == [True] * 3


# Archiving


def test_a_version_is_archived_and_restored(workspace: Workspace) -> None:
    before = register(workspace, "churn", 1).version
    register(workspace, "churn", 2)
    assert workspace.archive(Target("churn", "1"))
    assert not workspace.archive(Target("churn", "1"))
    found = workspace.get(Target("churn", "1"))
    assert found == before._replace(is_archived=True, modified=found.modified)
    assert found.modified > before.modified
    assert workspace.restore(Target("churn", "1"))
    assert not workspace.restore(Target("churn", "1"))
    assert not workspace.get(Target("churn", "1")).is_archived


def test_the_label_means_a_version(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    register(workspace, "churn", 2)
    latest = Target("churn", None, is_latest=True)
    assert not workspace.restore(latest)
    assert workspace.archive(latest)
    assert [each.version for each in workspace.versions("churn")] == ["1"]
    assert workspace.archive(latest)
    with pytest.raises(NotFoundError, match="churn"):
        workspace.archive(latest)
    assert workspace.get(Target("churn", "1")).is_archived
    assert workspace.containers()


def test_a_whole_environment_is_archived_and_restored(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    register(workspace, "churn", 2)
    workspace.archive(Target("churn", "1"))
    assert workspace.archive(Target("churn"))
    assert not workspace.archive(Target("churn"))
    assert workspace.get(Target("churn", "2")).is_archived
    with pytest.raises(NotFoundError, match="churn"):
        workspace.get(Target("churn"))
    assert not workspace.archive(Target("churn", "2"))
    with pytest.raises(ArchivedError, match="envlens restore churn"):
        workspace.restore(Target("churn", "2"))
    assert workspace.restore(Target("churn"))
    assert not workspace.restore(Target("churn"))
    assert [each.version for each in workspace.versions("churn")] == ["2"]  # what was archived by itself still is


def test_a_version_that_is_not_there(workspace: Workspace) -> None:
    register(workspace, "churn", 1)
    for ask in (workspace.get, workspace.archive, workspace.restore):
        with pytest.raises(NotFoundError, match="9"):
            ask(Target("churn", "9"))


# Anonymous environments


def test_an_anonymous_environment_is_found_by_its_version(workspace: Workspace) -> None:
    done = workspace.register(anonymous(), bring_nothing)
    assert done.status is Status.CREATED
    assert workspace.get(Target(sdk.NAME, "a1")) == done.version
    assert done.version.is_anonymous
    assert workspace.register(anonymous(), bring_nothing).status is Status.UNCHANGED
    with pytest.raises(ConflictError):
        workspace.register(anonymous(at=2), bring_nothing)


def test_an_anonymous_environment_is_in_no_list(workspace: Workspace) -> None:
    workspace.register(anonymous(), bring_nothing)
    assert workspace.containers(archived=True) == ()
    assert workspace.changes(0).environments == ()
    for ask in (
        lambda: workspace.versions(sdk.NAME),
        lambda: workspace.get(Target(sdk.NAME)),
        lambda: workspace.get(Target(sdk.NAME, None, is_latest=True)),
        lambda: workspace.archive(Target(sdk.NAME)),
        lambda: workspace.restore(Target(sdk.NAME)),
    ):
        with pytest.raises(NotFoundError, match="version"):
            ask()


def test_an_anonymous_environment_is_archived_by_its_version(workspace: Workspace) -> None:
    workspace.register(anonymous(), bring_nothing)
    assert workspace.archive(Target(sdk.NAME, "a1"))
    assert workspace.get(Target(sdk.NAME, "a1")).is_archived
    assert workspace.restore(Target(sdk.NAME, "a1"))
    assert workspace.changes(0).environments == ()


@pytest.mark.parametrize(
    "offer",
    [
        anonymous(version=None),
        with_conda("churn", 1, "1")._replace(is_anonymous=True),
        with_conda(sdk.NAME, 1, "1"),
        with_conda(sdk.NAME, 1),
    ],
)
def test_the_name_is_for_anonymous_ones_and_they_need_a_version(workspace: Workspace, offer: Offer) -> None:
    with pytest.raises(WorkspaceError):
        workspace.register(offer, bring_nothing)
    assert workspace.changes(0).environments == ()


# Changes


def test_changes_tell_what_rules_need(workspace: Workspace) -> None:
    first = register(workspace, "churn", 1, "a").version
    second = register(workspace, "churn", 2, "b").version
    workspace.archive(Target("churn", "a"))
    (found,) = workspace.changes(0).environments
    assert [tuple(each) for each in found.versions] == [
        ("a", first.content.digest, first.forecast.fingerprint, True),
        ("b", second.content.digest, second.forecast.fingerprint, False),
    ]
    assert (found.name, found.is_archived) == ("churn", False)


def test_only_what_changed_is_told(workspace: Workspace) -> None:
    for name in ("a", "b", "c"):
        register(workspace, name, 1)
    mark = workspace.changes(0).mark
    assert workspace.changes(mark) == Changes(mark)
    for change in (
        lambda: register(workspace, "b", 2),
        lambda: register(workspace, "b", 2, description="new"),
        lambda: workspace.archive(Target("b", "1")),
        lambda: workspace.restore(Target("b", "1")),
        lambda: workspace.archive(Target("b")),
        lambda: workspace.restore(Target("b")),
    ):
        change()
        told = workspace.changes(mark)
        assert [each.name for each in told.environments] == ["b"]
        assert told.mark > mark
        assert not told.is_all
        mark = told.mark
    assert workspace.changes(0).is_all
    assert names(workspace) == ["a", "b", "c"]


def test_what_changes_nothing_is_not_told(workspace: Workspace) -> None:
    register(workspace, "a", 1)
    mark = workspace.changes(0).mark
    register(workspace, "a", 1)
    workspace.restore(Target("a"))
    workspace.restore(Target("a", "1"))
    assert workspace.changes(mark) == Changes(mark)


def test_a_mark_of_another_workspace_is_answered_with_all(workspace: Workspace) -> None:
    register(workspace, "a", 1)
    told = workspace.changes(2**52)
    assert told.is_all
    assert [each.name for each in told.environments] == ["a"]
