"""The server's state: the host, the open texts, what is dirty and what was published."""

import asyncio
import json
import logging
import os
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from .. import __version__
from ..core.model.document import Document
from ..core.rules import RULES
from ..core.settings import Owner, Settings, parse, without_user_only
from ..core.text.diagnostic import Diagnostic
from ..core.text.lines import Encoding
from ..core.workspace.port import Changes
from ..host import catalogue, config, disk, scan
from ..host import host as hosts
from ..host.place import Chosen, Place, PlaceError, own_choice, workspace_place
from . import convert, progress, rule_files
from .forecasts import Forecasts
from .protocol import Protocol
from .registrations import Given, Registrations
from .report import Report
from .texts import OpenText
from .views import Views
from .watches import Watches

log = logging.getLogger("envlens")


class Server(LanguageServer):
    """One client's session. Only the event loop touches it."""

    protocol: Protocol

    def __init__(self, as_of: date | None = None, given: Given | None = None) -> None:
        super().__init__(
            "envlens", __version__, protocol_cls=Protocol, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental
        )
        self.host = hosts.Host(catalogue.load_facts(as_of or date.today()), self.rule_failed)
        self.texts: dict[str, OpenText] = {}  # by path
        self.encoding = Encoding.UTF16
        self.client_settings: dict[str, Any] = {}
        self.own = Settings()  # what the client says, without any project's word
        self.roots: list[str] = []
        self._dirty: set[str] = set()
        self._changed: set[str] = set()
        self._flush: asyncio.Handle | None = None
        self._published: set[str] = set()
        self._latest: dict[str, tuple[Document, tuple[Diagnostic, ...]]] = {}
        self._said: set[str] = set()
        self._projects: dict[str, config.Project] = {}
        self._is_pulled = False
        self._workspace = given.workspace if given is not None else None
        self._wrong_settings: set[str] = set()  # the settings files that findings were published for
        self.tasks: set[asyncio.Task[None]] = set()
        self.protocol.publish = self.publish_now
        self.views = Views(self, self.keep)
        self.forecasts = Forecasts(self.host, self.keep, self._became_known, partial(progress.show, self))
        self.watches = Watches(self, self.keep, self.forecasts.contexts)
        self.registrations = Registrations(given.opens if given is not None else None, self.keep, self._registered)

    # Documents

    def document(self, uri: str) -> Document | None:
        """The document of an open file, None where it is not ours."""
        self.settle()
        return self.host.document(convert.to_path(uri))

    def uri_of(self, path: str) -> str:
        """The URI of a file, as the client spells it where it has the file open."""
        text = self.texts.get(path)
        return text.uri if text else convert.to_uri(path)

    def diagnostics(self, document: Document) -> tuple[Diagnostic, ...]:
        """The diagnostics of an open document, as they are now."""
        known = self._latest.get(document.path)
        if known and known[0] is document and document.path not in self._dirty:
            return known[1]
        return self._diagnose(document)

    def _diagnose(self, document: Document) -> tuple[Diagnostic, ...]:
        found = self.host.diagnose(document)
        self._latest[document.path] = (document, found)
        return found

    # Publishing

    def mark_changed(self, path: str) -> None:
        """Has a file whose text changed parsed and judged anew, see `mark`."""
        self._changed.add(path)
        self.mark([path])

    def forget_pending(self, path: str) -> None:
        """Forgets that a file was to be parsed: it is closed."""
        self._changed.discard(path)
        self._dirty.discard(path)

    def settle(self) -> None:
        """Parses what changed, so that an answer is about the text that the client has."""
        changed, self._changed = self._changed, set()
        for path in changed:
            text = self.texts.get(path)
            if text is not None:
                self.mark(self.host.update(path, text.text))

    def publish_now(self) -> None:
        """Judges and publishes what waits for that."""
        if self._flush is None:
            return
        self._flush.cancel()
        try:
            self._publish_dirty()
        except Exception as error:  # noqa: BLE001 - it happens while another message is read, which must not be lost
            self._log_failure("publishing", error)

    def mark(self, paths: Iterable[str]) -> None:
        """Has files judged anew once the messages at hand are handled: one publish for a burst of edits, no waiting."""
        self._dirty.update(paths)
        if self._dirty and self._flush is None:
            self._flush = asyncio.get_running_loop().call_soon(self._publish_dirty)

    def _publish_dirty(self) -> None:
        changed = set(self._changed)
        self.settle()
        self._flush = None
        dirty, self._dirty = self._dirty, set()
        for path in sorted(dirty):
            text = self.texts.get(path)
            if text is None:
                continue
            document = self.host.document(path)
            if document is not None:
                self._send(text, document, self._diagnose(document))
                self.forecasts.meet(document)
            elif path in self._published:
                self.clear(text)
        if not dirty <= changed:
            self.refresh()
        self.views.outdated(pages_only=dirty <= changed)

    def _became_known(self, paths: set[str], *, for_rules: bool) -> None:
        """Shows what was found in the background about open files."""
        if for_rules:
            self.mark(paths)
        self.views.outdated()

    def _registered(self, changes: Changes) -> None:
        """Takes up what was registered, here or by another process, and shows it."""
        self.mark(self.host.take_registered(changes.environments, is_all=changes.is_all))
        self.views.outdated()
        names = [each.name for each in changes.environments]
        self.protocol.notify("envlens/environmentsChanged", {"names": names, "all": changes.is_all})

    def _send(self, text: OpenText, document: Document, found: tuple[Diagnostic, ...]) -> None:
        if self._is_pulled:
            return
        self._published.add(text.path)
        self._publish(text.uri, f',"version":{text.version}', self._as_json(document, found))

    def _as_json(self, document: Document, found: tuple[Diagnostic, ...]) -> str:
        places = {place.path for each in found for place in each.related} - {document.path}
        sources = {path: self.host.source_of(path) for path in places}
        others = {path: source for path, source in sources.items() if source}
        return convert.to_diagnostics(document.source, found, self.encoding, rule_files.uri, others)

    def pulled(self) -> None:
        """Takes note that the client asks for findings: one that said it would gets none unasked any more.

        Editors keep what is published and what is pulled apart, and would show everything twice.
        """
        capabilities = self.client_capabilities
        declared = capabilities.text_document and capabilities.text_document.diagnostic
        if declared and not self._is_pulled:
            self._is_pulled = True
            for path in sorted(self._published):
                if path in self.texts:
                    self._publish(self.texts[path].uri, "", "[]")
            self._published.clear()

    def report_of(self, path: str) -> Report:
        """The findings of a file, open or not; none for one that is not ours."""
        self.settle()
        document = self.host.document(path) if path in self.texts else self.host.load(path)
        if document is None:
            return Report()
        # Judged anew: a file that it draws on may have changed without a word.
        found = self._diagnose(document) if path in self.texts else self.host.diagnose(document)
        return Report(self._as_json(document, found))

    def refresh(self) -> None:
        """Has a client that pulls ask again: something changed that it cannot see."""
        workspace = self.client_capabilities.workspace
        if self._is_pulled and workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.keep(self.workspace_diagnostic_refresh_async(None))

    def clear(self, text: OpenText) -> None:
        """Takes back what was published for a file."""
        self._published.discard(text.path)
        self._latest.pop(text.path, None)
        self._publish(text.uri, "", "[]")

    def _publish(self, uri: str, version: str, diagnostics: str) -> None:
        params = f'{{"uri":{json.dumps(uri)}{version},"diagnostics":{diagnostics}}}'
        self.protocol.send_text(f'{{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{params}}}')

    # Settings and folders

    def reload(self) -> None:
        """Reads the settings of all folders anew and judges all open files again."""
        self._said.clear()
        self._projects.clear()
        wrong_before, self._wrong_settings = self._wrong_settings, set()
        self.own, problems = parse(self.client_settings, frozenset(RULES), Owner.CLIENT)
        self._say(each.message for each in problems)
        self.host.configure(self.roots, self._lookup)
        self.forecasts.contexts.configure(self.roots)
        for root in self.roots:
            self.host.base_of(f"{root}/")  # what is wrong with a folder's settings is said at once
        place = self.place()
        self.registrations.configure(place.path if place is not None else None)
        for path in wrong_before - self._wrong_settings:
            self._publish(convert.to_uri(path), "", "[]")
        self.mark(self.texts)

    def _lookup(self, folder: str) -> hosts.Base:
        root = next((each for each in self.roots if disk.is_inside(folder, [each])), None)
        if root is None:  # outside the workspace nothing is looked for
            return hosts.Base(folder, self.own)
        project = config.find(folder, self._projects)
        self._say(project.problems)
        self._publish_mistakes(project)
        # The project's word counts, where it may have one: the editor must say what CI says.
        both = {**self.client_settings, **without_user_only(project.raw)}
        settings, _ = parse(both, frozenset(RULES), Owner.CLIENT)
        return hosts.Base(hosts.normal(project.folder) if project.folder else root, settings)

    def place(self) -> Place | None:
        """Where the workspace is; None where what was chosen can be no place, which is logged.

        A project has no say. May read the user's own settings file.
        """
        try:
            return workspace_place(self._workspace, self._chosen_place)
        except PlaceError as error:
            self._say([str(error)])
            return None

    def _chosen_place(self) -> Chosen | None:
        value = self.own.workspace
        return Chosen(value, "the editor's setting 'workspace'") if value is not None else own_choice()

    def _publish_mistakes(self, project: config.Project) -> None:
        """Shows what is wrong in a settings file in that file, open or not, as it is on disk."""
        path = hosts.normal(project.file) if project.file else ""
        if project.mistakes is None or path in self._wrong_settings:
            return
        self._wrong_settings.add(path)
        source, found = project.mistakes
        self._publish(
            convert.to_uri(path), "", convert.to_diagnostics(source, found, self.encoding, rule_files.uri, {})
        )

    def _say(self, problems: Iterable[str]) -> None:
        for problem in problems:
            if problem not in self._said:
                self._said.add(problem)
                self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, problem))

    def scan(self) -> None:
        """Finds out in a thread which definitions draw on which files, so that their conda files are in scope."""
        if self.roots:
            self.keep(self._scan())

    async def _scan(self) -> None:
        limit = Settings().max_file_size
        found = await asyncio.to_thread(scan.scan, list(self.roots), limit)
        self.mark(self.host.note_found(found))

    def keep(self, work: Any) -> None:
        """Runs a coroutine beside the requests; a failure is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._log_failure("background work", task.exception())

    # Failures

    def rule_failed(self, rule: str, error: Exception) -> None:
        """Logs a rule's failure by its type: an error's text may quote the file, and a file may hold a secret."""
        if os.environ.get("ENVLENS_STRICT"):
            raise error
        self._log_failure(f"rule '{rule}'", error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Logs what went wrong outside a request; a dialog for each would drive people away."""
        if source is not FeatureRequestError:
            self._log_failure("a message", error)

    def _log_failure(self, what: str, error: BaseException | None) -> None:
        trace = error.__traceback__ if error else None
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        log.error("%s failed with %s%s", what, type(error).__name__, where)
