"""Texts that something else fills in before, or after, Azure ML reads them: templates, expressions, placeholders."""

import re

from ..syntax.nodes import Scalar

# Azure ML's own: `${{inputs.data}}`. Other `${{ … }}` belong to a pipeline service, which fills them in first.
_EXPRESSION = re.compile(r"\$\{\{\s*(?:parent\.|inputs\b|outputs\b|search_space\.|name\s*\}\})[^{}]*\}\}")
# `<NAME>`, `${NAME}`, `$(NAME)`, `#{NAME}#`, `$NAME`
_PLACEHOLDER = re.compile(
    r"<\s*[A-Za-z_][\w .-]*>|\$\{[A-Za-z_][^{}]*\}|\$\([A-Za-z_][\w.]*\)|#\{[A-Za-z_][\w.]*\}#|\$[A-Za-z_]\w*"
)


def expression(text: str) -> re.Match[str] | None:
    """The first expression of Azure ML's own in a text."""
    return _EXPRESSION.search(text) if "{{" in text else None


def placeholder(text: str) -> re.Match[str] | None:
    """The first place in a text that is left to be filled in by a person or a tool."""
    return _PLACEHOLDER.search(text) if "<" in text or "$" in text or "#" in text else None


def is_filled_in_later(scalar: Scalar) -> bool:
    """Whether a value is not the one that Azure ML will see, so that nothing can be said of what it is."""
    return scalar.is_template or placeholder(scalar.text) is not None
