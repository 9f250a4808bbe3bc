"""A settings file says something that envlens does not understand.

## Why
A setting that is misspelt or has a wrong value would hold nobody to anything, and nobody would see it. So
`envlens lint` checks nothing until it is mended, and exits with code 2; the language server goes on with the setting's
default. This rule cannot be turned off or ignored.

Settings that are the user's own (docs/configuration.md: "user only") are refused in a project's file: whoever opens a
folder would do what it says. The user's own file or the editor can set them.
Source: envlens; docs/configuration.md has the table of settings.

## Bad
```toml envlens.toml
ignore = ["unpinned-dependancy"]
fail_on = "warning"
```

## Good
```toml envlens.toml
ignore = ["unpinned-dependency"]
fail-on = "warning"
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule


class SettingsMistake(NamedTuple):
    """Offered by whoever reads a settings file: what is wrong in it, and where."""

    span: Span
    message: str


@rule("settings-invalid", on=SettingsMistake, severity=Severity.ERROR)
def check(mistake: SettingsMistake, ctx: Context | None) -> Iterator[Finding]:
    yield Finding(mistake.span, mistake.message)
