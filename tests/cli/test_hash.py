"""`envlens hash` where the console fixtures cannot look: what it loads, several definitions, git, any bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.running import BASE, SCHEMA, lines, place, run

CONDA = "channels: [conda-forge]\ndependencies: [python=3.12, numpy=2.1.3]\n"
GOOD = f"{SCHEMA}name: churn\nimage: {BASE}:20251130.v1\nconda_file: conda.yml\n"
CONTEXT = f"{SCHEMA}name: gpu\nbuild:\n  path: context\n"
DOCKERFILE = f"FROM {BASE}:20251130.v1\n"
HEAVY = {"pygls", "lsprotocol", "docker", "azure", "asyncio", "cattrs", "jsonschema"}


def hashes(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run(folder, "hash", "--format", "json", *arguments)
    found: list[dict[str, Any]] = json.loads(done.stdout)["environments"]
    return found


def git(folder: Path, *arguments: str) -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, **who, **settings}
    )


def commit(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")


def test_it_loads_nothing_heavy(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD, conda_yml=CONDA)
    script = "import sys; from envlens.cli.main import main; main(['hash', 'environment.yml']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert not HEAVY & set(done.stdout.splitlines()[-1].split())


def test_a_folder_gives_all_definitions_and_the_conda_files_that_none_draws_on(tmp_path: Path) -> None:
    place(tmp_path, train__environment_yml=GOOD, train__conda_yml=CONDA, alone__conda_yml=CONDA, other_yml="a: 1\n")
    place(tmp_path, gpu__environment_yml=CONTEXT, gpu__context__Dockerfile=DOCKERFILE)
    found = hashes(tmp_path, ".")
    assert [(each["path"], each["kind"]) for each in found] == [
        ("alone/conda.yml", "conda-file"),
        ("gpu/environment.yml", "user-managed"),
        ("train/environment.yml", "system-managed"),
    ]
    assert found[0]["conda_key"] == found[2]["conda_key"]
    assert found[0]["fingerprint"] is None
    assert found[0]["fingerprint_unavailable"]


def test_definitions_in_one_file_are_told_apart_and_compared_by_place(tmp_path: Path) -> None:
    text = "type: pipeline\njobs:\n" + "".join(
        f"  {name}:\n    command: x\n    environment: {{image: '{BASE}:{tag}'}}\n"
        for name, tag in (("one", "20251130.v1"), ("two", "20260101.v1"))
    )
    place(tmp_path, before_yml=text, after_yml=text.replace("20260101", "20260202"))
    found = hashes(tmp_path, "after.yml", "--against", "before.yml")
    assert [each["keys"] for each in found] == [["jobs", "one", "environment"], ["jobs", "two", "environment"]]
    assert [each["against"]["verdict"] for each in found] == ["same image", "another image"]
    assert run(tmp_path, "hash", "after.yml", "--against", "before.yml").returncode == 1


def test_the_exit_code_says_when_it_cannot_be_told(tmp_path: Path) -> None:
    place(tmp_path, one_yml=GOOD, conda_yml=CONDA, two_yml=GOOD.replace("conda.yml", "missing.yml"))
    done = run(tmp_path, "hash", "two.yml", "--against", "one.yml")
    assert done.returncode == 2
    assert b"cannot be told" in done.stderr


def test_a_rename_of_the_conda_file_is_the_same_image(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=GOOD, conda_yml=CONDA)
    commit(tmp_path)
    git(tmp_path, "mv", "conda.yml", "packages.yml")
    place(tmp_path, environment_yml=GOOD.replace("conda.yml", "packages.yml"))
    done = run(tmp_path, "hash", "environment.yml", "--against", "git:HEAD")
    assert (done.returncode, lines(done)[-1]) == (0, "  against git:HEAD: same image")


def test_older_revisions_worktrees_and_subfolders(tmp_path: Path) -> None:
    home = place(tmp_path / "home", ml__environment_yml=GOOD, ml__conda_yml=CONDA)
    commit(home)
    place(home, ml__conda_yml=CONDA.replace("2.1.3", "2.2.0"))
    git(home, "commit", "-qam", "two")
    git(home, "worktree", "add", "-q", str(tmp_path / "tree"), "HEAD~1")
    assert run(home / "ml", "hash", "environment.yml", "--against", "git:HEAD").returncode == 0
    done = run(home, "hash", "ml/environment.yml", "--against", "git:HEAD~1")
    assert (done.returncode, lines(done)[-1]) == (1, "  ~ conda-packages  numpy 2.1.3 → 2.2.0")
    assert run(tmp_path / "tree", "hash", "ml/environment.yml", "--against", "git:main").returncode == 1


def test_a_submodule_in_a_context_is_said_and_not_guessed(tmp_path: Path) -> None:
    other = place(tmp_path / "other", file_txt="x")
    commit(other)
    home = place(tmp_path / "home", environment_yml=CONTEXT, context__Dockerfile=DOCKERFILE)
    git(home, "init", "-q", "-b", "main")
    git(home, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "context/lib")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "one")
    assert hashes(home, "environment.yml")[0]["fingerprint"]
    done = run(home, "hash", "environment.yml", "--against", "git:HEAD")
    assert done.returncode == 2
    assert b"'lib' is a submodule" in done.stderr


def test_large_files_in_git_lfs_count_as_what_they_are(tmp_path: Path) -> None:
    import hashlib

    home = place(tmp_path, environment_yml=CONTEXT, context__Dockerfile=DOCKERFILE)
    content = b"weights" * 1000
    digest = hashlib.sha256(content).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    (home / "context" / "model.bin").write_text(pointer)
    commit(home)
    (home / "context" / "model.bin").write_bytes(content)
    done = run(home, "hash", "environment.yml", "--against", "git:HEAD")
    assert (done.returncode, lines(done)[-1]) == (0, "  against git:HEAD: same image")


@pytest.mark.parametrize(
    "text", ["", "\0", "name: [", "- a\n", "&a [*a]", "name: \xff", "{{ x }}", "🚗", "a: b\r\n\x85"]
)
def test_any_text_gives_an_answer(tmp_path: Path, text: str) -> None:
    place(tmp_path, environment_yml=GOOD)
    (tmp_path / "conda.yml").write_bytes(text.encode("latin-1", "replace"))
    done = run(tmp_path, "hash", "environment.yml")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert run(tmp_path, "hash", "conda.yml").returncode in {0, 2}


def test_md5_of_old_releases_is_asked_for_by_release(tmp_path: Path) -> None:
    place(tmp_path, environment_yml=CONTEXT, context__Dockerfile=DOCKERFILE)
    new, old = (hashes(tmp_path, "environment.yml", *more)[0] for more in ((), ("--sdk", "1.26.0")))
    assert len(new["sdk"]["version"]) == 64
    assert len(old["sdk"]["version"]) == 32
    assert run(tmp_path, "hash", "environment.yml", "--sdk", "new").returncode == 2
    found = run(tmp_path, "hash", "--find", old["sdk"]["version"])
    assert lines(found) == [f"environment.yml:1:1: gpu: SDK version {old['sdk']['version']}"]
