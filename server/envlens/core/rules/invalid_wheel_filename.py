"""The name of a wheel is none that pip takes.

## Why
pip reads the package, its version and the platforms from the file's name
(`name-version-python-abi-platform.whl`), and stops at a name that has no such parts.
Source: pip 23.2.1 and 26.3, run.

## Bad
```requirements requirements.txt
https://files.example.com/wheels/churn-1.4.whl
```

## Good
```requirements requirements.txt
https://files.example.com/wheels/churn-1.4-py3-none-any.whl
```

## Fix safety
There is no fix: the right name is not in the text.
"""

import re
from collections.abc import Iterator

from ..syntax.requirements import LineKind, Requirement
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

_FILE = re.compile(r"(?P<file>[^/\\\s]*\.whl)(?=$|[\s#?;\[])")
# pip/_internal/models/wheel.py; the build tag begins with a digit.
_NAME = re.compile(r"[^\s-]+-[^\s-]*(-\d[^-]*)?-[^\s-]+-[^\s-]+-[^\s-]+\.whl")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


@rule("invalid-wheel-filename", on=Requirement, severity=Severity.ERROR)
def check(requirement: Requirement, ctx: Context) -> Iterator[Finding]:
    if requirement.kind is not LineKind.LINK or "$" in requirement.text or "{" in requirement.text:
        return
    found = _FILE.search(requirement.text.partition("#")[0].partition("?")[0])
    if not found:
        return
    name = _ESCAPE.sub(lambda each: chr(int(each[1], 16)), found["file"])
    if not _NAME.fullmatch(name):
        yield Finding(
            Span(*found.span("file")),
            f"'{found['file']}' is no name of a wheel, which is 'name-version-python-abi-platform.whl': "
            "the build fails here",
        )
