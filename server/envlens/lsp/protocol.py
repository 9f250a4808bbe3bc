"""How bytes become calls: pygls' protocol without its text store, and a reader that drains its pipe before yielding.

pygls splits lines at form feed and U+2028, which LSP does not, so its copies of documents drift; ours is the only one.
Its stdio reader takes three thread hops a message, so that every edit of a burst would be published on its own.
"""

import asyncio
import json
import logging
import os
import stat
import sys
from collections.abc import Callable, Generator
from threading import Event
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

_PIPE_LIMIT = 1 << 26

_Handled = Generator[Any, Any, None]


class Raw(str):
    """A result that is JSON text already."""

    __slots__ = ()


# What shows hashes is asked for with each edit, and must not keep the findings waiting: not even by being read first.
_AFTER_FINDINGS = frozenset(
    {
        lsp.TEXT_DOCUMENT_CODE_LENS,
        lsp.CODE_LENS_RESOLVE,
        lsp.TEXT_DOCUMENT_HOVER,
        lsp.TEXT_DOCUMENT_INLAY_HINT,
        lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT,
    }
)


class Protocol(LanguageServerProtocol):
    """pygls' protocol, the text of documents left to our handlers."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.publish: Callable[[], None] = lambda: None  # has findings sent that wait for the end of a burst

    def _hand_on(self, method: str, params: Any) -> _Handled:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        if error is not None or not isinstance(result, Raw):
            super()._send_response(msg_id, result, error)
            return
        self._result_types.pop(msg_id, None)
        self.send_text(f'{{"id":{json.dumps(msg_id)},"jsonrpc":"2.0","result":{result}}}')

    def send_text(self, message: str) -> None:
        """Sends a message that is JSON text already."""
        if self.writer is not None:
            body = message.encode()
            self.writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Takes a message apart. A request that cannot be read is answered; pygls would leave its sender waiting."""
        if data.get("method") in _AFTER_FINDINGS:
            self.publish()
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], None, error.to_response_error())
            raise

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> _Handled:
        yield from self._hand_on(lsp.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> _Handled:
        yield from self._hand_on(lsp.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> _Handled:
        yield from self._hand_on(lsp.TEXT_DOCUMENT_DID_CLOSE, params)


def can_read_pipe() -> bool:
    """Whether stdin is something that the event loop can watch."""
    if sys.platform == "win32":
        return False
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or sys.stdin.isatty()


async def serve_pipe(server: LanguageServer) -> None:
    """Serves one client on stdin and stdout until it is gone."""
    reader = asyncio.StreamReader(limit=_PIPE_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    # What rules or libraries print must not end up between messages.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server.protocol.set_writer(StdoutWriter(output))
    await run_async(
        stop_event=Event(),
        reader=reader,
        protocol=server.protocol,
        logger=_silent(),
        error_handler=server.report_server_error,
    )


def _silent() -> logging.Logger:
    """A logger that says nothing: pygls would log whole messages, with the user's file in them."""
    log = logging.getLogger("envlens.io")
    log.setLevel(logging.CRITICAL + 1)
    return log
