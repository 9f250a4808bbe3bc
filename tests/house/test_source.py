"""What imports cannot show: purity, size and docstrings of modules, and documentation that is current."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server" / "envlens"
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = [path for path in MODULES if path.is_relative_to(PACKAGE / "core")]
IMPURE_NAMES = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"}
IMPURE_METHODS = {
    ("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time"),
    ("sys", "stdout"), ("sys", "stderr"), ("sys", "stdin"), ("sys", "argv"), ("sys", "exit"),
    ("Path", "home"), ("Path", "cwd"), ("random", "random"),
}  # fmt: skip
IMPURE_MODULES = {"time", "random", "secrets", "io", "tempfile", "logging", "shutil", "glob"}


def impurities(text: str) -> list[str]:
    """Calls and mentions by which a module reaches for files, the terminal, the clock or the interpreter."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id in IMPURE_NAMES:
            found.append(f"line {node.lineno}: {node.id}")
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if (owner, node.attr) in IMPURE_METHODS:
                found.append(f"line {node.lineno}: {owner}.{node.attr}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = names if isinstance(node, ast.Import) else [] if node.level else [node.module or ""]
            found += [f"line {node.lineno}: import of {each}" for each in modules if each in IMPURE_MODULES]
    return found


def test_modules_are_found() -> None:
    assert len(CORE) > 20


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_core_is_pure(path: Path) -> None:
    assert impurities(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "offence",
    [
        "open('a')",
        "print(1)",
        "input()",
        "eval('1')",
        "x = print",
        "date.today()",
        "datetime.datetime.now()",
        "import time",
    ],
)
def test_impurity_is_seen(offence: str) -> None:
    assert impurities(f"from datetime import date\nimport datetime\n\n\ndef check():\n    {offence}\n")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_say_why_they_exist_and_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 400


def docs(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "envlens", "docs", "--root", str(root), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_documentation_is_current() -> None:
    done = docs(ROOT, "--check")
    assert done.returncode == 0, done.stdout


def test_documentation_that_is_not_current_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "rules", tmp_path / "docs" / "rules")
    shutil.copy(ROOT / "docs" / "configuration.md", tmp_path / "docs")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    pages = tmp_path / "docs" / "rules"
    assert docs(tmp_path, "--check").returncode == 0
    (pages / "unknown-key.md").write_text("old\n")
    (pages / "no-such-rule.md").write_text("x\n")
    (pages / "wrong-type.md").unlink()
    configuration = tmp_path / "docs" / "configuration.md"
    configuration.write_text(configuration.read_text().replace("| `select` |", "| `chosen` |"))
    schema = tmp_path / "schemas" / "settings.schema.json"
    schema.write_text(schema.read_text().replace("unknown-key", "unknown-word"))
    done = docs(tmp_path, "--check")
    assert done.returncode == 1
    for name in ("unknown-key.md", "no-such-rule.md", "wrong-type.md", "configuration.md", "settings.schema.json"):
        assert name in done.stdout
    assert (pages / "no-such-rule.md").exists(), "--check changes nothing"
    assert docs(tmp_path).returncode == 0
    assert docs(tmp_path, "--check").returncode == 0
    assert not (pages / "no-such-rule.md").exists()
