"""pip is to build mpi4py where there is no MPI.

## Why
mpi4py has wheels from 4.1.0 on. Of an older one pip compiles the source, which needs an MPI with its headers and a
compiler: without, the build ends with `Cannot compile MPI programs`. The images of Python, Debian, Ubuntu and CUDA and
Miniconda's have no MPI; those of Azure ML whose name begins with openmpi have it. mpi4py of conda-forge brings its own.
A wheel installs everywhere, and fails where `mpi4py.MPI` is imported without MPI; of that nothing is said here.
Source: pip 26.3 with mpi4py 3.1.6, 4.0.3 and 4.1.2 on Python 3.11, run without MPI; Azure ML, Troubleshoot environment
issues.

## Bad
```dockerfile Dockerfile
FROM python:3.11
RUN pip install mpi4py==4.0.3
```

## Good
```dockerfile Dockerfile
FROM python:3.11
RUN apt-get update && apt-get install -y libopenmpi-dev
RUN pip install mpi4py==4.0.3
```

## Fix safety
There is no fix: MPI in the image, conda-forge's mpi4py or a newer one, only you can say which.
"""

import re
from collections.abc import Iterator

from ..model import known_bases, pip_list
from ..model.conda import CondaSpec
from ..model.dockerfile import Dockerfile
from ..model.environment import Environment
from ..model.pip_list import Listed
from ..syntax import ranges
from ..syntax.ranges import Range
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, rule

_WITH_WHEELS = [Range(low=(4, 1))]
# A step behind one of these may not run, or may fail.
_GUARD = re.compile(r"\|\||\b(?:if|while|until|case|for)\b")
_MPI = re.compile(r"mpi|mpich|impi", re.IGNORECASE)


@rule("mpi4py-build", on=(Environment, Dockerfile), severity=Severity.ERROR)
def check(value: Environment | Dockerfile, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Environment):
        yield from _of_definition(value, ctx)
    elif "mpi4py" in ctx.document.source.text:
        yield from _of_dockerfile(value)


def _of_dockerfile(dockerfile: Dockerfile) -> Iterator[Finding]:
    roots = dockerfile.roots
    ends: dict[int, int] = {}
    for install in dockerfile.installs:
        root = roots.get(install.stage)
        if root is None or not known_bases.lacks_build_tools(root) or _GUARD.search(install.instruction.args.text):
            continue
        if install.install.environment is not None:
            continue  # what `conda run` runs may be another environment
        for listed in filter(_is_built, pip_list.of(install)):
            from ..model import stage_tools  # seldom needed

            ends = ends or stage_tools.ends(dockerfile, _MPI.search)
            if install.install.command.span.start <= ends[install.stage]:
                message = f"pip compiles '{listed.shown}', and '{root.text}' has no MPI: the build fails here"
                yield Finding(listed.span, message)


def _of_definition(environment: Environment, ctx: Context) -> Iterator[Finding]:
    image = environment.image
    if image is None or not image.is_literal or not known_bases.lacks_build_tools(image):
        return
    path = environment.conda_path
    drawn = ctx.draw(path.text) if path else None
    specs: tuple[CondaSpec, ...] = (environment.conda,) if environment.conda is not None else ()
    if drawn is not None and drawn.document is not None:
        specs = drawn.document.specs
    for spec in specs:
        found = _built(spec)
        if found is None:
            continue
        # What conda's packages bring with them is not known.
        message = f"pip compiles '{found.shown}', and '{image.text}' has no MPI: the build is likely to fail"
        if path is None or drawn is None:
            yield Finding(found.span, message, severity=Severity.WARNING)
        else:
            related = (Related(drawn.path, found.span, "the package"),)
            yield Finding(path.span, message, severity=Severity.WARNING, related=related)


def _built(spec: CondaSpec) -> Listed | None:
    """The mpi4py that pip compiles, where no entry of the conda part can bring MPI by its name."""
    found = next(filter(_is_built, pip_list.of(spec)), None)
    names = [entry.spec.name if entry.spec is not None else entry.scalar.text for entry in spec.entries]
    return None if any(map(_MPI.search, names)) else found


def _is_built(listed: Listed) -> bool:
    requirement = listed.requirement
    return (
        requirement.name == "mpi4py"
        and listed.is_unconditional
        and ranges.exclude(ranges.of_requirement(requirement), _WITH_WHEELS)
    )
