"""horovod is built without what it needs.

## Why
There are no wheels of horovod: pip compiles it. Without CMake the build fails (`Failed to install temporary CMake`).
And pip builds all packages of a list before it installs the first: horovod finds no torch, tensorflow or mxnet of the
same list, is built without, and `import horovod.torch` ends with `Extension horovod.torch has not been built`.
The framework belongs into a step before it.
Source: pip 26.3 with horovod 0.28.1 on Python 3.11, run with and without CMake: without a framework the wheel that it
makes holds no extension; Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.9
  - pip=24.3.1
  - pip:
      - torch==1.13.1
      - horovod==0.28.1
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.9
  - pip=24.3.1
  - pytorch=1.13.1
  - horovod=0.28.1
```

## Fix safety
There is no fix: only you can say where the framework comes from.
"""

import re
from collections.abc import Iterator

from ..model import known_bases, pip_list
from ..model.conda import CondaSpec
from ..model.dockerfile import Dockerfile
from ..model.pip_list import Listed
from ..syntax import ranges
from ..syntax.ranges import Range
from ..text.diagnostic import Finding, Related, Severity
from ._rule import Context, rule

_FRAMEWORKS = frozenset({"torch", "tensorflow", "tensorflow-gpu", "tensorflow-cpu", "mxnet", "keras"})
_CONDA_FRAMEWORKS = re.compile(r"torch|tensorflow|mxnet|keras|horovod")
# Those before may need no CMake; of the later ones pip takes the newest.
_WITH_CMAKE = [Range(low=(0, 22))]
# For Python 3.7 and older horovod finds a CMake of its own.
_OLD_PYTHON = re.compile(r"2\.7|3\.[5-7](?!\d)|16\.04|18\.04|xenial|bionic|stretch|buster|centos7|ubi[78]")
_GUARD = re.compile(r"\|\||\b(?:if|while|until|case|for)\b")


@rule("horovod-build", on=(CondaSpec, Dockerfile), severity=Severity.WARNING)
def check(value: CondaSpec | Dockerfile, ctx: Context) -> Iterator[Finding]:
    if "horovod" not in ctx.document.source.text:
        return
    if isinstance(value, CondaSpec):
        yield from _of_list(value, ctx)
    else:
        yield from _of_dockerfile(value, ctx)


def _of_list(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    listed = [each for each in pip_list.of(spec) if each.is_unconditional]
    framework = next((each for each in listed if each.requirement.name in _FRAMEWORKS), None)
    if framework is None or any(map(_CONDA_FRAMEWORKS.search, spec.by_name)):
        return
    for each in filter(_is_horovod, listed):
        name = framework.requirement.name
        message = f"pip builds '{each.shown}' before it installs '{name}': that fails, or horovod comes without it"
        yield Finding(each.span, message, related=(Related(ctx.document.path, framework.span, "the framework"),))


def _of_dockerfile(dockerfile: Dockerfile, ctx: Context) -> Iterator[Finding]:
    if "HOROVOD_CMAKE" in ctx.document.source.text:
        return
    roots = dockerfile.roots
    ends: dict[int, int] = {}
    for install in dockerfile.installs:
        root = roots.get(install.stage)
        if root is None or not known_bases.lacks_build_tools(root) or _OLD_PYTHON.search(root.text):
            continue
        if install.install.environment is not None or _GUARD.search(install.instruction.args.text):
            continue
        listed = [each for each in pip_list.of(install) if _is_horovod(each) and _needs_cmake(each)]
        for each in listed:
            from ..model import stage_tools  # seldom needed

            ends = ends or stage_tools.ends(dockerfile, "cmake".__eq__)
            if install.install.command.span.start <= ends[install.stage]:
                message = f"pip compiles '{each.shown}', and '{root.text}' has no CMake: the build fails here"
                yield Finding(each.span, message)


def _is_horovod(listed: Listed) -> bool:
    return listed.requirement.name == "horovod" and listed.is_unconditional


def _needs_cmake(listed: Listed) -> bool:
    return not ranges.exclude(ranges.of_requirement(listed.requirement), _WITH_CMAKE)
