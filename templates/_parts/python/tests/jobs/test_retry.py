import asyncio
from datetime import UTC, datetime

import pytest
from procrastinate.jobs import Job

from app.jobs.retry import Backoff, PermanentError


def delay(backoff: Backoff, attempts: int, error: BaseException) -> float | None:
    job = Job(queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
    decision = backoff.get_retry_decision(exception=error, job=job)
    if decision is None:
        return None
    assert decision.retry_at
    return (decision.retry_at - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize(("attempts", "longest"), [(0, 10), (1, 20), (2, 40), (3, 60), (8, 60)])
def test_delays_double_up_to_a_limit_and_are_not_the_same(attempts: int, longest: float) -> None:
    backoff = Backoff(attempts=10, first=10, longest=60)
    delays = [delay(backoff, attempts, OSError()) or 0 for _ in range(200)]

    assert longest / 2 - 1 < min(delays) < longest * 0.6
    assert longest * 0.9 < max(delays) <= longest


def test_it_ends_after_the_last_attempt_and_at_once_when_there_is_no_use() -> None:
    assert delay(Backoff(attempts=3), 1, OSError()) is not None
    assert delay(Backoff(attempts=3), 2, OSError()) is None
    assert delay(Backoff(attempts=3), 0, PermanentError()) is None


def test_a_job_is_not_to_blame_for_a_worker_that_leaves() -> None:
    seconds = delay(Backoff(attempts=1), 5, asyncio.CancelledError())

    assert seconds is not None
    assert seconds <= 0
