"""The statement that puts a job into the queue, for `defer`."""

import json

import structlog
from procrastinate.jobs import JobDeferrer
from sqlalchemy import TextClause, text

DEFER = text(
    "SELECT jobs.defer(:queue, :task, :priority, :lock, :queueing_lock, CAST(:args AS jsonb), "
    "CAST(:scheduled_at AS timestamptz))"
)


def deferral(deferrer: JobDeferrer, args: dict[str, object]) -> TextClause:
    """Give the statement for a job, which carries the id of the request for the worker's log."""
    job = deferrer.job
    known = structlog.contextvars.get_contextvars()
    carried = {name: known[name] for name in ("request_id",) if name in known}
    return DEFER.bindparams(
        queue=job.queue,
        task=job.task_name,
        priority=job.priority,
        lock=job.lock,
        queueing_lock=job.queueing_lock,
        args=json.dumps({**job.task_kwargs, **args, **carried}),
        scheduled_at=job.scheduled_at,
    )
