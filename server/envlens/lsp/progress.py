"""Shows how far the hashing of a build context is, where it takes long enough to be noticed; the user can end it."""

import asyncio
import contextlib
from itertools import count

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from ..core.hashing.inputs import size
from .contexts import Job

_NOTICED = 1.0
_PERIOD = 0.3
_numbers = count(1)


async def show(ls: LanguageServer, job: Job, what: str = "hashing the build context") -> None:
    """Shows one job until it is over."""
    window = ls.client_capabilities.window
    if not (window and window.work_done_progress):
        return
    await asyncio.sleep(_NOTICED)
    if job.is_over:
        return
    progress, token = ls.work_done_progress, f"envlens-context-{next(_numbers)}"
    with contextlib.suppress(JsonRpcException):  # a client may refuse
        await progress.create_async(token)
        name = job.folder.rstrip("/").rpartition("/")[2]
        title = f"{what} '{name}'"
        progress.begin(token, lsp.WorkDoneProgressBegin(title, cancellable=True, message=_far(job)))
        try:
            while not job.is_over:
                await asyncio.sleep(_PERIOD)
                job.is_cancelled |= progress.tokens[token].cancelled()
                progress.report(token, lsp.WorkDoneProgressReport(message=_far(job)))
        finally:
            progress.end(token, lsp.WorkDoneProgressEnd(message="cancelled" if job.is_cancelled else "done"))
            del progress.tokens[token]


def _far(job: Job) -> str:
    return f"{job.files:,} file{'s' * (job.files != 1)}, {size(job.size)}"
