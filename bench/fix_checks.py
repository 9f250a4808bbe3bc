"""What a fix must keep to, in fixtures and in any folder alike: used by the tests and by `bench.fixes`."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from envlens.cli import fixing
from envlens.cli.render.result import FileResult, LintResult
from envlens.core.features.edits import apply
from envlens.core.model.document import Document
from envlens.core.text.diagnostic import Diagnostic, Edit, Fix, Severity
from envlens.core.text.source import BOM, decode
from envlens.host.host import Host

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTES = ("'", '"')


@dataclass(frozen=True)
class Opened:
    """A file on disk, with what is found in it."""

    host: Host
    name: str
    document: Document
    diagnostics: tuple[Diagnostic, ...]

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.document.source.text

    def after(self, text: str) -> tuple[Document, tuple[Diagnostic, ...]]:
        """The file with another text: as the editor shows it, and what is found then."""
        self.host.update(self.document.path, text)
        document = self.host.document(self.document.path)
        assert document is not None, "the fixed file is no longer ours"
        return document, self.host.diagnose(document)


def wrongs(file: Opened, diagnostic: Diagnostic, fix: Fix) -> list[str]:
    """What is wrong with a text after a fix: what it leaves, brings, breaks or loses."""
    before = file.text
    assert fix.edits, fix.title
    text = apply(before, fix.edits)
    document, found = file.after(text)
    file.host.close(document.path)
    wrong = []
    if text == before:
        wrong.append("changes nothing")
    key = (diagnostic.rule, diagnostic.message)
    if tally(found)[key] >= tally(file.diagnostics)[key]:
        wrong.append("leaves its finding")
    new = tally(found, Severity.ERROR) - tally(file.diagnostics, Severity.ERROR)
    if new:
        wrong.append(f"brings {dict(new)}")
    if problems(document) > problems(file.document):
        wrong.append("makes the file unreadable")
    # The one rule whose fixes change a comment on purpose.
    kept = text if diagnostic.rule == "ignore-comment-invalid" or fix.title.startswith("delete") else before
    lost = Counter(_COMMENT.findall(kept)) - Counter(_COMMENT.findall(text))
    if lost:
        wrong.append(f"loses the comments {list(lost)}")
    if set(_LINE_END.findall(before)) and set(_LINE_END.findall(text)) - set(_LINE_END.findall(before)):
        wrong.append("mixes line ends")
    if any(edit.span.start < 0 or edit.span.end > len(before) for edit in fix.edits):
        wrong.append("edits beyond the text")
    wrong += [f"loses the quotes of {each}" for each in _unquoted(before, text, fix.edits)]
    return wrong


def problems(document: Document) -> int:
    """How much of a file cannot be read, by our parsers and by the reference."""
    count = len(document.tree.problems)
    if document.dockerfile is not None:
        count += len(document.dockerfile.tree.problems)
    if document.kind.is_yaml:
        try:
            for _ in yaml.parse(document.source.text, Loader=yaml.SafeLoader):
                pass
        except yaml.YAMLError:
            count += 1
    return count


def _unquoted(before: str, after: str, edits: Iterable[Edit]) -> list[str]:
    """Quoted values in whose place others stand without quotes, but for those that moved."""
    found = []
    for edit in edits:
        old = before[edit.span.start : edit.span.end]
        is_quoted = len(old) > 1 and old[0] in _QUOTES and old[-1] == old[0]
        if edit.text and is_quoted and edit.text[0] != old[0] and old not in after:
            found.append(old)
    return found


def tally(found: Iterable[Diagnostic], least: Severity = Severity.INFO) -> Counter[tuple[str, str]]:
    """What is found, with how often."""
    return Counter((each.rule, each.message) for each in found if each.severity >= least)


def mend(host: Host, document: Document, diagnostics: Sequence[Diagnostic], *, unsafe: bool) -> str:
    """The text of a file after the fixes that the command line would apply."""
    result = LintResult((FileResult(document.path, document.source, tuple(diagnostics)),), ())
    return fixing.mend(host, result, unsafe=unsafe)[0].text


def wrongs_of_all(file: Opened, *, unsafe: bool) -> list[str]:
    """What is wrong with a file once all fixes are written to it, and applied a second time. The file is changed."""
    once = mend(file.host, file.document, file.diagnostics, unsafe=unsafe)
    path = Path(file.document.path)
    mark = BOM.encode() if path.read_bytes().startswith(BOM.encode()) else b""
    encoding = file.document.source.encoding or "utf-8"
    path.write_bytes(mark + once.encode(encoding) if encoding == "utf-8" else once.encode(encoding))
    file.host.changed_on_disk(file.document.path)
    document = file.host.load(file.document.path)
    if document is None:
        return ["the fixed file is no longer ours"]
    wrong = []
    if document.source.text != once or (encoding == "utf-8" and decode("", path.read_bytes()).text != once):
        wrong.append("is read back as another text")
    diagnostics = file.host.diagnose(document)
    if mend(file.host, document, diagnostics, unsafe=unsafe) != once:
        wrong.append("changes again when fixed a second time")
    new = tally(diagnostics, Severity.ERROR) - tally(file.diagnostics, Severity.ERROR)
    if new:
        wrong.append(f"brings {dict(new)}")
    if problems(document) > problems(file.document):
        wrong.append("makes the file unreadable")
    if set(_LINE_END.findall(file.text)) and set(_LINE_END.findall(once)) - set(_LINE_END.findall(file.text)):
        wrong.append("mixes line ends")
    return wrong
