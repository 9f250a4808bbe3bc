"""A signature in the address of a blob has ended.

## Why
A shared access signature holds from one day to another (`st=`, `se=`). Behind its end the storage answers 403, and pip
stops. A new signature would be stored with the definition, which `credentials-in-index-url` says; a package belongs on
an index that the workspace has a connection for, or into the build context.
Source: Azure Storage, Create a service SAS; Azure ML, Troubleshoot environment issues. `--as-of` sets the day. No
storage was asked.

## Bad
```requirements requirements.txt
https://models.blob.core.windows.net/w/churn-1.4-py3-none-any.whl?sp=r&se=2024-05-01T00:00:00Z&sig=f4T2aQ0pZ9xK1c
```

## Good
```requirements requirements.txt
--index-url https://pkgs.example.com/simple
churn==1.4
```

## Fix safety
There is no fix: a signature is made by whoever holds the key.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.requirements import LineKind, Requirement
from ..syntax.requirements_file import Line
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

# Azure's clouds: public, US government, China.
_STORAGE = re.compile(r"[a-z0-9-]+\.(?:blob|dfs|file)\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)")
_END = re.compile(r"[?&]se=(?P<date>(\d{4})-(\d\d)-(\d\d)(?:(?:T|%20)[^&\s#]*)?)(?=[&\s#]|$)", re.IGNORECASE)


@rule("forbidden-blob", on=(Line, Requirement, IndexOption), severity=Severity.ERROR)
def check(value: Line | Requirement | IndexOption, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Line):
        for option in value.options:
            if option.value:
                yield from _found(option.value, option.span_of, ctx.facts.today)
    elif isinstance(value, IndexOption):
        yield from _found(value.value.text, value.value.span_of, ctx.facts.today)
    elif value.kind is LineKind.LINK:
        yield from _found(value.text.partition(" -")[0], Span, ctx.facts.today)


def _found(text: str, place: Callable[[int, int], Span], today: date) -> Iterator[Finding]:
    found = _END.search(text) if "se=" in text else None
    # Without a real signature it is an example, or a name that is filled in.
    if found is None or not urls.credentials(text):
        return
    address = urls.parse(text)
    if address is None or not _STORAGE.fullmatch(address.host):
        return
    try:
        end = date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return
    if end < today:
        message = f"the signature in this address ended on {end}: the storage answers 403, and the build fails here"
        yield Finding(place(*found.span("date")), message)
