"""Errors as answers: every one is application/problem+json (RFC 9457), and made here."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from app.deadline import DeadlineError, remaining

PROBLEM = "application/problem+json"
TOOK_TOO_LONG = "The request took too long."
DETAILS = {
    400: "The request cannot be understood.",
    404: "There is nothing here.",
    405: "The path is right, the method is not; see the header Allow.",
    413: "The body is too large.",
    500: "Something went wrong on our side.",
    503: "The service cannot answer just now; try again later.",
}

log = structlog.stdlib.get_logger()


class InvalidError(Exception):
    """The request is understood, but wrong: where, and why."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def problem_content(
    status: int, detail: str | None = None, errors: list[dict[str, str]] | None = None
) -> str:
    """The body of the answer for a problem."""
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
    return json.dumps(content)


def problem(
    status: int, detail: str | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """The answer for a problem."""
    return Response(problem_content(status, detail, errors), status, content_type=PROBLEM)


def pointer(location: tuple[int | str, ...]) -> str:
    """A JSON Pointer (RFC 6901) to where a fault is, into {body, query}."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _http(error: HTTPException) -> BaseResponse:
    status = error.code
    if status is None or status < 400:
        return error.get_response()
    # Without a description of its own, it has its class's, which is for pages.
    said = error.description != type(error).description
    answer = problem(status, error.description if said else None)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == 413:
        # The rest of the body is not waited for.
        answer.headers["Connection"] = "close"
    return answer


def _invalid(error: InvalidError) -> Response:
    return problem(422, "The request is understood, but wrong; see errors.", error.errors)


def _took_too_long(_error: DeadlineError) -> Response:
    log.warning("a request took too long")
    answer = problem(503, TOOK_TOO_LONG)
    answer.headers["Connection"] = "close"
    return answer


def _database_away(error: Exception) -> Response:
    log.warning("the database does not answer", exc_info=error)
    return problem(503, None if remaining() else TOOK_TOO_LONG)


def add_error_handlers(app: Flask) -> None:
    """Turn what the views raise into problems; what nobody expects, Flask logs as a 500."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InvalidError, _invalid)
    app.register_error_handler(DeadlineError, _took_too_long)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _database_away)
