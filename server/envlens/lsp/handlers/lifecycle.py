"""initialize, initialized, folders, settings and watched files."""

import os
from fnmatch import fnmatchcase
from typing import Any

from lsprotocol import types as lsp

from ...core.model.v1 import FILE_NAME as V1_FILE
from ...core.text.lines import Encoding
from ...host.host import normal
from .. import convert
from ..pages import SCHEME
from ..server import Server

_CONFIG_FILES = ("envlens.toml", "pyproject.toml")
# What decides about scope and findings. What a COPY takes can have any name: it is looked at with its Dockerfile.
_WATCHED = tuple(
    f"**/{name}"
    for name in (
        "*.yml",
        "*.yaml",
        "*.txt",
        "*[dD]ockerfile*",
        ".amlignore",
        ".dockerignore",
        ".gitignore",
        V1_FILE,
        *_CONFIG_FILES,
        # Of git, what changes with each commit and with each other branch.
        ".git/HEAD",
        ".git/logs/HEAD",
    )
)


def initialize(ls: Server, params: lsp.InitializeParams) -> None:
    """Takes the encoding, the folders and the first settings. No file is read before the client is ready."""
    folders = [folder.uri for folder in params.workspace_folders or ()]
    if not folders and params.root_uri:
        folders = [params.root_uri]
    ls.roots = [_root(uri) for uri in folders if uri.startswith("file:")]
    ls.client_settings = _settings(params.initialization_options)
    ls.encoding = _encoding(params.capabilities)


def initialized(ls: Server, params: lsp.InitializedParams) -> None:
    """Reads settings and folders, and asks to be told of changes."""
    workspace = ls.client_capabilities.workspace
    ls.reload()
    ls.scan()
    if workspace and workspace.did_change_watched_files and workspace.did_change_watched_files.dynamic_registration:
        ls.keep(_watch(ls))
    if ls.views.asks_for_pages:
        ls.keep(_offer_pages(ls))
    if workspace and workspace.configuration:
        ls.keep(_fetch_settings(ls))


def did_change_configuration(ls: Server, params: lsp.DidChangeConfigurationParams) -> None:
    """Takes new settings from the client, sent along or asked for."""
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.configuration:
        ls.keep(_fetch_settings(ls))
    else:
        ls.client_settings = _settings(params.settings)
        ls.reload()


def did_change_folders(ls: Server, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
    """Takes folders in and lets others go."""
    removed = {_root(folder.uri) for folder in params.event.removed}
    added = [_root(folder.uri) for folder in params.event.added if folder.uri.startswith("file:")]
    ls.roots = [*dict.fromkeys([root for root in ls.roots if root not in removed] + added)]
    ls.reload()
    ls.scan()


def did_change_watched_files(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
    """Looks again at what changed on disk."""
    affected: set[str] = set()
    for change in params.changes:
        path = convert.to_path(change.uri)
        if "/.git/" in path:
            ls.forecasts.head_moved()
            continue
        ls.forecasts.changed(path)
        if path.rpartition("/")[2] in _CONFIG_FILES:
            ls.reload()
        elif ls.host.users_of(path) or any(fnmatchcase(path, pattern) for pattern in _WATCHED):
            affected |= ls.host.changed_on_disk(path)
    # A new file can be what a definition was missing, or a COPY: its name stands in no index yet.
    documents = filter(None, map(ls.host.document, ls.texts))
    affected |= {each.path for each in documents if each.environment or each.dockerfile}
    ls.mark(affected)


async def _watch(ls: Server) -> None:
    watchers = [lsp.FileSystemWatcher(glob_pattern=pattern) for pattern in _WATCHED]
    options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
    registration = lsp.Registration("envlens-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await ls.client_register_capability_async(lsp.RegistrationParams([registration]))


async def _offer_pages(ls: Server) -> None:
    options = lsp.TextDocumentContentRegistrationOptions([SCHEME])
    registration = lsp.Registration("envlens-pages", lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT, options)
    await ls.client_register_capability_async(lsp.RegistrationParams([registration]))


async def _fetch_settings(ls: Server) -> None:
    item = lsp.ConfigurationItem(section="envlens")
    found = await ls.workspace_configuration_async(lsp.ConfigurationParams([item]))
    ls.client_settings = _settings(found[0] if found else None)
    ls.reload()


def _settings(options: Any) -> dict[str, Any]:
    """The table of settings in what a client sent: `{envlens: {…}}`, `{settings: {…}}` or the table itself."""
    options = convert.to_plain(options)
    for key in ("envlens", "settings"):
        if isinstance(options, dict) and isinstance(options.get(key), dict):
            options = options[key]
    return {key: value for key, value in options.items() if value is not None} if isinstance(options, dict) else {}


def shutdown(ls: Server, *_: Any) -> None:
    """Has threads end what they do."""
    ls.forecasts.contexts.stop()
    ls.registrations.stop()


def _root(uri: str) -> str:
    path = convert.to_path(uri)
    return normal(os.path.realpath(path))


def _encoding(capabilities: lsp.ClientCapabilities) -> Encoding:
    """The first encoding of the client's that we have; UTF-16 where it says nothing, as LSP prescribes."""
    general = capabilities.general
    for name in general.position_encodings or () if general else ():
        if name in {each.value for each in Encoding}:
            return Encoding(str(getattr(name, "value", name)))
    return Encoding.UTF16
