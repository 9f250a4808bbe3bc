"""`envlens explain RULE`: prints the rule's page."""

import argparse

from ..core.features.pages import page
from ..core.rules import RULES
from ..core.text.spelling import nearest
from .errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Prints the page of a rule."""
    if args.rule not in RULES:
        near = nearest(args.rule, RULES)
        raise UsageError(
            f"no rule is called '{args.rule}'" + (f"; did you mean '{near}'?" if near else "; see 'envlens rules'")
        )
    print(page(args.rule), end="")
    return 0
