"""A line installs nothing, and pip does not say so.

## Why
What stands behind an option and belongs to none is ignored: pip ends with success, and the package is missing. A list
written with dashes, as in YAML, is such a text. Of several `-r`, `-c` or `-e` on one line only the first counts, and
`--hash` alone on a line belongs to no package.
Source: pip 23.2.1 and 26.3, run.

## Bad
```requirements requirements.txt
- idna==3.7
```

## Good
```requirements requirements.txt
idna==3.7
```

## Fix safety
Safe where a dash is all that is too much. There is no fix where the words could belong elsewhere.
"""

from collections.abc import Iterator

from ..syntax.requirements_file import Line
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

# Of which the first on a line counts; those of another name only where none of a name further left stands.
_ONCE = ("--editable", "--requirement", "--constraint")
_ONLY_WITH_REQUIREMENT = ("--hash", "--config-settings", "--global-option")


@rule("requirement-ignored", on=Line, severity=Severity.ERROR)
def check(line: Line, ctx: Context) -> Iterator[Finding]:
    if line.wrong is not None:
        return
    if line.extra:
        yield _extra(line)
    if line.requirement is None:
        yield from _lost(line)
    else:
        for option in line.options:
            if option.name not in _ONLY_WITH_REQUIREMENT:
                message = f"'{option.name}' has no effect behind a requirement: pip ignores it"
                yield Finding(option.name_span, message, severity=Severity.WARNING)


def _extra(line: Line) -> Finding:
    text, span = line.extra[0]
    fixes: tuple[Fix, ...] = ()
    whole = Span(line.span.start, line.extra[-1][1].end)
    if text == "-" and line.requirement is None and not line.options and len(line.extra) > 1:
        shown = " ".join(each for each, _ in line.extra[1:])
        if line.extra[1][1].start - span.start <= _DASH_AND_BLANK:
            fixes = (Fix("delete the dash", (Edit(Span(span.start, line.extra[1][1].start), ""),)),)
        return Finding(whole, f"pip ignores '{shown}' behind the dash: it is not installed, and nothing says so", fixes)
    shown = " ".join(each for each, _ in line.extra)
    # A package that is not installed ends in a failure; an option that is not heard may.
    severity = Severity.WARNING if text.startswith(("-", "[")) else None
    message = f"pip ignores '{shown}' behind an option, and does not say so"
    return Finding(Span(span.start, whole.end), message, severity=severity)


_DASH_AND_BLANK = 8


def _lost(line: Line) -> Iterator[Finding]:
    names = {each.name for each in line.options}
    first = next((name for name in _ONCE if name in names), None)
    seen = set()
    for option in line.options:
        if option.name in _ONCE:
            if option.name in seen or option.name != first:
                yield Finding(
                    Span(option.name_span.start, max(option.value_span.end, option.name_span.end)),
                    f"pip takes one file or folder a line: '{option.value}' is ignored",
                )
            seen.add(option.name)
        elif option.name == "--hash" and first is None:
            message = "this hash belongs to no requirement: pip ignores it"
            yield Finding(option.name_span, message, severity=Severity.WARNING)
