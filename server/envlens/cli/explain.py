"""`envlens explain RULE`: prints the rule's page."""

import argparse
from difflib import get_close_matches

from ..core.features.pages import page
from ..core.rules import RULES
from .errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Prints the page of a rule."""
    if args.rule not in RULES:
        near = get_close_matches(args.rule, RULES, n=1)
        raise UsageError(
            f"no rule is called '{args.rule}'" + (f"; did you mean '{near[0]}'?" if near else "; see 'envlens rules'")
        )
    print(page(args.rule), end="")
    return 0
