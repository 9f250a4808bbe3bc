"""What a rule says about a span of text, and the edits that would mend it."""

from enum import IntEnum
from typing import NamedTuple

from .span import Span


class Severity(IntEnum):
    """How bad it is. Error: it will fail. Warning: likely not meant. Info: worth knowing. Higher is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word that users read and write in settings."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> "Severity | None":
        """The severity that `word` names, or None."""
        return {severity.label: severity for severity in cls}.get(word.lower())


class Edit(NamedTuple):
    """Replaces `span` by `text`; in another file than the finding's when `path` is set."""

    span: Span
    text: str
    path: str | None = None


class Fix(NamedTuple):
    """One remedy. `safe` means that the image stays what the user meant it to be: only safe fixes apply unasked."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Related(NamedTuple):
    """A place elsewhere that belongs to a finding."""

    path: str
    span: Span
    message: str


class Finding(NamedTuple):
    """What a rule yields. `severity` is set only where it differs from the rule's own.

    `by_hadolint` is false where those rules of hadolint's that the rule names do not say this.
    """

    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    severity: Severity | None = None
    related: tuple[Related, ...] = ()
    by_hadolint: bool = True


class NotRun(NamedTuple):
    """What a rule yields in place of a finding when a fact is missing that it needs: unknown is not wrong."""

    reason: str


class Diagnostic(NamedTuple):
    """A finding after policy: named, with its final severity. Every face renders this and nothing else."""

    span: Span
    rule: str
    severity: Severity
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
