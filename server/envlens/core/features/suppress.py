"""Suppression comments: `# envlens: ignore[rule-name] reason`, behind a line, above it, or for the file.

A comment that stands alone on its line covers the next line that is no comment; `ignore-file` covers the whole file.
"""

import re
from collections.abc import Sequence

from ..text.diagnostic import Diagnostic
from ..text.source import Source

_COMMENT = re.compile(r"(?:^|[\s\ufeff])#\s*envlens:\s*(?P<verb>ignore|ignore-file)\[(?P<rules>[^\]\r\n]*)\]")


def unsuppressed(diagnostics: Sequence[Diagnostic], source: Source) -> list[Diagnostic]:
    """The diagnostics that no comment covers."""
    text = source.text
    if not diagnostics or "envlens:" not in text:
        return list(diagnostics)
    by_line: dict[int, set[str]] = {}
    everywhere: set[str] = set()
    for found in _COMMENT.finditer(text):
        rules = {name.strip() for name in found["rules"].split(",")}
        if found["verb"] == "ignore-file":
            everywhere |= rules
            continue
        line = source.lines.line_of(found.end())
        alone = not text[source.lines.line_start(line) : found.start()].strip()
        if alone:
            line += 1
            while source.lines.line_text(line).lstrip().startswith("#"):
                line += 1
        by_line.setdefault(line, set()).update(rules)
    return [
        each
        for each in diagnostics
        if each.rule not in everywhere and each.rule not in by_line.get(source.lines.line_of(each.span.start), ())
    ]
