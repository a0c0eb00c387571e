"""For the platform: is the process alive, can it serve?"""

import asyncio
from functools import cache
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.migrate import scripts

router = APIRouter(tags=["health"])


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


async def migrated(engine: AsyncEngine) -> bool:
    """Whether the database has all that this code's migrations bring.

    One that is ahead will do: during a roll-out the old code serves on.
    """
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return False
        applied = set(await connection.scalars(text("SELECT version_num FROM alembic_version")))
    heads, known = _revisions()
    return bool(applied) and (applied >= heads or not applied <= known)


@router.get("/livez")
async def livez() -> Alive:
    """The process answers, database or not."""
    return Alive()


@router.get("/readyz")
async def readyz(request: Request) -> Ready:
    """The database answers, the migrations are in, and the process is not leaving."""
    state = request.app.state
    if state.lifecycle.draining:
        raise HTTPException(503, "The service is shutting down.")
    check = asyncio.create_task(migrated(state.engine))
    # Cancelled, but not awaited: when the database hangs, to cancel takes long as well.
    done, _ = await asyncio.wait({check}, timeout=2)
    if not done:
        check.cancel()
        check.add_done_callback(lambda task: task.cancelled() or task.exception())
    if not done or isinstance(check.exception(), SQLAlchemyError):
        raise HTTPException(503, "The database does not answer.")
    if not check.result():
        raise HTTPException(503, "A migration is missing.")
    return Ready()
