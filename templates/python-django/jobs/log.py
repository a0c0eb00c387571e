"""What becomes of jobs: in the log, and for those that fail also in the database."""

import asyncio
import time
from typing import Any

import structlog
from procrastinate import App, JobContext
from procrastinate.jobs import Job
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from jobs.origin import REQUEST_ID

LONGEST_ERROR = 1000
RECORD = """
    INSERT INTO jobs_failure (job_id, error, at) VALUES (%(job_id)s, %(error)s, now())
    ON CONFLICT (job_id) DO UPDATE SET error = EXCLUDED.error, at = now()
"""

log = structlog.stdlib.get_logger()
running: dict[int, Job] = {}


async def record(app: App, job_id: int, error: str) -> None:
    """Keep why a job failed, for those who look at the dead letters."""
    known = error[:LONGEST_ERROR].replace("\x00", "")
    await app.job_manager.connector.execute_query_async(RECORD, job_id=job_id, error=known)


async def observe(call_next: AsyncCallNext, context: JobContext, _worker: Worker) -> Any:
    """Log what becomes of a job, and keep why it failed."""
    job = context.job
    if job.id is None:
        raise ValueError("a job that runs has an id")
    names: dict[str, Any] = {"job_id": job.id, "task": job.task_name, "attempt": job.attempts + 1}
    # For the log, not for the task.
    if request_id := job.task_kwargs.pop(REQUEST_ID, None):
        names[REQUEST_ID] = request_id
    running[job.id] = job
    started = time.perf_counter()
    with structlog.contextvars.bound_contextvars(**names):
        log.info("job started")
        try:
            result = await call_next()
        except asyncio.CancelledError:
            log.info("job given back")
            raise
        except Exception as error:
            again = context.task.get_retry_exception(error, job) is not None
            (log.warning if again else log.error)("job failed", retried=again, exc_info=error)
            await record(context.app, job.id, f"{type(error).__name__}: {error}")
            raise
        finally:
            del running[job.id]
        log.info("job done", duration_ms=round((time.perf_counter() - started) * 1000, 1))
        return result
