"""Asks the client to tell of every change in the build contexts of open files: then nobody has to look again."""

from collections.abc import Iterable

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from . import convert
from .contexts import Contexts
from .views import Keep

_KIND = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES


class Watches:
    """The folders that the client watches for us, changed as files are opened and closed."""

    def __init__(self, ls: LanguageServer, keep: Keep, contexts: Contexts) -> None:
        self._ls = ls
        self._keep = keep
        self._contexts = contexts
        self._wanted: frozenset[str] = frozenset()
        self._is_busy = False
        self._is_refused = False

    def want(self, folders: Iterable[str]) -> None:
        """Has these folders watched, and no others."""
        self._wanted = frozenset(folders)
        if self._wanted != self._contexts.watched and not self._is_busy and self._is_possible:
            self._is_busy = True
            self._keep(self._change())

    @property
    def _is_possible(self) -> bool:
        """Whether the client can watch a folder wherever it lies; a pattern alone counts from each root."""
        workspace = self._ls.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        is_able = watching and watching.dynamic_registration and watching.relative_pattern_support
        return bool(is_able) and not self._is_refused

    async def _change(self) -> None:
        try:
            while self._wanted != self._contexts.watched:
                wanted, watched = self._wanted, self._contexts.watched
                if new := sorted(wanted - watched):
                    await self._ls.client_register_capability_async(lsp.RegistrationParams(list(map(_register, new))))
                if old := sorted(watched - wanted):
                    self._contexts.watched = watched - frozenset(old)
                    gone = [lsp.Unregistration(_id(folder), _KIND) for folder in old]
                    await self._ls.client_unregister_capability_async(lsp.UnregistrationParams(gone))
                self._contexts.watched = wanted
        except JsonRpcException:
            self._is_refused = True
        finally:
            self._is_busy = False


def _register(folder: str) -> lsp.Registration:
    pattern = lsp.RelativePattern(convert.to_uri(folder), "**")
    options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(pattern)])
    return lsp.Registration(_id(folder), _KIND, options)


def _id(folder: str) -> str:
    return f"envlens-context:{folder}"
