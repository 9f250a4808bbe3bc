"""A pip requirement uses an operator that pip does not have, or a version that it cannot read.

## Why
`=` is conda's; pip wants `==`. pip refuses the whole list, after conda has spent its minutes on the rest of the image.
Source: pip 23.2.1 and 26.3, run.

## Bad
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - pandas=2.2.3
```

## Good
```yaml conda.yml
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip=24.3.1
  - pip:
      - pandas==2.2.3
```

## Fix safety
Safe where only two characters are swapped or one release is named: what is written now installs nothing. Unsafe where
the line may mean a series (`=1.26` is any 1.26 to conda) or comes from another tool.
"""

import re
from collections.abc import Iterator

from ..syntax.requirements import OPERATORS, LineKind, Requirement, Specifier
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_MEANT = {"=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=", "=~": "~=", "!": "!=", "~": "~="}
_GUESSED = {"!", "~"}  # npm's `~1.2` means something else than pip's `~=1.2`
# PEP 440, appendix B; `*` only with == and !=, which pip checks itself.
_VERSION = re.compile(
    r"v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?"
    r"([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?(\.\*)?",
    re.IGNORECASE,
)


@rule("pip-invalid-operator", on=Requirement, severity=Severity.ERROR)
def check(requirement: Requirement, ctx: Context) -> Iterator[Finding]:
    text = requirement.text.strip()
    if requirement.kind is LineKind.MALFORMED and not _IS_OTHERS.search(text) and len(text) < _MAX_LENGTH:
        start = requirement.text.index(text)
        yield Finding(
            Span(start, start + len(text)), f"pip cannot read '{text}' as a requirement: the build fails here"
        )
    if requirement.kind is not LineKind.REQUIREMENT or _TEMPLATE.search(text):
        return
    found = [each for each in map(_judged, requirement.specifiers) if each]
    worst = next((each for each in found if each.severity is None), None)
    if worst:
        yield worst
    elif requirement.rest and "$" not in requirement.rest:
        start = requirement.text.find(requirement.rest, requirement.name_span.end)
        span = Span(start, start + len(requirement.rest)) if start >= 0 else requirement.name_span
        yield Finding(span, f"pip cannot read '{requirement.rest}' in '{text}': the build fails here")
    elif found:
        yield found[0]
    elif requirement.has_trailing_comma:
        end = requirement.constraint_span.end
        at = requirement.text.index(",", end)
        message = "a comma with nothing behind it: pip before 24.1 refuses the line"
        fix = Fix("delete the comma", (Edit(Span(end, at + 1), ""),))
        yield Finding(Span(at, at + 1), message, (fix,), Severity.WARNING)


def _judged(each: Specifier) -> Finding | None:
    """What is wrong with an operator and its version."""
    if each.operator == "===":
        return None  # arbitrary equality: pip compares text, and any text will do
    if each.operator not in OPERATORS:
        meant = _MEANT.get(each.operator)
        fixes: tuple[Fix, ...] = ()
        if meant and _VERSION.fullmatch(each.version) and _is_allowed(meant, each.version):
            # `=1.26` is any 1.26 to conda, where the line may come from; `=1.26.4` is one release to both.
            is_safe = each.operator not in _GUESSED and (meant != "==" or each.version.count(".") >= 2)
            fixes = (Fix(f"use '{meant}'", (Edit(each.operator_span, meant),), is_safe),)
        hint = f", it has '{meant}'" if meant else ""
        return Finding(each.operator_span, f"pip has no operator '{each.operator}'{hint}: the build fails here", fixes)
    if "$" in each.version:
        return None  # pip fills in environment variables
    # pip before 24.1 takes any text as a version, and compares what it cannot read as text: some releases pass.
    lets_pass = each.operator in {">=", ">", "!="} or (each.operator in {"<", "<="} and each.version[:1].isdigit())
    severity = Severity.WARNING if lets_pass else None
    outcome = "pip from 24.1 on refuses the line" if lets_pass else "the build fails here"
    if not each.version:
        return Finding(each.operator_span, f"no version follows '{each.operator}': {outcome}", (), severity)
    if not _VERSION.fullmatch(each.version):
        return Finding(each.version_span, f"pip cannot read '{each.version}' as a version: {outcome}", (), severity)
    if not _is_allowed(each.operator, each.version):
        message = f"'{each.operator}' needs a version of two parts or more: the build fails here"
        return Finding(each.version_span, message)
    if each.version.endswith("*") and each.operator not in {"==", "!="}:
        return Finding(each.version_span, f"'{each.operator}' takes no '*': {outcome}", (), severity)
    return None


# What another tool fills in, as Microsoft's own images do with `{{latest-pypi-version}}`; and pip itself.
_TEMPLATE = re.compile(r"\{\{|\{%")
_IS_OTHERS = re.compile(r"\{\{|\{%|<<.*>>|\$\{|<[%A-Za-z]|@@")
_MAX_LENGTH = 10_000
_TWO_PARTS = re.compile(r"v?(\d+!)?\d+\.\d+")


def _is_allowed(operator: str, version: str) -> bool:
    return operator != "~=" or (_TWO_PARTS.match(version) is not None and not version.endswith("*"))
