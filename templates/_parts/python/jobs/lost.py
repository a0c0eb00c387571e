"""Jobs of workers that are lost: killed, or cut off from the database.

Procrastinate's workers leave a heartbeat, but nobody looks at it while they run. So each worker
looks at all the others', and not in a job, which would wait in the queue when all are busy.
"""

import asyncio
from collections.abc import Container

import psycopg
import structlog
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job, Status
from psycopg_pool import AsyncConnectionPool

from app.jobs.app import jobs
from app.jobs.config import WorkerSettings

LOCK = 4_721_830_167
LONGEST_ERROR = 1000

log = structlog.stdlib.get_logger()


class WorkerLostError(Exception):
    """The worker was lost while it ran the job."""


async def record(job_id: int, error: str) -> None:
    """Keep why a job failed, for those who look at the dead letters."""
    await jobs.connector.execute_query_async(
        "INSERT INTO failures (job_id, error) VALUES (%(job_id)s, %(error)s) "
        "ON CONFLICT (job_id) DO UPDATE SET error = EXCLUDED.error, at = now()",
        job_id=job_id,
        error=error[:LONGEST_ERROR].replace("\x00", ""),
    )


async def _rescue(job: Job, job_id: int) -> None:
    """Count it as a failed attempt, so that a job which kills workers does so a few times only."""
    task = jobs.tasks.get(job.task_name)
    retry = task.get_retry_exception(WorkerLostError(), job) if task else None
    log.warning(
        "job of a lost worker",
        job_id=job_id,
        task=job.task_name,
        attempt=job.attempts + 1,
        retried=retry is not None,
    )
    await record(job_id, "The worker was lost.")
    if retry:
        await jobs.job_manager.retry_job(job, retry_at=retry.retry_decision.retry_at)
    else:
        await jobs.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


async def rescue(
    pool: AsyncConnectionPool, settings: WorkerSettings, own: Container[int | None]
) -> None:
    """Take jobs from workers that have been silent for too long; one worker at a time does."""
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if await cursor.fetchone() != (True,):
            return
        for job in await jobs.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=settings.worker_lost_after_seconds
        ):
            # Our own heart may have missed a beat.
            if job.id is not None and job.id not in own:
                await _rescue(job, job.id)


async def keep_rescuing(
    pool: AsyncConnectionPool, settings: WorkerSettings, own: Container[int | None]
) -> None:
    """Do so for ever."""
    while True:
        await asyncio.sleep(settings.worker_heartbeat_seconds)
        try:
            await rescue(pool, settings, own)
        except (ProcrastinateException, psycopg.Error) as error:
            log.warning("lost workers were not looked for", error=type(error).__name__)
