"""Runs the rules over a document: the one place of names, severities, suppression, order and the crash barrier."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import rules
from ..index.definitions import definition_of
from ..index.snapshot import Snapshot
from ..model.document import Document, FileKind
from ..model.options import Options
from ..rules._rule import Context, Rule, Use
from ..rules.internal_error import RuleCrash
from ..settings import Settings
from ..syntax.joined import Joined
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Scalar
from ..syntax.requirements import Requirement
from ..syntax.urls import redacted, secrets
from ..text.diagnostic import Diagnostic, Edit, Finding, Fix, NotRun, Related, Severity
from ..text.span import Span
from .suppress import not_by_hadolint, suppress, unused

if TYPE_CHECKING:
    from ..hashing.prediction import Prediction

Report = Callable[[str, Exception], None]
_Named = tuple[Rule, Finding]
_NO_FINDINGS: tuple[_Named, ...] = ()
_MEMO_LIMIT = 50_000


class Memo:
    """What rules said of single entries (`numpy>=1.26`), by the entry's text. Valid for one set of facts.

    Of commands that install it is kept which ones nothing was said of.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[FileKind, type, Options], dict[str, tuple[_Named, ...]]] = {}
        self._quiet: dict[Options, set[tuple[str, str]]] = {}

    def quiet(self, options: Options) -> set[tuple[str, str]]:
        """The commands that nothing was said of, by escape character and what is written."""
        found = self._quiet.setdefault(options, set())
        if len(found) > _MEMO_LIMIT:
            found.clear()
        return found

    def of(self, kind: FileKind, entry: type, options: Options) -> dict[str, tuple[_Named, ...]]:
        """What was said of entries of one type in files of one kind under some options, by text."""
        return self._said.setdefault((kind, entry, options), {})


class Judgement(NamedTuple):
    """The diagnostics of one document in reading order, and the rules that lacked a fact, with the reason."""

    diagnostics: tuple[Diagnostic, ...]
    not_run: tuple[tuple[str, NotRun], ...]


def diagnose(snapshot: Snapshot, document: Document, memo: Memo, report: Report, *, effects: bool = False) -> Judgement:
    """Runs all rules that apply to one document.

    A rule that fails becomes an `internal-error` and the others go on; `report` is told, and may raise under test.
    With `effects` the titles of fixes say what changes a predicted hash. It takes time: where few are shown (`actions`)
    it is asked for these alone.
    """
    run, found = _run(snapshot, document, memo, report)
    settings = snapshot.settings
    named = _namer(snapshot, document, settings)
    suppression = suppress(list(named(not_by_hadolint(found, document))), document)
    kept = suppression.kept
    if suppression.idle and document.is_whole and not run.crashed:
        mute = {each[0] for each in run.not_run}
        judged = [name for name in rules.RULES if name not in mute and settings.level(name, Severity.INFO) is not None]
        idle = [each for value in unused(suppression, document, judged) for each in run.offer(value)]
        kept += suppress(list(named(idle)), document).kept
    kept.sort(key=lambda each: (each.span, each.rule))
    not_run = tuple(each for each in run.not_run if settings.level(each[0], Severity.INFO) is not None)
    if effects and any(each.fixes for each in kept):
        from .hash_effect import mark  # it takes time to load

        return Judgement(mark(snapshot, document, kept), not_run)
    return Judgement(tuple(kept), not_run)


def as_written(snapshot: Snapshot, document: Document, memo: Memo, report: Report) -> tuple[Diagnostic, ...]:
    """What all rules say of a document, each with its own severity, whatever comments and settings silence or rate."""
    _, found = _run(snapshot, document, memo, report)
    named = _namer(snapshot, document, Settings(options=snapshot.settings.options))
    return tuple(sorted(named(found), key=lambda each: (each.span, each.rule)))


def _run(snapshot: Snapshot, document: Document, memo: Memo, report: Report) -> "tuple[_Run, list[_Named]]":
    ctx = Context(
        document,
        snapshot.facts,
        lambda path: snapshot.draw(document, path),
        snapshot.build_context,
        snapshot.users,
        rules.RULES,
        snapshot.earlier,
        cache(partial(_predict, snapshot, document)),
        snapshot.settings.options,
        snapshot.uses,
        snapshot.names.get,
        partial(definition_of, snapshot, document),
    )
    packages = bool(document.specs) or document.kind not in _DEFINING
    by_type = rules.rules_by_type(document.kind, failed=bool(document.failures), packages=packages)
    run = _Run(ctx, by_type, report)
    found: list[_Named] = []
    if document.size_limit:
        found.extend(run.offer(document))
    else:
        for value in _values(document):
            found.extend(run.offer(value))
        found.extend(run.installs(memo))
        found.extend(run.entries(memo))
    if document.holders:
        found = list(dict.fromkeys(found))  # an alias puts one reference in several places
    return run, found


def _namer(
    snapshot: Snapshot, document: Document, settings: Settings
) -> Callable[[Iterable[_Named]], Iterator[Diagnostic]]:
    """What makes diagnostics of findings under some settings."""
    text = document.source.text
    end = len(text)
    hidden = secrets(text) if "://" in text else ()
    used = tuple(map(_used, snapshot.uses[:_MOST_NAMED])) if document.kind in _USED else ()

    level = cache(settings.level)  # asked for each finding, of few rules

    def named(found: Iterable[_Named]) -> Iterator[Diagnostic]:
        for rule, finding in found:
            severity = level(rule.name, finding.severity or rule.severity)
            if severity is not None:
                span = Span(min(finding.span.start, end), min(finding.span.end, end))
                message, fixes, related = shown(finding.message, hidden), finding.fixes, finding.related
                if fixes:
                    fixes = tuple(
                        fix._replace(title=shown(fix.title, hidden)) for fix in fixes if not _tells(fix, hidden)
                    )
                if related or used:
                    related = (*related, *used)
                    related = tuple(each._replace(message=shown(each.message, hidden)) for each in related)
                yield Diagnostic(span, rule.name, severity, message, fixes, related)

    return named


# What others use: who does is said with each finding. An environment's own finding is about itself.
_USED = frozenset({FileKind.CONDA, FileKind.REQUIREMENTS, FileKind.DOCKERFILE})
# More nobody reads below each finding.
_MOST_NAMED = 5


def _used(use: Use) -> Related:
    by = use.holder.value if use.holder else f"environment '{use.name}'" if use.name else "this environment"
    return Related(use.path, use.span, f"used by {by}" if not use.holder else f"used by this {by}")


def _predict(snapshot: Snapshot, document: Document) -> "tuple[Prediction, ...]":
    from ..index.predictions import predict  # seldom needed, and it takes time to load

    return predict(snapshot, document, wants_sdk=False)


def shown(message: str, hidden: Sequence[str] = ()) -> str:
    """A message quotes the file, which may hold line breaks and control characters, and secrets in addresses.

    `hidden` are the secrets of the file: a message may quote a part of an address.
    """
    if "://" in message:
        message = redacted(message)
    for secret in hidden:
        message = message.replace(secret, "***")
    if message.isprintable():
        return message
    return "".join(char if char.isprintable() else " " for char in message)


def _tells(fix: Fix, hidden: Sequence[str]) -> bool:
    """Whether a fix would carry a secret into reports."""
    return any(secret in edit.text for secret in hidden for edit in fix.edits)


def _values(document: Document) -> Iterator[Any]:
    """The values of the model that rules look at, entries of package lists aside."""
    yield document
    for environment in document.environments:
        yield environment
        if environment.image is not None:
            yield environment.image
    yield from document.failures
    for spec in document.specs:
        yield spec
        yield from spec.option_lines()
    if document.kind in _PLAIN_YAML:
        return
    yield from document.holders
    yield from document.references
    if document.v1 is not None:
        yield document.v1
        if document.v1.image is not None:
            yield document.v1.image
    if document.requirements is not None:
        yield document.requirements
        # What a line without options says, its requirement says.
        yield from (each for each in document.requirements.lines if each.options or each.extra or each.wrong)
    if document.dockerfile is not None:
        yield from document.dockerfile.values


_DEFINING = frozenset({FileKind.ENVIRONMENT, FileKind.JOB, FileKind.V1})
_PLAIN_YAML = frozenset({FileKind.ENVIRONMENT, FileKind.CONDA})


class _Run:
    def __init__(self, ctx: Context, by_type: Mapping[type, tuple[Rule, ...]], report: Report) -> None:
        self._ctx = ctx
        self._by_type = by_type
        self._report = report
        self.not_run: list[tuple[str, NotRun]] = []
        self.crashed = False

    def offer(self, value: Any) -> Iterator[_Named]:
        for rule in self._by_type.get(type(value), ()):
            speaker = rule
            try:
                # A list, so that a rule that fails half-way says nothing rather than half of it.
                findings = list(rule.check(value, self._ctx))
            except Exception as error:  # noqa: BLE001 - the barrier: one broken rule must not cost the others
                self._report(rule.name, error)
                self.crashed = True
                crashed = RuleCrash(rule.name, error)
                speaker = rules.load("internal-error")
                findings = list(speaker.check(crashed, self._ctx))
            for finding in findings:
                if isinstance(finding, NotRun):
                    self.not_run.append((speaker.name, finding))
                else:
                    yield speaker, finding

    def installs(self, memo: Memo) -> Iterator[_Named]:
        dockerfile = self._ctx.document.dockerfile
        if dockerfile is None:
            return
        quiet, text, escape = memo.quiet(self._ctx.options), self._ctx.document.source.text, dockerfile.tree.escape
        for each in dockerfile.installs:
            start, end = each.span
            key = escape, text[start:end]
            if key in quiet:
                continue
            lacking = len(self.not_run)
            said = list(self.offer(each))
            if not said and len(self.not_run) == lacking:
                quiet.add(key)
            yield from said

    def entries(self, memo: Memo) -> Iterator[_Named]:
        kind = self._ctx.document.kind
        said = {each: memo.of(kind, each, self._ctx.options) for each in (MatchSpec, Requirement)}
        for value, place in self._ctx.document.entries():
            known = said[type(value)]
            named = known.get(value.text)
            if named is None:
                named = self._remember(known, value)
            if named:
                yield from _placed(named, place)

    def _remember(self, memo: dict[str, tuple[_Named, ...]], value: MatchSpec | Requirement) -> tuple[_Named, ...]:
        if len(memo) > _MEMO_LIMIT:
            memo.clear()
        named = memo[value.text] = tuple(self.offer(value)) or _NO_FINDINGS
        return named


def _placed(named: tuple[_Named, ...], place: Scalar | Joined) -> Iterator[_Named]:
    """Findings about an entry's text, moved to where the entry stands in the file."""
    for rule, finding in named:
        fixes = tuple(
            Fix(fix.title, tuple(Edit(place.span_of(*edit.span), edit.text) for edit in fix.edits), fix.safe)
            for fix in finding.fixes
            if all(place.is_contiguous(*edit.span) and _fits(edit.text, place) for edit in fix.edits)
        )
        yield rule, finding._replace(span=place.span_of(*finding.span), fixes=fixes)


def _fits(text: str, place: Scalar | Joined) -> bool:
    """Whether a text can be written there as it is: in quotes of YAML, the quote itself and a backslash cannot."""
    return isinstance(place, Joined) or not place.style or not (place.style in text or "\\" in text)
