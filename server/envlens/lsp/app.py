"""Builds the server: which handler answers which method, and how it is run."""

import asyncio
import contextlib
import gc
import logging
import sys
from datetime import date

from lsprotocol import types as lsp

from .handlers import (
    completion,
    diagnostics,
    documents,
    environments,
    language,
    lens,
    lifecycle,
    navigation,
    registering,
    structure,
    sync,
)
from .protocol import can_read_pipe, serve_pipe
from .registrations import Given
from .server import Server

__all__ = ["Given", "build", "run"]


def build(as_of: date | None = None, given: Given | None = None) -> Server:
    """A server with all its handlers."""
    server = Server(as_of, given)
    feature = server.feature
    feature(lsp.INITIALIZE)(lifecycle.initialize)
    feature(lsp.INITIALIZED)(lifecycle.initialized)
    feature(lsp.SHUTDOWN)(lifecycle.shutdown)
    feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)(lifecycle.did_change_configuration)
    feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(lifecycle.did_change_folders)
    feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)(lifecycle.did_change_watched_files)
    feature(lsp.TEXT_DOCUMENT_DID_OPEN)(sync.did_open)
    feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(sync.did_change)
    feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(sync.did_close)
    feature(lsp.TEXT_DOCUMENT_HOVER)(language.hover)
    options = lsp.CodeActionOptions(code_action_kinds=language.CODE_ACTION_KINDS)
    feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)(language.code_action)
    feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(language.document_symbol)
    feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK, lsp.DocumentLinkOptions())(language.document_link)
    feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, diagnostics.OPTIONS)(diagnostics.document_diagnostic)
    feature(lsp.WORKSPACE_DIAGNOSTIC)(diagnostics.workspace_diagnostic)
    feature(lsp.TEXT_DOCUMENT_COMPLETION, completion.OPTIONS)(completion.completion)
    feature(lsp.COMPLETION_ITEM_RESOLVE)(completion.resolve)
    feature(lsp.TEXT_DOCUMENT_DEFINITION)(navigation.definition)
    feature(lsp.TEXT_DOCUMENT_REFERENCES)(navigation.references)
    feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)(structure.folding_range)
    feature(lsp.TEXT_DOCUMENT_SELECTION_RANGE)(structure.selection_range)
    feature(lsp.WORKSPACE_SYMBOL)(structure.workspace_symbol)
    feature(lsp.TEXT_DOCUMENT_CODE_LENS, lens.LENS_OPTIONS)(lens.code_lens)
    feature(lsp.CODE_LENS_RESOLVE)(lens.resolve)
    feature(lsp.TEXT_DOCUMENT_INLAY_HINT)(lens.inlay_hint)
    feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT)(documents.text_document_content)
    feature("envlens/document")(documents.document)
    server.command("envlens.explainRule")(language.explain_rule)
    server.command("envlens.showHash")(documents.show_hash)
    server.command("envlens.compare")(documents.compare)
    server.command("envlens.register")(registering.register)
    server.command("envlens.openRegistered")(documents.open_registered)
    server.command("envlens.showHistory")(documents.show_history)
    feature("envlens/environments")(environments.environments)
    return server


def run(port: int | None = None, given: Given | None = None) -> int:
    """Serves one client until it is gone: on stdio, or on a loopback port."""
    # pygls logs whole messages, with the user's files in them, when a handler fails: they must not reach a log.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="envlens: %(message)s")
    server = build(given=given)
    gc.freeze()  # what is loaded by now lives as long as the process
    gc.set_threshold(
        50_000
    )  # a tree is thousands of tuples without a cycle: looking for cycles took a fifth of an edit
    if port is not None:
        server.start_tcp("127.0.0.1", port)
        return 0
    if not can_read_pipe():
        server.start_io()
        return 0
    try:
        with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
            asyncio.run(serve_pipe(server))
    finally:
        server.shutdown()  # type: ignore[no-untyped-call]
    return 0
