"""A worker: takes jobs until it is told to stop."""

import asyncio
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ProcrastinateException
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from jobs.env import JobsEnvironment
from jobs.log import observe, running
from jobs.lost import keep_rescuing

# To take a job, to tell how one ended, heartbeats, rescues. They are short.
CONNECTIONS = 3
# For jobs to notice that they are cancelled, and for the worker to say goodbye.
SECONDS_TO_GIVE_BACK = 1.5
SECONDS_BEFORE_ANOTHER_START = 1
# A time of the clock that was missed, for want of a worker, is made up for within a day.
LONGEST_DELAY = 24 * 60 * 60
START_CLOCK = """
    INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
    SELECT %(task)s::varchar, %(periodic_id)s::varchar, %(timestamp)s::bigint
    WHERE NOT EXISTS (
        SELECT FROM procrastinate_periodic_defers
        WHERE task_name = %(task)s AND periodic_id = %(periodic_id)s
    )
    ON CONFLICT DO NOTHING
"""

log = structlog.stdlib.get_logger()


def _worker(env: JobsEnvironment) -> Worker:
    """Give a worker with connections of its own.

    What a task defers goes by Django's connection, as elsewhere: in the transaction of the task.
    """
    django_app.perform_import_paths()  # type: ignore[no-untyped-call]
    app = App(connector=PsycopgConnector(), periodic_defaults={"max_delay": LONGEST_DELAY})
    app.tasks = django_app.tasks
    app.periodic_registry = django_app.periodic_registry
    options: dict[str, Any] = {
        # Among them that Django's connections are closed after a task.
        **django_app.worker_defaults,
        "concurrency": env.worker_concurrency,
        "fetch_job_polling_interval": env.worker_poll_seconds,
        "update_heartbeat_interval": env.worker_heartbeat_seconds,
        "stalled_worker_timeout": env.worker_lost_after_seconds,
        "shutdown_graceful_timeout": env.worker_grace_seconds,
        "install_signal_handlers": False,
        "worker_middleware": [observe],
    }
    return Worker(app, **options)


async def _start_clocks(app: App) -> None:
    """Have a new scheduled task begin with its next time: it has not missed the one before."""
    now = time.time()
    for (task, periodic_id), periodic in app.periodic_registry.periodic_tasks.items():
        await app.job_manager.connector.execute_query_async(
            START_CLOCK,
            task=task,
            periodic_id=periodic_id,
            timestamp=round(periodic.croniter.get_prev(float, start_time=now)),
        )


async def _work(worker: Worker, env: JobsEnvironment) -> None:
    # What served the clock in the round before may be broken.
    await sync_to_async(connections.close_all)()
    pool = AsyncConnectionPool(
        kwargs=connector_params(),
        min_size=1,
        max_size=CONNECTIONS,
        timeout=5,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    await pool.open()
    await worker.app.open_async(pool)
    rescue = asyncio.create_task(keep_rescuing(worker.app, pool, env, running))
    try:
        await _start_clocks(worker.app)
        await worker.run()  # type: ignore[no-untyped-call]
    finally:
        rescue.cancel()
        await pool.close(timeout=1)


def _tell_why(error: BaseException | None) -> None:
    """Log why the worker broke off; what is not raised, Procrastinate has logged itself."""
    while error and error.__cause__:
        error = error.__cause__
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedFunction):
        log.error("the queue's tables are missing: run `python manage.py migrate`")
    elif isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        log.warning("the database does not answer", error=type(error).__name__)
    else:
        log.error("the worker broke off", exc_info=error)


async def _abandon(worker: Worker) -> None:
    """Leave jobs that do not stop, such as those in threads, to others, and be gone."""
    with suppress(ProcrastinateException, TimeoutError):
        async with asyncio.timeout(0.5):
            for job_id, job in running.items():
                log.warning("job abandoned", job_id=job_id, task=job.task_name)
                await worker.app.job_manager.retry_job(job)
    sys.stdout.flush()
    os._exit(0)


async def work(env: JobsEnvironment) -> None:
    """Work until SIGTERM or Ctrl-C, and start again whenever something broke that off."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(env.worker_concurrency))
    leaving = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(leaving.set))
    left = asyncio.create_task(leaving.wait())
    log.info("working", concurrency=env.worker_concurrency)
    while not left.done():
        worker = _worker(env)
        working = asyncio.create_task(_work(worker, env))
        await asyncio.wait({working, left}, return_when=asyncio.FIRST_COMPLETED)
        if left.done():
            log.info("leaving", running=len(running))
            working.cancel()
            patience = env.worker_grace_seconds + SECONDS_TO_GIVE_BACK
            _, unfinished = await asyncio.wait({working}, timeout=patience)
            if unfinished:
                await _abandon(worker)
        else:
            _tell_why(working.exception())
            await asyncio.wait({left}, timeout=SECONDS_BEFORE_ANOTHER_START)
