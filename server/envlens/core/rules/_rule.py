"""The shape of a rule: a function that yields findings, with a name, a severity and the model types it looks at."""

import posixpath
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..model.conda import CondaSpec
from ..model.context import BuildContext
from ..model.document import Document, FileKind
from ..model.environment import Definition, Environment
from ..model.facts import Facts, FileState
from ..model.job import Holder, HolderKind
from ..model.options import DEFAULT, Options
from ..model.registered import Registered
from ..syntax.nodes import find
from ..text.diagnostic import Finding, NotRun, Severity
from ..text.span import Span

if TYPE_CHECKING:  # most runs compare with nothing
    from ..hashing.earlier import Earlier
    from ..hashing.prediction import Prediction
    from ..model.dockerfile import Taken
    from ..syntax.requirements_file import Line


class Drawn(NamedTuple):
    """What lies at a path that a document draws on. `nearby` are paths that could have been meant, from its folder.

    `context` is what is known of a folder that is built from.
    """

    state: FileState
    path: str
    document: Document | None = None
    nearby: tuple[str, ...] = ()
    context: BuildContext | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether there is, or may be, a file whose content nobody has looked at."""
        return self.state not in {FileState.PRESENT, FileState.MISSING, FileState.DIRECTORY}


class User(NamedTuple):
    """A document that draws on another; with `as_constraint`, for the versions in it alone."""

    path: str
    kind: FileKind
    as_constraint: bool = False


# Of so many files at most it is found out whether and where they use another.
MOST_USES = 20


class Use(NamedTuple):
    """Where a definition, or a job, uses a document, directly or through others.

    `holder` is what uses it in a job, None for an environment file; `name` is the name of that environment file.
    """

    path: str
    span: Span
    holder: HolderKind | None = None
    name: str = ""


class Looked(NamedTuple):
    """What is known of a name that a document refers to: who in the folder defines it, or which name could be meant.

    `registered` is what the workspace has under the name, None for nothing. `has_workspace` says whether `meant` was
    looked for in a workspace too.
    """

    definitions: tuple[Definition, ...] = ()
    meant: tuple[str, ...] = ()
    registered: Registered | None = None
    has_workspace: bool = False


class Defined(NamedTuple):
    """The definition that a job uses, where it stands, and its conda specification, None where it has none."""

    environment: Environment
    document: Document
    conda: CondaSpec | None = None


def _unknown(_asked: Any) -> None:
    """What is known where nobody has looked."""


class Context(NamedTuple):
    """What a rule may know beside the value it looks at. `draw` gives the state of a path written in the document.

    `build_context` is the one that a Dockerfile is built in, None where it is not known; `users` are the definitions
    that draw on the document.
    `uses` are the places where definitions and jobs use the document, as far as they were looked for. `look_up` tells
    what the folder and the workspace know of a name that the document refers to, and what the workspace has under the
    name that it defines; None where nobody has looked. `definition_of` is the definition that something in a
    job uses, inline or in a file of the folder; None where that is not known, or not for sure.
    `rule_names` are the names of all rules, which do not know each other.
    `earlier` is the document as it stood at an earlier time, None where nobody compares. `predictions` gives those of
    the document now, in the order of its definitions; they take time: a rule asks only where it has to.
    """

    document: Document
    facts: Facts
    draw: Callable[[str], Drawn | None]
    build_context: BuildContext | None = None
    users: tuple[User, ...] = ()
    rule_names: Collection[str] = ()
    earlier: "Earlier | None" = None
    predictions: "Callable[[], tuple[Prediction, ...]]" = tuple
    options: Options = DEFAULT
    uses: tuple[Use, ...] = ()
    look_up: Callable[[str], Looked | None] = _unknown
    definition_of: Callable[[Holder], Defined | None] = _unknown

    def scoring_conda(self, holder: Holder) -> CondaSpec | None:
        """The conda specification over an image that a scoring script runs in; None where none is known."""
        if holder.pair is None or not find(holder.node, "code_configuration"):
            return None
        defined = self.definition_of(holder)
        return defined.conda if defined is not None and defined.environment.image is not None else None

    def lines_of(self, taken: "Taken") -> "tuple[Line, ...]":
        """The lines of a requirements file that a RUN names, where it is known which file it is; none else."""
        context = self.build_context
        if context is None or not taken.origin.is_sure or len(taken.candidates) != 1:
            return ()
        folder = posixpath.dirname(self.document.path) or "."
        drawn = self.draw(posixpath.relpath(posixpath.join(context.root or ".", taken.candidates[0]), folder))
        found = drawn.document.requirements if drawn is not None and drawn.document is not None else None
        return found.lines if found is not None else ()

    @property
    def is_constraints_file(self) -> bool:
        """Whether nothing of a requirements file is installed: it only says which versions may be."""
        if self.users:
            return all(user.as_constraint for user in self.users)
        return "constraints" in self.document.path.rpartition("/")[2]


Check = Callable[[Any, Context], Iterator[Finding | NotRun]]


class Rule(NamedTuple):
    """One rule. `page` is its module's docstring: what, why, bad, good, fix.

    `hadolint` are the codes of hadolint's rules that say the same of a Dockerfile, or some of it (see `Finding`).
    """

    name: str
    severity: Severity
    on: tuple[type, ...]
    check: Check
    page: str
    hadolint: tuple[str, ...] = ()


def rule(
    name: str, *, on: type | tuple[type, ...], severity: Severity, hadolint: tuple[str, ...] = ()
) -> Callable[[Check], Rule]:
    """Turns a check into a rule. `on` are the model types that it is offered.

    Checks on `MatchSpec` and `Requirement` see one entry: their spans count from its start, and what they yield must
    depend on the entry, the facts and the options alone, because it is kept for every entry of the same text.
    """

    def make(check: Check) -> Rule:
        types = on if isinstance(on, tuple) else (on,)
        return Rule(name, severity, types, check, check.__globals__["__doc__"], hadolint)

    return make
