"""Threads for predictions, bounded: how many run at once, and how many may wait.

Threads and not processes: NumPy and the runtimes release Python's lock while they compute, and a
process each would hold the model in memory again. And not the standard library's executor: it has
no limit to what waits, and a prediction that never ends would keep the process from ending.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class PoolFull(Exception):  # noqa: N818
    """As much as may wait is waiting."""


@dataclass(frozen=True)
class Timed(Generic[T]):
    """What a call returned, and how long it waited and ran."""

    value: T
    queue_ms: float
    run_ms: float


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


class Pool:
    """Runs calls in threads of its own."""

    def __init__(self, threads: int, queue_limit: int) -> None:
        self._threads = threads
        self._room = threading.Semaphore(threads + queue_limit)
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._run, name=f"prediction-{number}", daemon=True).start()

    def submit(self, call: Callable[[], T]) -> Future[Timed[T]]:
        """Have a call made. One that is cancelled while it waits is not made."""
        if not self._room.acquire(blocking=False):
            raise PoolFull
        future: Future[Timed[T]] = Future()
        submitted = time.perf_counter()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            started = time.perf_counter()
            try:
                value = call()
            except BaseException as error:
                future.set_exception(error)
                return
            ended = time.perf_counter()
            future.set_result(Timed(value, _ms(started - submitted), _ms(ended - started)))

        self._work.put(work)
        return future

    def close(self) -> None:
        """Let the threads end, once nothing is waiting for them."""
        for _ in range(self._threads):
            self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            self._room.release()
