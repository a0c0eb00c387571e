"""Notes over HTTP."""

from uuid import UUID

from fastapi import APIRouter, HTTPException, Response, status

from app.db import ReadSession, Session
from app.notes import service
from app.notes.models import Note
from app.notes.schemas import NewNote, NoteChanges, NoteOut, NotePage
from app.pagination import Cursor, Limit, Position

router = APIRouter(prefix="/api/notes", tags=["notes"])


def _found(note: Note | None) -> Note:
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such note.")
    return note


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_note(new: NewNote, session: Session, response: Response) -> NoteOut:
    """Add a note."""
    note = await service.create(session, title=new.title, body=new.body)
    response.headers["Location"] = f"/api/notes/{note.id}"
    return NoteOut.model_validate(note)


@router.get("")
async def list_notes(
    session: ReadSession, limit: Limit = 20, cursor: Cursor | None = None
) -> NotePage:
    """List notes, newest first."""
    notes, rest = await service.newest(
        session, limit=limit, after=Position.decode(cursor) if cursor else None
    )
    return NotePage.model_validate({"items": notes, "next_cursor": rest.encode() if rest else None})


@router.get("/{note_id}")
async def read_note(note_id: UUID, session: ReadSession) -> NoteOut:
    """Read one note."""
    return NoteOut.model_validate(_found(await service.find(session, note_id)))


@router.patch("/{note_id}")
async def change_note(note_id: UUID, changes: NoteChanges, session: Session) -> NoteOut:
    """Change a note's title, its body, or both."""
    note = await service.change(session, note_id, **changes.model_dump())
    return NoteOut.model_validate(_found(note))


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_note(note_id: UUID, session: Session) -> None:
    """Delete a note."""
    _found(await service.remove(session, note_id))
