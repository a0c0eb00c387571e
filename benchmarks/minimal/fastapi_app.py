"""The yardstick for the generated FastAPI service: the same two routes, table and pool, no more.

It is run from the generated project's folder, on the same versions.
"""
# mypy: ignore-errors

import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import DateTime, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"),
    pool_size=int(os.environ["DATABASE_POOL_SIZE"]),
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    """The base of the models."""


class Note(Base):
    """A row."""

    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )


class NewNote(BaseModel):
    """What comes in."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    body: Annotated[str, Field(max_length=10_000)] = ""


class NoteOut(BaseModel):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    body: str
    created_at: datetime
    updated_at: datetime


class NotePage(BaseModel):
    """A page of what goes out."""

    items: list[NoteOut]
    next_cursor: str | None


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a transaction and commit it after the route."""
    async with sessions.begin() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


@app.get("/livez")
async def live() -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}


@app.get("/api/notes")
async def list_notes(
    session: Session,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(pattern="^[^_]+_[0-9a-f-]{36}$")] = None,
) -> NotePage:
    """List notes, newest first."""
    query = select(Note).order_by(Note.created_at.desc(), Note.id.desc()).limit(limit + 1)
    if cursor:
        created_at, note_id = cursor.split("_")
        after = (datetime.fromisoformat(created_at), UUID(note_id))
        query = query.where(tuple_(Note.created_at, Note.id) < after)
    rows = (await session.scalars(query)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return NotePage(
        items=[NoteOut.model_validate(row) for row in rows[:limit]],
        next_cursor=f"{last.created_at.isoformat()}_{last.id}" if last else None,
    )


@app.post("/api/notes", status_code=201)
async def create_note(new: NewNote, session: Session, response: Response) -> NoteOut:
    """Add a note."""
    note = Note(**new.model_dump())
    session.add(note)
    await session.flush()
    response.headers["Location"] = f"/api/notes/{note.id}"
    return NoteOut.model_validate(note)


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ["HOST"], port=int(os.environ["PORT"]), access_log=False)
