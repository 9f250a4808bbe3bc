"""Answers that can be kept: what was found in a file, with all that it depended on, so that it can be checked later.

An answer holds while the file's bytes, its settings, the facts, what asks for it and everything that it draws on are as
they were. Nothing is believed by its time stamp.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..core.features.diagnose import Judgement
from ..core.model.document import Document, Draw, FileKind
from ..core.model.environment import Definition
from ..core.settings import Settings
from ..core.text.diagnostic import Diagnostic, Edit, Fix, NotRun, Related, Severity
from ..core.text.span import Span
from .names import NOTHING, Named, named


class Answer(NamedTuple):
    """What is kept of one file. `kind` is None for a file that is not ours; then nothing was found in it.

    `bytes` is the digest of the file, `asked` what asks for it and how, `world` the digest of what it draws on: empty
    where that cannot be told cheaply, and then the answer is not used again.
    """

    bytes: str
    asked: str
    kind: FileKind | None
    draws: tuple[Draw, ...] = ()
    context_paths: tuple[str, ...] = ()
    named: Named = NOTHING
    world: str = ""
    judgement: Judgement = Judgement((), ())


def spelled_out(settings: Settings) -> str:
    """Settings as text: the same settings give the same text in every process."""
    return "\n".join(repr(_ordered(value)) for value in settings)


def _ordered(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return sorted(value.items()) if isinstance(value, Mapping) else value


def outline(document: Document | None) -> tuple[FileKind | None, tuple[Draw, ...], tuple[str, ...], Named]:
    """What the rest of the folder must know of a file: kind, what it draws on, takes from its context, and names."""
    if document is None:
        return None, (), (), NOTHING
    paths = tuple(document.dockerfile.context_paths) if document.dockerfile is not None else ()
    return document.kind, document.draws, paths, named(document)


def to_json(answer: Answer) -> list[Any]:
    """An answer as plain data."""
    found = [
        [
            *each.span,
            each.rule,
            each.severity.label,
            each.message,
            [[fix.title, fix.safe, [[*edit.span, edit.text, edit.path] for edit in fix.edits]] for fix in each.fixes],
            [[place.path, *place.span, place.message] for place in each.related],
        ]
        for each in answer.judgement.diagnostics
    ]
    not_run = [[rule, each.reason] for rule, each in answer.judgement.not_run]
    drawn = [[each.path, each.kind, *each.span, *each[3:]] for each in answer.draws]
    names = [answer.named.definition, sorted(answer.named.refers)] if answer.named != NOTHING else []
    return [answer.bytes, answer.asked, answer.kind, drawn, answer.context_paths, names, answer.world, found, not_run]


def from_json(data: list[Any]) -> Answer:
    """The answer that plain data holds. Raises ValueError, TypeError, KeyError or IndexError for what is none."""
    name, asked, kind, drawn, context_paths, names, world, found, not_run = data
    known = FileKind(kind) if kind is not None else None
    if not drawn and not found and not not_run and not context_paths and not names:  # most files
        return Answer(name, asked, known, world=world)
    diagnostics = tuple(
        Diagnostic(
            Span(start, end),
            rule,
            Severity[severity.upper()],
            message,
            tuple(
                Fix(title, tuple(Edit(Span(a, b), text, path) for a, b, text, path in edits), safe)
                for title, safe, edits in fixes
            ),
            tuple(Related(path, Span(a, b), text) for path, a, b, text in related),
        )
        for start, end, rule, severity, message, fixes, related in found
    )
    return Answer(
        name,
        asked,
        known,
        tuple(
            Draw(path, FileKind(taken) if taken is not None else None, Span(start, end), *rest)
            for path, taken, start, end, *rest in drawn
        ),
        tuple(context_paths),
        _named(*names) if names else NOTHING,
        world,
        Judgement(diagnostics, tuple((rule, NotRun(reason)) for rule, reason in not_run)),
    )


def _named(definition: list[Any] | None, refers: list[str]) -> Named:
    if definition is None:
        return Named(None, frozenset(refers))
    name, version, path, span, line, head = definition
    return Named(Definition(name, version, path, Span(*span), line, head), frozenset(refers))
