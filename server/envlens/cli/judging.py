"""Judges the files of a run: what is kept from an earlier one and still holds is taken, large runs are split.

An answer that was kept, or that another process made, counts only if everything that it depends on is as it was then.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..core.features.diagnose import Judgement
from ..core.model.document import Document
from ..core.model.facts import FileState
from ..core.text.source import Source
from ..host import disk, results
from ..host.cache import Cache
from ..host.host import Host
from ..host.keeping import Keeping
from ..host.results import Answer

# Below that, starting processes costs more than it saves (docs/performance.md).
SPLIT_FROM = 600
_MAX_PROCESSES = 8

MakeHost = Callable[[], Host]


class Judged(NamedTuple):
    """A file and what was found in it. `source` is None for a file that is not ours."""

    path: str
    source: Source | None
    judgement: Judgement


class Run:
    """One run over some files. `make` makes a host of the same kind in another process; without it none is started."""

    def __init__(self, host: Host, cache: Cache | None, make: MakeHost | None = None) -> None:
        self._host = host
        self._cache = cache
        self._make = make
        self._data: dict[str, bytes] = {}
        self._keeping = Keeping(host)
        self._kept: dict[str, Answer] = {}

    def judge(self, paths: list[str], folders: list[str]) -> Iterator[Judged]:
        """What is found in the files, and in those below the folders that they draw on."""
        self._take(paths)
        done = dict.fromkeys(paths)
        while fresh := [path for path in self._host.reachable(list(done), folders) if path not in done]:
            self._take(fresh)
            done.update(dict.fromkeys(fresh))
        for path in done:
            yield self._judge(path)
        if self._cache is not None:
            self._cache.save()

    def answers(self, paths: list[str]) -> Iterator[tuple[str, Answer]]:
        """What can be kept of the answers about files, each found anew."""
        self._take(paths)
        for path in paths:
            if self._keeping.digests[path]:
                yield path, self._answer(path, *self._found(path))

    def _take(self, paths: Iterable[str]) -> None:
        """Reads files, and takes their answers from the cache, from other processes, or has the host read them."""
        missing = []
        for path in paths:
            found = disk.read(path, self._host.roots or None, self._host.settings_for(path).max_file_size)
            if found.state is not FileState.PRESENT:
                self._keeping.digests[path] = ""
                self._host.load(path)
                continue
            self._data[path] = found.data
            self._keeping.digests[path] = results.digest(found.data)
            answer = self._cache.get(path, self._keeping.settings(path)) if self._cache else None
            if answer is not None and answer.bytes == self._keeping.digests[path] and answer.world:
                self._keep(path, answer)
            else:
                missing.append(path)
        if self._make is not None and len(missing) >= SPLIT_FROM and (os.cpu_count() or 1) > 1:
            for path, answer in _elsewhere(self._make, missing):
                self._keep(path, answer)
                self._put(path, answer)
        for path in missing:
            if path not in self._kept:
                self._host.load(path)

    def _keep(self, path: str, answer: Answer) -> None:
        self._kept[path] = answer
        self._keeping.take_up(path, answer)

    def _put(self, path: str, answer: Answer) -> None:
        if self._cache is not None and answer.world:
            self._cache.put(path, self._keeping.settings(path), answer)

    def _judge(self, path: str) -> Judged:
        kept = self._kept.get(path)
        if kept is not None and kept.asked == self._keeping.asked(path):
            if kept.kind is None:
                return Judged(path, None, kept.judgement)
            if self._keeping.world(path, kept) == kept.world:
                # Nobody looks at the text of a file without findings.
                text = self._data[path] if kept.judgement.diagnostics else b""
                return Judged(path, self._host.decode(path, text), kept.judgement)
        document, judgement = self._found(path)
        if self._cache is not None and self._keeping.digests.get(path):
            self._put(path, self._answer(path, document, judgement))
        return Judged(path, document.source if document is not None else None, judgement)

    def _found(self, path: str) -> tuple[Document | None, Judgement]:
        document = self._host.load(path)
        return document, self._host.judge(document) if document is not None else Judgement((), ())

    def _answer(self, path: str, document: Document | None, judgement: Judgement) -> Answer:
        outlined = Answer(
            self._keeping.digests[path], self._keeping.asked(path), *results.outline(document), judgement=judgement
        )
        return outlined._replace(world=self._keeping.world(path, outlined))


def _elsewhere(make: MakeHost, paths: list[str]) -> Iterator[tuple[str, Answer]]:
    """The answers of other processes, each for its own stretch of the files, so that most folders stay together."""
    import multiprocessing

    count = min(os.cpu_count() or 1, _MAX_PROCESSES)
    size = -(-len(paths) // count)
    stretches = [paths[at : at + size] for at in range(0, len(paths), size)]
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with multiprocessing.get_context(method).Pool(len(stretches), _begin, (make,)) as pool:
        for found in pool.imap(_work, stretches):
            yield from found


_makers: list[MakeHost] = []


def _begin(make: MakeHost) -> None:
    _makers.append(make)


def _work(paths: list[str]) -> list[tuple[str, Answer]]:
    """One process's share."""
    return list(Run(_makers[-1](), None).answers(paths))
