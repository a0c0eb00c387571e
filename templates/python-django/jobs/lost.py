"""Jobs of workers that are lost: killed, or cut off from the database.

Procrastinate's workers leave a heartbeat, but nobody looks at it while they run. So each worker
looks at all the others', and not in a job, which would wait in the queue when all are busy.
"""

import asyncio
from collections.abc import Container

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job, Status
from psycopg_pool import AsyncConnectionPool

from jobs.env import JobsEnvironment
from jobs.log import record

LOCK = 4_217_650_312

log = structlog.stdlib.get_logger()


class WorkerLostError(Exception):
    """The worker was lost while it ran the job."""


async def _rescue(app: App, job: Job, job_id: int) -> None:
    """Count it as a failed attempt, so that no job kills its workers for ever."""
    task = app.tasks.get(job.task_name)
    retry = task.get_retry_exception(WorkerLostError(), job) if task else None
    log.warning(
        "job of a lost worker",
        job_id=job_id,
        task=job.task_name,
        attempt=job.attempts + 1,
        retried=retry is not None,
    )
    await record(app, job_id, "The worker was lost.")
    if retry:
        await app.job_manager.retry_job(job, retry_at=retry.retry_decision.retry_at)
    else:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


async def _rescue_all(
    app: App, pool: AsyncConnectionPool, silent: float, own: Container[int]
) -> None:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if await cursor.fetchone() != (True,):
            return
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
            # Our own heart may have missed a beat.
            if job.id is not None and job.id not in own:
                await _rescue(app, job, job.id)


async def keep_rescuing(
    app: App, pool: AsyncConnectionPool, env: JobsEnvironment, own: Container[int]
) -> None:
    """Take jobs from workers that are silent for too long; one worker at a time looks."""
    while True:
        await asyncio.sleep(env.worker_heartbeat_seconds)
        try:
            await _rescue_all(app, pool, env.worker_lost_after_seconds, own)
        except (ProcrastinateException, psycopg.Error) as error:
            log.warning("lost workers were not looked for", error=type(error).__name__)
