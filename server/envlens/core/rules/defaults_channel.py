"""Anaconda's own channels come before conda-forge, or alone.

## Why
conda takes a package from the first channel that has it. Anaconda's channels (`defaults`, `anaconda`) can lack the
newest versions, and with them security fixes: `cryptography`, `setuptools` and others that you did not list come from
there too. Where they have to stay first, list those packages with their versions. The channels also need a licence in
larger companies. Behind conda-forge, nothing is said of them; conda adds those that it is set up for in any case,
unless `nodefaults` is listed.
Source: Azure ML, Troubleshoot environment issues (Vulnerabilities in Python packages); conda's
`env/installers/conda.py` (source of 2026-08), read.

## Bad
```yaml conda.yml
channels:
  - defaults
  - conda-forge
dependencies:
  - python=3.12
```

## Good
```yaml conda.yml
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.12
```

## Fix safety
Unsafe: packages come from another channel than before, which can have other builds.
"""

from collections.abc import Iterator

from ..model import channels
from ..model.conda import CondaSpec
from ..syntax.changes import replace
from ..syntax.nodes import Scalar
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ._rule import Context, rule

_FORGE = "conda-forge"


@rule("defaults-channel", on=CondaSpec, severity=Severity.INFO)
def check(spec: CondaSpec, ctx: Context) -> Iterator[Finding]:
    names = [channels.name_of(each.text) for each in spec.channels]
    first = next((at for at, name in enumerate(names) if name in channels.ANACONDA), None)
    if first is None:
        return
    forge = names.index(_FORGE) if _FORGE in names else None
    if forge is not None and forge < first:
        return
    here = spec.channels[first]
    if forge is None:
        others = [name for name in names if name not in {*channels.ANACONDA, "nodefaults"}]
        if others or not spec.is_whole:
            return  # which of them has what, nobody knows here
        fixes = replace(here, _FORGE, f"use '{_FORGE}'", safe=False) if len(names) == 1 else ()
        message = f"'{here.text}' without '{_FORGE}': Anaconda's channels can lack the newest, patched versions"
        yield Finding(here.span, message, fixes)
        return
    between = names[first:forge]
    fixes = _swapped(here, spec.channels[forge]) if all(name in channels.ANACONDA for name in between) else ()
    message = f"'{here.text}' comes before '{_FORGE}': what both have comes from there, which can lack patched versions"
    yield Finding(here.span, message, fixes)


def _swapped(one: Scalar, other: Scalar) -> tuple[Fix, ...]:
    if one.written is None or other.written is None or one.style != other.style or one.span == other.span:
        return ()
    edits = (Edit(one.written, _quoted(other)), Edit(other.written, _quoted(one)))
    return (Fix(f"put '{_FORGE}' first", edits, safe=False),)


def _quoted(scalar: Scalar) -> str:
    return scalar.style + scalar.text + scalar.style
