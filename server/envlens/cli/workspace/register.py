"""`envlens register`: checks definitions, and registers those that may be."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...core.text.diagnostic import Severity
from ...core.workspace.difference import Comparison, compare, side, side_of
from ...core.workspace.port import ConflictError, Offer, Registration, Workspace, WorkspaceError
from ...core.workspace.target import version_problem
from ...host import registering
from ...host.host import Host
from ...host.registering import Judged
from ..errors import UsageError
from ..projects import shown_path
from ..render.result import FileResult, LintResult
from ..report import as_report
from . import defined
from .defined import Found
from .opening import opened


class Conflict(NamedTuple):
    """The version that has another content, and what differs."""

    existing: str
    comparison: Comparison


class Outcome(NamedTuple):
    """What came of one definition: a registration, or a conflict, or why it was not registered.

    `is_failure`: it could not be tried.
    """

    found: Found
    judged: Sequence[Judged]
    registration: Registration | None = None
    conflict: Conflict | None = None
    problem: str | None = None
    is_failure: bool = False

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity."""
        every = [each for file in self.judged for group in file.verdict for each in group]
        return {severity: sum(each.severity is severity for each in every) for severity in Severity}


def run(args: argparse.Namespace) -> int:
    """Runs the command; the exit code."""
    files = defined.read(args.paths, args)
    if args.as_version is not None:
        if (problem := version_problem(args.as_version)) is not None:
            raise UsageError(f"'{args.as_version}': {problem}")
        if len(files.found) > 1:
            raise UsageError("--version goes with one definition")
    with opened(args) as workspace:
        outcomes = [_register(workspace, files.host, each, args) for each in files.found]
    _show(outcomes, files.host, args)
    return 2 if any(each.is_failure for each in outcomes) else int(any(not each.registration for each in outcomes))


def _register(workspace: Workspace, host: Host, found: Found, args: argparse.Namespace) -> Outcome:
    judged = registering.judge(host, found.candidate)
    outcome = Outcome(found, judged)
    if any(each.verdict.refused for each in judged):
        return outcome._replace(problem=_stopped(judged, overrulable=False))
    offer = found.offered.offer
    if offer is None:
        return outcome._replace(problem=found.offered.problem)
    if any(each.verdict.stops(allow_errors=args.allow_errors) for each in judged):
        return outcome._replace(problem=_stopped(judged, overrulable=True))
    if args.as_version is not None and not offer.is_anonymous:
        offer = offer._replace(version=args.as_version)
    try:
        made = registering.register(
            workspace,
            offer._replace(author=registering.author()),
            registering.Source(host.roots or None, found.candidate),
        )
    except registering.RefusedError as refused:
        return outcome._replace(problem=str(refused))
    except ConflictError as conflict:
        return outcome._replace(conflict=_conflict(workspace, offer, found, conflict))
    except WorkspaceError as error:  # the others may fare better
        return outcome._replace(problem=str(error), is_failure=True)
    return outcome._replace(registration=made)


def _conflict(workspace: Workspace, offer: Offer, found: Found, conflict: ConflictError) -> Conflict:
    existing = conflict.existing
    ours = side_of(offer.content, found.defined.prediction, offer.leaves)
    return Conflict(str(existing.target), compare(side(existing, workspace.leaves(existing)), ours))


def _stopped(judged: Iterable[Judged], *, overrulable: bool) -> str:
    count = sum(len(each.verdict.refused) + len(each.verdict.errors) for each in judged)
    errors = f"{count} error{'s' * (count != 1)}"
    if not overrulable:
        return f"{errors}: mend {_them(count)} first"
    return f"{errors} let{'s' * (count == 1)} the build or a job fail: mend {_them(count)}, or give --allow-errors"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def report_of(outcomes: Iterable[Outcome]) -> LintResult:
    """The findings of all that was registered, or was not, each file once."""
    found: dict[str, FileResult] = {}
    for each in outcomes:
        path = each.found.defined.document.path
        for judged in each.judged:
            document = judged.document
            shown = each.found.defined.shown if document.path == path else shown_path(document.path)
            diagnostics = sorted(
                {one for group in judged.verdict for one in group}, key=lambda one: (one.span, one.rule)
            )
            before = found[document.path].diagnostics if document.path in found else ()
            merged = tuple(dict.fromkeys((*before, *diagnostics)))
            found[document.path] = FileResult(shown, document.source, merged)
    return LintResult(tuple(found.values()))


def _show(outcomes: Sequence[Outcome], host: Host, args: argparse.Namespace) -> None:
    if args.format == "json":
        from ..render.workspace_json import registered

        sys.stdout.write(registered(outcomes, as_report(report_of(outcomes), host)))
        return
    from ..render.registered_text import render

    render(outcomes, report_of(outcomes), args)
