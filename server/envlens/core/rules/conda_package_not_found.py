"""A conda dependency has a name that only pip knows.

## Why
conda's packages often have other names than those on PyPI, or do not exist: `torch` is `pytorch`, `huggingface-hub` is
`huggingface_hub`, and the `azureml-` packages are on PyPI alone. conda stops at the first name that none of the
channels has. Nothing is said where a channel is listed that the catalogue does not know.
Source: Azure ML, Troubleshoot environment issues; conda-forge/feedstock-outputs and AnacondaRecipes/aggregate of
2026-08, read: the names are in neither.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - azureml-core=1.60.0
  - pip:
      - azureml-mlflow==1.60.0
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - azureml-mlflow==1.60.0
      - azureml-core==1.60.0
```

## Fix safety
Unsafe: conda's package can have other versions than PyPI's, and what pip installs comes after all of conda's.
"""

import re
from collections.abc import Iterator

from ..model import channels
from ..model.conda import CondaSpec
from ..model.facts import is_outdated
from ..syntax import changes, conda_verdict
from ..syntax.matchspec import MatchSpec
from ..syntax.nodes import Mapping, Scalar, Sequence, find, follow
from ..text.diagnostic import Edit, Finding, Fix, NotRun, Severity
from ..text.source import Source
from ..text.span import Span
from ._rule import Context, rule

_SERIES = re.compile(r"=\s*(\d+(?:\.\d+)?)(?:\.\*)?")
_EXACT = re.compile(r"={1,2}\s*(\d+(?:\.\d+)+)")
_RANGE = re.compile(r"(?:[<>!]=?|~=)\s*\d[\w.]*(?:\s*,\s*(?:[<>!]=?|~=)\s*\d[\w.]*)*")


@rule("conda-package-not-found", on=CondaSpec, severity=Severity.WARNING)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding | NotRun]:
    if not spec.entries or any(channels.name_of(each.text) not in channels.KNOWN for each in spec.channels):
        return
    names = ctx.facts.package_names()
    if is_outdated(names.as_of, ctx.facts.today):
        yield NotRun("the catalogue of package names is older than 180 days")
        return
    if spec.by_name.keys().isdisjoint(names.odd_for_conda):
        return
    entries = {id(entry.scalar): entry.spec for entry in spec.entries}
    for item in spec.dependencies.items if spec.dependencies else ():
        entry = entries.get(id(follow(item)))
        if entry is None or (entry.channel and channels.name_of(entry.channel) not in channels.KNOWN):
            continue
        if conda_verdict.problem(entry.text):
            continue  # conda-bad-spec says it
        span = item.span_of(*entry.name_span) if isinstance(item, Scalar) else item.span
        written = entry.text[entry.name_span.start : entry.name_span.end]
        meant = names.conda_names.get(entry.name)
        if meant is not None:
            is_free = isinstance(item, Scalar) and item.is_contiguous(*entry.name_span) and spec.named(meant) is None
            fix = Fix(f"use conda's name '{meant}'", (Edit(span, meant),), safe=False)
            message = f"conda's usual channels have no '{written}': there it is called '{meant}'"
            yield Finding(span, message, (fix,) if is_free else ())
        elif entry.name in names.pip_only:
            fixes = _moved(spec, item, entry, ctx.document.source) if isinstance(item, Scalar) else ()
            yield Finding(span, f"conda's usual channels have no '{written}': it is on PyPI only", fixes)


def _moved(spec: CondaSpec, item: Scalar, entry: MatchSpec, source: Source) -> tuple[Fix, ...]:
    """The entry at the end of pip's list."""
    line = _for_pip(entry)
    last = _last_of_pip(spec)
    if line is None or last is None or source.lines.line_of(last.start) != source.lines.line_of(last.end):
        return ()
    if source.text[item.span.end : source.lines.whole(item.span).end].strip():
        return ()  # a comment would stay behind
    title = f"move '{line}' to pip's list"
    gone = changes.delete_lines(source, item.span, title, safe=False, dash=True)
    come = changes.insert_after(source, last, line)
    if not gone or not come:
        return ()
    (deletion,), (insertion,) = gone[0].edits, come[0].edits
    if deletion.span.start <= insertion.span.start <= deletion.span.end:
        return (Fix(title, (Edit(deletion.span, insertion.text),), safe=False),)
    return (Fix(title, (deletion, insertion), safe=False),)


def _last_of_pip(spec: CondaSpec) -> Span | None:
    """The last entry of the only list of pip."""
    if len(spec.pip_blocks) != 1 or spec.dependencies is None:
        return None
    for item in spec.dependencies.items:
        pair = find(item, "pip") if isinstance(item, Mapping) else None
        if pair is not None and isinstance(pair.value, Sequence) and pair.value.dashes:
            last = pair.value.items[-1]
            return last.span if isinstance(last, Scalar) and last.inner is not None else None
    return None


def _for_pip(entry: MatchSpec) -> str | None:
    """The entry as pip writes it, None where it says more than a version."""
    name, version = entry.text[entry.name_span.start : entry.name_span.end], entry.version.strip()
    if entry.channel or "[" in entry.text:
        return None
    series, exact = _SERIES.fullmatch(version), _EXACT.fullmatch(version)
    if not version:
        return name
    if series:
        return f"{name}=={series[1]}.*"
    if exact:
        return f"{name}=={exact[1]}"
    return name + re.sub(r"\s", "", version) if _RANGE.fullmatch(version) else None
