"""Notes over HTTP."""

from uuid import UUID

from flask import Blueprint
from werkzeug.exceptions import NotFound

from app.db import reading, transaction
from app.notes import service
from app.notes.models import Note
from app.notes.schemas import NewNote, NoteChanges, NoteOut, NotePage
from app.operation import operation
from app.pagination import PageQuery

notes = Blueprint("notes", __name__, url_prefix="/api/notes")


def _found(note: Note | None) -> Note:
    if note is None:
        raise NotFound("There is no such note.")
    return note


@notes.post("")
@operation(201)
def create_note(body: NewNote) -> tuple[NoteOut, dict[str, str]]:
    """Add a note."""
    with transaction() as session:
        note = service.create(session, title=body.title, body=body.body)
    return NoteOut.model_validate(note), {"Location": f"/api/notes/{note.id}"}


@notes.get("")
@operation()
def list_notes(query: PageQuery) -> NotePage:
    """List notes, newest first."""
    with reading() as session:
        found, rest = service.newest(session, limit=query.limit, after=query.cursor)
    return NotePage.model_validate({"items": found, "next_cursor": rest.encode() if rest else None})


@notes.get("/<uuid:note_id>")
@operation()
def read_note(note_id: UUID) -> NoteOut:
    """Read one note."""
    with reading() as session:
        note = _found(service.find(session, note_id))
    return NoteOut.model_validate(note)


@notes.patch("/<uuid:note_id>")
@operation()
def change_note(note_id: UUID, body: NoteChanges) -> NoteOut:
    """Change a note's title, its body, or both."""
    with transaction() as session:
        note = _found(service.change(session, note_id, **body.model_dump()))
    return NoteOut.model_validate(note)


@notes.delete("/<uuid:note_id>")
@operation(204)
def delete_note(note_id: UUID) -> None:
    """Delete a note."""
    with transaction() as session:
        _found(service.remove(session, note_id))
