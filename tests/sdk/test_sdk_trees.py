"""Build contexts: the version that azure-ai-ml 1.35.2 gave each, and what it hashes and uploads of random ones."""

import base64
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from editors.toolbox import provide
from envlens.core.hashing import sdk
from envlens.core.hashing.tree import Tree
from envlens.host.trees import look
from sdk.own_version import parsed
from sdk.real_sdk import interpreter
from sdk.tree_maker import Maker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX names and links")
TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "sdk_hash_vectors.json").read_bytes())
OF_CONTEXTS = {
    each["name"]: each for each in TABLE["vectors"] if "_build" in each["name"] and each["expected"]["name"] == sdk.NAME
}
COUNT = 120
SEED = int(os.environ.get("ENVLENS_SEED") or random.SystemRandom().randrange(1 << 32))


def write(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    for name, content in files.items():
        path = folder / name
        if content.get("dir"):
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content["base64"]) if "base64" in content else content["text"].encode())


def test_vectors_are_many() -> None:
    assert len(OF_CONTEXTS) == 16


@pytest.mark.parametrize("vector", OF_CONTEXTS.values(), ids=OF_CONTEXTS)
def test_the_version_of_a_context(vector: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, vector["files"])
    build: Any = parsed((tmp_path / "env.yml").read_text())
    found = look(str(tmp_path / build["build"]["path"]), [str(tmp_path)]).tree
    assert found.sdk is not None
    version = sdk.context_version(found.sdk, build["build"].get("dockerfile_path"))
    assert {"name": sdk.NAME, "version": version} == vector["expected"]


def test_what_it_runs_together_is_told_apart(tmp_path: Path) -> None:
    found = {}
    for name in ("57_build_boundary_a", "58_build_boundary_b"):
        write(tmp_path / name, OF_CONTEXTS[name]["files"])
        found[name] = look(str(tmp_path / name / "ctx"), None).tree
    one, other = found.values()
    assert one.sdk == other.sdk
    assert one.merkle != other.merkle


# What its hash is, and the SHA-256 of each file that it would upload, by path. A ring of links is walked for ever.
_ASK = """
import hashlib, json, logging, os, signal, sys, warnings
from pathlib import Path
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
from azure.ai.ml._utils._asset_utils import get_ignore_file, get_object_hash, get_upload_files_from_folder

def end(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, end)

def uploaded(path):
    for place, name in get_upload_files_from_folder(path, ignore_file=get_ignore_file(path)):
        yield os.fsencode(name).hex(), hashlib.sha256(Path(place).read_bytes()).hexdigest()

answers = []
for folder in json.load(sys.stdin):
    path = Path(folder).resolve()
    answer = {"sdk": None, "files": None, "refusal": None}
    signal.alarm(3)
    try:
        answer["sdk"] = get_object_hash(path, get_ignore_file(path))
        answer["files"] = dict(uploaded(path))
    except Exception as error:
        answer["refusal"] = type(error).__name__
    signal.alarm(0)
    answers.append(answer)
print("ANSWERS", json.dumps(answers))
"""


@pytest.mark.slow
def test_random_contexts(tmp_path: Path) -> None:
    print(f"ENVLENS_SEED={SEED}")
    python = provide("azure-ai-ml", interpreter)
    maker = Maker(random.Random(SEED))
    contexts = [maker.context(tmp_path / f"{at}") for at in range(COUNT)]
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        [python, "-c", _ASK],
        input=json.dumps([str(each) for each in contexts]),
        env=environment,
        capture_output=True,
        timeout=600,
        check=True,
        text=True,
    )
    answers = json.loads(done.stdout.partition("ANSWERS ")[2])
    compared = 0
    for context, answer in zip(contexts, answers, strict=True):
        found = look(str(context), [str(context.parent)]).tree
        assert found.sdk == answer["sdk"] or is_endless(found), f"{context}: {answer}"
        if found.problem is None:
            assert {leaf.path.hex(): leaf.digest.hex() for leaf in found.leaves} == answer["files"] or (
                found.sdk is None
            ), f"{context}: {answer}"
            compared += 1
        else:
            assert not answer["files"] or is_endless(found), f"{context}: {found.problem}, {answer}"
    assert compared > COUNT // 2


def is_endless(found: Tree) -> bool:
    """Whether links lead in a ring: azure-ai-ml goes round until its stack or the names are too long."""
    return "leads back" in (found.problem or "")
