"""Packages come over a connection that nobody checks.

## Why
Over `http:` anybody on the way can put another package in the place of yours, and what is installed runs code. pip
ignores such an index unless `--trusted-host` names it too; for a host named so, pip checks no certificate. Of hosts
that the setting `insecure-hosts` names nothing is said, such as an index inside your own network.
Source: pip 23.2.1, run; Microsoft shows `--trusted-host` only for feeds that have no TLS.

## Bad
```requirements requirements.txt
--index-url http://pkgs.example.com/simple
pandas==2.2.3
```

## Good
```requirements requirements.txt
--index-url https://pkgs.example.com/simple
pandas==2.2.3
```

## Fix safety
Unsafe: the index may have no `https:`.
"""

from collections.abc import Iterator

from ..model.conda import CondaSpec
from ..model.dockerfile import IndexOption
from ..syntax import urls
from ..syntax.nodes import Scalar
from ..syntax.requirements_file import Line
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ._rule import Context, rule

_INDEXES = {"--index-url", "--extra-index-url", "--find-links"}


@rule("insecure-index", on=(Line, CondaSpec, IndexOption), severity=Severity.WARNING)
def check(value: Line | CondaSpec | IndexOption, ctx: Context) -> Iterator[Finding]:
    quiet = ctx.options.insecure_hosts
    if isinstance(value, IndexOption):
        yield from _of_dockerfile(value, quiet)
        return
    if isinstance(value, CondaSpec):
        for channel in value.channels:
            yield from _channel(channel, quiet)
        return
    if value.requirement is not None:
        return
    for option in value.options:
        if option.name in _INDEXES and option.value:
            found = urls.parse(option.value)
            if found and _is_insecure(found, quiet):
                span = option.span_of(*found.scheme_span)
                fixes = (_https(span),) if option.inner is not None else ()
                yield Finding(option.value_span, _message(found.host, "index"), fixes)
        elif option.name == "--trusted-host" and option.value:
            host = urls.host_of(option.value)
            if not _is_quiet(host, quiet):
                yield Finding(option.value_span, f"pip does not check who '{host}' is: no certificate is verified")


def _is_quiet(host: str, quiet: tuple[str, ...]) -> bool:
    """Whether nothing is said of a host: it is this machine, or the user said so, with a port or without."""
    return urls.Address("", Span(0, 0), host).is_loopback or any(each.partition(":")[0] == host for each in quiet)


def _is_insecure(found: urls.Address, quiet: tuple[str, ...]) -> bool:
    return found.scheme == "http" and not _is_quiet(found.host, quiet)


def _of_dockerfile(option: IndexOption, quiet: tuple[str, ...]) -> Iterator[Finding]:
    word = option.value
    if option.name == "--trusted-host":
        host = urls.host_of(word.text.strip("\"'"))
        if "$" not in host and not _is_quiet(host, quiet):
            yield Finding(word.span, f"pip does not check who '{host}' is: no certificate is verified")
        return
    found = urls.parse(word.text)
    if found and _is_insecure(found, quiet):
        fixes = (_https(word.span_of(*found.scheme_span)),) if word.inner is not None else ()
        yield Finding(word.span, _message(found.host, "channel" if option.name == "--channel" else "index"), fixes)


def _channel(channel: Scalar, quiet: tuple[str, ...]) -> Iterator[Finding]:
    found = urls.parse(channel.text)
    if found and _is_insecure(found, quiet):
        span = channel.span_of(*found.scheme_span)
        fixes = (_https(span),) if channel.is_contiguous(*found.scheme_span) else ()
        yield Finding(channel.span, _message(found.host, "channel"), fixes)


def _message(host: str, what: str) -> str:
    return f"{what} '{host}' is read over http: packages can be exchanged on the way"


def _https(span: Span) -> Fix:
    return Fix("use https", (Edit(span, "https"),), safe=False)
