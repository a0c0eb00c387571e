"""Tasks for tests."""

import asyncio
import time
from pathlib import Path

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from jobs.retry import Backoff

QUICKLY = Backoff(attempts=3, first=0.1)


@app.task(retry=QUICKLY)
def fail() -> None:
    raise ValueError("it cannot be done")


@app.task(retry=QUICKLY)
def wait_for(path: str) -> None:
    while not Path(path).exists():
        time.sleep(0.02)


@app.task(retry=QUICKLY)
async def wait_for_ever() -> None:
    await asyncio.Event().wait()


@app.task(pass_context=True, retry=QUICKLY)
def defer_and_fail_once(context: JobContext) -> None:
    with transaction.atomic():
        nothing.defer()
        if not context.job.attempts:
            raise ValueError("not the first time")


@app.task
def nothing() -> None:
    pass


@app.periodic(cron="* * * * * *")
@app.task
def tick(timestamp: int) -> None:
    pass
