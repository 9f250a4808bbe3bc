"""Keeps answers from one run to the next, in the user's own cache folder.

Safe to delete at any moment, and whole at any moment: a file is written beside its place and moved there. Of two runs
at once the later one's answers stay. What cannot be read counts as absent.
"""

import contextlib
import json
import os
from typing import Any

from .. import __version__
from . import results
from .cache_folder import SPOILT, home, write
from .folders import digest
from .results import Answer

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIMIT = 200_000_000
_MAX_ANSWERS = 50_000


class Cache:
    """The answers for the files below one folder. `run` names what all answers depend on: facts, rules, version."""

    def __init__(self, folder: str, run: str) -> None:
        self._run = run
        name = digest(os.path.realpath(folder).encode("utf-8", "surrogateescape"))
        self._path = os.path.join(home(), f"lint-{name}.json")
        self._data: dict[str, Any] | None = None
        self._new: dict[str, Answer] = {}

    def get(self, path: str, settings: str) -> Answer | None:
        """The answer that is kept for a file under such settings; whether it still holds is for others to see."""
        data = self._load()["answers"].get(f"{settings}:{path}")
        try:
            return results.from_json(data) if data is not None else None
        except SPOILT:
            return None

    def put(self, path: str, settings: str, answer: Answer) -> None:
        """Keeps an answer, on disk once `save` is called."""
        self._new[f"{settings}:{path}"] = answer

    @property
    def record(self) -> Any:
        """What the last run put here that made new answers; None where it put nothing."""
        return self._load().get("record")

    def save(self, record: Any = None) -> None:
        """Writes what is new. A folder that cannot be written costs nothing but the time that it would have saved.

        A record stands for the answers as they are now: new ones without one end it.
        """
        if not self._new and record is None:
            return
        answers = self._load()["answers"] | {path: results.to_json(each) for path, each in self._new.items()}
        for path in list(answers)[: max(len(answers) - _MAX_ANSWERS, 0)]:
            del answers[path]
        text = json.dumps({"run": self._run, "answers": answers, "record": record}, separators=(",", ":"))
        with contextlib.suppress(OSError):
            write(self._path, text.encode("utf-8", "surrogatepass"))

    def _load(self) -> dict[str, Any]:
        if self._data is None:
            self._data = _read(self._path, self._run)
        return self._data


def run_name(*parts: object) -> str:
    """A name for what all answers of a run depend on: the parts given, the version, and this package's own files."""
    stamps = []
    for folder, _, names in os.walk(_PACKAGE):
        for name in names:
            if not name.endswith(".pyc"):
                status = os.stat(os.path.join(folder, name))
                stamps.append((name, status.st_mtime_ns, status.st_size))
    return digest(repr((__version__, parts, sorted(stamps))).encode("utf-8", "surrogateescape"))


def _read(path: str, run: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            data = json.loads(file.read(_LIMIT)) if os.fstat(file.fileno()).st_size < _LIMIT else None
    except (OSError, ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and data.get("run") == run and isinstance(data.get("answers"), dict):
        return data
    return {"answers": {}}
