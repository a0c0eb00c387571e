"""Digests over HTTP: asked for now, written later."""

from datetime import date

from fastapi import APIRouter, status

from app.db import Session
from app.jobs.defer import defer
from app.jobs.schemas import NewDigest, PendingDigest
from app.jobs.tasks import digest_of

router = APIRouter(prefix="/api/digests", tags=["digests"])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_digest(wanted: NewDigest, session: Session) -> PendingDigest:
    """Have a note written that tells how many notes came on a day. Asking twice does no harm."""
    await defer(session, digest_of(date.fromisoformat(wanted.day)))
    return PendingDigest(day=wanted.day)
