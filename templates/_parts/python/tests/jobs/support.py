"""Workers as processes of their own, and the queue as it lies in the database."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Self

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import URL

from app.jobs.app import conninfo, queue_conninfo

PATIENCE = 60


class Worker:
    """A worker with the tests' tasks, and what it logs."""

    def __init__(self, url: URL, *, tasks: str = "tasks", **environment: str) -> None:
        program = f"import tests.jobs.{tasks}, app.jobs.worker as worker; worker.main()"
        variables = {
            "APP_ENV": "test",
            "DATABASE_URL": conninfo(url),
            "WORKER_POLL_SECONDS": "0.1",
            "PYTHONPATH": os.getcwd(),  # noqa: PTH109
            **environment,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.output = ""
        self.lines: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.output += line
                self.lines.append(json.loads(line))
                self._news.notify_all()

    def __enter__(self) -> Self:
        self.wait_for("working")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def find(self, event: str, **fields: object) -> list[dict[str, Any]]:
        wanted = {"event": event, **fields}.items()
        return [line for line in self.lines if wanted <= line.items()]

    def wait_for(self, event: str, **fields: object) -> dict[str, Any]:
        with self._news:
            assert self._news.wait_for(lambda: self.find(event, **fields), PATIENCE), self.output
            return self.find(event, **fields)[0]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self._reader.join()
        return code


class Queue:
    """The queue's tables."""

    def __init__(self, url: URL) -> None:
        self.connection = psycopg.connect(queue_conninfo(url), autocommit=True)

    def defer(self, task: str, *, lock: str | None = None, **args: object) -> int:
        query = "SELECT defer('default', %s, 0, %s, %s, %s, NULL)"
        row = self.connection.execute(query, [task, lock, lock, Jsonb(args)]).fetchone()
        assert row
        job_id: int = row[0]
        return job_id

    def all(self, query: str, *values: object) -> list[Any]:
        rows = self.connection.execute(query.encode(), values).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def status(self, job_id: int) -> str:
        (status,) = self.all("SELECT status FROM procrastinate_jobs WHERE id = %s", job_id)
        return str(status)

    def wait_until_ended(self, job_id: int) -> str:
        deadline = time.monotonic() + PATIENCE
        while (status := self.status(job_id)) in {"todo", "doing"} and time.monotonic() < deadline:
            time.sleep(0.02)
        return status

    def close(self) -> None:
        self.connection.execute("DELETE FROM procrastinate_jobs")
        self.connection.execute("DELETE FROM public.notes")
        self.connection.close()


def cli(url: URL, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app.jobs", *words],
        env=os.environ | {"DATABASE_URL": conninfo(url)},
        capture_output=True,
        text=True,
        check=False,
    )
