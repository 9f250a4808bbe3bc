"""The Python version is written so that conda finds none.

## Why
conda compares `3.x` as a text, takes `python-3.11` for the name of another package, and `=3,11` for two versions at
once: in each case it finds no such package, and the build fails.
Source: conda's `MatchSpec` (source of 2026-08), run; Azure ML, Troubleshoot environment issues.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.x
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
```

## Fix safety
Safe where the number is written out in full behind a wrong sign. `3.x` stands for no certain version: the choice is
yours. There is none then.
"""

import re
from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..syntax.conda_verdict import MISWRITTEN_PYTHON, problem
from ..syntax.matchspec import MatchSpec
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_NUMBER = re.compile(r"\d+(\.\d+)+")
_MISTAKEN = re.compile(r"\s*(?P<name>python)[-@:_]?(?P<number>\d+(?:\.\d+)+)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*(?:==?|\s)\s*(\d)\s*,\s*(\d{1,2}(?:\.\d{1,2})*)\s*")
_TERM = re.compile(r"[=<>!~]*\s*(?P<version>[^=\s]*)")


@rule("python-version-malformed", on=(MatchSpec, CondaSpec), severity=Severity.ERROR)
def check(value: MatchSpec | CondaSpec, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, CondaSpec):
        for entry in value.entries:
            if entry.spec is None:
                for found in _name(entry.scalar.text):
                    yield found._replace(span=entry.scalar.span, fixes=())
        return
    if MISWRITTEN_PYTHON.match(value.text):
        yield from _name(value.text)
    elif value.name == "python" and "{" not in value.text and problem(value.text) is None:
        yield from _version(value)


def _name(text: str) -> Iterator[Finding]:
    """A version that stands behind the wrong sign."""
    found = _MISTAKEN.fullmatch(text)
    if found:
        span = Span(found.start("name"), found.end("number"))
        edit = Edit(Span(found.end("name"), found.start("number")), "=")
        written = text[span.start : span.end]
        message = f"conda takes '{written}' for the name of a package, and finds none"
        yield Finding(span, message, (Fix(f"write 'python={found['number']}'", (edit,)),))


def _version(spec: MatchSpec) -> Iterator[Finding]:
    comma = _COMMA.fullmatch(spec.text, spec.name_span.end)
    if comma:
        number = f"{comma[1]}.{comma[2]}"
        edit = Edit(Span(comma.end(1), comma.start(2)), ".")
        message = f"to conda '{spec.version}' is version {comma[1]} and version {comma[2]} at once: it finds none"
        yield Finding(spec.version_span, message, (Fix(f"write '{number}'", (edit,)),))
        return
    for term in re.finditer(r"[^,|]+", spec.version):
        found = _TERM.match(term[0].strip())
        version = found["version"] if found else ""
        if version and not re.match(r"[*\d]", version):
            yield Finding(spec.version_span, f"'{version}' is no version of Python: conda finds none")
            return
        if re.search(r"\.[xX]\b", version):
            hint = version.lower().partition(".x")[0]
            message = f"conda compares '{version}' letter by letter, and finds no such Python: '{hint}.*' is the series"
            yield Finding(spec.version_span, message)
            return
