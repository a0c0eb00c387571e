"""When a job that failed is tried again."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job


class PermanentError(Exception):
    """Raise it in a task for what no further attempt can mend: the job is dead at once."""


class Backoff(BaseRetryStrategy):
    """Later and later, and not all at once: twice the delay each time, less a random part."""

    def __init__(self, *, attempts: int = 8, first: float = 2, longest: float = 600) -> None:
        self.attempts = attempts
        self.first = first
        self.longest = longest

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when, or never again."""
        now = datetime.now(UTC)
        if isinstance(exception, asyncio.CancelledError | JobAborted):
            # The worker leaves; that is not the job's fault.
            return RetryDecision(retry_at=now)
        if isinstance(exception, PermanentError) or job.attempts + 1 >= self.attempts:
            return None
        delay = min(self.first * 2**job.attempts, self.longest)
        delay *= random.uniform(0.5, 1)  # noqa: S311
        return RetryDecision(retry_at=now + timedelta(seconds=delay))
