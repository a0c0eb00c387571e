import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

from app.jobs.app import conninfo, jobs
from tests.jobs.support import PATIENCE, Queue, Worker, cli

TASKS = "tests.jobs.tasks"


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file for which jobs wait."""
    return tmp_path / "gate"


def test_a_job_of_a_killed_worker_is_run_by_another(url: URL, queue: Queue, gate: Path) -> None:
    hasty = {"WORKER_HEARTBEAT_SECONDS": "0.5"}
    with Worker(url, **hasty) as killed, Worker(url, **hasty) as other:
        # Only one is there to take it.
        os.kill(other.process.pid, signal.SIGSTOP)
        job_id = queue.defer(f"{TASKS}.hold", gate=str(gate))
        killed.wait_for("job started", job_id=job_id)
        killed.process.kill()
        os.kill(other.process.pid, signal.SIGCONT)

        assert other.wait_for("job of a lost worker")["job_id"] == job_id
        assert other.wait_for("job started", job_id=job_id)["attempt"] == 2
        gate.touch()

        assert queue.wait_until_ended(job_id) == "succeeded"


def test_a_worker_whose_heart_has_stood_still_keeps_its_own_jobs(
    url: URL, queue: Queue, gate: Path
) -> None:
    with Worker(url, WORKER_HEARTBEAT_SECONDS="0.5") as worker:
        job_id = queue.defer(f"{TASKS}.hold", gate=str(gate))
        worker.wait_for("job started", job_id=job_id)
        # As if it had been suspended, each time that it looks for lost ones.
        limit = time.monotonic() + 2
        while time.monotonic() < limit:
            queue.connection.execute("UPDATE procrastinate_workers SET last_heartbeat = 'epoch'")
            time.sleep(0.01)
        gate.touch()

        assert worker.wait_for("job done", job_id=job_id)["attempt"] == 1
        assert queue.wait_until_ended(job_id) == "succeeded"
        assert not worker.find("job of a lost worker")


def test_a_job_that_kills_its_workers_is_dead_in_the_end(url: URL, queue: Queue) -> None:
    job_id = queue.defer(f"{TASKS}.hold", gate="/nothing")
    queue.connection.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 2")

    with Worker(url, WORKER_HEARTBEAT_SECONDS="0.2") as worker:
        assert worker.wait_for("job of a lost worker", job_id=job_id)["retried"] is False

        assert queue.wait_until_ended(job_id) == "failed"
    assert "The worker was lost." in cli(url, "failed").stdout


def test_of_two_workers_one_does_what_is_due(url: URL, queue: Queue) -> None:
    due = "SELECT args->>'timestamp' FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
    name = "tests.jobs.ticks.tick"
    with Worker(url, tasks="ticks"), Worker(url, tasks="ticks"):
        deadline = time.monotonic() + PATIENCE
        while len(queue.all(due, name)) < 4 and time.monotonic() < deadline:
            time.sleep(0.05)

    ticks = [int(tick) for tick in queue.all(due, name)]
    assert len(ticks) >= 4
    assert ticks == list(range(ticks[0], ticks[0] + len(ticks)))


def daily_jobs(url: URL, queue: Queue, last_time: int | None) -> list[int]:
    """How many a worker made that has looked at the clock; and another one after it."""
    daily, tick = "app.jobs.tasks.digest_of_yesterday", "tests.jobs.ticks.tick"
    times = "procrastinate_periodic_defers"
    queue.connection.execute(f"DELETE FROM {times}")
    if last_time is not None:
        queue.connection.execute(
            f"INSERT INTO {times} (task_name, defer_timestamp) VALUES (%s, %s)", [daily, last_time]
        )
    for _ in range(2):
        queue.connection.execute(f"DELETE FROM {times} WHERE task_name = %s", [tick])
        with Worker(url, tasks="ticks") as worker:
            # It begins with the next second, and so after the first look.
            worker.wait_for("job done", task=tick)
    return queue.all("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", daily)


def test_a_time_of_the_clock_that_no_worker_was_there_for_is_made_up_for_once(
    url: URL, queue: Queue
) -> None:
    assert daily_jobs(url, queue, last_time=0) == [1]


def test_a_scheduled_task_that_is_new_begins_with_its_next_time(url: URL, queue: Queue) -> None:
    assert daily_jobs(url, queue, last_time=None) == [0]


def test_a_worker_without_its_tables_says_so_and_begins_when_they_are_there(
    url: URL, queue: Queue
) -> None:
    queue.connection.execute("ALTER TABLE procrastinate_workers RENAME TO away")
    try:
        with Worker(url) as worker:
            worker.wait_for("the queue's tables are missing: run `python -m app.migrate`")
            queue.connection.execute("ALTER TABLE away RENAME TO procrastinate_workers")

            worker.wait_for("job done", job_id=queue.defer(f"{TASKS}.hold", gate="/"))
            assert not worker.find("the database does not answer")
    finally:
        queue.connection.execute("ALTER TABLE IF EXISTS away RENAME TO procrastinate_workers")


def test_a_worker_that_is_told_to_leave_finishes_what_it_has_begun(
    url: URL, queue: Queue, gate: Path
) -> None:
    # No room for a second one: else it may be looking for one already when the signal comes.
    with Worker(url, WORKER_CONCURRENCY="1") as worker:
        job_id = queue.defer(f"{TASKS}.hold", gate=str(gate))
        worker.wait_for("job started", job_id=job_id)
        worker.process.send_signal(signal.SIGTERM)
        worker.wait_for("leaving", running=1)
        later = queue.defer(f"{TASKS}.hold", gate=str(gate))
        gate.touch()

        assert worker.process.wait(10) == 0
        worker.wait_for("job done", job_id=job_id)
    assert (queue.status(job_id), queue.status(later)) == ("succeeded", "todo")


def test_what_does_not_finish_in_time_is_left_to_another(
    url: URL, queue: Queue, gate: Path
) -> None:
    with Worker(url, WORKER_GRACE_SECONDS="0.2") as worker:
        task = queue.defer(f"{TASKS}.hold", gate=str(gate))
        thread = queue.defer(f"{TASKS}.hold_thread", gate=str(gate))
        for job_id in (task, thread):
            worker.wait_for("job started", job_id=job_id)

        assert worker.stop() == 0
        assert worker.find("job given back", job_id=task)
        assert worker.find("job abandoned", job_id=thread)
    assert (queue.status(task), queue.status(thread)) == ("todo", "todo")


def test_a_worker_goes_on_when_the_database_is_back(
    server: URL, url: URL, queue: Queue, gate: Path
) -> None:
    database = sql.Identifier(url.database or "")
    gate.touch()
    with Worker(url) as worker, psycopg.connect(conninfo(server), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s "
                "AND pid <> %s",
                [url.database, queue.connection.info.backend_pid],
            )
            worker.wait_for("the database does not answer")
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))
        job_id = queue.defer(f"{TASKS}.hold", gate=str(gate))

        worker.wait_for("job done", job_id=job_id)
        assert worker.stop() == 0


def test_a_bad_environment_is_named_and_it_exits_with_1() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.jobs.worker"],
        env={"WORKER_GRACE_SECONDS": "60", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "DATABASE_URL: Field required" in done.stderr
    assert "WORKER_GRACE_SECONDS: " in done.stderr


def test_no_task_is_lost_for_want_of_a_retry() -> None:
    jobs.perform_import_paths()  # type: ignore[no-untyped-call]
    own = [task for name, task in jobs.tasks.items() if "builtin" not in name]

    assert own
    assert [task.name for task in own if task.retry_strategy is None] == []
