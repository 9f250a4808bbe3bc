"""Where hadolint has a rule of the same meaning, its verdict is ours; where it differs, the reason stands here.

Its comments silence ours exactly where they silence its own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import fixture_reader as reader
from envlens.core.features.actions import quick_fixes
from envlens.core.features.edits import apply
from envlens.core.features.pages import page
from envlens.core.rules import RULES, load

HADOLINT = Path(sys.executable).parent / "hadolint"
SAME = {code: name for name in RULES for code in load(name).hadolint}
AGREED = """\
ARG TAG=24.04
FROM ubuntu AS base
FROM ubuntu:24.04
FROM ubuntu:latest
FROM ubuntu:${TAG}
FROM base
FROM scratch
FROM ubuntu@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
FROM --platform=linux/amd64 registry.example.com:5000/team/image
FROM python:3.12
RUN pip install numpy
RUN pip install numpy==2.1.3 && pip3 install scipy
RUN pip install --no-cache-dir \\
    -i https://pkgs.example.com/simple \\
    pandas
RUN python3 -m pip install --user tqdm
RUN pip install -r requirements.txt
RUN pip install -c constraints.txt numpy
RUN pip install .
RUN pip install "flask>=3"
RUN pip install git+https://example.org/a/b.git@v1
RUN pip install $PACKAGE==1.0
RUN ["pip", "install", "flask"]
RUN echo pip install numpy
FROM python:3.12-slim
RUN apt-get update && apt-get install git
RUN apt-get update && apt-get -q install curl \\
    && rm -rf /var/lib/apt/lists/*
FROM python:3.12-slim
RUN apt-get update && apt-get install -y git
RUN apt-get install --yes curl
RUN apt-get -qq install wget
RUN apt-get remove git
"""
# A line of each, what hadolint says of it, what we say.
DIFFERENT = {
    # Every tutorial brings its tools up to date first.
    "FROM python:3.12\nRUN pip install --upgrade pip\n": ({"unpinned-dependency"}, set()),
    # Of an image that is not known, nobody knows what apt-get is told there.
    "FROM example.io/base:1\nRUN apt-get update && apt-get install git\n": ({"apt-get-failed"}, set()),
    # An answer.
    "FROM debian:12\nRUN apt-get update && yes | apt-get install git\n": ({"apt-get-failed"}, set()),
    # It says something else of apt: not to use it.
    "FROM debian:12\nRUN apt-get update && apt install git\n": (set(), {"apt-get-failed"}),
    # It does not look at package lists, nor at who runs it.
    "FROM debian:12\nRUN apt-get install -y git\n": (set(), {"apt-get-failed"}),
    "FROM debian:12\nUSER churn\nRUN apt-get update && apt-get install -y git\n": (set(), {"apt-get-failed"}),
    # A stage, once the variable is put in.
    "ARG MODE=build\nFROM ubuntu:24.04 AS tool-build\nFROM tool-${MODE}\n": ({"image-no-tag-or-digest"}, set()),
    # Azure ML builds with the defaults of ARG, and these name no tag.
    "ARG BASE=ubuntu\nFROM $BASE\n": (set(), {"image-no-tag-or-digest"}),
    # It does not look into conda's lists.
    "FROM continuumio/miniconda3:24.11.1-0\nRUN conda install -y numpy\n": (set(), {"unpinned-dependency"}),
}


def theirs(text: str, folder: Path) -> set[tuple[str, int]]:
    path = folder / "Dockerfile"
    path.write_text(text)
    done = subprocess.run(
        [HADOLINT, "--no-fail", "-f", "json", path], capture_output=True, text=True, timeout=60, check=True
    )
    return {(SAME[each["code"]], each["line"]) for each in json.loads(done.stdout) if each["code"] in SAME}


def ours(text: str, folder: Path) -> set[tuple[str, int]]:
    host = reader.place([("Dockerfile", text.encode())], folder)
    path = str(folder.resolve() / "Dockerfile")
    host.name(path)
    document = host.load(path)
    assert document is not None
    assert document.dockerfile is not None
    lines = document.source.lines
    # hadolint names the first line of an instruction.
    starts = [lines.line_of(each.span.start) for each in document.dockerfile.tree.instructions]
    found = [each for each in host.diagnose(document) if each.rule in SAME.values()]
    return {(each.rule, max(at for at in starts if at <= lines.line_of(each.span.start)) + 1) for each in found}


def test_same_verdict(tmp_path: Path) -> None:
    found = ours(AGREED, tmp_path)
    assert found == theirs(AGREED, tmp_path)
    assert {rule for rule, _ in found} == set(SAME.values())


@pytest.mark.parametrize("text", DIFFERENT)
def test_where_verdicts_differ(text: str, tmp_path: Path) -> None:
    both = {rule for rule, _ in theirs(text, tmp_path)}, {rule for rule, _ in ours(text, tmp_path)}
    assert both == DIFFERENT[text]


APT = "RUN apt-get update && apt-get install git\n"
PIP = "RUN pip install numpy\n"
COMMENTED = [
    "# hadolint ignore=DL3006\nFROM ubuntu\nFROM ubuntu\n",
    "# hadolint ignore=DL3006\n\nFROM ubuntu\n",
    "# hadolint ignore=DL3006\n# why\nFROM ubuntu\n",
    "# hadolint ignore=DL3007\n# hadolint ignore=DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL3006\n# hadolint ignore=DL3007\nFROM ubuntu\n",
    "#hadolint   ignore = DL3007 ,  DL3006  \nFROM ubuntu\n",
    "#\thadolint\tignore=DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL3006 because\nFROM ubuntu\n",
    "# hadolint ignore=DL3007 DL3006\nFROM ubuntu\n",
    "# hadolint ignore=,DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL3006,\nFROM ubuntu\n",
    "# hadolint ignore=DL3006,foo\nFROM ubuntu\n",
    "# hadolint ignore=SC2086,DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL30061,DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL3007\nFROM ubuntu\n",
    "# hadolint ignore=dl3006\nFROM ubuntu\n",
    "# Hadolint ignore=DL3006\nFROM ubuntu\n",
    "# hadolint: ignore=DL3006\nFROM ubuntu\n",
    "## hadolint ignore=DL3006\nFROM ubuntu\n",
    "# see hadolint ignore=DL3006\nFROM ubuntu\n",
    "FROM ubuntu # hadolint ignore=DL3006\n",
    "   # hadolint ignore=DL3006\n   FROM ubuntu\n",
    "# hadolint ignore=DL3006\r\nFROM ubuntu\r\nFROM ubuntu:latest\r\n",
    "\ufeff# hadolint ignore=DL3006\nFROM ubuntu\n",
    "# hadolint ignore=DL3007\nFROM ubuntu:latest\n",
    "# syntax=docker/dockerfile:1\n# hadolint ignore=DL3006\nFROM ubuntu\n",
    "FROM ubuntu\n# hadolint global ignore=DL3006\nFROM ubuntu:latest\n",
    "FROM ubuntu\n  #  hadolint   global   ignore = DL3006 , DL3007\nFROM ubuntu:latest\n",
    "# hadolint global ignore=DL3006 because\nFROM ubuntu\n",
    f"FROM ubuntu:24.04\n# hadolint ignore=DL3013\nRUN true \\\n && {PIP[4:]}{PIP}",
    f"FROM ubuntu:24.04\nRUN true \\\n  # hadolint ignore=DL3013\n && {PIP[4:]}",
    f"FROM ubuntu:24.04\nRUN true \\\n  # hadolint global ignore=DL3013\n && {PIP[4:]}",
    f"FROM ubuntu:24.04\n# hadolint ignore=DL3013\nONBUILD {PIP}",
    "FROM ubuntu:24.04\nRUN pip install numpy # hadolint ignore=DL3013\n",
    f"FROM debian:12\n# hadolint ignore=DL3014\n{APT}",
    f"FROM debian:12\n# hadolint ignore=DL3015\n{APT}",
    "FROM ubuntu:24.04\nRUN <<EOF\n# hadolint ignore=DL3013\npip install numpy\nEOF\n",
]


@pytest.mark.parametrize("text", COMMENTED)
def test_its_comments_count_as_there(text: str, tmp_path: Path) -> None:
    assert ours(text, tmp_path) == theirs(text, tmp_path)


NOT_ITS_OWN = {
    "FROM continuumio/miniconda3:24.11.1-0\n# hadolint ignore=DL3013\nRUN pip install numpy && conda install scipy\n": [
        "'scipy' has no version: the build chooses one"
    ],
    "FROM debian:12\n# hadolint ignore=DL3014\nRUN apt-get install git\n": [
        "the image comes without package lists, and no 'apt-get update' follows: apt cannot locate 'git', "
        "and the build fails here"
    ],
    "# hadolint global ignore=DL3014\nFROM debian:12\nUSER churn\nRUN apt-get install git\n": [
        "'churn' runs this, and apt-get works for root only: the build fails here",
        "the image comes without package lists, and no 'apt-get update' follows: apt cannot locate 'git', "
        "and the build fails here",
    ],
    "FROM debian:12\n# hadolint ignore=DL3014\nRUN apt-get update && apt install git\n": [
        "without '-y' apt asks whether to go on, gets no answer and aborts here"
    ],
}


@pytest.mark.parametrize("text", NOT_ITS_OWN)
def test_its_comments_leave_what_it_does_not_say(text: str, tmp_path: Path) -> None:
    host = reader.place([("Dockerfile", text.encode())], tmp_path)
    path = str(tmp_path.resolve() / "Dockerfile")
    host.name(path)
    document = host.load(path)
    assert document is not None
    assert [each.message for each in host.diagnose(document) if each.rule in SAME.values()] == NOT_ITS_OWN[text]


def test_our_comment_goes_above_its_own(tmp_path: Path) -> None:
    host = reader.place([("Dockerfile", b"# hadolint ignore=DL3013\nFROM ubuntu\n")], tmp_path)
    path = str(tmp_path.resolve() / "Dockerfile")
    host.name(path)
    document = host.load(path)
    assert document is not None
    found = [each for each in host.diagnose(document) if each.rule == "image-no-tag-or-digest"]
    actions = quick_fixes(host.snapshot(document), document, found, found[0].span)
    (action,) = [each for each in actions if each.title.startswith("ignore ")]
    text = apply(document.source.text, action.edits)
    assert text == "# envlens: ignore[image-no-tag-or-digest]\n# hadolint ignore=DL3013\nFROM ubuntu\n"
    assert ours(text, tmp_path) == set()


def test_nothing_is_said_of_its_comments(tmp_path: Path) -> None:
    text = b"# hadolint ignore=DL3006,DL3059\nFROM ubuntu:24.04\nRUN true\n"
    host = reader.place([("Dockerfile", text)], tmp_path)
    path = str(tmp_path.resolve() / "Dockerfile")
    host.name(path)
    document = host.load(path)
    assert document is not None
    assert host.diagnose(document) == ()


@pytest.mark.parametrize("name", [name for name in RULES if load(name).hadolint])
def test_page_names_its_code(name: str) -> None:
    assert all(code in page(name) for code in load(name).hadolint)
