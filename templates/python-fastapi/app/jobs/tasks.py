"""What can be done in the background, and what is done by the clock (which is UTC's)."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from procrastinate import JobContext
from procrastinate.jobs import JobDeferrer
from sqlalchemy import DateTime, func, literal, select

from app.jobs.app import jobs
from app.jobs.context import sessions
from app.jobs.defer import defer
from app.jobs.retry import Backoff
from app.notes import service
from app.notes.models import Note

TITLE = "Digest of"


@jobs.task(pass_context=True, retry=Backoff())
async def write_digest(context: JobContext, *, day: str) -> None:
    """Write a note that tells how many notes came on a day.

    The note's id follows from the day: run twice, this writes the same note.
    """
    start = datetime.combine(date.fromisoformat(day), time(), UTC)
    end = literal(start, DateTime(timezone=True)) + timedelta(days=1)
    digest = uuid5(NAMESPACE_OID, f"{TITLE} {day}")
    async with sessions(context).begin() as session:
        count = await session.scalar(
            select(func.count()).where(
                Note.created_at >= start, Note.created_at < end, ~Note.title.startswith(TITLE)
            )
        )
        body = f"Notes that came: {count}"
        if not await service.change(session, digest, body=body):
            session.add(Note(id=digest, title=f"{TITLE} {day}", body=body))


def digest_of(day: date) -> JobDeferrer:
    """Give the job for a day, of which never two run at once, nor wait."""
    name = f"digest of {day}"
    return write_digest.configure(
        lock=name, queueing_lock=name, task_kwargs={"day": day.isoformat()}
    )


@jobs.periodic(cron="5 0 * * *")
@jobs.task(pass_context=True, retry=Backoff())
async def digest_of_yesterday(context: JobContext, timestamp: int) -> None:
    """Have yesterday's digest written. Every worker has the clock; one of them defers the job."""
    yesterday = datetime.fromtimestamp(timestamp, UTC).date() - timedelta(days=1)
    async with sessions(context).begin() as session:
        await defer(session, digest_of(yesterday))
