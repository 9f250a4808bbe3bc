"""An address holds a password, a token or a signature.

## Why
The text of the definition is stored with each version and printed in build logs: everybody who may read the workspace
has the credential, and each rotation makes another image. Azure ML takes such credentials from a workspace connection
(category PythonFeed). pip fills in `${NAME}` from the environment of the build; that stores nothing.
Source: Azure ML, Use private Python packages.

## Bad
```requirements requirements.txt
--index-url https://feed:hunter2-s3cr3t@pkgs.example.com/simple
pandas==2.2.3
```

## Good
```requirements requirements.txt
--index-url https://pkgs.example.com/simple
pandas==2.2.3
```

## Fix safety
Unsafe: without the credential the build needs a workspace connection, and what was written down has to be revoked.
"""

from collections.abc import Callable, Iterator

from ..model.conda import CondaSpec
from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.matchspec import MatchSpec
from ..syntax.requirements import Requirement
from ..syntax.requirements_file import Line
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule


@rule("credentials-in-index-url", on=(Line, Requirement, MatchSpec, CondaSpec, IndexOption), severity=Severity.ERROR)
def check(value: Line | Requirement | MatchSpec | CondaSpec | IndexOption, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Line):
        for option in value.options:
            if option.value:
                yield from _found(option.value, option.span_of, can_edit=option.inner is not None)
    elif isinstance(value, IndexOption):
        yield from _found(value.value.text, value.value.span_of, can_edit=value.value.inner is not None)
    elif isinstance(value, CondaSpec):
        for channel in value.channels:
            yield from _found(channel.text, channel.span_of, can_edit=channel.inner is not None)
    elif not value.text.lstrip().startswith("-"):
        # What stands behind a requirement is the line's.
        yield from _found(value.text.partition(" -")[0], Span, can_edit=True)


def _found(text: str, place: Callable[[int, int], Span], *, can_edit: bool) -> Iterator[Finding]:
    for span in urls.credentials(text):
        at = place(*span)
        is_user = text[span.end - 1] == "@"
        what = "a user name with a password or token" if is_user else "a token"
        # A signature or a token in a path cannot go without what stands round it.
        fixes = (Fix("delete the credential", (Edit(at, ""),), safe=False),) if can_edit and is_user else ()
        yield Finding(at, f"the address holds {what}: it is stored with the definition and shown in build logs", fixes)
