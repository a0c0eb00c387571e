"""A task that is due every second."""

from app.jobs.app import jobs
from app.jobs.retry import Backoff


@jobs.periodic(cron="* * * * * *")
@jobs.task(retry=Backoff())
async def tick(timestamp: int) -> None:
    assert timestamp
