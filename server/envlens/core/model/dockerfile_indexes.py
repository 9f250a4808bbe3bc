"""Where a Dockerfile takes packages from: options of its RUN commands, and the variables that stand for them."""

from collections.abc import Iterator

from ..syntax.dockerfile import DockerfileTree, Instruction
from ..syntax.installs import Install, Tool
from ..syntax.joined import Word
from ..text.span import Span
from .dockerfile import IndexOption

_NAMES = frozenset({"--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--channel"})
_UV_NAMES = {"--default-index": "--index-url", "--index": "--extra-index-url"}
_VARIABLES = {
    "PIP_INDEX_URL": "--index-url",
    "PIP_EXTRA_INDEX_URL": "--extra-index-url",
    "PIP_FIND_LINKS": "--find-links",
    "PIP_TRUSTED_HOST": "--trusted-host",
    "UV_INDEX_URL": "--index-url",
    "UV_DEFAULT_INDEX": "--index-url",
    "UV_EXTRA_INDEX_URL": "--extra-index-url",
    "UV_INDEX": "--extra-index-url",
}


def of_variables(tree: DockerfileTree) -> Iterator[IndexOption]:
    """The variables of ENV and ARG."""
    for each in tree.instructions:
        it = each.inner if each.inner is not None else each
        if it.keyword in {"ENV", "ARG"}:
            yield from _variables(it)


def of_install(install: Install) -> Iterator[IndexOption]:
    """The options of one command, and the variables that are set for it."""
    yield from _options(install)
    for word in install.command.assignments:
        name, _, value = word.text.partition("=")
        if name in _VARIABLES and value:
            start = len(name) + 1
            inner = None if word.inner is None else word.inner + start
            part = Word(value, word.span_of(start, len(word.text)), inner, word.is_literal)
            yield IndexOption(_VARIABLES[name], part, word.span_of(0, len(name)), name.startswith("PIP_"))


def _variables(it: Instruction) -> Iterator[IndexOption]:
    for each in it.assignments:
        name = each.name.text
        if name in _VARIABLES and each.value is not None and each.value.text.strip("\"'"):
            yield IndexOption(_VARIABLES[name], each.value, each.name.span, name.startswith("PIP_"))


def _options(install: Install) -> Iterator[IndexOption]:
    is_uv = install.tool is Tool.UV
    is_unsafe = any(word.text.startswith("unsafe") for word in install.values("--index-strategy"))
    confusable = (is_unsafe if is_uv else install.tool is Tool.PIP) and not install.has("--require-hashes")
    for option in install.options:
        name = _UV_NAMES.get(option.name, option.name) if is_uv else option.name
        if name in _NAMES and option.value is not None and option.value.text:
            end = max(option.span.start, min(option.span.end, option.value.span.start))
            yield IndexOption(name, option.value, Span(option.span.start, end), confusable)
