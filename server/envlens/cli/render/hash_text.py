"""Predicted hashes for people."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from ...core.hashing import sdk
from ...core.hashing.azureml import REVISION
from ...core.hashing.difference import Change, Difference, What
from ...core.hashing.inputs import inputs
from ...core.hashing.prediction import Formula, Kind, Prediction
from .style import Style
from .text import printable

if TYPE_CHECKING:
    from ...core.workspace.port import Forecast
    from ..hash import Against, Answer

_SIGNS = {
    What.ADDED: ("+", "green"),
    What.REMOVED: ("-", "red"),
    What.CHANGED: ("~", "yellow"),
    What.MOVED: (">", "blue"),
}


def render(answer: "Answer", style: Style, *, explain: bool) -> str:
    """One definition: its title, its keys, and what was asked for beside them."""
    prediction = answer.defined.prediction
    place = prediction.place
    name = f"{place.name}:{place.version}" if place.name and place.version else place.name or ""
    lines = [style.paint(printable(f"{answer.defined.title}  {name}".rstrip()), bold=True)]
    lines += _keys(prediction, style)
    if explain:
        lines += ["", *_table(prediction)]
    if answer.against is not None:
        lines += ["", *_against(answer.against, style)]
    return "".join(f"{line}\n" for line in lines)


def _keys(prediction: Prediction, style: Style) -> Iterator[str]:
    yield image(prediction, style)
    if prediction.conda_path:
        yield f"  conda  {prediction.conda_path}"
    if prediction.sdk.version:
        yield f"  SDK    {sdk.NAME}:{prediction.sdk.version}"
    elif prediction.kind is not Kind.CONDA_FILE and prediction.sdk.unavailable != prediction.unavailable:
        yield f"  SDK    {printable(prediction.sdk.unavailable or '')}"
    yield from (f"  {printable(each)}" for each in _remarks(prediction))


def image(found: "Prediction | Forecast", style: Style) -> str:
    """The line that names an image, predicted now or when it was registered, or says why there is none."""
    if found.fingerprint is None:
        return f"  {style.paint('no predicted hash', 'yellow')}: {printable(found.unavailable or '')}"
    if found.image_name is not None:
        return f"  image  {style.paint(found.image_name, 'green')}"
    return f"  hash   {style.paint(found.fingerprint, 'green')} (envlens)"


_OURS = "our own digest: what Azure calls this image is not known"
_AS_IT_IS = "our own digest: the image is used as it is, and Azure builds none"


def _remarks(prediction: Prediction) -> Iterator[str]:
    """How far what is shown can be relied on."""
    if prediction.formula is Formula.ENVLENS:
        yield _OURS if prediction.counted and prediction.counted.has_build else _AS_IT_IS
    elif prediction.fingerprint is not None or prediction.conda_key is not None:
        yield "unconfirmed:" if prediction.doubts else REVISION
        yield from (f"  - {each}" for each in prediction.doubts)
    yield from (f"note: {each}" for each in prediction.notes)


def _table(prediction: Prediction) -> Iterator[str]:
    """Every input with its digest; of lists every entry, since their order counts."""
    if prediction.counted is None:
        yield "  no inputs are shown"
        return
    yield f"  {'input':<16} {'digest':<32}  value"
    for each in inputs(prediction.counted):
        values = (each.value,) if isinstance(each.value, str) else each.value
        first = printable(values[0]) if values else "(none)"
        yield f"  {each.part:<16} {each.digest}  {first}"
        yield from (f"  {'':<16} {'':<32}  {printable(value)}" for value in values[1:])


def _against(against: "Against", style: Style) -> Iterator[str]:
    difference = against.difference
    if difference is None:
        yield f"  {style.paint('new', 'yellow')}: not in {printable(against.label)}"
        return
    yield f"  against {printable(against.label)}: {verdict(difference, style, bold=True)}"
    yield from changes(difference.changes, style)


def verdict(difference: Difference, style: Style, *, bold: bool = False) -> str:
    """Whether it is the same image, in its colour."""
    colour = "yellow" if difference.is_same is None else "green" if difference.is_same else "red"
    return style.paint(difference.verdict, colour, bold=bold)


def changes(found: Sequence[Change], style: Style, others: Collection[Change] = ()) -> Iterator[str]:
    """A line for each change; those among `others` do not count for the image, and say so."""
    width = max((len(each.part) for each in found), default=0)
    for each in found:
        sign, colour = _SIGNS[each.what]
        note = "  (does not count for the image)" if each in others else ""
        yield f"  {style.paint(sign, colour)} {each.part:<{width}}  {printable(each.full)}{note}"
