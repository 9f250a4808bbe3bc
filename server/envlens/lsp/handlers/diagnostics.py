"""textDocument/diagnostic and workspace/diagnostic: the same findings as are published, for clients that ask."""

import asyncio
import json
from collections.abc import AsyncIterator

from lsprotocol import types as lsp

from ...core.model.document import kind_by_name
from ...host import disk
from ...host.reach import reachable
from .. import convert
from ..protocol import Raw
from ..report import Report
from ..server import Server

OPTIONS = lsp.DiagnosticOptions(identifier="envlens", inter_file_dependencies=True, workspace_diagnostics=True)


def document_diagnostic(ls: Server, params: lsp.DocumentDiagnosticParams) -> Raw:
    """The findings of one file; `unchanged` where they are those of the result that the client names."""
    ls.pulled()
    report = ls.report_of(convert.to_path(params.text_document.uri))
    return Raw(f"{{{_body(report, params.previous_result_id)}}}")


async def workspace_diagnostic(ls: Server, params: lsp.WorkspaceDiagnosticParams) -> Raw:
    """The findings of all files in scope below the folders, open or not. Files without any are named only once."""
    ls.pulled()
    known = {convert.to_path(each.uri): each.value for each in params.previous_result_ids}
    items = []
    async for path, report in _reports(ls):
        if report.is_empty and path not in known:
            continue
        text = ls.texts.get(path)
        version = text.version if text else "null"
        uri = json.dumps(text.uri if text else convert.to_uri(path))
        items.append(f'{{"uri":{uri},"version":{version},{_body(report, known.pop(path, None))}}}')
    gone = [json.dumps(convert.to_uri(path)) for path in known]  # deleted, or ours no longer
    items += [f'{{"uri":{uri},"version":null,{_body(Report(), None)}}}' for uri in gone]
    return Raw(f'{{"items":[{",".join(items)}]}}')


async def _reports(ls: Server) -> AsyncIterator[tuple[str, Report]]:
    """The reports of all files in scope. Judged in slices: requests that come in between are answered first."""
    folders = list(ls.roots)
    walked = await asyncio.to_thread(_candidates, folders)
    found: dict[str, None] = {}
    for path in (*walked, *ls.texts):
        ls.settle()
        if ls.host.load(path) is not None:
            found[path] = None
        await asyncio.sleep(0)
    found.update(dict.fromkeys(reachable(ls.host, list(found), folders)))
    for path in found:
        ls.settle()
        yield path, ls.report_of(path)
        await asyncio.sleep(0)


def _candidates(folders: list[str]) -> list[str]:
    """The files below the folders that can be ours by their name."""
    walks = (disk.walk(root, disk.ignored_above(root), lambda path: kind_by_name(path) is not None) for root in folders)
    return [disk.normal(path) for walk in walks for path in walk]


def _body(report: Report, known: str | None) -> str:
    if known == report.result_id:
        return f'"kind":"unchanged","resultId":"{report.result_id}"'
    return f'"kind":"full","resultId":"{report.result_id}","items":{report.items}'
