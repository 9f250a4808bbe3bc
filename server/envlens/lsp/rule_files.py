"""Where the pages of rules lie as files, for editors to open without a network."""

from functools import cache
from pathlib import Path

from . import convert


def file(rule: str) -> Path:
    """Where a rule's page lies: in the wheel inside the package, in a checkout under docs."""
    package = Path(__file__).parent.parent
    shipped = package / "pages" / f"{rule}.md"
    return shipped if shipped.exists() else package.parent.parent / "docs" / "rules" / f"{rule}.md"


@cache
def uri(rule: str) -> str | None:
    """The URI of a rule's page, None where it is not installed."""
    path = file(rule)
    return convert.to_uri(str(path)) if path.exists() else None
