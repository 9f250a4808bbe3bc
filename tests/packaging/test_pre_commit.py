"""The hook, run by the real pre-commit in a repository of its own: installed by it, and shown as it should be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04"
GOOD = f"name: churn\nimage: {BASE}:20251130.v1\nconda_file: train.yaml\n"
CONDA = "channels: [conda-forge]\ndependencies: [python=3.12, numpy=2.1]\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("git"), reason="needs git"),
]


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=plain()).stdout.strip()


def plain() -> dict[str, str]:
    """The environment without what a surrounding git or test run says."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "ENVLENS"))}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, str]]:
    """envlens as a repository of its own, a project that uses its hook, and the environment for pre-commit."""
    folder = tmp_path_factory.mktemp("hook")
    tool, project = folder / "envlens", folder / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", "node_modules", "__pycache__", ".*_cache", ".cache")
    shutil.copytree(ROOT, tool, ignore=ignored, symlinks=True)
    git(tool, "init", "--quiet")
    git(tool, "add", "--all")
    git(tool, "commit", "--quiet", "--message", "envlens")
    project.mkdir()
    git(project, "init", "--quiet")
    hook = {"repo": str(tool), "rev": git(tool, "rev-parse", "HEAD"), "hooks": [{"id": "envlens"}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}))
    environment = plain() | {"PRE_COMMIT_HOME": str(folder / "home"), "PRE_COMMIT_COLOR": "never"}
    return tool, project, environment


def commit(project: Path, environment: dict[str, str], **files: str) -> subprocess.CompletedProcess[str]:
    """Runs the hook on staged files."""
    for name, text in files.items():
        (project / name.replace("_", ".")).write_text(text)
    git(project, "add", "--all")
    command = [sys.executable, "-m", "pre_commit", "run"]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def test_the_hook_works(repositories: tuple[Path, Path, dict[str, str]]) -> None:
    _, project, environment = repositories
    done = commit(project, environment, environment_yml=GOOD, train_yaml=CONDA)
    if "Could not find a version" in done.stdout and os.environ.get("CI", "").lower() not in {"1", "true"}:
        pytest.skip("NOT TESTED: pip cannot install what the hook needs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no findings, 2 files checked" in done.stdout, "what is said is shown though the hook passes"
    git(project, "commit", "--quiet", "--no-verify", "--message", "first")

    # Only the conda file is staged: the definition that draws on it is checked all the same.
    done = commit(project, environment, train_yaml="- no mapping\n")
    assert done.returncode == 1
    assert "error[conda-file-wrong-shape]: conda file 'train.yaml' is a list" in done.stdout
    git(project, "checkout", "--quiet", "HEAD", "--", ".")

    # A warning does not fail the hook, and is shown.
    done = commit(project, environment, environment_yml=GOOD.replace(":20251130.v1", ""))
    assert done.returncode == 0
    assert "warning[image-no-tag-or-digest]" in done.stdout
    git(project, "checkout", "--quiet", "HEAD", "--", ".")

    # A file that cannot matter does not start it; a Dockerfile of somebody else's is not taken for named.
    assert "no files to check" in commit(project, environment, README_md="x\n").stdout
    done = commit(project, environment, Dockerfile="FROM nothing\n")
    assert done.returncode == 0
    assert "Dockerfile" not in done.stdout

    # Settings are read as in any other run.
    done = commit(project, environment, envlens_toml="selekt = []\n")
    assert done.returncode == 1
    assert "envlens.toml:1:1" in done.stdout
