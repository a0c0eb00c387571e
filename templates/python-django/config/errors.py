"""Errors as answers, all made here: a page for people, application/problem+json for programs."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from rest_framework.exceptions import ValidationError
from rest_framework.views import exception_handler

PROBLEM = "application/problem+json"
DETAILS = {
    400: "The request cannot be understood.",
    403: "This is not allowed.",
    404: "There is nothing here.",
    405: "The path is right, the method is not; see the header Allow.",
    415: "The body's type must be application/json.",
    500: "Something went wrong on our side.",
    503: "The service cannot answer just now; try again later.",
}

log = structlog.stdlib.get_logger()


class QueryError(ValidationError):
    """Faults in the query, by the name of the parameter."""


def problem_content(
    status: int, detail: str | None = None, errors: list[dict[str, str]] | None = None
) -> bytes:
    """The body of an answer for a problem (RFC 9457)."""
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
    return json.dumps(content).encode()


def problem(
    status: int, detail: str | None = None, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """The answer for a problem."""
    return HttpResponse(
        problem_content(status, detail, errors), status=status, content_type=PROBLEM
    )


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is looking."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api")


def _faults(pointer: str, detail: Any) -> Iterator[dict[str, str]]:
    """Give each fault with a JSON Pointer (RFC 6901) to where it is."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = f"/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from _faults(pointer + step * (name != "non_field_errors"), inner)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _faults(pointer, inner)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def api_problem(error: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """Turn what the views of the API raise into problems, for REST framework."""
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, ValidationError):
        place = "/query" if isinstance(error, QueryError) else "/body"
        faults = list(_faults(place, error.detail))
        return problem(422, "The request is understood, but wrong; see errors.", faults)
    detail = "The body is not JSON." if answer.status_code == 400 else None
    made = problem(answer.status_code, detail)
    for name in ("Allow", "WWW-Authenticate", "Retry-After"):
        if name in answer.headers:
            made[name] = answer.headers[name]
    return made


class ErrorMiddleware:
    """Gives every error that Django makes its form; the outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle a request."""
        response = self.get_response(request)
        status = response.status_code
        ours = response.get("Content-Type") == PROBLEM
        if status < 400 or ours or not isinstance(response, HttpResponse):
            return response
        if not wants_page(request):
            response.content = problem_content(status)
            response["Content-Type"] = PROBLEM
        elif not settings.DEBUG or status not in {404, 500}:
            response.content = self._page(status)
            response["Content-Type"] = "text/html; charset=utf-8"
        response["Content-Length"] = str(len(response.content))
        return response

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 while the database is away."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.warning("the database does not answer", exc_info=error)
        return HttpResponse(status=503)

    def _page(self, status: int) -> str:
        # Without the request: who is logged in is a question to the database.
        title = HTTPStatus(status).phrase
        return render_to_string(
            "error.html", {"title": title, "detail": DETAILS.get(status, title)}
        )
