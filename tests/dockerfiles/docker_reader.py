"""What Docker's own parser makes of a text, and what ours does, in the same words."""

from typing import Any

import dockerfile as docker

from envlens.core.syntax.dockerfile import Assignment, Instruction, parse

Read = list[dict[str, Any]]


def theirs(text: str) -> Read | None:
    """BuildKit's Go parser, as the package `dockerfile` wraps it; None where it refuses the text."""
    try:
        commands = docker.parse_string(text)
    except docker.GoParseError:
        return None
    return [
        {
            "keyword": (each.cmd or "").upper(),
            "inner": (each.sub_cmd or "").upper(),
            "lines": (each.start_line, each.end_line),
            "flags": [flag or "" for flag in each.flags],
            "json": each.json,
            "values": [value or "" for value in each.value],
            "heredocs": [(it.name, it.file_descriptor, it.content or "") for it in each.heredocs],
        }
        for each in commands
    ]


def ours(text: str) -> Read | None:
    tree = parse(text)
    if any(problem.kind.stops_parser for problem in tree.problems):
        return None
    return [_read(each) for each in tree.instructions]


def _read(it: Instruction) -> dict[str, Any]:
    inner = it.inner if it.inner is not None else it
    return {
        "keyword": it.keyword,
        "inner": inner.keyword if it.inner is not None else "",
        "lines": (it.first_line + 1, it.last_line + 1),
        "flags": [f"--{flag.name}" + (f"={flag.value.text}" if flag.value else "") for flag in it.flags],
        "json": inner.is_json,
        "values": _values(inner),
        # The wrapper loses those of ONBUILD.
        "heredocs": [] if inner is not it else [(each.name, each.descriptor, each.body.text) for each in it.heredocs],
    }


def _values(it: Instruction) -> list[str]:
    if it.keyword in {"ENV", "LABEL"}:
        return [text for pair in it.assignments for text in _pair(pair)]
    if it.keyword == "ONBUILD":
        # One inside another: the wrapper shows no deeper than the first.
        return [""] if it.inner is not None else []
    known = {"ARG", "FROM", "EXPOSE", "ADD", "COPY", "VOLUME", "RUN", "CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK"}
    if it.keyword in known | {"MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"}:
        return [word.text for word in it.words]
    return [""]


def _pair(pair: Assignment) -> tuple[str, str]:
    return pair.name.text, pair.value.text if pair.value else ""
