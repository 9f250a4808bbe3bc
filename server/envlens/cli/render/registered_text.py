"""What came of registering, for people."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...core.text.diagnostic import Severity
from ...core.workspace.port import Status
from ..report import say
from . import hash_text, text, version_text
from .style import Style, of_stdout
from .text import printable

if TYPE_CHECKING:
    from ..workspace.register import Outcome
    from .result import LintResult


def render(outcomes: "Sequence[Outcome]", findings: "LintResult", args: argparse.Namespace) -> None:
    """Prints the findings, then what came of each definition; what was not registered is said on stderr."""
    style = of_stdout()
    if not args.quiet or any(each.registration is None or each.counts[Severity.ERROR] for each in outcomes):
        *parts, _ = text.render(findings, style)
        sys.stdout.write("".join(f"{each}\n" for each in parts))
    for each in outcomes:
        if each.registration is not None:
            sys.stdout.write("".join(f"{line}\n" for line in _registered(each, style)))
            if len(outcomes) > 1:
                sys.stdout.write(f"  from   {printable(each.found.defined.title)}\n")
        elif each.conflict is not None:
            existing, comparison = each.conflict
            sys.stdout.write("".join(f"{line}\n" for line in version_text.changes(comparison, existing, style)))
            say(f"{each.found.defined.title}: {existing} is registered already, with another content: {_NEXT}")
        else:
            say(f"{each.found.defined.title}: not registered: {each.problem}")


_NEXT = "take the version out for the next number, or give another one"


def _registered(outcome: "Outcome", style: Style) -> Iterator[str]:
    made = outcome.registration
    if made is None:
        return
    version = made.version
    named = style.paint(printable(str(version.target)), bold=True)
    if made.status is Status.CREATED:
        yield f"registered {named}"
    elif made.status is Status.UPDATED:
        yield f"{named} is registered already: description and tags were updated"
    else:
        yield f"{named} is registered already: nothing has changed"
    if version.is_archived:
        yield f"  it is archived: envlens restore {printable(str(version.target))}"
    if made.alike is not None:
        yield f"  the same content as version {printable(made.alike)}"
    yield hash_text.image(version.forecast, style)
