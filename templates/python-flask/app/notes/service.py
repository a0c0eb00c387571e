"""What can be done with notes. Knows the database, not HTTP."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.notes.models import Note
from app.pagination import Position


def create(session: Session, *, title: str, body: str) -> Note:
    """Add a note."""
    note = Note(title=title, body=body)
    session.add(note)
    session.flush()
    return note


def find(session: Session, note_id: UUID) -> Note | None:
    """Get a note, if there is one of that id."""
    return session.get(Note, note_id)


def newest(
    session: Session, *, limit: int, after: Position | None = None
) -> tuple[Sequence[Note], Position | None]:
    """List notes, newest first, and say where the next page starts, if there is one."""
    query = select(Note).order_by(Note.created_at.desc(), Note.id.desc()).limit(limit + 1)
    if after:
        query = query.where(tuple_(Note.created_at, Note.id) < after)
    notes = session.scalars(query).all()
    if len(notes) <= limit:
        return notes, None
    last = notes[limit - 1]
    return notes[:limit], Position(last.created_at, last.id)


def change(session: Session, note_id: UUID, **changes: str) -> Note | None:
    """Change what is given of a note, if there is one of that id."""
    note = session.get(Note, note_id, with_for_update=True)
    if note:
        for name, value in changes.items():
            setattr(note, name, value)
        note.updated_at = func.clock_timestamp()
        session.flush()
    return note


def remove(session: Session, note_id: UUID) -> Note | None:
    """Delete a note, if there is one of that id."""
    note = session.get(Note, note_id, with_for_update=True)
    if note:
        session.delete(note)
    return note
