import re
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from app.main import AppSettings
from tests.conftest import application


def test_a_sane_request_id_is_kept(client: FlaskClient) -> None:
    answer = client.get("/livez", headers={"X-Request-Id": "Abc-1._"})

    assert answer.headers["x-request-id"] == "Abc-1._"


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "é", "a\tb", "<x>"])
def test_any_other_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/livez", headers={"X-Request-Id": given})

    made = answer.headers["x-request-id"]
    assert str(UUID(made)) == made


@pytest.mark.parametrize("path", ["/livez", "/nothing", "/api/notes", "/docs"])
def test_every_answer_is_kept_from_misuse(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_production_insists_on_https(settings: AppSettings) -> None:
    with application(settings, app_env="production") as app:
        answer = app.test_client().get("/livez")

    assert re.match(r"max-age=\d{8}", answer.headers["strict-transport-security"])


@pytest.mark.parametrize("path", ["/livez", "/api/notes", "/docs", "/openapi.json", "/nothing"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    head, get = client.head(path), client.get(path)

    assert head.status_code == get.status_code
    assert head.data == b""
    for name in ("content-length", "content-type"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, ["9.9.9.9"], "127.0.0.1"),
        (1, ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (2, ["6.6.6.6, 1.2.3.4", "10.0.0.1"], "1.2.3.4"),
        (2, ["1.2.3.4"], "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: AppSettings, hops: int, forwarded: list[str], seen: str
) -> None:
    with application(settings, trusted_proxy_hops=hops) as app, capture_logs() as logs:
        app.test_client().get("/nothing", headers=[("X-Forwarded-For", one) for one in forwarded])

    assert logs[-1]["client"] == seen


def test_what_a_request_binds_for_its_log_is_not_in_the_next_ones(
    app: Flask, client: FlaskClient
) -> None:
    seen: list[dict[str, Any]] = []

    @app.get("/bind")
    def bind() -> str:
        structlog.contextvars.bind_contextvars(user="alice")
        return ""

    @app.get("/look")
    def look() -> str:
        seen.append(structlog.contextvars.get_contextvars())
        return ""

    client.get("/bind")
    left = structlog.contextvars.get_contextvars()
    structlog.contextvars.bind_contextvars(user="nobody's")
    client.get("/look", headers={"X-Request-Id": "r-2"})

    assert left == {}
    assert seen == [{"request_id": "r-2"}]
