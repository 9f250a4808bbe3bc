"""`envlens rules`: the table of all rules, or of the catalogues that they use."""

import argparse
import json
from datetime import date

from ..core.features.pages import summary
from ..core.rules import RULES, files_of, load
from ..host import catalogue


def run(args: argparse.Namespace) -> int:
    """Prints the table."""
    rows = _catalogues() if args.data else _rules()
    if args.format == "json":
        print(json.dumps(rows, indent=2))
        return 0
    widths = [max(len(row[key]) for row in rows) for key in rows[0]]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row.values(), widths, strict=True)).rstrip())
    return 0


def _rules() -> list[dict[str, str]]:
    return [
        {"rule": name, "severity": load(name).severity.label, "files": files_of(name), "summary": summary(name)}
        for name in RULES
    ]


def _catalogues() -> list[dict[str, str]]:
    today = date.today()
    return [
        {
            "catalogue": each.name,
            "as_of": each.as_of.isoformat(),
            "age": f"{(today - each.as_of).days} days",
            "source": each.source,
        }
        for each in catalogue.catalogues(today)
    ]
