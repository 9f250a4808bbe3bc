"""The predictions of the definitions in a document, from a snapshot."""

from collections.abc import Iterator

from ..hashing import predicting, v1
from ..hashing.azureml import conda_text
from ..hashing.given import Conda, Given, holds_credential, spec_of, strings
from ..hashing.prediction import Counted, Kind, Place, Prediction, Sdk
from ..model import v1 as v1_model
from ..model.document import Document, FileKind, parse_yaml
from ..model.environment import Environment
from ..model.facts import FileState
from ..model.v1 import V1Environment
from ..rules._rule import Drawn
from ..syntax.nodes import Mapping, Node, Pair, Scalar, Sequence, follow, key_text
from ..syntax.scalars import kind_of, value_of
from ..text.span import Span
from .snapshot import Snapshot, resolve

# The kinds of document of which something is predicted.
KINDS = frozenset({FileKind.ENVIRONMENT, FileKind.CONDA, FileKind.JOB, FileKind.V1})

_NO_DEFINITION = "a conda file alone names no base image"


def predict(
    snapshot: Snapshot, document: Document, release: str | None = None, *, wants_sdk: bool = True
) -> tuple[Prediction, ...]:
    """The predictions of a document's definitions, in the order of the file; of a conda file, its conda key.

    `release` is that of azure-ai-ml whose versions are wanted, None for the newest that was run; without `wants_sdk`
    there are none, which takes half the time.
    """
    if document.size_limit:
        return ()
    if document.kind is FileKind.V1:
        return (_v1(snapshot, document, document.v1),) if document.v1 is not None else ()
    if document.kind is FileKind.CONDA:
        return tuple(_conda_file(document))
    places = _places(document)
    found = (
        predicting.predict(each, places[id(each.node)], given(snapshot, document, each, release, wants_sdk))
        for each in document.environments
    )
    return tuple(_without_template(document, each) for each in found)


def _without_template(document: Document, found: Prediction) -> Prediction:
    """Broken YAML with templates in it is not what anybody sends."""
    if found.unavailable != predicting.BROKEN or not document.is_template:
        return found
    return found._replace(unavailable=predicting.TEMPLATE, sdk=Sdk(None, predicting.TEMPLATE))


def _conda_file(document: Document) -> Iterator[Prediction]:
    start = Prediction(_place(document, ()), Kind.CONDA_FILE, sdk=Sdk(None, _NO_DEFINITION))
    spec = spec_of(_conda(Drawn(FileState.PRESENT, document.path, document), document.path))
    if spec.problem is not None:
        yield start._replace(unavailable=spec.problem)
    elif holds_credential(strings(spec.value)):
        yield start._replace(unavailable=predicting.CREDENTIAL, sdk=Sdk(None, predicting.CREDENTIAL))
    elif document.is_template:
        yield start._replace(unavailable=predicting.TEMPLATE)
    else:
        found = predicting.with_conda(start, None, spec.value, None, is_v1=False)
        if found.conda_key is not None and isinstance(spec.value, dict):  # so that two of them can be compared
            found = found._replace(counted=Counted(conda=spec.value, conda_text=conda_text(spec.value).text))
        yield found._replace(unavailable=found.unavailable or _NO_DEFINITION)


def given(
    snapshot: Snapshot, document: Document, definition: Environment, release: str | None = None, wants_sdk: bool = True
) -> Given:
    """What one of a document's definitions draws on."""
    conda = None
    if definition.conda_path is not None:
        written = definition.conda_path.text
        conda = _conda(snapshot.draw(document, written), written)
    block = definition.context
    folder = resolve(document.path, block.folder) if block and block.folder else None
    texts: tuple[str, ...] = ()
    if block and block.folder:
        drawn = snapshot.draw(document, f"{block.folder}/{block.dockerfile}")
        texts = (drawn.document.source.text,) if drawn and drawn.document else ()
        texts += snapshot.searched.get(folder or "", ())
    return Given(conda, snapshot.trees.get(folder) if folder else None, texts, release, wants_sdk)


def _conda(drawn: Drawn | None, written: str) -> Conda:
    """The conda specification in a file that was drawn on."""
    if drawn is None:
        return Conda(problem=f"the conda file '{written}' was not looked at")
    found = drawn.document
    if drawn.state is not FileState.PRESENT or found is None:
        return Conda(problem=f"the conda file '{written}' {drawn.state.obstacle or 'cannot be read'}")
    tree = found.tree if found.kind.is_yaml else parse_yaml(found.source)
    if found.size_limit or found.source.problem or not tree.is_whole:
        return Conda(problem=f"the conda file '{written}' cannot be read as YAML", is_template=found.is_template)
    return Conda(tree.root, is_template=found.is_template)


def _v1(snapshot: Snapshot, document: Document, definition: V1Environment) -> Prediction:
    conda = dockerfile = problem = None
    drawn = snapshot.draw(document, v1_model.CONDA_FILE)
    if drawn is None or drawn.state is not FileState.MISSING:
        conda = _conda(drawn, v1_model.CONDA_FILE)
    drawn = snapshot.draw(document, v1_model.DOCKERFILE)
    if drawn is None:
        problem = f"'{v1_model.DOCKERFILE}' was not looked at"
    elif drawn.state is not FileState.MISSING:
        found = drawn.document
        is_read = found is not None and not found.size_limit and not found.source.problem
        dockerfile = found.source.text if found is not None and is_read else None
        obstacle = drawn.state.obstacle or ("is too large" if found and found.size_limit else "cannot be read")
        problem = None if is_read else f"'{v1_model.DOCKERFILE}' {obstacle}"
    given = v1.V1Given(conda, dockerfile, problem)
    name = definition.registered_name
    place = _place(document, ())._replace(name=name.text if name else None)
    return v1.predict(definition, place, given, is_whole=document.is_whole)


def _place(document: Document, keys: tuple[str, ...]) -> Place:
    root = document.root
    start = root.pairs[0].key.span.start if isinstance(root, Mapping) and root.pairs else 0
    end = document.source.lines.line_end(document.source.lines.line_of(start))
    return Place(keys, Span(start if document.kind is not FileKind.V1 else 0, end))


def _places(document: Document) -> dict[int, Place]:
    """Where each definition stands, by its node: of one that stands in several places by an anchor, the first."""
    wanted = {id(each.node): each for each in document.environments}
    found: dict[int, Place] = {}
    for node, keys, pair in _mappings(document.root, wanted):
        each = wanted[id(node)]
        place = _place(document, keys)
        if pair is not None:
            place = place._replace(span=pair.key.span)
        name, version = each.registered_name, _version(each)
        found.setdefault(id(node), place._replace(name=name.text if name else None, version=version))
    missing = {id(each.node): _place(document, ()) for each in document.environments if id(each.node) not in found}
    return missing | found


def _version(definition: Environment) -> str | None:
    """The version as azure-ai-ml reads it, where the definition is registered under it."""
    value = follow(definition.version.value) if definition.version and definition.keeps_name else None
    if not isinstance(value, Scalar) or kind_of(value) not in {"str", "int", "float", "bool"}:
        return None
    return str(value_of(value)) or None


_MAX_NODES = 200_000


def _mappings(
    root: Node | None, wanted: dict[int, Environment]
) -> Iterator[tuple[Mapping, tuple[str, ...], Pair | None]]:
    """The wanted mappings with the keys that lead to them and the pair that they are the value of."""
    pending: list[tuple[Node, tuple[str, ...], Pair | None]] = [(root, (), None)] if root is not None else []
    seen: set[int] = set()
    while pending and len(seen) < _MAX_NODES:
        node, keys, pair = pending.pop()
        node = follow(node)
        if isinstance(node, Mapping) and id(node) not in seen:
            seen.add(id(node))
            if id(node) in wanted:
                yield node, keys, pair
            pending += [(each.value, (*keys, key_text(each) or ""), each) for each in reversed(node.pairs)]
        elif isinstance(node, Sequence) and id(node) not in seen:
            seen.add(id(node))
            pending += [(item, (*keys, str(at)), None) for at, item in enumerate(node.items)]


def folders(document: Document) -> tuple[str, ...]:
    """The build contexts that a document's definitions draw on, as resolved paths."""
    blocks = (each.context for each in document.environments)
    return tuple(dict.fromkeys(resolve(document.path, block.folder) for block in blocks if block and block.folder))
