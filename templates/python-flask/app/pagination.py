"""Pages by keyset: stable while rows come and go, and as fast at the end as at the start."""

import base64
import struct
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FORMAT = struct.Struct(">q16s")
NO_CURSOR = "is not a cursor of this list"


class Position(NamedTuple):
    """A row's place in the order (created_at, id); as text, an opaque cursor."""

    created_at: datetime
    id: UUID

    def encode(self) -> str:
        """Give the cursor for the rows after this one."""
        packed = FORMAT.pack((self.created_at - EPOCH) // MICROSECOND, self.id.bytes)
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def decode(cls, cursor: str) -> Self:
        """Take a cursor apart; a ValueError if it is none of ours."""
        try:
            microseconds, uuid = FORMAT.unpack(base64.urlsafe_b64decode(cursor))
            position = cls(EPOCH + microseconds * MICROSECOND, UUID(bytes=uuid))
        except (ValueError, OverflowError, struct.error):
            raise ValueError(NO_CURSOR) from None
        # The decoder overlooks characters that do not belong.
        if position.encode() != cursor:
            raise ValueError(NO_CURSOR)
        return position


Cursor = Annotated[Position, PlainValidator(Position.decode), WithJsonSchema({"type": "string"})]


class PageQuery(BaseModel):
    """Which page."""

    limit: int = Field(20, ge=1, le=100, description="How many at most")
    cursor: Cursor | None = Field(None, description="The `next_cursor` of the page before")
