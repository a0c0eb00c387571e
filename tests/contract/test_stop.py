from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.contract.expect import problem
from tests.support.http import Answer, accepts, raw_connection, read_answer
from tests.support.locks import locked_note, wait_for_blocked
from tests.support.postgres import PostgresServer
from tests.support.service import Installed, Service
from tests.support.stacks import Stack
from tests.support.waiting import eventually

LIMIT = 10.0


@pytest.fixture
def own(installed: Installed, database_url: str) -> Iterator[Service]:
    """A service that the test may stop."""
    with installed.service(database_url) as running:
        yield running


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def _closed(service: Service) -> None:
    eventually(lambda: not accepts(service.port), what="no new connections", within=LIMIT)


def test_sigterm_ends_an_idle_service_with_0(own: Service) -> None:
    with raw_connection(own.port) as kept_alive:
        kept_alive.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(kept_alive).status == 200
        end = own.stop()
    assert (end.code, end.seconds < LIMIT) == (0, True)


def test_sigterm_lets_requests_in_flight_finish(
    own: Service,
    server: PostgresServer,
    database: str,
    stack: Stack,
    pool: ThreadPoolExecutor,
) -> None:
    note_id = own.api.create("In flight")["id"]
    with locked_note(server, database, stack, note_id) as release:
        answer: Future[Answer] = pool.submit(own.api.patch, note_id, {"title": "Landed"})
        wait_for_blocked(server, database, 1)
        own.signal()
        _closed(own)
        release()
        assert answer.result().status == 200
    assert answer.result().json()["title"] == "Landed"
    end = own.wait()
    assert (end.code, end.seconds < LIMIT) == (0, True)


def test_sigterm_under_load_turns_no_request_into_an_error(
    own: Service, pool: ThreadPoolExecutor
) -> None:
    """Each client repeats until the service takes no more."""
    loads = [pool.submit(_load, own) for _ in range(3)]
    eventually(lambda: own.api.get("/livez").status == 200, what="it serves")
    end = own.stop()
    assert end.code == 0
    assert {status for load in loads for status in load.result()} == {201}


def _load(service: Service) -> list[int]:
    """Create notes one after the other, each by a request that is sent whole, until refused."""
    body = b'{"title": "Load"}'
    head = f"Host: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    request = f"POST /api/notes HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode() + body
    statuses: list[int] = []
    while accepts(service.port):
        try:
            with raw_connection(service.port) as connection:
                connection.sendall(request)
                statuses.append(read_answer(connection, "POST").status)
        except ConnectionError:
            # Refused, or taken by the kernel but never by the service: not a request in flight.
            continue
    return statuses


def test_sigterm_ends_within_10_seconds_whatever_still_runs(
    own: Service,
    server: PostgresServer,
    database: str,
    stack: Stack,
    pool: ThreadPoolExecutor,
) -> None:
    note_id = own.api.create("Stuck")["id"]
    with locked_note(server, database, stack, note_id):
        stuck = pool.submit(own.api.patch, note_id, {"title": "Never"})
        wait_for_blocked(server, database, 1)
        own.signal()
        end = own.wait()
    assert end.seconds < LIMIT
    stuck.exception()


def test_a_draining_service_is_not_ready_but_serves_on(
    installed: Installed, database_url: str
) -> None:
    with installed.service(database_url, DRAIN_SECONDS="2") as service:
        assert service.api.get("/readyz").status == 200
        service.signal()
        eventually(
            lambda: service.api.get("/readyz").status == 503, what="readiness falls", within=1
        )
        problem(service.api.get("/readyz"), 503)
        assert service.api.get("/livez").status == 200
        assert service.api.post({"title": "Still served"}).status == 201
        end = service.wait()
    assert end.code == 0
    assert 2 <= end.seconds < LIMIT


def test_a_stopped_service_leaves_no_database_connection(
    installed: Installed, server: PostgresServer, database: str
) -> None:
    count = b"SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    before = server.execute("postgres", count, [database])
    with installed.service(server.url(database)) as service:
        service.api.get("/api/notes")
        assert service.stop().code == 0
        eventually(
            lambda: server.execute("postgres", count, [database]) <= before,
            what="its connections are closed",
        )
