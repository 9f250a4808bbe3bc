"""A registered version, and what changed from one to another, for people."""

from collections.abc import Iterator

from ...core.hashing import sdk
from ...core.hashing.inputs import size
from ...core.hashing.prediction import short_name
from ...core.workspace import definition
from ...core.workspace.difference import Comparison
from ...core.workspace.port import Forecast, Version
from . import hash_text
from .style import Style
from .text import printable


def short(forecast: Forecast) -> str:
    """The image in a word, `-` for none."""
    return short_name(forecast.formula, forecast.fingerprint) or "-"


def page(version: Version, style: Style) -> Iterator[str]:
    """All that is known of a version."""
    found, content = version.forecast, version.content
    state = style.paint("  archived", "yellow") if version.is_archived else ""
    yield style.paint(printable(str(version.target)), bold=True) + state
    yield hash_text.image(found, style)
    if found.conda_path:
        yield f"  conda  {found.conda_path}"
    if found.sdk_version and not version.is_anonymous:
        yield f"  SDK    {sdk.NAME}:{found.sdk_version}"
    by = f" by {printable(version.author)}" if version.author else ""
    yield f"  made   {version.minute} UTC{by}, {found.kind}"
    if content.context is not None and content.context.merkle is not None:
        files = content.context.files
        yield f"  files  {files:,} file{'s' * (files != 1)}, {size(content.context.size)}"
    for name, text in (
        (definition.FILE, definition.text(version)),
        (definition.CONDA_FILE, definition.conda_text(version)),
    ):
        if text is not None:
            yield ""
            yield style.paint(f"  {name}", bold=True)
            yield from (f"    {printable(line)}".rstrip() for line in text.splitlines())


def changes(comparison: Comparison, label: str, style: Style) -> Iterator[str]:
    """What differs from what `label` names: the verdict, then each change."""
    yield f"against {printable(label)}: {hash_text.verdict(comparison.image, style, bold=True)}"
    yield from listed(comparison, style)


def listed(comparison: Comparison, style: Style) -> Iterator[str]:
    """Each change; those that do not count for the image say so."""
    yield from hash_text.changes(comparison.changes, style, comparison.others)
    if not comparison.changes:
        yield "  nothing that is registered differs"


def step(version: Version, comparison: Comparison | None, style: Style) -> Iterator[str]:
    """A version in a history: when and by whom it was made, what changed, and whether that made another image."""
    state = "  archived" if version.is_archived else ""
    by = f"  {printable(version.author)}" if version.author else ""
    head = f"{printable(version.version)}  {version.minute} UTC{by}  {short(version.forecast)}{state}"
    if comparison is None:
        yield f"{style.paint(head, bold=True)}  first version"
        return
    yield f"{style.paint(head, bold=True)}  {hash_text.verdict(comparison.image, style)}"
    yield from listed(comparison, style)
