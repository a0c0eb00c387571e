"""Tell every process of a change, in the transaction that makes it.

By events of the ORM and not by a trigger, so that the feature brings no migration: it can be
switched on and off in a project whose migrations are its own. So change notes through the
session (`session.add`, attributes, `session.delete`); SQL written by hand is not announced.
"""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Mapper

from app.notes.models import Note
from app.notes.schemas import NoteOut

CHANNEL = "notes"
# PostgreSQL takes less than 8000 bytes at a time, and a note may have more.
CHUNK = 7900
PAYLOAD = re.compile(r"(\d+):([0-9a-f]{16}):(.+)", re.ASCII)
OURS = '{"type": "note.'


def split(message: str) -> Iterator[str]:
    """Cut an ASCII message into payloads that say how many follow.

    The random number keeps them apart: the same payload twice in a transaction is sent once.
    """
    number = uuid.uuid4().hex[:16]
    for start in range(0, len(message), CHUNK):
        left = (len(message) - start - 1) // CHUNK
        yield f"{left}:{number}:{message[start : start + CHUNK]}"


class Joiner:
    """Puts messages together again; those of a transaction come in order, and unmixed."""

    def __init__(self) -> None:
        self._number = ""
        self._chunks: list[str] = []

    def add(self, payload: str) -> str | None:
        """Take a payload, and give the message that it completes.

        Anyone who may connect to the database may send some: a `ValueError` if this is not ours.
        """
        parts = PAYLOAD.fullmatch(payload)
        if parts is None:
            raise ValueError("not a part of a message")
        left, number, chunk = parts.groups()
        if number != self._number:
            self._number = number
            self._chunks.clear()
        self._chunks.append(chunk)
        if left != "0":
            return None
        message = "".join(self._chunks)
        self._number = ""
        if not message.startswith(OURS):
            raise ValueError("not a change to a note")
        return message


def _announce(connection: Connection, change: str, note: dict[str, Any]) -> None:
    for payload in split(json.dumps({"type": f"note.{change}", "note": note})):
        connection.execute(select(func.pg_notify(CHANNEL, payload)))


@event.listens_for(Note, "after_insert")
def _created(_mapper: Mapper[Note], connection: Connection, note: Note) -> None:
    _announce(connection, "created", NoteOut.model_validate(note).model_dump(mode="json"))


@event.listens_for(Note, "after_update")
def _updated(_mapper: Mapper[Note], connection: Connection, note: Note) -> None:
    _announce(connection, "updated", NoteOut.model_validate(note).model_dump(mode="json"))


@event.listens_for(Note, "after_delete")
def _deleted(_mapper: Mapper[Note], connection: Connection, note: Note) -> None:
    _announce(connection, "deleted", {"id": str(note.id)})
