"""A line holds an option that pip does not take there.

## Why
pip knows more options on its command line than in a requirements file, or in the `pip:` list of a conda file. At one
that it does not take there it stops, and nothing is installed.
Source: pip 23.2.1 and 26.3, run.

## Bad
```requirements requirements.txt
--no-cache-dir
pandas==2.2.3
```

## Good
```requirements requirements.txt
--prefer-binary
pandas==2.2.3
```

## Fix safety
There is no fix.
"""

from collections.abc import Iterator

from ..syntax.requirements_file import FORMER_OPTIONS, KNOWN_OPTIONS, NOT_IN_ALL, Line
from ..text.diagnostic import Finding, Severity
from ..text.spelling import nearest
from ._rule import Context, rule


@rule("pip-unknown-option", on=Line, severity=Severity.ERROR)
def check(line: Line, ctx: Context) -> Iterator[Finding]:
    wrong = line.wrong
    if wrong is None:
        for option in line.options:
            if option.name in NOT_IN_ALL:
                message = f"'{option.name}' is an option of some versions of pip only: the others stop here"
                yield Finding(option.name_span, message, severity=Severity.INFO)
        return
    if wrong.option in FORMER_OPTIONS:
        message = f"'{wrong.option}' is an option of old versions of pip only: the build fails with a newer one"
        yield Finding(wrong.span, message, severity=Severity.WARNING)
        return
    if wrong.option is None or wrong.option.isascii():
        meant = nearest(wrong.option, KNOWN_OPTIONS, cutoff=0.8) if wrong.option and len(wrong.option) > 2 else None
        hint = f", '{meant}' is one" if meant else ""
        yield Finding(wrong.span, f"{wrong.message}{hint}: the build fails here")
    else:
        yield Finding(wrong.span, f"{wrong.message}: the build fails here")
