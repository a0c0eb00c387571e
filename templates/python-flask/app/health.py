"""For the platform: is the process alive, can it serve?"""

from functools import cache
from typing import Literal

from flask import Blueprint, current_app
from pydantic import BaseModel
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import ServiceUnavailable

from app.deadline import within
from app.migrate import scripts
from app.operation import operation

health = Blueprint("health", __name__)


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The service can serve."""

    status: Literal["ready"] = "ready"


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    known = frozenset(script.revision for script in scripts().walk_revisions())
    return frozenset(scripts().get_heads()), known


def migrated(engine: Engine) -> bool:
    """Whether the database has all that this code's migrations bring.

    One that is ahead will do: during a roll-out the old code serves on.
    """
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return False
        applied = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    heads, known = _revisions()
    return bool(applied) and (applied >= heads or not applied <= known)


@health.get("/livez")
@operation()
def livez() -> Alive:
    """The process answers, database or not."""
    return Alive()


@health.get("/readyz")
@operation()
def readyz() -> Ready:
    """The database answers, the migrations are in, and the process is not leaving."""
    if current_app.extensions["lifecycle"].draining:
        raise ServiceUnavailable("The service is shutting down.")
    try:
        with within(2):
            complete = migrated(current_app.extensions["engine"])
    except SQLAlchemyError:
        raise ServiceUnavailable("The database does not answer.") from None
    if not complete:
        raise ServiceUnavailable("A migration is missing.")
    return Ready()
