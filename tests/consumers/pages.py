"""The Bad and Good of the rules' pages, laid out as the folders that consumers are run in."""

import functools
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import fixture_reader as reader
from envlens.core.rules import load

# The file that a client is given, where a page has several.
MAIN = ("job.yml", "pipeline.yml", "component.yml", "deployment.yml", "environment.yml")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PINNED = re.compile(r"\b([A-Za-z][\w.-]*) ?(?:\[[\w,]+\])?(?:===?|~=|>=|<=)(\d[\w.]*)")
_WHEEL = re.compile(r"\b(\w+)-([\d.]+)-py3-none-any\.whl")
# What is no YAML, and so no fence: the rule's own page says it in words.
_IN_WORDS = {
    ("utf8-decode-error", "Bad"): {
        "environment.yml": "name: churn\nimage: base:1\ndescription: café\n".encode("latin-1")
    },
    ("utf8-decode-error", "Good"): {"environment.yml": "name: churn\nimage: base:1\ndescription: café\n".encode()},
}


class Outcome(NamedTuple):
    """What a consumer made of a folder: where it failed, if it did, and what it said."""

    failed: bool
    output: str
    stage: str = ""


@functools.cache
def files(rule: str, section: str) -> dict[str, bytes]:
    """The files of a page's section, by name."""
    if (rule, section) in _IN_WORDS:
        return _IN_WORDS[rule, section]
    body = load(rule).page.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return {each.name: each.text.encode() for each in reader.of_page(body).files}


def main_file(rule: str, section: str) -> str:
    """The file that is given to a client."""
    return next(name for name in MAIN if name in files(rule, section))


def lay_out(rule: str, section: str, folder: Path) -> Path:
    """The section's files in a folder of its own."""
    return reader.write(files(rule, section), folder / rule / section.lower())


def parsed(rule: str, section: str, name: str) -> Any:
    """What a YAML file of the section holds."""
    return yaml.safe_load(files(rule, section)[name])


def packages(rule: str) -> set[tuple[str, str]]:
    """The packages that both sections speak of, each with its version."""
    texts = [text.decode("utf-8", "replace") for section in ("Bad", "Good") for text in files(rule, section).values()]
    return {(found[1], found[2]) for text in texts for each in (_PINNED, _WHEEL) for found in each.finditer(text)}


def cleaned(output: str, *folders: Path) -> str:
    """The output without colours and without the places where the test keeps its files."""
    output = _ANSI.sub("", output)
    for folder in folders:
        output = output.replace(f"{folder}/", "").replace(str(folder), ".")
    return output
