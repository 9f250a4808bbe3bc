"""Definitions that nobody has seen before, and the real SDK asked for their versions beside us."""

import json
import os
import random
from pathlib import Path

import pytest

from editors.toolbox import provide
from envlens.core.hashing import sdk
from sdk import own_version
from sdk.real_sdk import Answer, ask, interpreter

pytestmark = pytest.mark.slow
COUNT = 10
SEED = int(os.environ.get("ENVLENS_SEED") or random.SystemRandom().randrange(1 << 32))
ODD = [
    *(
        "3.10",
        "'3.10'",
        "yes",
        "~",
        "''",
        "'a: b'",
        "' x'",
        '"é 模"',
        '"🐍"',
        "&x {pip: [a]}",
        "1e3",
        "2024-01-01",
        "0x1F",
    ),
    *(
        "2001-12-14 21:59:43+01:00",
        "!!binary aGVsbG8=",
        "!!set {b, a}",
        "!!omap [b: 1, a: 2]",
        '"a\\nb"',
        "[]",
        "{}",
        "=1",
    ),
    *("word " * 25, "'# " + "word " * 25 + "'", "torch @ https://example.com/a.whl ; python_version >= '3.9'"),
]


class Maker:
    """Makes definitions of varied content: image, conda file or inline conda, inference routes."""

    def __init__(self, random: random.Random) -> None:
        self.random = random

    def word(self) -> str:
        return "".join(self.random.choices("abcdefgh-_.=<>0123456789", k=self.random.randrange(3, 20)))

    def conda(self) -> str:
        items = [f"'{self.word()}'" for _ in range(self.random.randrange(1, 20))]
        items += self.random.sample(ODD, self.random.randrange(1, 6))
        self.random.shuffle(items)
        if any(item.startswith("&x") for item in items) and self.random.random() < 0.7:
            items.append("*x")
        lines = ["channels: [conda-forge, defaults]", "dependencies:", *(f"- {item}" for item in items)]
        if self.random.random() < 0.5:
            lines.append(f"name: {self.word()!r}")
        if self.random.random() < 0.3:
            lines.append(f"variables: {{{self.word()!r}: {self.random.choice(ODD)}}}")
        return "\n".join(lines) + "\n"

    def path(self) -> str:
        return self.random.choice(["/", "/score", "", "5", "yes", "é", "a: b", f"/{self.word()} " * 12])

    def files(self, at: int) -> dict[str, str]:
        lines = [f"image: mcr.microsoft.com/azureml/{self.word()}:{self.word()}"]
        files = {}
        if at % 3 == 0:
            files["conda.yml"] = self.conda()
            lines.append("conda_file: conda.yml")
        elif at % 3 == 1:
            lines += ["conda_file:", *(f"  {line}" for line in self.conda().splitlines())]
        if at % 2 == 0:
            port = self.random.randrange(1 << 16)
            lines.append("inference_config:")
            for name in ("liveness", "readiness", "scoring"):
                lines.append(f"  {name}_route: {{port: {port}, path: {json.dumps(self.path())}}}")
        return {"env.yml": "\n".join(lines) + "\n", **files}


def write(files: dict[str, str], folder: Path) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture(scope="module")
def python() -> Path:
    return provide("azure-ai-ml", interpreter)


def test_fresh_definitions_have_the_versions_that_the_sdk_gives_them(python: Path, tmp_path: Path) -> None:
    print(f"ENVLENS_SEED={SEED}")
    maker = Maker(random.Random(SEED))
    made = [maker.files(at) for at in range(COUNT)]
    theirs = ask(python, [write(files, tmp_path / str(at)) for at, files in enumerate(made)])
    ours = [Answer(sdk.NAME, own_version.version(files)) for files in made]
    pairs = [(files, answer) for files, answer, own in zip(made, theirs, ours, strict=True) if answer[:2] != own[:2]]
    assert not pairs, f"ENVLENS_SEED={SEED} {json.dumps(pairs, indent=1)}"
    assert len({answer.version for answer in theirs}) == COUNT


def test_a_context_is_answered_too(python: Path, tmp_path: Path) -> None:
    folder = write({"env.yml": "build: {path: ctx, dockerfile_path: D}\n"}, tmp_path / "a")
    write({"D": "FROM ubuntu:24.04\n"}, folder / "ctx")
    refused = write({"env.yml": "build: {path: nowhere}\n"}, tmp_path / "b")
    answer, refusal = ask(python, [folder, refused])
    assert answer.tree_hash is not None
    assert answer.version == sdk.context_version(answer.tree_hash, "D")
    assert refusal.refusal is not None
