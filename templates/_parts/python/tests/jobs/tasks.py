"""Tasks that do what a test wants to see. They wait for a file, which a test makes."""

import asyncio
import time
from pathlib import Path

from app.jobs.app import jobs
from app.jobs.retry import Backoff, PermanentError


def is_there(file: str) -> bool:
    return Path(file).exists()


SOON = Backoff(attempts=3, first=0.1)


@jobs.task(retry=SOON)
async def hold(*, gate: str) -> None:
    while not is_there(gate):
        await asyncio.sleep(0.02)


@jobs.task(retry=SOON)
def hold_thread(*, gate: str) -> None:
    while not is_there(gate):
        time.sleep(0.02)


@jobs.task(retry=SOON)
async def need(*, file: str) -> None:
    if not is_there(file):
        raise FileNotFoundError("it is not there yet")


@jobs.task(retry=SOON)
async def give_up() -> None:
    raise PermanentError("no use")
