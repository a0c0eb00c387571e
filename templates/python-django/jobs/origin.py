"""Which request a job comes from: kept with the job, and told in each of its lines in the log."""

from typing import Any

import structlog
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

REQUEST_ID = "request_id"

log = structlog.stdlib.get_logger()


def _with_origin(jobs: list[Job]) -> list[Job]:
    known = structlog.contextvars.get_contextvars()
    if REQUEST_ID not in known:
        return jobs
    origin = {REQUEST_ID: known[REQUEST_ID]}
    return [job.evolve(task_kwargs={**origin, **job.task_kwargs}) for job in jobs]


def _told(jobs: list[Job]) -> list[Job]:
    for job in jobs:
        log.info("job deferred", job_id=job.id, task=job.task_name)
    return jobs


class Manager(JobManager):
    """Puts the id of the request among the arguments; the worker takes it out again."""

    def batch_defer_jobs(self, jobs: list[Job], connection: Any = None) -> list[Job]:
        """Defer jobs; deferring one comes here too."""
        return _told(super().batch_defer_jobs(_with_origin(jobs), connection))

    async def batch_defer_jobs_async(self, jobs: list[Job], connection: Any = None) -> list[Job]:
        """Defer jobs; deferring one comes here too."""
        return _told(await super().batch_defer_jobs_async(_with_origin(jobs), connection))
