"""Workers, as processes of their own."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from config.settings import AppEnvironment

Line: TypeAlias = dict[str, Any]
Hire: TypeAlias = "Callable[..., Worker]"
WORK = [sys.executable, "manage.py", "worker"]
PATIENCE = 60
QUICK = {
    "DJANGO_SETTINGS_MODULE": "tests.jobs.settings",
    "WORKER_POLL_SECONDS": "0.1",
    "WORKER_HEARTBEAT_SECONDS": "1",
}


def until(job_id: int, status: str) -> None:
    """Wait for what the queue says of a job: it is told a little later than in the log."""
    limit = time.monotonic() + PATIENCE
    while (now := ProcrastinateJob.objects.get(pk=job_id).status) != status:
        assert time.monotonic() < limit, now
        time.sleep(0.02)


class Worker:
    """A worker process, and what it tells."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._lines: queue.Queue[Line | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def told(self, event: str, **names: Any) -> Line:
        """Wait for a line."""
        seen = []
        limit = time.monotonic() + PATIENCE
        with suppress(queue.Empty):
            while line := self._lines.get(timeout=max(0, limit - time.monotonic())):
                seen.append(line)
                if {"event": event, **names}.items() <= line.items():
                    return line
        raise AssertionError(seen)


@contextmanager
def _process(env: AppEnvironment, more: dict[str, str]) -> Iterator[Worker]:
    variables = os.environ | QUICK | {"DATABASE_URL": env.url} | more
    with subprocess.Popen(WORK, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            worker = Worker(process)
            worker.told("working")
            yield worker
        finally:
            process.kill()


@pytest.fixture
def jobs(env: AppEnvironment) -> Iterator[AppEnvironment]:
    """The environment of a service; its queue is emptied after the test."""
    yield env
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_workers "
            "CASCADE"
        )


@pytest.fixture
def hire(jobs: AppEnvironment) -> Iterator[Hire]:
    """What starts workers; they are gone after the test."""
    hired: list[Any] = []

    def start(**more: str) -> Worker:
        process = _process(jobs, more)
        hired.append(process)
        return process.__enter__()

    yield start
    for process in hired:
        process.__exit__(None, None, None)
