"""`envlens download`: writes a version as files that register again to the same fingerprint."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence

from ...core.hashing.tree import Leaf
from ...core.workspace import definition
from ...core.workspace.port import Version, Workspace, WorkspaceError
from ...host import trees
from ..errors import UsageError
from ..output import umask
from ..render.json_report import to_text
from ..report import say
from . import opening
from .opening import opened


def run(args: argparse.Namespace) -> int:
    """Runs the command."""
    with opened(args) as workspace:
        version = opening.version(workspace, args.reference)
        folder = args.folder or f"{version.name}-{version.version}"
        _refuse_taken(folder)
        leaves = workspace.leaves(version)
        try:
            note = _write(workspace, version, leaves, folder)
        except OSError as error:
            raise UsageError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    if note is not None:
        say(note)
    shown = folder.replace(os.sep, "/").rstrip("/")
    if args.format == "json":
        files = 1 + (version.content.conda is not None) + len(leaves)
        sys.stdout.write(to_text({"name": version.name, "version": version.version, "folder": shown, "files": files}))
        return 0
    sys.stdout.write(f"downloaded {version.target} to {shown}/{definition.FILE}\n")
    return 0


def _refuse_taken(folder: str) -> None:
    if os.path.lexists(folder) and not (os.path.isdir(folder) and not os.listdir(folder)):
        raise UsageError(f"'{folder}' is there already: name a folder that is not")


def _write(workspace: Workspace, version: Version, leaves: Sequence[Leaf], folder: str) -> str | None:
    """Writes everything beside the folder and moves it there. Returns what is worth knowing. Raises OSError."""
    folder = os.path.abspath(folder)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    temporary = tempfile.mkdtemp(dir=os.path.dirname(folder), prefix=".envlens-")
    try:
        os.chmod(temporary, 0o777 & ~umask())
        _put(temporary, definition.FILE, definition.text(version).encode("utf-8", "surrogatepass"))
        conda = definition.conda_text(version)
        if conda is not None:
            _put(temporary, definition.CONDA_FILE, conda.encode("utf-8", "surrogatepass"))
        for leaf in leaves:
            _put_leaf(workspace, os.path.join(temporary, definition.CONTEXT_FOLDER), leaf)
        note = _check(os.path.join(temporary, definition.CONTEXT_FOLDER), version) if leaves else None
        if os.path.isdir(folder):
            os.rmdir(folder)
        os.rename(temporary, folder)
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(temporary)
        raise
    return note


def _put(folder: str, name: str, data: bytes) -> None:
    with open(os.path.join(folder, name), "xb") as file:
        file.write(data)


def _put_leaf(workspace: Workspace, folder: str, leaf: Leaf) -> None:
    parts = leaf.path.split(b"/")
    # What a workspace holds may have been made by anybody: nothing leaves the folder.
    if any(not _is_name(part) for part in parts):
        raise WorkspaceError("the workspace is damaged: a file in a build context has a path that leads out of it")
    path = os.path.join(folder, *map(os.fsdecode, parts))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as file:
        file.writelines(workspace.read(leaf))
    if leaf.executable:
        os.chmod(path, 0o777 & ~umask())


def _is_name(part: bytes) -> bool:
    """Whether a part of a path names something in its folder, on Windows too."""
    has_odd = b"\0" in part or (os.name == "nt" and any(char in part for char in b'\\:*?"<>|'))
    return part not in {b"", b".", b".."} and not has_odd


_IGNORE = ".amlignore"


def _check(context: str, version: Version) -> str | None:
    """Whether the folder would be registered as what it was: an ignore file may leave out what a link brought in."""
    wanted = version.content.context
    found = trees.look(context, None, wanted=trees.OURS).tree
    if wanted is not None and found.merkle != wanted.merkle and not os.path.lexists(os.path.join(context, _IGNORE)):
        # The one that left itself out is missing, and a .gitignore counts in its place: another that leaves itself out.
        _put(context, _IGNORE, f"{_IGNORE}\n".encode())
        found = trees.look(context, None, wanted=trees.OURS).tree
    if wanted is None or found.merkle == wanted.merkle:
        return None
    reason = found.problem or "its ignore file leaves out files that links brought in, or this disk keeps no modes"
    return f"registering it again gives another fingerprint: {reason}"
