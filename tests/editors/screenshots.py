"""Makes the pictures of the documentation: ``python -m tests.editors.screenshots [FOLDER]`` (default docs/images)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from .toolbox import REPO


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPO / "docs" / "images"
    os.environ["ENVLENS_SCREENSHOTS"] = str(folder.resolve())
    wanted = ["test_vscode.py::test_finding_hover_fix_and_rule_page", "test_vscode.py::test_lens_hash_and_comparison"]
    wanted += ["test_vscode.py::test_registering"]
    wanted += ["test_neovim.py::test_screen", "test_neovim.py::test_screen_of_the_command_line"]
    tests = [str(Path(__file__).parent / test) for test in wanted]
    return int(pytest.main(["-rs", "-q", *tests]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
