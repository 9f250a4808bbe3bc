"""Judges the files of a run: what is kept from an earlier one and still holds is taken, large runs are split.

An answer that was kept, or that another process made, counts only if everything that it depends on is as it was then.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..core.features.diagnose import Judgement
from ..core.model.document import Document
from ..core.rules._rule import Looked
from ..core.text.source import Source
from ..host import record, results
from ..host.cache import Cache
from ..host.cache_folder import SPOILT
from ..host.drawing import looked_up
from ..host.folders import digest
from ..host.graph import Use
from ..host.host import Host
from ..host.keeping import Keeping
from ..host.reach import reachable
from ..host.record import Seen, Watch
from ..host.results import Answer

# Below that, starting processes costs more than it saves (docs/performance.md).
SPLIT_FROM = 600
_MAX_PROCESSES = 8
# Files that are handed to a process at once: what comes back is taken up while the next ones are judged.
_STRETCH = 32

MakeHost = Callable[[], Host]


class Judged(NamedTuple):
    """A file and what was found in it. `source` is None for a file that is not ours."""

    path: str
    source: Source | None
    judgement: Judgement


class _Share(NamedTuple):
    """What another process found in a file, and how the file stands to others as far as that process saw.

    That is: who draws on it, uploads it or uses it through others, and what was known of the names in it.
    """

    answer: Answer
    users: dict[str, Use]
    contexts: tuple[tuple[str, tuple[str, ...]], ...]
    above: tuple[str, ...]
    names: dict[str, Looked]


_Standing = tuple[dict[str, Use], tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...], dict[str, Looked]]
# What another process found, and what it looked at since it said so last.
_Work = tuple[list[tuple[str, _Share]], Seen]


class Run:
    """One run over some files. `make` makes a host of the same kind in another process; without it none is started."""

    def __init__(self, host: Host, cache: Cache | None, make: MakeHost | None = None) -> None:
        self._host = host
        self._cache = cache
        self._make = make
        self._keeping = Keeping(host)
        self.watch = Watch(host, self._keeping)
        self._seen = record.nothing()
        self._sure: set[str] = set()
        self._kept: dict[str, Answer] = {}
        self._shares: dict[str, _Share] = {}
        self._asked_at = -1

    def judge(self, paths: list[str], folders: list[str]) -> Iterator[Judged]:
        """What is found in the files, and in those below the folders that they draw on."""
        if self._cache is None:
            yield from map(self._judge, self._all(paths, folders))
            return
        asked = digest(repr((paths, folders, sorted(self._host.named))).encode("utf-8", "surrogateescape"))
        again = self._again(self._cache, asked)
        if again is not None:
            yield from again
            return
        done = self._all(paths, folders)
        yield from map(self._judge, done)
        self._save(self._cache, asked, done)

    def _again(self, cache: Cache, asked: str) -> list[Judged] | None:
        """What the last run said, where it was asked the same and nothing that it looked at changed; else None."""
        try:
            before, seen, files = cache.record
            if before == asked and record.from_json(seen).holds(self._host, self._keeping):
                return [self._as_kept(path, cache.get(path, settings)) for path, settings in files]
        except SPOILT:
            pass
        return None

    def _as_kept(self, path: str, answer: Answer | None) -> Judged:
        if answer is None or answer.bytes != self._keeping.digest(path):
            raise ValueError
        return self._judged(path, answer)

    def _save(self, cache: Cache, asked: str, done: list[str]) -> None:
        """Keeps what is new, and where all of it can be kept, what it depends on."""
        seen = self._seen.take(self.watch.seen())
        files = [(path, self._keeping.settings(path)) for path in done]
        is_whole = seen.is_all and self._sure.issuperset(done)
        cache.save((asked, record.to_json(seen), files) if is_whole else None)

    def shares(self, paths: list[str], folders: list[str], *, outlined: bool) -> Iterator[tuple[str, _Share]]:
        """What can be told another process of files and what they draw on; `outlined` says whether it keeps that."""
        for path in self._all(paths, folders):
            if self._keeping.digest(path):
                answer = self._answer(path, *self._found(path), outlined=outlined)
                yield path, _Share(answer, *self._standing(path, answer))

    def _standing(self, path: str, answer: Answer) -> _Standing:
        """How a file stands to others, as far as they were seen."""
        host = self._host
        return host.graph.users(path), host.contexts_of(path), host.above(path), looked_up(host, answer.named)

    def _all(self, paths: list[str], folders: list[str]) -> list[str]:
        """Files and those below the folders that they draw on, all of them taken."""
        done: dict[str, None] = {}
        fresh = paths
        while fresh:
            self._take(fresh, folders)
            done.update(dict.fromkeys(fresh))
            fresh = self._fresh(done, folders)
            if not fresh and self._drop_stale():
                fresh = self._fresh(done, folders)
        return list(done)

    def _fresh(self, done: Mapping[str, None], folders: list[str]) -> list[str]:
        return [path for path in reachable(self._host, list(done), folders) if path not in done]

    def _drop_stale(self) -> bool:
        """Has files read that were judged when something else asked for them: they may draw on more. Whether any."""
        stale = [path for path, answer in self._kept.items() if answer.asked != self._keeping.asked(path)]
        self._asked_at = self._host.graph.changes
        for path in stale:
            del self._kept[path]
            self._host.load(path)
        return bool(stale)

    def _take(self, paths: list[str], folders: list[str]) -> None:
        """Takes the answers about files from the cache, from other processes, or has the host read them."""
        missing = [path for path in paths if not self._remember(path)]
        if self._make is not None and len(missing) >= SPLIT_FROM and (os.cpu_count() or 1) > 1:
            make, self._make = self._make, None
            for shares, seen in _elsewhere(make, missing, folders, outlined=self._cache is not None):
                self._seen = self._seen.take(seen)
                self._shares.update(shares)
                for path, share in shares:
                    self._keep(path, share.answer)
        for path in missing:
            if path not in self._shares:
                self._host.load(path)

    def _remember(self, path: str) -> bool:
        """Takes the answer about a file that was kept from an earlier run, if the file is as it was."""
        if self._cache is None or path in self._shares or not self._keeping.digest(path):
            return False
        answer = self._cache.get(path, self._keeping.settings(path))
        if answer is None or answer.bytes != self._keeping.digest(path) or not answer.world:
            return False
        self._keep(path, answer)
        return True

    def _keep(self, path: str, answer: Answer) -> None:
        self._kept[path] = answer
        self._keeping.take_up(path, answer)

    def _put(self, path: str, answer: Answer) -> None:
        if self._cache is not None and answer.world:
            self._cache.put(path, self._keeping.settings(path), answer)
            self._sure.add(path)

    def _judge(self, path: str) -> Judged:
        kept = self._kept.get(path)
        if kept is not None and self._holds(path, kept):
            if path in self._shares:
                self._put(path, kept)
            else:
                self._sure.add(path)
            return self._judged(path, kept)
        document, judgement = self._found(path)
        if self._cache is not None and self._keeping.digest(path):
            self._put(path, self._answer(path, document, judgement, outlined=True))
        return Judged(path, document.source if document is not None else None, judgement)

    def _judged(self, path: str, answer: Answer) -> Judged:
        if answer.kind is None:
            return Judged(path, None, answer.judgement)
        if not answer.judgement.diagnostics:  # then nobody looks at the text
            return Judged(path, Source(path, ""), answer.judgement)
        return Judged(path, self._host.decode(path, self._keeping.data(path), answer.kind), answer.judgement)

    def _holds(self, path: str, kept: Answer) -> bool:
        """Whether everything that an answer depends on is as it was."""
        is_as_seen = self._asked_at == self._host.graph.changes
        if not is_as_seen and kept.asked != self._keeping.asked(path):
            return False
        share = self._shares.get(path)
        if share is None:
            return kept.kind is None or self._keeping.world(path, kept) == kept.world
        if share[1:] != self._standing(path, share.answer):
            return False
        return not kept.judgement.diagnostics or self._keeping.digest(path) == kept.bytes

    def _found(self, path: str) -> tuple[Document | None, Judgement]:
        document = self._host.load(path)
        return document, self._host.judge(document) if document is not None else Judgement((), ())

    def _answer(self, path: str, document: Document | None, judgement: Judgement, *, outlined: bool) -> Answer:
        answer = Answer(
            self._keeping.digest(path), self._keeping.asked(path), *results.outline(document), judgement=judgement
        )
        return answer._replace(world=self._keeping.world(path, answer)) if outlined else answer


def _elsewhere(make: MakeHost, paths: list[str], folders: list[str], *, outlined: bool) -> Iterator[_Work]:
    """What other processes find, by stretches of the files, so that most folders stay together."""
    import multiprocessing

    stretches = [paths[at : at + _STRETCH] for at in range(0, len(paths), _STRETCH)]
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    count = min(os.cpu_count() or 1, _MAX_PROCESSES)
    with multiprocessing.get_context(method).Pool(count, _begin, (make,)) as pool:
        yield from pool.imap(_work, [(each, folders, outlined) for each in stretches])


_runs: list[Run] = []


def _begin(make: MakeHost) -> None:
    _runs.append(Run(make(), None))
    _runs[-1].watch.skip()


def _work(work: tuple[list[str], list[str], bool]) -> _Work:
    """What is found in one stretch; what is known of earlier ones of this process saves time."""
    paths, folders, outlined = work
    run = _runs[-1]
    shares = list(run.shares(paths, folders, outlined=outlined))
    return shares, run.watch.seen() if outlined else record.nothing()
