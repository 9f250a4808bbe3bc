"""A feed of Azure Artifacts is named without a credential.

## Why
A feed that is not public asks who you are. Nobody is there to answer when the image is built: pip ends with `EOF when
reading a line`, uv with 401. With a connection of the workspace for that feed (category PythonFeed) Azure ML gives the
credential, and this text is right as it stands. Whether there is one, and whether the feed is public, is not in it.
With a name alone before the `@` pip is refused (401).
Source: Azure ML, Troubleshoot environment issues; Azure ML, Use private Python packages; pip 26.3, run against an
index that asks for a password.

## Bad
```requirements requirements.txt
--index-url https://pkgs.dev.azure.com/contoso/ml/_packaging/churn/pypi/simple/
churn==1.4
```

## Good
```requirements requirements.txt
--index-url https://pkgs.example.com/simple/
churn==1.4
```

## Fix safety
There is no fix: the connection is made in the workspace.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.requirements import LineKind, Requirement
from ..syntax.requirements_file import Line
from ..text.diagnostic import Finding, Severity
from ..text.span import Span
from ._rule import Context, rule

_INDEXES = frozenset({"--index-url", "--extra-index-url", "--find-links"})
_FEEDS = re.compile(r"pkgs\.dev\.azure\.com|[a-z0-9-]+\.pkgs\.visualstudio\.com")
_PLACE = re.compile(r"://(?:(?P<user>[^/?#\s]*)@)?(?P<host>[^/?#\s@]+)[^\s]*")
# What is filled in: a variable, a template, a blank to be filled by hand.
_OPEN = re.compile(r"[${}<>%]")
# What a feed for all the world has in its name, such as `…/PublicPackages/_packaging/…`.
_PUBLIC = re.compile(r"public", re.IGNORECASE)
# What is longer is a token.
_LONGEST_NAME = 30
# Other ways by which a Dockerfile can give a credential.
_GIVEN = re.compile(r"keyring|netrc|pip\.conf|pip\.ini|\bPIP_CONFIG_FILE\b|--mount=type=secret|type=secret|UV_INDEX_")


@rule("pip-interactive-auth", on=(Line, Requirement, IndexOption), severity=Severity.INFO)
def check(value: Line | Requirement | IndexOption, ctx: Context) -> Iterator[Finding]:
    if isinstance(value, Line):
        if value.requirement is None:
            for option in value.options:
                if option.name in _INDEXES and option.value:
                    yield from _found(option.value, option.span_of)
    elif isinstance(value, IndexOption):
        if value.name in _INDEXES and not _is_given(ctx.document.source.text):
            yield from _found(value.value.text, value.value.span_of)
    elif value.kind is LineKind.LINK:
        yield from _found(value.text.partition(" -")[0].partition(" #")[0], Span)


# Asked of every option of a file.
@lru_cache(maxsize=8)
def _is_given(text: str) -> bool:
    return _GIVEN.search(text) is not None


def _found(text: str, place: Callable[[int, int], Span]) -> Iterator[Finding]:
    found = _PLACE.search(text) if "pkgs." in text else None
    if found is None or not _FEEDS.fullmatch(urls.host_of(found["host"])):
        return
    if _PUBLIC.search(text, found.end("host")):
        return
    user = found["user"] or ""
    if ":" in user or len(user) > _LONGEST_NAME or _OPEN.search(user) or urls.credentials(text):
        return
    message = (
        f"'{found['host']}' asks for a user and a password unless the feed is public: "
        "the build fails unless the workspace has a connection for it"
    )
    yield Finding(place(*found.span("host")), message)
