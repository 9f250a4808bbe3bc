"""The capabilities of two real editors, one call for each thing that the server can do."""

import asyncio
import sys
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .wire import BASE, CONDA, SCHEMA

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")

TEXT = f"{SCHEMA}name: demo 🚗\nimage: {BASE.rpartition(':')[0]}\ndescripton: forecasts\nconda_file: conda.yml\n"


@pytest_lsp.fixture(
    config=ClientServerConfig([sys.executable, "-m", "envlens", "server"]),
    params=["neovim@v0.11.0", "visual-studio-code"],
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient, tmp_path: Path):
    (tmp_path / "conda.yml").write_text(CONDA, encoding="utf-8")
    folder = lsp.WorkspaceFolder(tmp_path.as_uri(), "project")
    params = lsp.InitializeParams(client_capabilities(request.param), workspace_folders=[folder])
    async with asyncio.timeout(10):
        result = await lsp_client.initialize_session(params)
    lsp_client.server_capabilities = result.capabilities
    lsp_client.uri = (tmp_path / "environment.yml").as_uri()
    item = lsp.TextDocumentItem(lsp_client.uri, "yaml", 1, TEXT)
    lsp_client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    async with asyncio.timeout(10):
        while lsp_client.uri not in lsp_client.diagnostics:
            await asyncio.sleep(0.01)
    yield
    async with asyncio.timeout(10):
        await lsp_client.shutdown_session()
    assert lsp_client._server.returncode == 0


async def test_everything_works(client: LanguageClient, tmp_path: Path) -> None:
    document = lsp.TextDocumentIdentifier(client.uri)
    offered = client.server_capabilities
    assert offered.text_document_sync.change is lsp.TextDocumentSyncKind.Incremental
    assert offered.text_document_sync.open_close
    assert "envlens.explainRule" in offered.execute_command_provider.commands
    assert "source.fixAll.envlens" in offered.code_action_provider.code_action_kinds

    found = {each.code: each for each in client.diagnostics[client.uri]}
    assert set(found) == {"env-name-characters", "env-unknown-key", "image-no-tag-or-digest"}
    unknown = found["env-unknown-key"]
    assert unknown.range == lsp.Range(lsp.Position(3, 0), lsp.Position(3, 10))
    assert unknown.severity is lsp.DiagnosticSeverity.Error
    assert unknown.source == "envlens"

    hover = await client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(3, 3)))
    assert "env-unknown-key" in hover.contents.value

    context = lsp.CodeActionContext([unknown], only=["quickfix"])
    fixes = await client.text_document_code_action_async(lsp.CodeActionParams(document, unknown.range, context))
    fix = next(each for each in fixes if each.title == "rename to 'description'")
    assert fix.is_preferred
    assert list(fix.diagnostics) == [unknown]

    context = lsp.CodeActionContext([], only=["source.fixAll.envlens"])
    (fix_all,) = await client.text_document_code_action_async(lsp.CodeActionParams(document, unknown.range, context))
    assert fix_all.kind == "source.fixAll.envlens"

    (symbol,) = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert symbol.name == "demo 🚗"
    assert [child.name for child in symbol.children] == ["$schema", "name", "image", "descripton", "conda_file"]

    (link,) = await client.text_document_document_link_async(lsp.DocumentLinkParams(document))
    assert link.target == (tmp_path / "conda.yml").as_uri()
    assert link.range == lsp.Range(lsp.Position(4, 12), lsp.Position(4, 21))

    completed = await client.text_document_completion_async(lsp.CompletionParams(document, lsp.Position(3, 3)))
    (item,) = [each for each in completed.items if each.label == "description"]
    assert item.text_edit.range == lsp.Range(lsp.Position(3, 0), lsp.Position(3, 10))
    resolved = await client.completion_item_resolve_async(item)
    assert "studio" in (resolved.documentation or item.documentation).value

    folds = await client.text_document_folding_range_async(lsp.FoldingRangeParams(document))
    assert not folds
    (selected,) = await client.text_document_selection_range_async(
        lsp.SelectionRangeParams(document, [lsp.Position(1, 6)])
    )
    assert selected.range == lsp.Range(lsp.Position(1, 6), lsp.Position(1, 10))
    (found,) = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("demo"))
    end = {"utf-8": 15, "utf-16": 13}[offered.position_encoding]
    assert found.location.range == lsp.Range(lsp.Position(1, 6), lsp.Position(1, end))

    explained = await client.workspace_execute_command_async(
        lsp.ExecuteCommandParams("envlens.explainRule", [{"rule": "env-unknown-key"}])
    )
    assert explained["markdown"].startswith("# env-unknown-key\n")
