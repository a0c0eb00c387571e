"""What the views and serializers of the JSON API have in common."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView


class JSONBody(APIView):
    """Refuses a body of nothing, which is no JSON; REST framework takes it for an empty object."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look before the view does."""
        super().initial(request, *args, **kwargs)
        wanted = request.method in {"POST", "PUT", "PATCH"}
        known = (request.method or "").lower() in self.http_method_names
        if wanted and known and not int(request.META.get("CONTENT_LENGTH") or 0):
            raise ParseError


class TextField(serializers.CharField):
    """Takes text only; Django's own would make some of a number."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class UTCField(serializers.DateTimeField):
    """Tells the time in UTC, whatever TIME_ZONE the pages have."""

    timezone = UTC


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses members that it does not know, and a change of nothing."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Name the unknown members beside all other faults."""
        faults: dict[str, Any] = {}
        value: Any = None
        try:
            value = super().run_validation(data)
        except ValidationError as error:
            if not isinstance(data, Mapping):
                raise
            faults = dict(error.detail)  # type: ignore[arg-type]
        if isinstance(data, Mapping):
            known = {field.field_name for field in self._writable_fields}
            faults |= {name: ["is not known here"] for name in data if name not in known}
            if self.partial and not data:
                faults = {"non_field_errors": ["must have one member at least"]}
        if faults:
            raise ValidationError(faults)
        return value
