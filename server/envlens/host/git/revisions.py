"""Finds the commit that a revision stands for, in the words of https://git-scm.com/docs/gitrevisions.

Understood are names, ids and their beginnings, what `git describe` says, and `~3`, `^2`, `^{}`, `^{commit}` behind
them. What asks the reflog or the configuration (`@{1}`, `@{upstream}`) or searches (`:/text`) is refused.
"""

import os
import re

from .files import GitError, Why, text
from .folder import Repository
from .objects import NAMES, Objects, is_id
from .pack import COMMIT, TAG
from .refs import Refs

_MAX_REVISION = 1_000
_MAX_COMMIT = 16_000_000
_MAX_SHALLOW = 16_000_000
_MAX_STEPS = 10_000
_MAX_TAGS = 100
_MAX_MATCHES = 1_000
_SUFFIXES = re.compile(r"((?:[~^][0-9]{0,5}|\^\{(?:commit)?\})*)$")
_STEP = re.compile(r"([~^])([0-9]*)(\{(?:commit)?\})?")
_IS_SHORT = re.compile("[0-9a-f]{4,64}").fullmatch
_DESCRIBED = re.compile(r".+-[0-9]+-g([0-9a-fA-F]{4,64})").fullmatch


def resolve(repository: Repository, refs: Refs, objects: Objects, revision: str) -> str:
    """The full id of a commit. Raises GitError."""
    name, steps, _ = _SUFFIXES.split(revision, maxsplit=1) if len(revision) <= _MAX_REVISION else ("", "", "")
    if not name or re.search(r"[~^:\0]|@\{|\.\.", name):
        raise GitError(f"{revision[:80]!r} is no revision that can be read here", Why.UNSUPPORTED)
    current = _peeled(objects, _named(refs, objects, name))
    left = _MAX_STEPS
    cut = None
    for sign, count, braces in _STEP.findall(steps):
        if braces:
            continue
        number = int(count or 1)
        for parent in [1] * number if sign == "~" else [number] * bool(number):
            cut = _shallow(repository) if cut is None else cut
            current = _parent(objects, current, parent, cut, revision)
            left -= 1
            if not left:
                raise GitError(f"{revision[:80]!r} is more than {_MAX_STEPS} commits away", Why.TOO_LARGE)
    return current


def tree_of(objects: Objects, commit: str) -> str:
    """The id of the folder that a commit holds. Raises GitError."""
    for line in _lines(objects, commit, COMMIT):
        if line.startswith("tree ") and is_id(line[5:]):
            return line[5:]
    raise GitError(f"commit {commit} is damaged")


def _named(refs: Refs, objects: Objects, name: str) -> str:
    """The id of the object that a name, an id or its beginning stands for."""
    short = name.lower()
    if is_id(short):
        return short
    if name in {"HEAD", "@"}:
        return refs.head()
    found = refs.find(name)
    if found is not None:
        return found
    described = _DESCRIBED(name)
    short = described[1].lower() if described else short
    if _IS_SHORT(short):
        matches = objects.starting(short, _MAX_MATCHES)
        # Of several, git takes the only one that can be meant here.
        likely = [each for each in matches if objects.find(each).kind in {COMMIT, TAG}]
        if len(likely) == 1 or (likely and len({_peeled(objects, each) for each in likely}) == 1):
            return likely[0]
        if matches:
            reason = "begins the ids of several commits" if likely else "begins the id of no commit"
            raise GitError(f"{name!r} {reason}", Why.UNKNOWN)
    raise GitError(f"there is no revision {name!r}", Why.UNKNOWN)


def _peeled(objects: Objects, oid: str) -> str:
    """The commit that an annotated tag is of."""
    for _ in range(_MAX_TAGS):
        kind = objects.find(oid).kind
        if kind == COMMIT:
            return oid
        lines = _lines(objects, oid, TAG) if kind == TAG else [""]
        if not lines[0].startswith("object ") or not is_id(lines[0][7:]):
            raise GitError(f"{oid} is a {NAMES[kind]}, not a commit", Why.UNKNOWN)
        oid = lines[0][7:]
    raise GitError("tags are of tags without end")


def _parent(objects: Objects, commit: str, number: int, cut: frozenset[str], revision: str) -> str:
    parents = [] if commit in cut else [each[7:] for each in _lines(objects, commit, COMMIT) if each[:7] == "parent "]
    if number > len(parents) or not is_id(parents[number - 1]):
        what = "its history is cut off in this copy" if commit in cut else "there is no such commit"
        raise GitError(f"{revision[:80]!r}: {what}", Why.UNKNOWN)
    return parents[number - 1]


def _lines(objects: Objects, oid: str, kind: int) -> list[str]:
    """What a commit or a tag says above its message."""
    data = objects.read(oid, kind, _MAX_COMMIT)
    return data.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n")


def _shallow(repository: Repository) -> frozenset[str]:
    """The commits behind which a shallow clone has no more."""
    found = text(os.path.join(repository.common_dir, "shallow"), [repository.common_dir], _MAX_SHALLOW)
    return frozenset((found or b"").decode("ascii", "replace").split())
