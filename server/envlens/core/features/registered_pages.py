"""Pages about registered environments: one version, the history of all, and what changed since one."""

from collections.abc import Iterator, Sequence

from ..hashing import sdk
from ..hashing.inputs import size
from ..hashing.tree import Leaf
from ..workspace import definition
from ..workspace.difference import Comparison, Step
from ..workspace.port import Version
from . import hash_facts
from .markdown import code, plain

_MAX_FILES = 200
_MAX_CHANGES = 50


def version(found: Version, leaves: Sequence[Leaf]) -> str:
    """A registered version: what is known of it, and its files."""
    state = ": archived" if found.is_archived else ""
    blocks = [f"# {plain(str(found.target))}{state}", hash_facts.image(found.forecast)]
    blocks.append("\n".join(f"- {each}" for each in _facts(found)))
    blocks += [f"## {definition.FILE}", _fenced(definition.text(found))]
    conda = definition.conda_text(found)
    if conda is not None:
        blocks += [f"## {definition.CONDA_FILE}", _fenced(conda)]
    if leaves:
        blocks += [f"## {definition.CONTEXT_FOLDER}", "\n".join(_listing(leaves))]
    return "\n\n".join(blocks) + "\n"


def _facts(found: Version) -> Iterator[str]:
    by = f" by {plain(found.author)}" if found.author else ""
    yield f"registered {found.minute} UTC{by}, {found.forecast.kind}"
    if found.description:
        yield f"description: {plain(found.description)}"
    if found.tags:
        yield f"tags: {', '.join(code(f'{key}={value}') for key, value in found.tags.items())}"
    if found.forecast.conda_path:
        yield f"conda key: {code(found.forecast.conda_path)}"
    if found.forecast.sdk_version and not found.is_anonymous:
        yield f"SDK version: {code(f'{sdk.NAME}:{found.forecast.sdk_version}')}"
    context = found.content.context
    if context is not None and context.merkle is not None:
        yield f"build context: {context.files:,} file{'s' * (context.files != 1)}, {size(context.size)}"


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}yaml\n{text.rstrip()}\n{fence}"


def _listing(leaves: Sequence[Leaf]) -> Iterator[str]:
    for leaf in leaves[:_MAX_FILES]:
        mode = ", executable" if leaf.executable else ""
        yield f"- {code(leaf.path.decode('utf-8', 'replace'))} {size(leaf.size)}{mode}"
    if len(leaves) > _MAX_FILES:
        yield f"- and {len(leaves) - _MAX_FILES} more"


def history(name: str, steps: Sequence[Step]) -> str:
    """The versions of an environment, the newest first, each with what changed from the one made before it."""
    blocks = [f"# {plain(name)}: history"]
    for found, _, change in steps:
        state = ", archived" if found.is_archived else ""
        by = f" by {plain(found.author)}" if found.author else ""
        blocks.append(f"## Version {plain(found.version)}{state}")
        verdict = "first version" if change is None else f"**{change.image.verdict}**"
        blocks.append(f"{found.minute} UTC{by}: {verdict}, {hash_facts.image(found.forecast)}")
        if change is not None:
            blocks.append("\n".join(_changes(change)))
    return "\n\n".join(blocks) + "\n"


def _changes(found: Comparison) -> Iterator[str]:
    for each in found.changes[:_MAX_CHANGES]:
        note = " (does not count for the image)" if each in found.others else ""
        yield f"- {hash_facts.label(each.part)}: {plain(each.full)}{note}"
    if len(found.changes) > _MAX_CHANGES:
        yield f"- and {len(found.changes) - _MAX_CHANGES} more"
    if not found.changes:
        yield "- nothing that is registered"
