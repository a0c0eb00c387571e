"""What a body must be before it is looked into: JSON, and said to be."""

import json
from typing import NoReturn

from fastapi import HTTPException, Request
from fastapi.params import Form
from starlette.requests import HTTPConnection


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


async def json_only(connection: HTTPConnection) -> None:
    """Refuse what is no JSON. A dependency of every route, so that 404 and 405 come first."""
    field = getattr(connection.scope["route"], "body_field", None)
    if not isinstance(connection, Request) or field is None or isinstance(field.field_info, Form):
        return
    body = await connection.body()
    media_type = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        # Python's parser, which has had its turn, lets these pass.
        if not body or b"NaN" in body or b"Infinity" in body:
            try:
                json.loads(body, parse_constant=_refuse)
            except ValueError:
                raise HTTPException(400) from None
    elif body:
        raise HTTPException(415, "The body's type must be application/json.")
