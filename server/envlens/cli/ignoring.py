"""`--add-ignores`: writes the comments that silence what is found, and no others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..core.features.diagnose import Judgement
from ..core.features.edits import apply
from ..core.features.suppress import ABOUT_COMMENTS, CommentWriter
from ..core.model.document import Document, FileKind, build
from ..core.syntax import dockerfile, requirements_file
from ..core.syntax.nodes import Alias, Mapping, Node, Scalar
from ..core.syntax.nodes import Sequence as YamlSequence
from ..core.text.diagnostic import Diagnostic, Edit
from ..core.text.source import Source
from ..host.catalogue import environment_schema
from ..host.host import Host
from .fixing import Mended
from .render.result import FileResult, LintResult


class _Comment(NamedTuple):
    """A comment to be written, and the findings that it is for."""

    edit: Edit
    silenced: tuple[Diagnostic, ...]


def add(host: Host, result: LintResult, wanted: LintResult) -> list[Mended]:
    """The files with comments for the findings of `wanted`, which are some of the result's.

    A comment that does not silence exactly what it is for is left out.
    """
    return [_add(host, file, some.diagnostics) for file, some in zip(result.files, wanted.files, strict=True)]


def _add(host: Host, file: FileResult, wanted: Sequence[Diagnostic]) -> Mended:
    document = host.load(file.source.path)
    before = Judgement(file.diagnostics, file.not_run)
    good: list[_Comment] = []
    pending = [list(_comments(document, wanted))] if document else []
    while document and pending:
        group = pending.pop()
        if _work(host, document, before.diagnostics, [*good, *group]):
            good += group
        elif len(group) > 1:
            half = len(group) // 2
            pending += [group[half:], group[:half]]
    if document is None or not good:
        return Mended(file.shown, file.source, file.source.text, before)
    changed = _changed(document, good)
    return Mended(file.shown, file.source, changed.source.text, host.judge(changed))


def _comments(document: Document, diagnostics: Sequence[Diagnostic]) -> Iterator[_Comment]:
    by_line: dict[int, list[Diagnostic]] = {}
    for each in diagnostics:
        if each.rule not in ABOUT_COMMENTS:
            by_line.setdefault(document.source.lines.line_of(each.span.start), []).append(each)
    writer = CommentWriter(document)
    for line, found in by_line.items():
        edit = writer.edit(line, dict.fromkeys(each.rule for each in found))
        if edit is not None:
            yield _Comment(edit, tuple(found))


def _work(host: Host, document: Document, before: Sequence[Diagnostic], comments: Sequence[_Comment]) -> bool:
    """Whether the comments change nothing that the file means, and take away their findings and nothing else."""
    changed = _changed(document, comments)
    if changed.tree.problems or not _same(document.tree.root, changed.tree.root):
        return False
    if not document.kind.is_yaml and _meaning(document) != _meaning(changed):
        return False
    after = host.judge(changed).diagnostics
    silenced = [each for comment in comments for each in comment.silenced]
    idle_before, idle_after = (sum(each.rule in ABOUT_COMMENTS for each in found) for found in (before, after))
    return idle_after <= idle_before and _tally(after) == _tally(before) - _tally(silenced)


def _tally(found: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    """What is found, wherever it stands; what is said of a comment changes when a name is added to it."""
    return Counter((each.rule, each.message) for each in found if each.rule not in ABOUT_COMMENTS)


def _changed(document: Document, comments: Sequence[_Comment]) -> Document:
    text = apply(document.source.text, [each.edit for each in comments])
    return build(Source(document.path, text), document.kind, environment_schema())


def _meaning(document: Document) -> object:
    """What a file that is no YAML says, wherever it stands."""
    if document.kind is FileKind.REQUIREMENTS:
        return [line.joined.text.strip() for line in requirements_file.parse(document.source.text).lines]
    tree = dockerfile.parse(document.source.text)
    instructions = [
        (
            each.keyword,
            [(flag.name, flag.value and flag.value.text) for flag in each.flags],
            each.args.text,
            [heredoc.body.text for heredoc in each.heredocs],
        )
        for each in tree.instructions
    ]
    return tree.escape, len(tree.directives), instructions, [each.kind for each in tree.problems]


def _same(one: Node | None, other: Node | None) -> bool:
    """Whether two trees hold the same values, wherever they stand."""
    pending = [(one, other)]
    while pending:
        left, right = pending.pop()
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            if (left.text, left.style, left.tag) != (right.text, right.style, right.tag):
                return False
        elif isinstance(left, Mapping) and isinstance(right, Mapping) and len(left.pairs) == len(right.pairs):
            for mine, theirs in zip(left.pairs, right.pairs, strict=True):
                pending += [(mine.key, theirs.key), (mine.value, theirs.value)]
        elif isinstance(left, YamlSequence) and isinstance(right, YamlSequence) and len(left.items) == len(right.items):
            pending += zip(left.items, right.items, strict=True)
        elif not (left is None and right is None) and not (
            isinstance(left, Alias) and isinstance(right, Alias) and left.name == right.name
        ):
            return False
    return True
