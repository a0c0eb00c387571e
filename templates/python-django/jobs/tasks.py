"""What can be done in the background, and what is done by the clock (which is UTC's).

The tasks of another app stand in its own `tasks.py`, where the worker finds them too.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jobs.retry import Backoff
from notes.models import Note

TITLE = "Digest of"


@app.task(retry=Backoff())
def write_digest(*, day: str) -> None:
    """Write a note that tells how many notes came on a day.

    The note's id follows from the day: run twice, this writes the same note.
    """
    known = date.fromisoformat(day)
    within = (datetime.combine(known, time.min, UTC), datetime.combine(known, time.max, UTC))
    count = Note.objects.filter(created_at__range=within).exclude(title__startswith=TITLE).count()
    title = f"{TITLE} {day}"
    content = {"title": title, "body": f"Notes that came: {count}"}
    Note.objects.update_or_create(content, pk=uuid5(NAMESPACE_OID, title))


def ask_for_digest(day: date) -> None:
    """Have a day's digest written. Of the jobs for a day, never two run at once, nor wait."""
    name = f"digest of {day}"
    digest = write_digest.configure(lock=name, queueing_lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        digest.defer(day=day.isoformat())


@app.periodic(cron="5 0 * * *")
@app.task(retry=Backoff())
def digest_of_yesterday(timestamp: int) -> None:
    """Have yesterday's digest written. Every worker has the clock; one of them defers the job."""
    ask_for_digest(datetime.fromtimestamp(timestamp, UTC).date() - timedelta(days=1))
