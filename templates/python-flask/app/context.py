"""What every request gets: an id, its answer's headers, a limit for its body, a line in the log."""

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)

log = structlog.stdlib.get_logger()


def security_headers(*, https_only: bool) -> dict[str, str]:
    """The headers that keep an answer from misuse."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    if https_only:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def add_request_context(app: Flask, *, https_only: bool, body_limit: int) -> None:
    """Have all requests begin and end as they must."""
    headers = [(pair[0].lower(), pair) for pair in security_headers(https_only=https_only).items()]
    # One more: of a body that does not say its length, the rest is cut off and nobody told.
    app.config["MAX_CONTENT_LENGTH"] = body_limit + 1

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if SANE_ID.fullmatch(given) else str(uuid.uuid4())
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        if (request.content_length or 0) > body_limit:
            raise RequestEntityTooLarge

    @app.after_request
    def end(answer: Response) -> Response:
        present = {name.lower() for name, _ in answer.headers}
        answer.headers.extend(pair for name, pair in headers if name not in present)
        answer.headers["X-Request-Id"] = g.request_id
        probe = request.path in {"/livez", "/readyz"}
        (log.debug if probe else log.info)(
            "request",
            method=request.method,
            path=request.path,
            status=answer.status_code,
            duration_ms=round((time.perf_counter() - g.started) * 1000, 1),
            client=request.remote_addr,
        )
        return answer

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        # The thread has other requests after this one.
        structlog.contextvars.clear_contextvars()
