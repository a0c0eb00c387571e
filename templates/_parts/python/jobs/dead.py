"""The dead letters: jobs that have failed for good, to be looked at and tried again."""

from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import class_row
from sqlalchemy import URL

from app.jobs.app import queue_conninfo

LIST = """
    SELECT job.id, job.task_name AS task, job.args, job.attempts, event.at,
           coalesce(failures.error, 'There is no such task.') AS error
    FROM procrastinate_jobs AS job
    JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND type IN ('failed', 'aborted')
    ) AS event ON true
    LEFT JOIN failures ON failures.job_id = job.id
    WHERE job.status IN ('failed', 'aborted')
    ORDER BY event.at DESC, job.id DESC
    LIMIT %s
"""
RETRY = """
    UPDATE procrastinate_jobs
    SET status = 'todo', attempts = 0, scheduled_at = now(), abort_requested = false
    WHERE id = %s AND status IN ('failed', 'aborted')
"""


class DeadLetter(NamedTuple):
    """A job that has failed for good, and why."""

    id: int
    task: str
    args: dict[str, Any]
    attempts: int
    at: datetime
    error: str


def _connect(url: URL) -> psycopg.Connection:
    return psycopg.connect(queue_conninfo(url), autocommit=True)


def dead_letters(url: URL, limit: int) -> list[DeadLetter]:
    """List them, the latest first."""
    with (
        _connect(url) as connection,
        connection.cursor(row_factory=class_row(DeadLetter)) as cursor,
    ):
        return cursor.execute(LIST, [limit]).fetchall()


def retry(url: URL, job_id: int) -> str:
    """Have one tried again, with all its attempts before it, and say what came of it."""
    with _connect(url) as connection:
        try:
            found = connection.execute(RETRY, [job_id]).rowcount
        except psycopg.errors.UniqueViolation:
            return "not retried: an equal job is waiting"
    return "to be retried" if found else "not retried: no dead letter has this id"
