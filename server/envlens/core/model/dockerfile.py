"""A Dockerfile as Azure ML builds it: its base images, what it installs, and what it takes from the build context.

Only what it is made of: rules on all kinds of file name these types, and most runs meet no Dockerfile. It is read by
`dockerfile_reader`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..syntax.joined import Joined, Word
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import Requirement
from ..text.recent import Recent
from ..text.span import Span
from .image import ImageReference

if TYPE_CHECKING:
    from ..syntax.dockerfile import DockerfileTree, Instruction
    from ..syntax.dockerfile import Known as KnownInstructions
    from ..syntax.installs import Install
    from ..syntax.shell import Command

# A named tuple's own constructor takes twice the time, and an edit moves thousands.
_new = tuple.__new__

Package = tuple[MatchSpec | Requirement, Joined]


class Origin(NamedTuple):
    """The paths of the build context that can have become a file, the likeliest first.

    `is_sure` says that nothing else can have put a file there: no command, no other stage, no base image of its own.
    """

    candidates: tuple[str, ...]
    is_sure: bool


class IndexOption(NamedTuple):
    """An option that says where packages come from, by pip's name for it, or a variable that stands for one.

    `span` is the option or the variable without its value. `is_confusable` says that of all indexes the one with the
    highest version gives the package: pip's way where it checks no hashes, not uv's.
    """

    name: str
    value: Word
    span: Span
    is_confusable: bool

    def shift(self, by: int) -> "IndexOption":
        """The same option, so many characters further on."""
        return IndexOption(self.name, self.value.shift(by), self.span.shift(by), self.is_confusable)


class Made(NamedTuple):
    """What a command may have made: anything at all, or files of these names."""

    anything: bool
    names: tuple[str, ...] = ()


class Step(NamedTuple):
    """An install. `directory` is where it runs, counted from where the RUN begins; None where that is not known.

    `home` is the command where it was first read, now it stands `by` characters further on. `made` is what the commands
    in front of it may have made.
    """

    home: "Install"
    by: int
    directory: str | None
    made: Made
    packages: tuple[Package, ...]
    options: tuple[IndexOption, ...]

    def shift(self, by: int) -> "Step":
        """The same step, so many characters further on."""
        home, already, directory, made, packages, options = self
        return _new(
            Step,
            (
                home,
                already + by,
                directory,
                made,
                tuple([(spec, place.shift(by)) for spec, place in packages]) if packages else (),
                tuple([each.shift(by) for each in options]) if options else (),
            ),
        )


class Run(NamedTuple):
    """The installs of a RUN that begins at `start`, and what all its commands may have made; None: nobody looked."""

    start: int
    steps: tuple[Step, ...]
    made: Made | None


class Known:
    """What instructions mean and what RUN does, by what is written: it saves time and changes nothing."""

    def __init__(self, limit: int = 4096) -> None:
        self.instructions: KnownInstructions = Recent(limit)
        self.runs: Recent[str, Run] = Recent(limit)


class BaseImage(NamedTuple):
    """What a FROM names. `parent` is the stage that it builds on, `image` the image; neither where it is not known.

    `image` has its variables put in, as far as ARG gives them a default.
    """

    stage: int
    word: Word
    parent: int | None
    image: ImageReference | None


class Copy(NamedTuple):
    """A COPY or ADD that takes files from the build context, in stage `stage`; `directory` is what WORKDIR says there.

    Sources with variables that are not known are left out. `destination` is absolute, None where it is not known.
    """

    instruction: "Instruction"
    stage: int
    sources: tuple[Word, ...]
    destination: str | None


class RunInstall(NamedTuple):
    """A command of a RUN that installs packages. `directory` is where it runs, None where that is not known.

    What rules say of one hangs on what is written in the command, and on nothing around it. `home` is the command where
    it was first read, `by` characters before where it stands: an edit moves hundreds, of which nobody asks.
    """

    home: "Install"
    by: int
    instruction: "Instruction"
    stage: int
    directory: str | None

    @property
    def install(self) -> "Install":
        """The command, where it stands."""
        return self.home.shift(self.by) if self.by else self.home

    @property
    def span(self) -> Span:
        """Where the command stands."""
        return self.home.command.span.shift(self.by)


class Taken(NamedTuple):
    """A file that a RUN names. `install` is the command, `word` the path as written, `path` the absolute one.

    `path` is None where it is not known; then the file can come from anywhere.
    """

    install: RunInstall
    word: Word
    path: str | None
    origin: Origin

    @property
    def candidates(self) -> tuple[str, ...]:
        """The paths of the build context that can have become it, the likeliest first."""
        return self.origin.candidates


class Make(NamedTuple):
    """A call of make without a makefile of its own choice: command number `at` of a RUN, in `directory`.

    `origins` say where the makefiles can have come from that it looks for.
    """

    command: "Command"
    instruction: "Instruction"
    at: int
    directory: str
    origins: tuple[Origin, ...]


class Dockerfile(NamedTuple):
    """A Dockerfile. `packages` are those that its RUN commands name, `archives` the wheels and archives among them."""

    tree: "DockerfileTree"
    bases: tuple[BaseImage, ...]
    copies: tuple[Copy, ...]
    installs: tuple[RunInstall, ...]
    packages: tuple[Package, ...]
    requirements: tuple[Taken, ...]
    conda_files: tuple[Taken, ...]
    archives: tuple[Taken, ...]
    index_options: tuple[IndexOption, ...]
    makes: tuple[Make, ...] = ()

    @property
    def values(self) -> Iterator[Any]:
        """The values that rules look at, installs aside: the whole, its base images, where packages come from."""
        yield self
        yield from self.index_options
        yield from (base.image for base in self.bases if base.image is not None)

    @property
    def copied_paths(self) -> Iterator[str]:
        """The paths of the build context that it names."""
        for copy in self.copies:
            yield from (source.text for source in copy.sources)

    @property
    def guessed_paths(self) -> Iterator[str]:
        """The paths of the build context that files can come from that its commands name."""
        for taken in (*self.requirements, *self.conda_files, *self.archives):
            yield from taken.candidates
        for make in self.makes:
            for origin in make.origins:
                yield from origin.candidates

    @property
    def context_paths(self) -> Iterator[str]:
        """All paths of the build context that its answers depend on."""
        yield from self.copied_paths
        yield from self.guessed_paths

    @property
    def roots(self) -> dict[int, ImageReference | None]:
        """The image that each stage builds on in the end; None where it is not known, or is `scratch`."""
        found: dict[int, ImageReference | None] = {}
        for base in self.bases:
            found[base.stage] = base.image if base.parent is None else found.get(base.parent)
        return found

    @property
    def final_image(self) -> ImageReference | None:
        """The image that the last stage builds on in the end: the others only lend files. None where not known."""
        return self.roots.get(self.tree.stages[-1].number) if self.tree.stages else None
