"""A registered version as files again: the YAML of its definition, and what is predicted of that.

What is downloaded, shown and compared is the same text, so that none of them can say another thing than registering
the files once more would.
"""

from collections.abc import Sequence
from datetime import date

import yaml

from ..hashing.predicting import dump_conda
from ..hashing.prediction import Counted, Prediction
from ..hashing.tree import Leaf, Tree
from ..hashing.values import construct
from ..index import predictions
from ..index.snapshot import Snapshot, resolve
from ..model.document import FileKind, build, parse_yaml
from ..model.facts import Facts, FileState
from ..rules._rule import Drawn
from ..settings import Settings
from ..text.source import Source
from .content import Content, Context
from .port import Version

FILE, CONDA_FILE, CONTEXT_FOLDER = "environment.yml", "conda.yml", "context"
"""What the files of a version are called; the build context is a folder."""

_SCHEMA = "https://azuremlschemas.azureedge.net/latest/environment.schema.json"
_WIDTH = 4096  # long texts stay in one line
_UNUSED = Facts(today=date.min)  # predictions hang on no fact


def text(version: Version) -> str:
    """The environment YAML that a version was registered from, but for layout and comments."""
    content = version.content
    told: dict[str, object] = {"$schema": _SCHEMA}
    if not version.is_anonymous:
        told |= {"name": version.name, "version": version.version}
    else:
        told |= {"name": "anonymous"}
    if version.description is not None:
        told["description"] = version.description
    if version.tags:
        told["tags"] = dict(version.tags)
    if content.image is not None:
        told["image"] = content.image
    if content.context is not None:
        told["build"] = {"path": _path_of(content.context)}
        if content.dockerfile_path not in {None, "Dockerfile"}:
            told["build"] |= {"dockerfile_path": content.dockerfile_path}  # type: ignore[operator]
    if content.conda is not None:
        told["conda_file"] = CONDA_FILE
    if content.os_type != "linux":
        told["os_type"] = content.os_type
    if content.inference:
        told["inference_config"] = {name: each._asdict() for name, each in content.inference.items()}
    return str(yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as people do."""


def _represent(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _represent)


def conda_text(version: Version) -> str | None:
    """The conda file as its author wrote it, None where there is none."""
    if version.content.conda is None:
        return None
    return version.written if version.written is not None else version.content.conda


def _path_of(context: Context) -> str:
    return context.uri or CONTEXT_FOLDER


def predict(version: Version, leaves: Sequence[Leaf]) -> Prediction:
    """What is predicted of a version as files that were just read. `leaves` are those of its build context."""
    path = f"/{version.name}/{version.version}/{FILE}"
    document = build(Source(path, text(version)), FileKind.ENVIRONMENT, None)
    drawn = {}
    conda = conda_text(version)
    if conda is not None:
        place = resolve(path, CONDA_FILE)
        drawn[place] = Drawn(FileState.PRESENT, place, build(Source(place, conda), FileKind.CONDA, None))
    folder = resolve(path, CONTEXT_FOLDER)
    snapshot = Snapshot(_UNUSED, Settings(), {path: document}, drawn, trees={folder: tree(version.content, leaves)})
    (found,) = predictions.predict(snapshot, document, wants_sdk=False)
    return found


def tree(content: Content, leaves: Sequence[Leaf]) -> Tree:
    """The build context as it was registered."""
    context = content.context
    if context is None or context.merkle is None:
        return Tree(problem="there is none")
    return Tree(tuple(leaves), context.merkle, size=context.size)


def counted(content: Content, leaves: Sequence[Leaf]) -> Counted:
    """All that could count for an image, of what has no predicted hash, too."""
    value = construct(parse_yaml(Source("", content.conda)).root).value if content.conda is not None else None
    return Counted(
        base_image=content.image,
        conda=value,
        conda_text=dump_conda(value).text if content.conda is not None else None,
        dockerfile_path=content.dockerfile_path,
        tree=tree(content, leaves) if content.context is not None and content.context.merkle is not None else None,
    )
