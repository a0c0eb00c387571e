"""Dead letters: jobs that have failed for good, until somebody has them tried again."""

from django.db import IntegrityError, connection, transaction

RETRY = """
    UPDATE procrastinate_jobs
    SET status = 'todo', attempts = 0, scheduled_at = now(), abort_requested = false
    WHERE id = %s AND status IN ('failed', 'aborted')
"""


class NotRetriedError(Exception):
    """A job is not tried again; the message says why."""


def retry(job_id: int) -> None:
    """Have one tried again, with all its attempts before it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RETRY, [job_id])
            found = cursor.rowcount
    except IntegrityError:
        raise NotRetriedError("an equal job is waiting") from None
    if not found:
        raise NotRetriedError("no dead letter has this id")
