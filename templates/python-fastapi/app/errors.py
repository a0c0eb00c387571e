"""Errors as answers: every one is application/problem+json (RFC 9457), and made here."""

import json
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DETAILS = {
    400: "The body is not JSON.",
    404: "There is nothing here.",
    405: "The path is right, the method is not; see the header Allow.",
    500: "Something went wrong on our side.",
    503: "The service cannot answer just now; try again later.",
}

log = structlog.stdlib.get_logger()


def problem(
    status: int,
    detail: str | None = None,
    *,
    headers: dict[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    """The answer for a problem."""
    phrase = HTTPStatus(status).phrase
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, phrase),
    }
    if errors is not None:
        content["errors"] = errors
    # ASCII: a name in `errors` may hold a lone surrogate, which UTF-8 cannot.
    return Response(
        json.dumps(content), status, headers=headers, media_type="application/problem+json"
    )


def pointer(location: tuple[int | str, ...]) -> str:
    """A JSON Pointer (RFC 6901) to where a fault is, into {body, query}."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _allowed(request: Request) -> str:
    # A router stops at the first route of that path, so its Allow may be short of methods.
    routes = request.app.router.routes
    allowed = {
        method
        for method in METHODS
        if any(r.matches({**request.scope, "method": method})[0] is Match.FULL for r in routes)
    }
    if "GET" in allowed:
        allowed.add("HEAD")
    return ", ".join(method for method in METHODS if method in allowed)


async def _http(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        # No route matches below a mount; files, which are there, are only read.
        headers["Allow"] = _allowed(request) or "GET, HEAD"
    # Without a detail of its own, Starlette repeats the status's phrase.
    said = error.detail != HTTPStatus(error.status_code).phrase
    return problem(error.status_code, error.detail if said else None, headers=headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    faults = cast("RequestValidationError", error).errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(400)
    if any(fault["loc"][0] == "path" for fault in faults):
        return problem(404)
    return problem(
        422,
        "The request is understood, but wrong; see errors.",
        errors=[
            {"pointer": pointer(f["loc"]), "detail": f["msg"].removeprefix("Value error, ")}
            for f in faults
        ],
    )


async def _database_away(_request: Request, error: Exception) -> Response:
    log.warning("the database does not answer", exc_info=error)
    return problem(503)


def add_error_handlers(app: FastAPI) -> None:
    """Turn what the routes raise into problems. The rest is a 500, made in the middleware."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, _database_away)
