"""The yardstick for the generated Flask service: the same two routes, table and pool, no more.

It is run from the generated project's folder, on the same versions.
"""
# mypy: ignore-errors

import os
import sys
from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Flask, Response, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlalchemy import DateTime, create_engine, func, select, text, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

POOL_SIZE = int(os.environ["DATABASE_POOL_SIZE"])
# As many as the generated service has.
THREADS = POOL_SIZE + 30

engine = create_engine(
    os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"),
    pool_size=POOL_SIZE,
    max_overflow=0,
)
sessions = sessionmaker(engine, expire_on_commit=False)
app = Flask(__name__)


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


class ListQuery(BaseModel):
    """Which page."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str | None, Field(pattern="^[^_]+_[0-9a-f-]{36}$")] = None


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


def as_json(model, status=200, headers=None):
    """Make an answer of a model."""
    return Response(model.model_dump_json(), status, headers, content_type="application/json")


@app.errorhandler(ValidationError)
def invalid(error):
    """Tell the faults."""
    return {"detail": error.errors(include_url=False, include_context=False)}, 422


@app.get("/livez")
def live():
    """Answer."""
    return {"status": "ok"}


@app.get("/api/notes")
def list_notes():
    """List notes, newest first."""
    asked = ListQuery.model_validate(request.args.to_dict())
    limit = asked.limit
    query = select(Note).order_by(Note.created_at.desc(), Note.id.desc()).limit(limit + 1)
    if asked.cursor:
        created_at, note_id = asked.cursor.split("_")
        after = (datetime.fromisoformat(created_at), UUID(note_id))
        query = query.where(tuple_(Note.created_at, Note.id) < after)
    with sessions() as session:
        rows = session.scalars(query).all()
    last = rows[limit - 1] if len(rows) > limit else None
    page = NotePage(
        items=[NoteOut.model_validate(row) for row in rows[:limit]],
        next_cursor=f"{last.created_at.isoformat()}_{last.id}" if last else None,
    )
    return as_json(page)


@app.post("/api/notes")
def create_note():
    """Add a note."""
    new = NewNote.model_validate(request.get_json())
    with sessions.begin() as session:
        note = Note(**new.model_dump())
        session.add(note)
        session.flush()
        created = NoteOut.model_validate(note)
    return as_json(created, 201, {"Location": f"/api/notes/{note.id}"})


if __name__ == "__main__":
    bind = f"{os.environ['HOST']}:{os.environ['PORT']}"
    gunicorn = (sys.executable, "-m", "gunicorn", "--threads", str(THREADS), "--bind", bind)
    os.execv(sys.executable, (*gunicorn, "--no-control-socket", "flask_app:app"))
