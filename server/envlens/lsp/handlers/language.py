"""hover, code actions, symbols and links: what is asked about a place in a file."""

from typing import Any

from lsprotocol import types as lsp

from ...core.features import actions
from ...core.features import hover as hovers
from ...core.features import links as link_feature
from ...core.features import symbols as symbol_feature
from ...core.features.pages import page
from ...core.model.document import Document
from ...core.rules import RULES
from ...core.text.diagnostic import Edit
from ...host import catalogue
from .. import asking, convert
from ..protocol import Raw
from ..server import Server
from .actions import WORKSPACE_KINDS, workspace_actions

FIX_ALL = "source.fixAll.envlens"
CODE_ACTION_KINDS = [lsp.CodeActionKind.QuickFix, FIX_ALL, *WORKSPACE_KINDS]


def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    """What stands here, and what is wrong with it."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    asking.look(ls, document)
    offset = convert.to_offset(document.source, params.position, ls.encoding)
    snapshot = ls.forecasts.snapshot(document)
    known = hovers.Known(
        ls.diagnostics(document), catalogue.environment_schema(), lambda: ls.forecasts.of(document).predictions
    )
    found = hovers.hover(snapshot, document, offset, known)
    if found is None:
        return None
    content = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.markdown)
    return lsp.Hover(content, convert.to_range(document.source, found.span, ls.encoding))


def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Fixes for the findings here, comments that silence them, all safe fixes at once, and registering what is here."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    uri, only = params.text_document.uri, params.context.only
    found = ls.diagnostics(document)
    made: list[lsp.CodeAction] = []
    if _wants(only, lsp.CodeActionKind.QuickFix):
        span = convert.to_span(document.source, params.range, ls.encoding)
        made += [
            lsp.CodeAction(
                title=action.title,
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=_reported(params, action) or None,
                is_preferred=action.preferred or None,
                edit=_edit(ls, uri, document, action.edits),
            )
            for action in actions.quick_fixes(ls.host.snapshot(document), document, found, span)
        ]
    if only and _wants(only, FIX_ALL):
        every = actions.fix_all(ls.host.snapshot(document), document, found)
        if every is not None:
            edit = _edit(ls, uri, document, every.edits)
            made.append(lsp.CodeAction(title=every.title, kind=FIX_ALL, edit=edit))
    wanted = [kind for kind in WORKSPACE_KINDS if _wants(only, kind)]
    return made + workspace_actions(ls, document, params, wanted)


def document_symbol(ls: Server, params: lsp.DocumentSymbolParams) -> Raw | None:
    """The outline."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    return Raw(convert.to_symbols(document.source, symbol_feature.symbols(document), ls.encoding))


def document_link(ls: Server, params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink]:
    """The files that this one draws on."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    return [
        lsp.DocumentLink(convert.to_range(document.source, each.span, ls.encoding), convert.to_uri(each.path))
        for each in link_feature.links(ls.host.snapshot(document), document)
    ]


def explain_rule(ls: Server, *arguments: Any) -> dict[str, Any]:
    """The command `envlens.explainRule`: takes `{rule}`, returns `{rule, markdown}`, markdown null for no such rule."""
    first = arguments[0] if arguments else None
    name = first.get("rule") if isinstance(first, dict) else getattr(first, "rule", first)
    return {"rule": name, "markdown": page(name) if isinstance(name, str) and name in RULES else None}


def _reported(params: lsp.CodeActionParams, action: actions.Action) -> list[lsp.Diagnostic]:
    """The client's own copies of the diagnostic that an action mends."""
    rule = action.diagnostic.rule if action.diagnostic else None
    return [each for each in params.context.diagnostics if each.source == "envlens" and each.code == rule]


def _wants(only: Any, kind: str) -> bool:
    """Whether a client asks for a kind, by itself or by a kind above it."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in map(_word, only))


def _word(kind: Any) -> str:
    return str(getattr(kind, "value", kind))


def _edit(ls: Server, uri: str, document: Document, edits: tuple[Edit, ...]) -> lsp.WorkspaceEdit:
    changes = convert.to_edits(document.source, edits, ls.encoding)
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        text = ls.texts[document.path]
        target = lsp.OptionalVersionedTextDocumentIdentifier(uri=uri, version=text.version)
        return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(target, changes)])
    return lsp.WorkspaceEdit(changes={uri: [edit for edit in changes if isinstance(edit, lsp.TextEdit)]})
