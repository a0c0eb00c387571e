"""Work off the queue: `python -m app.jobs.worker`."""

import asyncio
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import structlog
from procrastinate import JobContext
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

# All parts, since some take notice of what happens to the models, and must here too.
import app.main  # noqa: F401
from app.config import ConfigError, load
from app.jobs.app import jobs, queue_conninfo
from app.jobs.config import WorkerSettings
from app.jobs.context import task_context
from app.jobs.lost import keep_rescuing, record
from app.log import configure_logging

# Between jobs: to take one, to tell how one ended, heartbeats. They are short.
CONNECTIONS = 2
# For jobs to notice that they are cancelled, and for the worker to say goodbye.
SECONDS_TO_GIVE_BACK = 1.5
SECONDS_BEFORE_ANOTHER_START = 1
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
running: dict[int, Job] = {}


async def observe(call_next: AsyncCallNext, context: JobContext, _worker: Worker) -> object:
    """Log what becomes of a job, and keep why it failed."""
    job = context.job
    if job.id is None:
        raise ValueError("a job that runs has an id")
    bound = {"job_id": job.id, "task": job.task_name, "attempt": job.attempts + 1}
    # For the log, not for the task: see defer().
    if request_id := job.task_kwargs.pop("request_id", None):
        bound["request_id"] = request_id
    running[job.id] = job
    started = time.perf_counter()
    with structlog.contextvars.bound_contextvars(**bound):
        log.info("job started")
        try:
            result = await call_next()
        except asyncio.CancelledError:
            log.info("job given back")
            raise
        except Exception as error:
            again = context.task.get_retry_exception(error, job) is not None
            (log.warning if again else log.error)("job failed", retried=again, exc_info=error)
            await record(job.id, f"{type(error).__name__}: {error}")
            raise
        finally:
            del running[job.id]
        log.info("job done", duration_ms=round((time.perf_counter() - started) * 1000, 1))
        return result


async def _start_clocks() -> None:
    """Have a new scheduled task begin with its next time: it has not missed the one before."""
    now = time.time()
    for (task, periodic_id), periodic in jobs.periodic_registry.periodic_tasks.items():
        await jobs.connector.execute_query_async(
            START_CLOCK,
            task=task,
            periodic_id=periodic_id,
            timestamp=round(periodic.croniter.get_prev(float, start_time=now)),
        )


async def _work(settings: WorkerSettings, context: dict[str, object]) -> None:
    jobs.perform_import_paths()  # type: ignore[no-untyped-call]
    await _start_clocks()
    await jobs.run_worker_async(
        concurrency=settings.worker_concurrency,
        fetch_job_polling_interval=settings.worker_poll_seconds,
        update_heartbeat_interval=settings.worker_heartbeat_seconds,
        stalled_worker_timeout=settings.worker_lost_after_seconds,
        shutdown_graceful_timeout=settings.worker_grace_seconds,
        install_signal_handlers=False,
        additional_context=context,
        worker_middleware=[observe],
    )


def _tell_why(error: BaseException | None) -> None:
    """Log why the worker broke off; what is not raised, Procrastinate has logged itself."""
    while error and error.__cause__:
        error = error.__cause__
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedFunction):
        log.error("the queue's tables are missing: run `python -m app.migrate`")
    elif isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        log.warning("the database does not answer", error=type(error).__name__)
    else:
        log.error("the worker broke off", exc_info=error)


async def _keep_working(
    settings: WorkerSettings, context: dict[str, object], leaving: asyncio.Event
) -> None:
    """Work until told to leave, and start again whenever something broke that off."""
    left = asyncio.create_task(leaving.wait())
    while not left.done():
        work = asyncio.create_task(_work(settings, context))
        await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
        if left.done():
            log.info("leaving", running=len(running))
            work.cancel()
            _, unfinished = await asyncio.wait(
                {work}, timeout=settings.worker_grace_seconds + SECONDS_TO_GIVE_BACK
            )
            if unfinished:
                await _abandon()
        else:
            _tell_why(work.exception())
            await asyncio.wait({left}, timeout=SECONDS_BEFORE_ANOTHER_START)


async def _abandon() -> None:
    """Leave jobs that do not stop, such as those in threads, to others, and be gone."""
    with suppress(ProcrastinateException, TimeoutError):
        async with asyncio.timeout(0.5):
            for job_id, job in running.items():
                log.warning("job abandoned", job_id=job_id, task=job.task_name)
                await jobs.job_manager.retry_job(job)
    sys.stdout.flush()
    os._exit(0)


async def run(settings: WorkerSettings) -> None:
    """Work until told to stop."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(settings.worker_concurrency))
    leaving = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(leaving.set))
    pool = AsyncConnectionPool(
        queue_conninfo(settings.url),
        min_size=1,
        max_size=CONNECTIONS,
        timeout=5,
        # Else it tries less and less often, and is late when the database is back.
        reconnect_timeout=5,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    await pool.open()
    await jobs.open_async(pool)
    async with task_context(settings) as context:
        log.info("working", concurrency=settings.worker_concurrency)
        rescue = asyncio.create_task(keep_rescuing(pool, settings, running))
        try:
            await _keep_working(settings, context | {"settings": settings}, leaving)
        finally:
            rescue.cancel()
            with suppress(asyncio.CancelledError):
                await rescue
    await pool.close(timeout=1)


def main() -> None:
    """Work until told to stop."""
    try:
        settings = load(WorkerSettings)
    except ConfigError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    # psycopg cannot use the loop that is the default on Windows.
    loop_factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(run(settings))


if __name__ == "__main__":
    main()
