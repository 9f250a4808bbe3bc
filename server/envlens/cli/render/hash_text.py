"""Predicted hashes for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.hashing import sdk
from ...core.hashing.azureml import REVISION
from ...core.hashing.difference import Change, What
from ...core.hashing.inputs import inputs
from ...core.hashing.prediction import Formula, Kind, Prediction
from .style import Style
from .text import printable

if TYPE_CHECKING:
    from ..hash import Against, Answer

SIGNS = {
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
    if prediction.fingerprint is None:
        yield f"  {style.paint('no predicted hash', 'yellow')}: {printable(prediction.unavailable or '')}"
    elif prediction.formula is Formula.AZUREML:
        yield f"  image  {style.paint(f'azureml/azureml_{prediction.fingerprint}', 'green')}"
    else:
        yield f"  hash   {style.paint(prediction.fingerprint, 'green')} (envlens)"
    if prediction.conda_path:
        yield f"  conda  {prediction.conda_path}"
    if prediction.sdk.version:
        yield f"  SDK    {sdk.NAME}:{prediction.sdk.version}"
    elif prediction.kind is not Kind.CONDA_FILE and prediction.sdk.unavailable != prediction.unavailable:
        yield f"  SDK    {printable(prediction.sdk.unavailable or '')}"
    yield from (f"  {printable(each)}" for each in _remarks(prediction))


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
    colour = "yellow" if difference.is_same is None else "green" if difference.is_same else "red"
    yield f"  against {printable(against.label)}: {style.paint(difference.verdict, colour, bold=True)}"
    width = max((len(each.part) for each in difference.changes), default=0)
    for each in difference.changes:
        sign, colour = SIGNS[each.what]
        yield f"  {style.paint(sign, colour)} {each.part:<{width}}  {printable(words(each))}"


def words(change: Change) -> str:
    """A change with what came or went."""
    shown = change.after if change.what is What.ADDED else change.before if change.what is What.REMOVED else None
    return f"{change.words} ({shown})" if shown else change.words
