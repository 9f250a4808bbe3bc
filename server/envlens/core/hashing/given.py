"""What a definition draws on, as it was found, and the conda specification in it as a value."""

from collections.abc import Iterable
from typing import NamedTuple

from ..syntax.nodes import Mapping, Node, Scalar, Sequence, follow
from ..syntax.urls import credentials
from .tree import Tree
from .values import construct


class Conda(NamedTuple):
    """A conda specification as it was found: its root node, or why there is none. `is_template` where it is one."""

    root: Node | None = None
    problem: str | None = None
    is_template: bool = False


class Given(NamedTuple):
    """What a definition draws on, as it was found.

    `conda` is the file under `conda_file`, None where none is named. `tree` is the build context, None where nobody has
    looked yet. `texts` are the files that are searched for credentials. `release` is that of azure-ai-ml, None for the
    newest that was run.
    """

    conda: Conda | None = None
    tree: Tree | None = None
    texts: tuple[str, ...] = ()
    release: str | None = None
    wants_sdk: bool = True


class Spec(NamedTuple):
    """A conda specification as a value, or why there is none. An empty one is None without a problem."""

    value: object = None
    problem: str | None = None


def spec_of(conda: Conda | None) -> Spec:
    """A specification as a value."""
    if conda is None:
        return Spec(problem="the conda file was not looked at")
    if conda.problem is not None:
        return Spec(problem=conda.problem)
    if conda.root is None:
        return Spec()
    made = construct(conda.root)
    if made.problem is not None:
        return Spec(problem=f"the conda specification cannot be read: {made.problem}")
    return Spec(made.value or None)


def holds_credential(texts: Iterable[str]) -> bool:
    """Whether one of some texts holds a credential."""
    return any(credentials(text) for text in texts if "://" in text)


def strings(value: object) -> list[str]:
    """The texts in a value that may hold an address, keys included. Shared values are looked at once."""
    found: list[str] = []
    pending, seen = [value], set()
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            if "://" in each:
                found.append(each)
        elif isinstance(each, dict | list | tuple | set) and id(each) not in seen:
            seen.add(id(each))
            pending.extend(each)
            if isinstance(each, dict):
                pending.extend(each.values())
    return found


def holds_template(root: Node) -> bool:
    """Whether a template stands in a tree (`{{ }}`, `{% %}`, `<<NAME>>`), in a key or a value."""
    pending, seen = [root], set()
    while pending:
        node = follow(pending.pop())
        if isinstance(node, Scalar):
            if node.is_template:
                return True
        elif isinstance(node, Mapping | Sequence) and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Sequence):
                pending.extend(node.items)
            elif node.is_template:
                return True
            else:
                for pair in node.pairs:
                    pending += (pair.key, pair.value)
    return False
