"""Have something done later, if and only if the transaction commits."""

import structlog
from procrastinate.jobs import JobDeferrer
from sqlalchemy.orm import Session

from app.jobs.deferral import deferral

log = structlog.stdlib.get_logger()


def defer(session: Session, deferrer: JobDeferrer, **args: object) -> int | None:
    """Put a job into the queue: `defer(session, task.configure(...), name=value)`.

    Gives its id, or None when its `queueing_lock` says that an equal job is waiting already.
    """
    job_id: int | None = session.scalar(deferral(deferrer, args))
    log.info(
        "deferring" if job_id else "an equal job waits", job_id=job_id, task=deferrer.job.task_name
    )
    return job_id
