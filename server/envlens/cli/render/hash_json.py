"""Predicted hashes for programs, in a stable shape. Lines and columns count from 1."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...core.hashing import sdk
from ...core.hashing.difference import Change
from ...core.hashing.inputs import inputs
from ...core.hashing.prediction import Prediction
from .json_report import to_text

if TYPE_CHECKING:
    from ..hash import Against, Answer


def render(answers: "Sequence[Answer]") -> str:
    """One JSON document."""
    return to_text({"environments": [_environment(each) for each in answers]})


def _environment(answer: "Answer") -> dict[str, Any]:
    prediction = answer.defined.prediction
    place = prediction.place
    line, column = answer.defined.position
    found: dict[str, Any] = {
        "path": answer.defined.shown,
        "at": {"line": line, "column": column},
        "name": place.name,
        "version": place.version,
        "kind": prediction.kind,
        "fingerprint": prediction.fingerprint,
        "fingerprint_unavailable": prediction.unavailable,
        "formula": prediction.formula,
        "confirmed": prediction.is_confirmed,
        "doubts": list(prediction.doubts),
        "conda_key": prediction.conda_key,
        "inputs": [_input(*each) for each in inputs(prediction.counted)] if prediction.counted else [],
        "sdk": {"name": sdk.NAME, "version": prediction.sdk.version} if prediction.sdk.version else None,
        "sdk_unavailable": prediction.sdk.unavailable,
        "image": _image(prediction),
        "notes": list(prediction.notes),
    }
    if place.keys:
        found["keys"] = list(place.keys)
    if answer.against is not None:
        found["against"] = _against(answer.against)
    return found


def _input(part: str, value: str | tuple[str, ...], digest: str) -> dict[str, Any]:
    return {"part": part, "value": value if isinstance(value, str) else list(value), "digest": digest}


def _image(prediction: Prediction) -> dict[str, Any]:
    counted = prediction.counted
    nothing_to_build = counted is not None and not counted.has_build
    pinned = counted is not None and counted.base_image is not None and "@sha256:" in counted.base_image
    return {
        "name": prediction.image_name,
        "state": "nothing-to-build" if nothing_to_build else "unknown",
        "base": "pinned" if pinned else "may-have-moved",
        "reason": "the image is used as it is" if nothing_to_build else "no engine and no image registry was asked",
    }


def _against(against: "Against") -> dict[str, Any]:
    difference = against.difference
    if difference is None:
        return {"what": against.label, "verdict": "new", "reason": "no such definition there", "changes": []}
    verdict = "unknown" if difference.is_same is None else difference.verdict
    changes = [change(each) for each in difference.changes]
    return {"what": against.label, "verdict": verdict, "reason": difference.reason, "changes": changes}


def change(found: Change) -> dict[str, Any]:
    """A change as every document has it."""
    return {
        "part": found.part,
        "change": found.what,
        "name": found.name,
        "before": found.before,
        "after": found.after,
    }
