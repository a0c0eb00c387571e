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
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    MethodNotAllowed,
    ParseError,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.views import exception_handler

PROBLEM = "application/problem+json"
DETAILS = {
    400: "The request cannot be understood.",
    403: "This is not allowed.",
    404: "There is nothing here.",
    405: "The path is right, the method is not; see the header Allow.",
    415: "The body's type must be application/json.",
    429: "That was too often; try again later.",
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
    made = problem(answer.status_code, _told(error))
    for name in ("Allow", "WWW-Authenticate", "Retry-After"):
        if name in answer.headers:
            made[name] = answer.headers[name]
    return made


def _told(error: Exception) -> str | None:
    """Give what a view says of an error of its own; of others there are better sentences here."""
    if isinstance(error, ParseError):
        return "The body is not JSON."
    if not isinstance(error, APIException) or isinstance(error, MethodNotAllowed):
        return None
    given = isinstance(error.detail, ErrorDetail) and error.detail != error.default_detail
    return str(error.detail) if given and not isinstance(error, UnsupportedMediaType) else None


def error_answer(request: HttpRequest, status: int, detail: str | None = None) -> HttpResponse:
    """The answer for an error: a page or a problem, by who asks."""
    if not wants_page(request):
        return problem(status, detail)
    title = HTTPStatus(status).phrase
    told = {"title": title, "detail": detail or DETAILS.get(status, title)}
    # Without the request: who is logged in is a question to the database.
    return HttpResponse(render_to_string("error.html", told), status=status)


def _for_developers(response: HttpResponse) -> bool:
    """Whether it is one of Django's own pages for development, by what they say of themselves."""
    return settings.DEBUG and b"DEBUG = True" in response.content


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler400."""
    return error_answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler403."""
    return error_answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler404."""
    return error_answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return error_answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Django's CSRF_FAILURE_VIEW."""
    return error_answer(request, 403)


class ErrorMiddleware:
    """Gives an error without a body its form, as Django's 405 is one; the outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle a request."""
        response = self.get_response(request)
        if response.status_code < 400 or not isinstance(response, HttpResponse):
            return response
        if not response.content or (_for_developers(response) and not wants_page(request)):
            made = error_answer(request, response.status_code)
            response.content = made.content
            response["Content-Type"] = made["Content-Type"]
            response["Content-Length"] = str(len(made.content))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 while the database is away."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.warning("the database does not answer", exc_info=error)
        return error_answer(request, 503)
