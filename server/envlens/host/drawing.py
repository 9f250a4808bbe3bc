"""What lies at the paths that a document draws on, and where its definitions lead, as a snapshot holds it."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..core.index.snapshot import Snapshot
from ..core.model.context import BuildContext
from ..core.model.document import Document, Draw, FileKind, parse_yaml
from ..core.model.facts import FileState
from ..core.model.job import DEPLOYMENTS
from ..core.rules._rule import Drawn, Looked, User
from ..core.syntax.yaml_tree import YamlTree
from ..core.text.source import decode
from . import contexts, disk, nearby, scope
from .names import Named

if TYPE_CHECKING:
    from .host import Host


def snapshot(host: "Host", document: Document) -> Snapshot:
    """The world as far as one document's answers depend on it."""
    path = document.path
    drawn: dict[str, Drawn] = {}
    # A relative path lies nowhere: only texts that no file stands for have one.
    for draw in document.draws if os.path.isabs(path) else ():
        target = host.graph.target(path, draw)
        if target is not None and (target not in drawn or drawn[target].document is None):
            drawn[target] = _drawn(host, draw, target, document)
    names = looked_up(host, host.names.of(path))
    documents = {path: document}
    if looks_into_definitions(document):
        drawn |= _into_definitions(host, drawn, names, documents)
    users = host.graph.users(path)
    return Snapshot(
        host.facts,
        scope.settings_in(path, host.base_of(path)),
        documents,
        drawn,
        _build_context(host, document),
        tuple(User(each, use.by, as_constraint=use.as_constraint) for each, use in sorted(users.items())),
        host.uses_of(path),
        names,
        contexts={folder: tuple(filter(None, map(host.held, building))) for folder, building in host.contexts_of(path)},
        earlier=host.earlier_of(document),
    )


def looked_up(host: "Host", named: Named) -> dict[str, Looked]:
    """What is known of the names in a file: of the one that it defines, what the workspace has under it."""
    found = {each: host.look_up(each) for each in sorted(named.refers)}
    own = named.definition.name if named.definition is not None else None
    if own is not None and own not in found:
        registered = host.registered.get(own)
        found |= {own: Looked(registered=registered)} if registered is not None else {}
    return found


def looks_into_definitions(document: Document) -> bool:
    """Whether rules look into the definitions that a job uses: what a deployment needs stands there."""
    return any(holder.kind in DEPLOYMENTS for holder in document.holders)


def _drawn(host: "Host", draw: Draw, path: str, document: Document) -> Drawn:
    if draw.kind is None:
        return _looked_at(host, draw, path, document)
    state, found = host.found(path, draw.kind)
    if state is FileState.PRESENT:
        return Drawn(state, path, found)
    is_elsewhere = state in {FileState.MISSING, FileState.DIRECTORY}
    return Drawn(state, path, nearby=_nearby(host, draw, path, document.path) if is_elsewhere else ())


def _looked_at(host: "Host", draw: Draw, path: str, document: Document) -> Drawn:
    roots = host.roots or None
    state = disk.state(path, roots)
    if state is FileState.MISSING:
        return Drawn(state, path, nearby=_nearby(host, draw, path, document.path))
    if state is not FileState.DIRECTORY:
        return Drawn(state, path)
    wanted = [each.context.dockerfile for each in document.environments if each.context]
    return Drawn(state, path, context=contexts.look(path, roots, wanted))


def _nearby(host: "Host", draw: Draw, path: str, base: str) -> tuple[str, ...]:
    def tree(each: str) -> YamlTree | None:
        """The tree of a YAML file, in scope or not: that it was looked at brings it into none."""
        held = host.held(each)
        if held is not None:
            return held.tree
        found = disk.read(each, host.roots or None, host.settings_for(each).max_file_size)
        return parse_yaml(decode(each, found.data)) if found.state is FileState.PRESENT else None

    return tuple(nearby.meant(draw, path, base, host.roots or None, tree))


def _into_definitions(
    host: "Host", drawn: Mapping[str, Drawn], names: Mapping[str, Looked], documents: dict[str, Document]
) -> dict[str, Drawn]:
    """What the definitions draw on that a document refers to. Those that it names are put into `documents`."""
    referred = [each.document for each in drawn.values() if each.document and each.document.environment]
    for looked in names.values():
        for definition in looked.definitions if len(looked.definitions) == 1 else ():
            held = host.held(definition.path)
            if held is not None and held.environment is not None:
                documents[definition.path] = held
                referred.append(held)
    found: dict[str, Drawn] = {}
    for each in referred:
        for draw in each.draws:
            target = host.graph.target(each.path, draw) if draw.kind is FileKind.CONDA else None
            if target is not None:
                found[target] = _drawn(host, draw, target, each)
    return found


def _build_context(host: "Host", document: Document) -> BuildContext | None:
    """What is known of the context that a Dockerfile is built in."""
    dockerfile = document.dockerfile
    root = host.graph.context_of(document.path) if dockerfile is not None else None
    if root is None or dockerfile is None:
        return None
    return contexts.look(root, host.roots or None, dockerfile.copied_paths, dockerfile.guessed_paths, document.path)
