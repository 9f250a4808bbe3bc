"""The command `envlens.register`: checks a definition and registers it, with progress where its files are many."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from lsprotocol import types as lsp

from ...core.text.diagnostic import Severity
from ...core.workspace.port import ConflictError, Offer, Registration, Status, Workspace, WorkspaceError
from ...core.workspace.target import version_problem
from ...host import registering
from ...host.registering import Candidate, Judged, Source
from ...host.trees import Cancelled
from .. import convert, progress
from ..asking import forecast_soon, meant
from ..contexts import Job
from ..server import Server

_PATIENCE = 5.0


async def register(ls: Server, *arguments: Any) -> dict[str, Any]:
    """Takes `{uri, at, version}`; returns `{environment, status, problem, errors, warnings}`.

    `environment` is `{name, version, fingerprint}` or null, `problem` why nothing was registered. The user is told.
    """
    given = convert.to_plain(arguments[0]) if arguments else None
    given = given if isinstance(given, Mapping) else {}
    uri, version = given.get("uri"), given.get("version")
    found = await forecast_soon(ls, uri, _PATIENCE, again=True) if isinstance(uri, str) else None
    prediction = meant(ls, found, given) if found is not None else None
    candidate = found.candidate(prediction.place.keys) if found is not None and prediction is not None else None
    if found is None or candidate is None:
        return _refused(ls, "", "no environment that could be registered stands there")
    name = candidate.prediction.place.name or "the environment"
    judged = registering.judge(ls.host, candidate)
    stopped = _stopped(judged)
    if stopped is not None:
        return _refused(ls, name, stopped, judged)
    offered = found.offer(candidate.prediction.place.keys)
    if offered is None or offered.offer is None:
        return _refused(ls, name, (offered.problem if offered else None) or "it cannot be registered", judged)
    offer = offered.offer._replace(author=registering.author())
    if isinstance(version, str) and not offer.is_anonymous:
        if (wrong := version_problem(version)) is not None:
            return _refused(ls, name, f"'{version}': {wrong}", judged)
        offer = offer._replace(version=version)
    try:
        made = await _register(ls, candidate, offer)
    except ConflictError as conflict:
        return _refused(ls, name, f"{conflict}: give it another version", judged)
    except WorkspaceError as error:
        return _refused(ls, name, str(error), judged)
    except Cancelled:
        return _refused(ls, name, "it was cancelled", judged)
    await ls.registrations.look()
    return _done(ls, made, judged)


async def _register(ls: Server, candidate: Candidate, offer: Offer) -> Registration:
    folder = candidate.definition.context.folder if candidate.definition.context else None
    job = Job(folder or "")
    if offer.leaves:
        ls.keep(progress.show(ls, job, "registering the build context"))
    try:
        return await ls.registrations.ask(partial(_work, ls.host.roots or None, candidate, offer, job))
    finally:
        job.is_over = True


def _work(
    roots: Sequence[str] | None, candidate: Candidate, offer: Offer, job: Job, workspace: Workspace
) -> Registration:
    """In the workspace's thread."""
    return registering.register(workspace, offer, Source(roots, candidate, job.checkpoint))


def _stopped(judged: Sequence[Judged]) -> str | None:
    """Why a definition is not registered, in words with the first of the errors."""
    errors = [each for file in judged for each in (*file.verdict.refused, *file.verdict.errors)]
    if not errors:
        return None
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0].message}{more}"


def _count(judged: Sequence[Judged], severity: Severity) -> int:
    return sum(each.severity is severity for file in judged for group in file.verdict for each in group)


def _refused(ls: Server, name: str, problem: str, judged: Sequence[Judged] = ()) -> dict[str, Any]:
    message = f"{name} is not registered: {problem}" if name else problem
    ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))
    return {
        "environment": None,
        "status": "refused",
        "problem": problem,
        "errors": _count(judged, Severity.ERROR),
        "warnings": _count(judged, Severity.WARNING),
    }


def _done(ls: Server, made: Registration, judged: Sequence[Judged]) -> dict[str, Any]:
    version, warnings = made.version, _count(judged, Severity.WARNING)
    what = f"{version.name}:{version.version}"
    if made.status is Status.CREATED:
        message = f"registered {what}"
    elif made.status is Status.UPDATED:
        message = f"{what} is registered already: description and tags were updated"
    else:
        message = f"{what} is registered already: nothing has changed"
    if warnings:
        message += f", with {warnings} warning{'s' * (warnings != 1)}"
    kind = lsp.MessageType.Warning if warnings else lsp.MessageType.Info
    ls.window_show_message(lsp.ShowMessageParams(kind, message))
    found = {"name": version.name, "version": version.version, "fingerprint": version.forecast.fingerprint}
    return {
        "environment": found,
        "status": made.status.value,
        "problem": None,
        "errors": _count(judged, Severity.ERROR),
        "warnings": warnings,
    }
