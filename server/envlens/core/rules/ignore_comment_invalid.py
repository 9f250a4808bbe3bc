"""A comment is meant to silence a rule, but says it in a way that envlens does not know.

## Why
The finding is reported all the same, or, where it has been mended since, the comment misleads. A suppression comment is
`# envlens: ignore[rule-name] reason`, with `ignore-file` for a whole file; a rule's name is needed.
Source: envlens; docs/configuration.md.

## Bad
```yaml environment.yml
name: demo
image: example.io/base:latest # envlens: ignore image-latest-tag
```

## Good
```yaml environment.yml
name: demo
image: example.io/base:latest # envlens: ignore[image-latest-tag] built every night
```

## Fix safety
Safe where only the form is wrong. Unsafe where a rule's name is guessed.
"""

import re
from collections.abc import Collection, Iterator

from ..model.document import Document
from ..syntax.ignore_comments import Name, Texts, parse
from ..text.diagnostic import Edit, Finding, Fix, Severity
from ..text.span import Span
from ..text.spelling import nearest
from ._rule import Context, rule

# What people write who know other linters.
_LIKE = re.compile(
    r"(?:^|(?<=[\s\ufeff]))#[ \t]*envlens(?P<colon>[ \t]*:)?[ \t]*"
    r"(?:ignore|disable|noqa)(?P<file>[-_ ]?file)?\b(?P<rest>[^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_LIST = re.compile(r"[ \t]*[\[(]([^\])]*)[\])]|[ \t:=]*([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)", re.IGNORECASE)
_MAX_GUESSES = 50  # guesses are dear


@rule("ignore-comment-invalid", on=Document, severity=Severity.WARNING)
def check(document: Document, ctx: Context) -> Iterator[Finding]:
    text = document.source.text
    if "envlens" not in text.lower():
        return
    comments = parse(document.source)
    right = {each.span.start for each in comments}
    texts = Texts(document.root)
    for comment in comments:
        if not comment.names and not texts.hold(comment.span.start):
            yield Finding(comment.span, "this comment silences nothing: its brackets name no rule")
    names = [name for each in comments if not texts.hold(each.span.start) for name in each.names]
    unknown = [name for name in names if name.text not in ctx.rule_names]
    for number, name in enumerate(unknown):
        yield _unknown(name, ctx.rule_names if number < _MAX_GUESSES else ())
    for found in _LIKE.finditer(text):
        if found.start() in right or texts.hold(found.start()):
            continue
        if found["colon"] or found["rest"].lstrip().startswith("["):
            yield _malformed(found, ctx.rule_names)


def _unknown(name: Name, known: Collection[str]) -> Finding:
    meant = nearest(name.text.lower().replace("_", "-"), known, cutoff=0.75)
    hint = f"; did you mean '{meant}'?" if meant else ""
    fixes = (Fix(f"use '{meant}'", (Edit(name.span, meant),), safe=False),) if meant else ()
    return Finding(name.span, f"no rule is called '{name.text}': nothing is silenced by it{hint}", fixes)


def _malformed(found: re.Match[str], known: Collection[str]) -> Finding:
    verb = "ignore-file" if found["file"] else "ignore"
    listed = _LIST.match(found["rest"])
    names = [each.strip() for each in (listed[1] or listed[2] or "").split(",")] if listed else []
    fixes: tuple[Fix, ...] = ()
    end = found.end() - len(found["rest"]) + len(found["rest"].rstrip())
    if listed and names and all(name in known for name in names):
        end = found.start("rest") + listed.end()
        written = f"# envlens: {verb}[{', '.join(names)}]"
        fixes = (Fix(f"write it '{written}'", (Edit(Span(found.start(), end), written),)),)
    message = f"this comment silences nothing: it must have the form '# envlens: {verb}[rule-name] reason'"
    return Finding(Span(found.start(), end), message, fixes)
