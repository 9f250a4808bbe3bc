"""Threads that work beside the event loop, and that the end of the process does not wait for."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """A few threads that do what they are given, in turn. Started with the first piece of work."""

    def __init__(self, name: str, threads: int = 1) -> None:
        self._name = name
        self._left = threads
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def run(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Has something done; what comes of it arrives on the event loop that asks."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                settle = partial(future.set_result, work())
            except Exception as error:  # noqa: BLE001 - whoever waits for it is told, whatever it is
                settle = partial(future.set_exception, error)
            # The loop may be gone by now: then nobody waits.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: None if future.done() else settle())

        self._work.put(job)
        if self._left:
            self._left -= 1
            # An executor's threads are waited for when the process ends; these are not.
            threading.Thread(target=self._serve, name=f"envlens-{self._name}", daemon=True).start()
        return future

    def _serve(self) -> None:
        while True:
            self._work.get()()
