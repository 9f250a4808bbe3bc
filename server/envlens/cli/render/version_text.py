"""A registered version, and what changed from one to another, for people."""

from collections.abc import Iterator

from ...core.hashing import sdk
from ...core.hashing.inputs import size
from ...core.hashing.prediction import Formula
from ...core.workspace import definition
from ...core.workspace.difference import Comparison
from ...core.workspace.port import Forecast, Version
from .hash_text import SIGNS, words
from .style import Style
from .text import printable

_SHORT = 6


def short(forecast: Forecast) -> str:
    """The image in a word: `azureml_3f2c9a…`; of our own digests `envlens 3f2c9a…`; `-` for none."""
    if forecast.fingerprint is None:
        return "-"
    prefix = "azureml_" if forecast.formula is Formula.AZUREML else "envlens "
    return f"{prefix}{forecast.fingerprint[:_SHORT]}…"


def when(version: Version) -> str:
    """When a version was made, to the minute, in UTC."""
    return version.created[:16].replace("T", " ")


def keys(version: Version, style: Style) -> Iterator[str]:
    """The names that were predicted of a version."""
    found = version.forecast
    if found.fingerprint is None:
        yield f"  {style.paint('no predicted hash', 'yellow')}: {printable(found.unavailable or '')}"
    elif found.formula is Formula.AZUREML:
        yield f"  image  {style.paint(f'azureml/azureml_{found.fingerprint}', 'green')}"
    else:
        yield f"  hash   {style.paint(found.fingerprint, 'green')} (envlens)"


def page(version: Version, style: Style) -> Iterator[str]:
    """All that is known of a version."""
    found, content = version.forecast, version.content
    state = style.paint("  archived", "yellow") if version.is_archived else ""
    yield style.paint(printable(str(version.target)), bold=True) + state
    yield from keys(version, style)
    if found.conda_key:
        yield f"  conda  /azureml-envs/azureml_{found.conda_key}"
    if found.sdk_version and not version.is_anonymous:
        yield f"  SDK    {sdk.NAME}:{found.sdk_version}"
    by = f" by {printable(version.author)}" if version.author else ""
    yield f"  made   {when(version)} UTC{by}, {found.kind}"
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
    difference = comparison.image
    colour = "yellow" if difference.is_same is None else "green" if difference.is_same else "red"
    yield f"against {printable(label)}: {style.paint(difference.verdict, colour, bold=True)}"
    yield from listed(comparison, style)


def listed(comparison: Comparison, style: Style) -> Iterator[str]:
    """Each change; those that do not count for the image say so."""
    width = max((len(each.part) for each in comparison.changes), default=0)
    for each in comparison.changes:
        sign, colour = SIGNS[each.what]
        note = "" if each not in comparison.others else "  (does not count for the image)"
        yield f"  {style.paint(sign, colour)} {each.part:<{width}}  {printable(words(each))}{note}"
    if not comparison.changes:
        yield "  nothing that is registered differs"


def step(version: Version, comparison: Comparison | None, style: Style) -> Iterator[str]:
    """A version in a history: when and by whom it was made, what changed, and whether that made another image."""
    state = "  archived" if version.is_archived else ""
    by = f"  {printable(version.author)}" if version.author else ""
    head = f"{printable(version.version)}  {when(version)} UTC{by}  {short(version.forecast)}{state}"
    if comparison is None:
        yield f"{style.paint(head, bold=True)}  first version"
        return
    same = comparison.image.is_same
    colour = "yellow" if same is None else "green" if same else "red"
    yield f"{style.paint(head, bold=True)}  {style.paint(comparison.image.verdict, colour)}"
    yield from listed(comparison, style)
