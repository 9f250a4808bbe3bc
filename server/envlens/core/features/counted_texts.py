"""The texts in a file that count for a predicted hash as they are written: base images, and what conda installs.

Most fixes replace one of them, and then nobody need read the file anew to know that the hash changes.
"""

import re
from collections.abc import Iterator
from collections.abc import Sequence as SequenceABC

from ..model.document import Document, FileKind
from ..syntax.nodes import Mapping, Node, Scalar, Sequence, effective_pairs, follow, key_text
from ..syntax.scalars import kind_of
from ..text.diagnostic import Edit
from ..text.span import Span

# What YAML reads as written, in a list or mapping of either form.
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./=<>!~+@*-]*(:[A-Za-z0-9_./=<>!~+@*-]+)*")


def find(document: Document, has_hash: SequenceABC[bool]) -> list[Scalar]:
    """The texts, in the order of the file. `has_hash` says for each definition whether a hash is known.

    Of a v1 definition there are none: what stands beside it may count in their place.
    """
    roots: list[Node] = []
    if document.kind is FileKind.CONDA and document.root is not None and all(has_hash):
        roots.append(document.root)
    for definition, is_known in zip(document.environments, has_hash, strict=False):
        if is_known:
            roots += [pair.value for pair in (definition.image_pair,) if pair is not None]
            roots += [definition.conda.node] if definition.conda is not None else []
    found = {each.span: each for root in roots for each in _scalars(root)}
    return [found[span] for span in sorted(found)]


def _scalars(root: Node) -> Iterator[Scalar]:
    """The texts at a node, without the `name` of a specification."""
    pending, seen = [root], set()
    while pending:
        node = follow(pending.pop())
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Mapping):
            pending += [pair.value for pair in effective_pairs(node) if node is not root or key_text(pair) != "name"]


def becomes_another(text: str, scalar: Scalar, edit: Edit) -> bool:
    """Whether an edit surely makes another text of a scalar, and touches nothing else."""
    written = scalar.written
    if (
        written is None
        or scalar.tag is not None
        or not (written.start <= edit.span.start <= edit.span.end <= written.end)
    ):
        return False
    new = text[written.start : edit.span.start] + edit.text + text[edit.span.end : written.end]
    if len(new) > 1 and new[0] in "\"'" and new[0] == new[-1]:
        new = new[1:-1]
        return new != scalar.text and _PLAIN.fullmatch(new) is not None
    is_text = _PLAIN.fullmatch(new) and kind_of(Scalar(Span(0, 0), new, "", None, None)) == "str"
    return bool(is_text) and new != scalar.text
