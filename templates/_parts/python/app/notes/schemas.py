"""What notes look like from outside."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold the character U+0000")
    return text


Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_storable),
    Field(json_schema_extra={"pattern": r"^[^\u0000]*[^\u0000\s][^\u0000]*$"}),
]
Body = Annotated[
    str,
    StringConstraints(max_length=10_000),
    AfterValidator(_storable),
    Field(json_schema_extra={"pattern": r"^[^\u0000]*$"}),
]


class NewNote(BaseModel):
    """What it takes to make a note."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    body: Body = ""


class NoteChanges(BaseModel):
    """What to change of a note: one of these at least."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    title: Title | MISSING = MISSING
    body: Body | MISSING = MISSING

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must hold a title, a body, or both")
        return self


class NoteOut(BaseModel):
    """A note."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    body: str
    created_at: datetime
    updated_at: datetime


class NotePage(BaseModel):
    """Some notes, newest first."""

    items: list[NoteOut]
    next_cursor: str | None
