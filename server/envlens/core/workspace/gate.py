"""Which findings stop a definition from being registered, and which of them its author may overrule."""

from collections.abc import Iterable
from typing import NamedTuple

from ..text.diagnostic import Diagnostic, Severity

# Of these nobody can overrule an error: azure-ai-ml or the service refuses such a definition (docs/rules has the source
# of each), or a credential would be stored. What is not here lets the build or a job fail: that is for its author to
# judge.
REFUSED = frozenset(
    {
        "build-context-empty",
        "build-context-path-missing",
        "build-path-not-found",
        "build-unknown-key",
        "conda-file-not-found",
        "conda-file-unparsable",
        "conda-file-without-image",
        "conda-keys-in-env-yaml",
        "credentials-in-index-url",
        "docker-option-missing",
        "docker-options-conflict",
        "env-name-characters",
        "env-name-missing",
        "env-name-not-string",
        "env-unknown-key",
        "env-version-coerced",
        "forbidden-blob",
        "inference-route-incomplete",
        "inference-route-missing",
        "inference-startup-route",
        "name-too-long",
        "os-type-invalid",
        "reserved-name-prefix",
        "unknown-key",
        "value-not-allowed",
        "wrong-type",
        "yaml-syntax-error",
    }
)


class Verdict(NamedTuple):
    """What the findings of a definition mean for registering it: what nobody can overrule, other errors, the rest."""

    refused: tuple[Diagnostic, ...]
    errors: tuple[Diagnostic, ...]
    others: tuple[Diagnostic, ...]

    def stops(self, *, allow_errors: bool) -> bool:
        """Whether it is not registered."""
        return bool(self.refused or (self.errors and not allow_errors))


def judge(said: Iterable[Diagnostic], as_written: Iterable[Diagnostic]) -> Verdict:
    """The verdict. `as_written` are the findings as if no comment and no setting silenced any."""
    refused = [each for each in as_written if each.rule in REFUSED and each.severity is Severity.ERROR]
    rest = [each for each in said if not any(each.rule == one.rule and each.span == one.span for one in refused)]
    errors = tuple(each for each in rest if each.severity is Severity.ERROR)
    return Verdict(tuple(refused), errors, tuple(each for each in rest if each.severity is not Severity.ERROR))
