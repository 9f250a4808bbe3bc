"""Which definition something in a job uses: written there, in a file that it names, or in the folder by its name."""

from ..model.document import Document
from ..model.environment import Environment
from ..model.job import Holder
from ..model.reference import Form, Reference
from ..rules._rule import Defined
from ..syntax.nodes import follow
from .snapshot import Snapshot, resolve


def definition_of(snapshot: Snapshot, document: Document, holder: Holder) -> Defined | None:
    """The definition that `holder` uses; None where it has none, or where it is not known for sure."""
    value = follow(holder.pair.value) if holder.pair else None
    if value is None:
        return None
    for environment in document.environments:
        if environment.node is value:
            return _with_conda(snapshot, document, environment)
    reference = next((each for each in document.references if each.scalar is value), None)
    return _referred(snapshot, document, reference) if reference is not None else None


def _referred(snapshot: Snapshot, document: Document, reference: Reference) -> Defined | None:
    if reference.path:
        drawn = snapshot.draw(document, reference.path)
        held = drawn.document if drawn else None
        return _with_conda(snapshot, held, held.environment) if held and held.environment else None
    looked = snapshot.names.get(reference.name) if reference.form is Form.SHORT else None
    if looked is None or len(looked.definitions) != 1:
        return None
    (definition,) = looked.definitions
    if reference.version is not None and definition.version != reference.version:
        return None  # what that version holds is not known
    held = snapshot.documents.get(definition.path)
    return _with_conda(snapshot, held, held.environment) if held and held.environment else None


def _with_conda(snapshot: Snapshot, document: Document, environment: Environment) -> Defined | None:
    if environment.conda_path is None:
        return Defined(environment, document, environment.conda)
    drawn = snapshot.drawn.get(resolve(document.path, environment.conda_path.text))
    held = drawn.document if drawn else None
    # What cannot be read may hold anything.
    return Defined(environment, document, held.specs[0]) if held and held.is_whole and held.specs else None
