from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from psycopg import sql

from tests.contract.expect import problem
from tests.support.http import Api
from tests.support.locks import blocked, locked_note, wait_for_blocked
from tests.support.postgres import PASSWORD, PostgresServer, postgres_server
from tests.support.processes import family
from tests.support.service import Installed, Service
from tests.support.stacks import Stack
from tests.support.waiting import eventually

READY_LIMIT = 2.0
REQUEST_TIMEOUT = 1.0
# What a busy machine of two cores may add to a time that the contract sets.
SLACK = 3.0


@dataclass(frozen=True)
class Fragile:
    """A service with a server of its own, which a test may kill."""

    server: PostgresServer
    service: Service

    @property
    def api(self) -> Api:
        return self.service.api

    def ready(self) -> None:
        eventually(lambda: self.api.get("/readyz").status == 200, what="ready again", within=20)


@pytest.fixture(scope="module")
def fragile_pair(installed: Installed) -> Iterator[Fragile]:
    with postgres_server() as server:
        url = server.create("fragile")
        installed.migrate(url)
        with installed.service(url, REQUEST_TIMEOUT_MS="3000") as service:
            yield Fragile(server, service)


@pytest.fixture
def fragile(fragile_pair: Fragile) -> Iterator[Fragile]:
    fragile_pair.ready()
    yield fragile_pair
    if not fragile_pair.server.running:
        fragile_pair.server.start()


@contextmanager
def _frozen(server: PostgresServer) -> Iterator[None]:
    """Stop every process of the server as if its machine had gone from the network."""
    processes = family(server.pid)
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)


def _took(api: Api, path: str, status: set[int]) -> float:
    started = time.monotonic()
    answer = api.get(path)
    taken = time.monotonic() - started
    assert answer.status in status, (path, answer.status)
    problem(answer, answer.status)
    return taken


def test_the_tests_use_the_pinned_postgresql_18(server: PostgresServer, database: str) -> None:
    rows = server.execute(database, b"SELECT current_setting('server_version')")
    assert rows[0][0].startswith("18.")


def test_readyz_is_503_while_the_database_is_away_and_livez_is_200(fragile: Fragile) -> None:
    fragile.server.kill()
    assert _took(fragile.api, "/readyz", {503}) < READY_LIMIT + SLACK
    assert fragile.api.get("/livez").status == 200


def test_requests_are_500_or_503_at_once_while_the_database_is_away(fragile: Fragile) -> None:
    fragile.server.kill()
    for _ in range(3):
        assert _took(fragile.api, "/api/notes", {500, 503}) < 3 + SLACK
    answer = fragile.api.post({"title": "Lost"})
    assert answer.status in {500, 503}
    problem(answer, answer.status)


def test_the_service_recovers_by_itself_when_the_database_is_back(fragile: Fragile) -> None:
    fragile.api.create("Before")
    fragile.server.kill()
    assert fragile.api.get("/readyz").status == 503
    fragile.server.start()
    fragile.ready()
    statuses = {fragile.api.get("/api/notes").status for _ in range(12)}
    assert statuses == {200}
    assert fragile.api.post({"title": "After"}).status == 201


def test_connections_cut_by_the_server_are_replaced(fragile: Fragile) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fragile.api.get("/api/notes"), range(16)))
    fragile.server.execute(
        "postgres",
        b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'fragile'",
    )
    eventually(
        lambda: all(fragile.api.get("/api/notes").status == 200 for _ in range(10)),
        what="every connection works",
    )


def test_a_database_that_hangs_makes_readyz_503_within_its_limit(fragile: Fragile) -> None:
    with _frozen(fragile.server):
        assert _took(fragile.api, "/readyz", {503}) < READY_LIMIT + SLACK
        assert fragile.api.get("/livez").status == 200
    fragile.ready()


def test_a_database_that_hangs_makes_requests_503_within_their_limit(fragile: Fragile) -> None:
    with _frozen(fragile.server):
        assert _took(fragile.api, "/api/notes", {503}) < 3 + SLACK
    fragile.ready()
    assert fragile.api.get("/api/notes").status == 200


def test_no_log_of_an_outage_holds_the_password(fragile: Fragile) -> None:
    fragile.server.kill()
    for path in ("/readyz", "/api/notes"):
        fragile.api.get(path)
    assert PASSWORD not in fragile.service.output
    assert all(isinstance(line, dict) for line in fragile.service.logs())


def _statuses(api: Api, note_id: str, count: int) -> list[int]:
    """Ask for the same change several times at once."""
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda _: api.patch(note_id, {"title": "Wait"}), range(count)))
    for answer in answers:
        problem(answer, answer.status)
    return [answer.status for answer in answers]


def test_a_request_that_takes_too_long_is_503_and_gives_its_connection_back(
    installed: Installed, server: PostgresServer, database: str, stack: Stack
) -> None:
    settings = {"REQUEST_TIMEOUT_MS": "1000", "DATABASE_POOL_SIZE": "2"}
    with installed.service(server.url(database), **settings) as service:
        note_id = service.api.create("Slow")["id"]
        with locked_note(server, database, stack, note_id):
            started = time.monotonic()
            assert _statuses(service.api, note_id, 4) == [503] * 4
            assert time.monotonic() - started < REQUEST_TIMEOUT + SLACK
        eventually(
            lambda: service.api.patch(note_id, {"title": "Free"}).status == 200,
            what="the pool has connections again",
        )


def test_a_statement_that_takes_too_long_is_ended_by_the_database(
    installed: Installed, server: PostgresServer, database: str, stack: Stack
) -> None:
    with installed.service(server.url(database), DATABASE_STATEMENT_TIMEOUT_MS="500") as service:
        note_id = service.api.create("Slow")["id"]
        with locked_note(server, database, stack, note_id):
            assert _statuses(service.api, note_id, 1) == [503]
            assert blocked(server, database) == 0


def test_a_pool_has_no_more_connections_than_it_may(
    installed: Installed, server: PostgresServer, database: str, stack: Stack
) -> None:
    with installed.service(server.url(database), DATABASE_POOL_SIZE="3") as service:
        note_id = service.api.create("Busy")["id"]
        with (
            ThreadPoolExecutor(10) as pool,
            locked_note(server, database, stack, note_id) as release,
        ):
            answers = [pool.submit(service.api.patch, note_id, {"title": "x"}) for _ in range(8)]
            wait_for_blocked(server, database, 3)
            assert service.api.get("/livez").status == 200
            assert blocked(server, database) == 3
            release()
            assert {answer.result().status for answer in answers} == {200}


DEFERRED = """
CREATE FUNCTION refuse_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.title = 'fails at commit' THEN RAISE EXCEPTION 'secret detail of ours'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse_at_commit AFTER INSERT OR UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_at_commit();
"""
UNDO = "DROP TRIGGER refuse_at_commit ON {table}; DROP FUNCTION refuse_at_commit();"


@pytest.fixture
def failing_commits(server: PostgresServer, database: str, stack: Stack) -> Iterator[None]:
    """Make the commit fail, and only the commit, of a note with a certain title."""
    table = sql.Identifier(stack.notes_table)
    server.execute(database, sql.SQL(DEFERRED).format(table=table))
    yield
    server.execute(database, sql.SQL(UNDO).format(table=table))


@pytest.mark.usefixtures("failing_commits")
def test_a_commit_that_fails_is_never_a_2xx(api: Api) -> None:
    note = api.create("Before")
    for answer in (
        api.post({"title": "fails at commit"}),
        api.patch(note["id"], {"title": "fails at commit"}),
    ):
        assert answer.status in {500, 503}
        problem(answer, answer.status)
    assert api.get(f"/api/notes/{note['id']}").json() == note
    assert api.get("/api/notes", {"limit": 1}).json()["items"] == [note]


@pytest.mark.usefixtures("failing_commits")
def test_a_500_has_nothing_of_the_fault_and_the_log_has_it(service: Service) -> None:
    answer = service.api.post({"title": "fails at commit"})
    problem(answer, 500)
    assert b"secret detail" not in answer.body
    assert b"refuse_at_commit" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"
    eventually(
        lambda: "secret detail of ours" in str(service.logs_of(answer.request_id)),
        what="the fault is in the log",
    )
