import math
import time

import pytest
from flask import Flask
from sqlalchemy import text

from app.db import transaction
from app.deadline import remaining, within
from app.main import AppSettings
from tests.conftest import application, content

ACTIVE = "SELECT count(*) FROM pg_stat_activity WHERE query = :query AND state = 'active'"
SLEEP = "SELECT pg_sleep(30)"


def add_slow(app: Flask) -> None:
    @app.get("/slow")
    def slow() -> str:
        with transaction() as session:
            session.execute(text(SLEEP))
        return ""


def test_an_inner_limit_cannot_outlast_an_outer_one() -> None:
    assert remaining() == math.inf
    with within(1):
        with within(60):
            assert 0 < remaining() <= 1
        with within(0):
            assert remaining() == 0
        assert remaining() > 0
    assert remaining() == math.inf


def test_a_request_that_takes_too_long_is_a_503_and_is_ended_in_the_database(
    settings: AppSettings,
) -> None:
    with application(settings, request_timeout_ms=300) as app:
        add_slow(app)
        started = time.monotonic()
        answer = app.test_client().get("/slow")

        assert time.monotonic() - started < 5
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert content(answer)["detail"] == "The request took too long."
        assert answer.headers["x-request-id"]
        with app.extensions["engine"].connect() as connection:
            end = time.monotonic() + 5
            while connection.scalar(text(ACTIVE), {"query": SLEEP}):
                assert time.monotonic() < end
                time.sleep(0.05)


def test_many_short_statements_are_too_long_together(settings: AppSettings) -> None:
    with application(settings, request_timeout_ms=500) as app:

        @app.get("/busy")
        def busy() -> str:
            with transaction() as session:
                for _ in range(100):
                    session.execute(text("SELECT pg_sleep(0.1)"))
            return ""

        assert app.test_client().get("/busy").status_code == 503


def test_the_next_request_has_a_connection_that_works(settings: AppSettings) -> None:
    with application(settings, request_timeout_ms=2000, database_pool_size=1) as app:
        add_slow(app)
        client = app.test_client()

        assert client.get("/slow").status_code == 503
        assert client.get("/api/notes").status_code == 200


def test_a_statement_that_takes_too_long_is_a_503(settings: AppSettings) -> None:
    with application(settings, database_statement_timeout_ms=100) as app:
        add_slow(app)

        assert app.test_client().get("/slow").status_code == 503


def test_a_pool_that_is_used_up_is_a_503_and_no_endless_wait(settings: AppSettings) -> None:
    with (
        application(settings, database_pool_size=1, request_timeout_ms=300) as app,
        app.extensions["engine"].connect(),
    ):
        assert app.test_client().get("/api/notes").status_code == 503


@pytest.mark.parametrize("failing", ["SELECT 1 / 0", "SELECT nonsense"])
def test_a_statement_that_fails_in_time_leaves_the_connection(
    settings: AppSettings, failing: str
) -> None:
    with application(settings, database_pool_size=1) as app:

        @app.get("/failing")
        def fail() -> str:
            with transaction() as session:
                session.execute(text(failing))
            return ""

        client = app.test_client()
        backends = []
        for _ in range(2):
            assert client.get("/failing").status_code == 500
            with app.extensions["engine"].connect() as connection:
                backends.append(connection.scalar(text("SELECT pg_backend_pid()")))

    assert backends[0] == backends[1]
