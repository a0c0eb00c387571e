import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from {{ "" if stack == "python-django" else "app." }}ml.pool import Pool, PoolFull


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(threads=1, queue_limit=1)
    yield pool
    pool.close()


def test_it_returns_what_was_called_and_how_long_it_took(pool: Pool) -> None:
    let = threading.Event()
    first, second = pool.submit(lambda: let.wait(5)), pool.submit(lambda: "second")
    let.set()

    assert first.result(5).value is True
    timed = second.result(5)
    assert timed.value == "second"
    assert timed.queue_ms > 0
    assert timed.run_ms >= 0


def test_what_fails_fails_for_its_caller_only(pool: Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(5)

    assert pool.submit(lambda: "next").result(5).value == "next"


def test_there_is_a_limit_to_what_waits(pool: Pool) -> None:
    let = threading.Event()
    taken = [pool.submit(lambda: let.wait(5)) for _ in range(2)]

    with pytest.raises(PoolFull):
        pool.submit(lambda: None)

    let.set()
    assert [future.result(5).value for future in taken] == [True, True]


def test_what_was_given_up_while_it_waited_is_not_called() -> None:
    others = threading.enumerate()
    pool = Pool(threads=1, queue_limit=1)
    let, called = threading.Event(), threading.Event()
    running, waiting = pool.submit(lambda: let.wait(5)), pool.submit(called.set)

    assert waiting.cancel()
    let.set()
    running.result(5)
    with pytest.raises(CancelledError):
        waiting.result(5)
    pool.close()
    for thread in threading.enumerate():
        if thread not in others:
            thread.join(5)
    assert not called.is_set()
