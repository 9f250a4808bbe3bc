"""Packages that apt can install, and a repository of them in a folder: of git, say, as much as a page has to have.

As of the true ones, each needs another one, so that apt-get asks whether to go on.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from editors.toolbox import run

VERSION = "1:1.0"
# The project that is cloned, whatever is asked for.
CLONED = ("churn", "1.0")
_GIT = """\
#!/bin/sh
for last; do :; done
case $1 in
version | --version) echo git version 2.39.5 ;;
clone)
  mkdir -p "$last" && cd "$last" || exit 1
  printf '%s\\n' '[build-system]' 'requires = []' 'build-backend = "backend"' 'backend-path = ["."]' >pyproject.toml
  cat >backend.py <<'END'
import shutil
def build_wheel(folder, settings=None, metadata=None):
    return shutil.copy("/wheels/churn-1.0-py3-none-any.whl", folder).rpartition("/")[2]
END
  ;;
rev-parse) echo 0123456789abcdef0123456789abcdef01234567 ;;
esac
"""


def repository(names: Iterable[str], folder: Path) -> None:
    """Makes a folder that apt takes packages from. `folder` has the files to pack in it, too."""
    held = folder / "held"
    held.mkdir(parents=True)
    stanzas = []
    for name in names:
        for package, needs, program in ((name, f"{name}-common", _GIT), (f"{name}-common", "", "")):
            stanzas.append(_package(package, needs, program, held, folder))
    (held / "Packages").write_text("\n".join(stanzas))


def _package(name: str, needs: str, program: str, held: Path, folder: Path) -> str:
    tree = folder / name
    control = f"Package: {name}\nVersion: {VERSION}\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\n"
    control += (f"Depends: {needs}\n" if needs else "") + "Description: stands for the true one\n"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(control)
    if program:
        (tree / "usr" / "bin").mkdir(parents=True)
        (tree / "usr" / "bin" / name).write_text(program)
        (tree / "usr" / "bin" / name).chmod(0o755)
    archive = held / f"{name}.deb"
    run(["dpkg-deb", "--root-owner-group", "--build", tree, archive])
    content = archive.read_bytes()
    size, digest = len(content), hashlib.sha256(content).hexdigest()
    return f"{control}Filename: ./{archive.name}\nSize: {size}\nSHA256: {digest}\n"
