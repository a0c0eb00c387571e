import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from psycopg import sql

from config.settings import AppEnvironment
from jobs.tasks import digest_of_yesterday
from jobs.upkeep import remove_old_jobs
from tests.jobs.conftest import WORK, Hire, until
from tests.jobs.tasks import defer_and_fail_once, fail, nothing, tick, wait_for, wait_for_ever


def test_what_fails_is_tried_again_later_and_is_kept_in_the_end(hire: Hire) -> None:
    worker = hire()
    job_id = fail.defer()

    told = [worker.told("job failed", job_id=job_id) for _ in range(3)]

    assert [(line["attempt"], line["retried"]) for line in told] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert "ValueError: it cannot be done" in told[0]["exception"]
    until(job_id, "failed")


def test_another_worker_takes_the_job_of_a_killed_one(hire: Hire, tmp_path: Path) -> None:
    done = tmp_path / "done"
    killed = hire()
    job_id = wait_for.defer(path=str(done))
    killed.told("job started", job_id=job_id)
    other = hire()

    killed.process.kill()
    done.touch()

    assert other.told("job of a lost worker", job_id=job_id)["retried"]
    assert other.told("job done", job_id=job_id)["attempt"] == 2
    until(job_id, "succeeded")


def run(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_worker_whose_heart_has_stood_still_keeps_its_own_jobs(
    hire: Hire, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    worker = hire(WORKER_HEARTBEAT_SECONDS="0.5")
    job_id = wait_for.defer(path=str(done))
    worker.told("job started", job_id=job_id)
    # As if it had been suspended, each time that it looks for lost ones.
    limit = time.monotonic() + 2
    while time.monotonic() < limit:
        run("UPDATE procrastinate_workers SET last_heartbeat = 'epoch'")
        time.sleep(0.01)
    done.touch()

    assert worker.told("job done", job_id=job_id)["attempt"] == 1
    until(job_id, "succeeded")
    assert ProcrastinateJob.objects.get(pk=job_id).attempts == 1


def test_a_time_of_the_clock_that_no_worker_was_there_for_is_made_up_for_once(hire: Hire) -> None:
    run(
        "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES (%s, 0)",
        digest_of_yesterday.name,
    )
    hire().told("job done", task=digest_of_yesterday.name)

    assert ProcrastinateJob.objects.filter(task_name=digest_of_yesterday.name).count() == 1


def test_a_scheduled_task_that_is_new_begins_with_its_next_time(hire: Hire) -> None:
    # That of each second, and so after it has looked at the clock for the first time.
    hire().told("job done", task=tick.name)

    assert not ProcrastinateJob.objects.filter(task_name=digest_of_yesterday.name).exists()


def test_without_its_tables_it_says_so_and_begins_when_they_are_there(hire: Hire) -> None:
    run("ALTER TABLE procrastinate_workers RENAME TO away")
    try:
        worker = hire()
        worker.told("the queue's tables are missing: run `python manage.py migrate`")
    finally:
        run("ALTER TABLE away RENAME TO procrastinate_workers")

    worker.told("job done", job_id=nothing.defer())


def test_of_two_workers_one_does_what_the_clock_says(hire: Hire) -> None:
    hire()
    hire()

    limit = time.monotonic() + 60
    ticks = ProcrastinateJob.objects.filter(task_name=tick.name)
    while ticks.count() < 4:
        assert time.monotonic() < limit
        time.sleep(0.05)

    times = [job.args["timestamp"] for job in ticks]
    assert len(times) == len(set(times))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_its_jobs_and_takes_no_more(
    hire: Hire, tmp_path: Path, number: signal.Signals
) -> None:
    done = tmp_path / "done"
    # No room for a second one: else it may be looking for one already when the signal comes.
    worker = hire(WORKER_CONCURRENCY="1")
    begun = wait_for.defer(path=str(done))
    worker.told("job started", job_id=begun)

    worker.process.send_signal(number)
    worker.told("leaving", running=1)
    late = nothing.defer()
    done.touch()

    worker.told("job done", job_id=begun)
    assert worker.process.wait(10) == 0
    until(begun, "succeeded")
    until(late, "todo")


def test_what_does_not_finish_in_time_is_given_back(hire: Hire, tmp_path: Path) -> None:
    worker = hire(WORKER_GRACE_SECONDS="0.2")
    thread = wait_for.defer(path=str(tmp_path / "never"))
    coroutine = wait_for_ever.defer()
    for job_id in (thread, coroutine):
        worker.told("job started", job_id=job_id)

    worker.process.terminate()

    worker.told("job given back", job_id=coroutine)
    worker.told("job abandoned", job_id=thread)
    assert worker.process.wait(10) == 0
    until(thread, "todo")
    until(coroutine, "todo")


def test_it_comes_back_when_the_database_does(hire: Hire, server: str) -> None:
    name = connection.settings_dict["NAME"]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    worker = hire()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            worker.told("the database does not answer")
        finally:
            admin.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    connection.close()

    worker.told("job done", job_id=nothing.defer())
    worker.told("job done", task=tick.name)


def test_what_a_task_defers_is_in_its_transaction(hire: Hire) -> None:
    worker = hire()
    job_id = defer_and_fail_once.defer()

    worker.told("job done", job_id=job_id, attempt=2)

    assert ProcrastinateJob.objects.filter(task_name=nothing.name).count() == 1


def test_jobs_that_ended_long_ago_are_removed_and_dead_letters_later(hire: Hire) -> None:
    worker = hire(JOBS_KEEP_DEAD_HOURS="48")
    job_ids = [nothing.defer(), fail.defer(), fail.defer()]
    for job_id, status in zip(job_ids, ("succeeded", "failed", "failed"), strict=True):
        until(job_id, status)
    for job_id, hours in zip(job_ids, (25, 25, 49), strict=True):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_events SET at = at - make_interval(hours => %s) "
                "WHERE job_id = %s",
                [hours, job_id],
            )

    removal = remove_old_jobs.configure(task_kwargs={"timestamp": 0})
    worker.told("job done", job_id=removal.defer())

    left = ProcrastinateJob.objects.filter(pk__in=job_ids).values_list("pk", flat=True)
    assert list(left) == job_ids[1:2]
    assert not ProcrastinateEvent.objects.filter(job_id=job_ids[0]).exists()


def test_a_bad_environment_is_named_and_it_exits_with_1(env: AppEnvironment) -> None:
    variables = os.environ | {"DATABASE_URL": env.url, "WORKER_CONCURRENCY": "0"}

    done = subprocess.run(WORK, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "WORKER_CONCURRENCY: " in done.stderr
