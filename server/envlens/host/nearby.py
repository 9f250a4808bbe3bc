"""What could be meant by a path that leads nowhere."""

import os
from collections.abc import Callable, Iterator, Sequence

from ..core.model.document import Draw, FileKind, classify, kind_by_name
from ..core.syntax.yaml_tree import YamlTree
from . import disk
from .disk import normal


def meant(
    draw: Draw, path: str, base: str, roots: Sequence[str] | None, read: Callable[[str], YamlTree | None]
) -> Iterator[str]:
    """The paths that could be meant, as they would be written in the file `base`, which draws on `path` in vain.

    `read` gives the tree of a YAML file.
    """
    if draw.in_context:  # one of several that a path in the image may have come from
        return
    home = os.path.dirname(base)
    if draw.kind is FileKind.CONDA:
        for each in disk.nearby(path, roots, base):
            tree = read(normal(each))
            if tree is not None and tree.root and classify(tree) is FileKind.CONDA:
                yield os.path.relpath(each, home).replace(os.sep, "/")
        return
    for each in disk.siblings(path, roots, folders=draw.kind is None):
        if draw.kind is not FileKind.DOCKERFILE or kind_by_name(each) is FileKind.DOCKERFILE:
            folder = os.path.join(home, draw.context) if draw.context else home
            yield os.path.relpath(each, folder).replace(os.sep, "/")
