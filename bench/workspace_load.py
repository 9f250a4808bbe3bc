"""Loads on the embedded workspace: many environments, and many processes at once."""

import multiprocessing
import os
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from envlens.core.workspace.port import WorkspaceError
from envlens.core.workspace.target import Target
from envlens.workspaces.sqlite import open_workspace

from .offers import bring_nothing, with_conda

_ASKED = 21
_TURN = 7919  # a prime: names are asked for all over the file


class Answers(NamedTuple):
    """Milliseconds (medians) of what is asked of a large workspace, and its size in bytes."""

    environments: int
    versions: int
    size: int
    opened: float
    first_page: float
    later_page: float
    get: float
    versions_of: float
    all_changes: float
    no_changes: float
    one_change: float


def fill(path: str, environments: int, versions: int) -> float:
    """Registers environments with versions each of other content, and returns the seconds that it took."""
    start = time.perf_counter()
    workspace = open_workspace(path)
    for version in range(versions):
        for at in range(environments):
            workspace.register(with_conda(name(at), version), bring_nothing)
    workspace.close()
    return time.perf_counter() - start


def name(at: int) -> str:
    """What the environments of `fill` are called."""
    return f"environment-{at:05d}"


def ask(path: str, environments: int, versions: int) -> Answers:
    """Asks a workspace that `fill` made, in this process and from the beginning; asserts that the answers are right."""
    size = os.stat(path).st_size
    workspace = open_workspace(path)
    start = time.perf_counter()
    workspace.get(Target(name(0)))
    opened = (time.perf_counter() - start) * 1000
    assert len(workspace.containers()) == min(50, environments)
    names = [name(at * _TURN % environments) for at in range(_ASKED)]
    middle = name(environments // 2)
    got = median(_timed(lambda each=each: workspace.get(Target(each))) for each in names)  # type: ignore[misc]
    assert all(workspace.get(Target(each)).version == str(versions) for each in names)
    every = workspace.changes(0)
    assert (len(every.environments), {len(each.versions) for each in every.environments}) == (environments, {versions})
    assert not workspace.changes(every.mark).environments
    idle = _often(lambda: workspace.changes(every.mark))
    listed = median(_timed(lambda each=each: workspace.versions(each)) for each in names)  # type: ignore[misc]
    one = []
    for at in range(5):
        mark = workspace.changes(every.mark).mark
        workspace.register(with_conda("another", at), bring_nothing)
        one.append(_timed(lambda mark=mark: workspace.changes(mark)))  # type: ignore[misc]
    found = Answers(
        environments,
        versions,
        size,
        opened,
        _often(workspace.containers),
        _often(lambda: workspace.containers(after=middle)),
        got,
        listed,
        median(_timed(lambda: workspace.changes(0)) for _ in range(3)),
        idle,
        median(one),
    )
    workspace.close()
    return found


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _often(work: Callable[[], object]) -> float:
    return median(_timed(work) for _ in range(_ASKED))


class Crowd(NamedTuple):
    """What became of many registrations at once. `longest` is the one that waited longest, in seconds."""

    processes: int
    each: int
    is_one_name: bool
    seconds: float
    longest: float
    versions: int
    failures: tuple[str, ...]


def crowd(path: str, processes: int, each: int, *, is_one_name: bool) -> Crowd:
    """Many processes register at once in a workspace that is not there yet; asserts that nothing is lost or doubled."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    gate, answers = context.Barrier(processes + 1), context.SimpleQueue()
    started = [
        context.Process(target=_register, args=(path, at, each, is_one_name, gate, answers)) for at in range(processes)
    ]
    for process in started:
        process.start()
    gate.wait()
    start = time.perf_counter()
    done = [answers.get() for _ in started]
    seconds = time.perf_counter() - start
    for process in started:
        process.join()
    failures = tuple(problem for _, _, problem in done if problem)
    given = sorted(version for versions, _, _ in done for version in versions)
    workspace = open_workspace(path)
    there = [
        (every.name, found.version) for every in workspace.containers() for found in workspace.versions(every.name)
    ]
    workspace.close()
    assert sorted(given) == sorted(there), "what was said to be registered is there, and nothing else"
    assert len(set(given)) == len(given), "no version was given twice"
    if is_one_name and not failures:
        assert {version for _, version in given} == {str(at + 1) for at in range(processes * each)}
    return Crowd(processes, each, is_one_name, seconds, max(longest for _, longest, _ in done), len(there), failures)


def _register(path: str, who: int, each: int, is_one_name: bool, gate: object, answers: object) -> None:
    workspace = open_workspace(path)
    made, longest, problem = [], 0.0, ""
    gate.wait()  # type: ignore[attr-defined]
    try:
        for at in range(each):
            start = time.perf_counter()
            offer = with_conda("one" if is_one_name else f"mine-{who:02d}", who * each + at)
            version = workspace.register(offer, bring_nothing).version
            longest = max(longest, time.perf_counter() - start)
            made.append((version.name, version.version))
    except WorkspaceError as error:
        problem = str(error)
    workspace.close()
    answers.put((made, longest, problem))  # type: ignore[attr-defined]
