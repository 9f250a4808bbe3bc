"""The pages of the rules: one docstring serves `explain`, hovers, links and the documentation."""

from .. import rules
from ..settings import SETTINGS


def page(name: str) -> str:
    """A rule's page in Markdown. Raises KeyError for a name that is no rule."""
    rule = rules.load(name)
    title, _, body = rule.page.strip().partition("\n")
    facts = f"Severity: **{rule.severity.label}** · Files: {rules.files_of(name)}"
    if rules.RULES[name][0]:
        facts += f" · Suppress: `# envlens: ignore[{name}] reason`"
    if rule.hadolint:
        facts += f" · hadolint: {', '.join(rule.hadolint)}, whose `# hadolint ignore=` counts here too"
    return f"# {name}\n\n{title}\n\n{facts}\n{body}\n{_configuration(name)}"


def _configuration(name: str) -> str:
    """What can be set for a rule: its severity, where it says nothing, and its own settings."""
    if not rules.RULES[name][0]:
        return ""
    levels = f'`severity = {{ {name} = "error" }}`, `"warning"`, `"info"` or `"off"`'
    own = [
        f"\n`{key}`: {each.meaning} (default: {each.default})."
        for key, each in SETTINGS.items()
        if f"`{name}`" in each.meaning
    ]
    return f"\n## Configuration\n{levels}; `path-ignores` turns it off in some files.{''.join(own)}\n"


def summary(name: str) -> str:
    """A rule's first sentence."""
    return rules.load(name).page.strip().partition("\n")[0]


def why(name: str) -> str:
    """The page's reason as flowing text, without heading and source."""
    _, _, rest = rules.load(name).page.partition("## Why\n")
    text = rest.partition("\n## ")[0].partition("\nSource:")[0]
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in text.strip().split("\n\n"))
