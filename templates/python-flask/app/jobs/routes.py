"""Digests over HTTP: asked for now, written later."""

from datetime import date

from flask import Blueprint

from app.db import transaction
from app.jobs.defer import defer
from app.jobs.schemas import NewDigest, PendingDigest
from app.jobs.tasks import digest_of
from app.operation import operation

digests = Blueprint("digests", __name__, url_prefix="/api/digests")


@digests.post("")
@operation(202)
def ask_for_digest(body: NewDigest) -> PendingDigest:
    """Have a note written that tells how many notes came on a day. Asking twice does no harm."""
    with transaction() as session:
        defer(session, digest_of(date.fromisoformat(body.day)))
    return PendingDigest(day=body.day)
