"""A rule of envlens failed on this file.

## Why
This is a mistake in envlens, not in your file. The other rules went on; the log has the details. Please report it.
Source: envlens.

## Bad
Nothing that you write should cause it.

## Good
Everything else.

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


class RuleCrash:
    """Offered by the crash barrier: which rule failed, and the error's type (never its text: it may hold a secret)."""

    def __init__(self, rule_name: str, error: Exception) -> None:
        self.rule_name = rule_name
        self.error = type(error).__name__


@rule("internal-error", on=RuleCrash, severity=Severity.WARNING)
def check(crash: RuleCrash, ctx: Context) -> Iterator[Finding]:
    yield Finding(
        Span(0, 0), f"rule '{crash.rule_name}' failed with {crash.error}: a mistake in envlens, please report it"
    )
