"""Pages by keyset: stable while rows come and go, and as fast at the end as at the start."""

import base64
import struct
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from config.errors import QueryError

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


class Query(serializers.Serializer[Any]):
    """What a list may be asked for."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)
    cursor = serializers.CharField(default=None)

    def validate_cursor(self, cursor: str | None) -> Position | None:
        """Take it apart."""
        try:
            return Position.decode(cursor) if cursor is not None else None
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class KeysetPagination(BasePagination):
    """Newest first, for models with `created_at` and `id`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:  # noqa: ARG002
        """Take a page, and remember where the next one starts."""
        query = Query(data=request.query_params.dict())
        if not query.is_valid():
            raise QueryError(query.errors)
        limit, after = query.validated_data["limit"], query.validated_data["cursor"]
        if after:
            # Compared as a row, so that the index serves.
            place = Tuple("created_at", "id")
            queryset = queryset.filter(TupleLessThan(place, tuple(after)))
        rows = list(queryset.order_by("-created_at", "-id")[: limit + 1])
        last = rows[limit - 1] if len(rows) > limit else None
        self.next_cursor = last and Position(last.created_at, last.id).encode()
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        """Give the page."""
        return Response({"items": data, "next_cursor": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        return {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": schema,
                "next_cursor": {"type": ["string", "null"]},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        """Describe the query."""
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "How many at most",
                "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "The `next_cursor` of the page before",
                "schema": {"type": "string"},
            },
        ]
