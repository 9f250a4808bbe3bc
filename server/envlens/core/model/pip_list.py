"""The packages that pip is given together: those of a requirements file, of a `pip:` list, of one command."""

from typing import TYPE_CHECKING, NamedTuple

from ..syntax import requirements
from ..syntax.joined import inside
from ..syntax.requirements import LineKind, Requirement
from ..text.span import Span
from .conda import CondaSpec
from .dockerfile import RunInstall

if TYPE_CHECKING:  # loaded where such a file is met
    from ..syntax.requirements_file import RequirementsFile


class Listed(NamedTuple):
    """A package. `span` is the requirement in the file, `line` what could be deleted with it, None where nothing."""

    requirement: Requirement
    span: Span
    line: Span | None = None
    is_item: bool = False  # of a YAML list

    @property
    def shown(self) -> str:
        """The name with its versions, as written."""
        name, versions = self.requirement.name_span, self.requirement.constraint_span
        return self.requirement.text[name.start : max(versions.end, name.end)]

    @property
    def is_unconditional(self) -> bool:
        """Whether it always holds, and pip can read it: behind a condition, it may be meant for another machine."""
        found = self.requirement
        return found.kind is LineKind.REQUIREMENT and not found.marker and not found.rest and found.is_readable


def of(value: "RequirementsFile | CondaSpec | RunInstall") -> list[Listed]:
    """The packages of a list, in order."""
    if isinstance(value, CondaSpec):
        # Of several blocks, conda takes the last.
        return [
            Listed(
                each.requirement,
                each.scalar.span,
                each.scalar.span if each.scalar.inner is not None else None,
                is_item=True,
            )
            for block in value.pip_blocks[-1:]
            for each in block.entries
        ]
    if isinstance(value, RunInstall):
        return _of_command(value)
    found = []
    for line in value.lines:
        if line.requirement is not None:
            start, versions = line.requirement.name_span.start, line.requirement.constraint_span
            span = line.joined.span_of(start, max(versions.end, line.requirement.name_span.end))
            found.append(Listed(line.requirement, span, line.span))
    return found


def _of_command(found: RunInstall) -> list[Listed]:
    from . import dockerfile_runs  # a Dockerfile was met

    if found.install.tool not in dockerfile_runs.PIPS:
        return []
    redirected = {each.span.start for each in found.install.command.redirections}
    return [
        Listed(requirements.parse(word.text), inside(word).span_of(0, len(word.text)))
        for word in found.install.packages
        if dockerfile_runs.is_plain(word) and word.text and word.span.end not in redirected
    ]
