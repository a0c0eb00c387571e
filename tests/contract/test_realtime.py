from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from psycopg import sql
from websockets.exceptions import InvalidStatus

from tests.contract.expect import problem
from tests.support.feed import (
    PATH,
    Event,
    bare_feed,
    connected,
    read_to_the_end,
    refused_upgrade,
    subscribed,
)
from tests.support.http import HOST, Answer, Api
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.service import Installed, Service
from tests.support.waiting import eventually

BIG = "😀" * 10_000
BIG_BYTES = len(BIG.encode())
SLOW_READERS = 10
BIG_CHANGES = 800
ALLOWED_ORIGINS = ("https://app.example.com", "http://admin.example.com:8080")
STORY = ("note.created", "note.updated", "note.deleted")


@pytest.fixture(scope="module")
def second(installed: Installed, database_url: str) -> Iterator[Service]:
    """Another process of the same service, with few places, a fast heartbeat, and other origins."""
    settings = {
        "WS_HEARTBEAT_SECONDS": "1",
        "WS_MAX_CONNECTIONS": "3",
        "ALLOWED_ORIGINS": ", ".join(ALLOWED_ORIGINS),
    }
    with installed.service(database_url, **settings) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def caught_up(service: Service) -> None:
    """Let the feed get past what earlier tests have changed: it may tell of that still."""
    with subscribed(service.port) as feed:
        note = service.api.create("Where these tests begin")
        while feed.next().get("note") != note:
            pass


def _types(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]


def test_the_first_message_is_ready(service: Service) -> None:
    with connected(service.port) as feed:
        assert feed.next() == {"type": "ready"}


def test_created_updated_and_deleted_come_in_order_with_the_note(service: Service) -> None:
    with subscribed(service.port) as feed:
        note = service.api.create("Milk", "two bottles")
        changed = service.api.patch(note["id"], {"title": "Bread"}).json()
        service.api.delete(note["id"])
        assert feed.take(3) == [
            {"type": "note.created", "note": note},
            {"type": "note.updated", "note": changed},
            {"type": "note.deleted", "note": {"id": note["id"]}},
        ]


def test_a_note_of_any_size_comes_whole(service: Service) -> None:
    with subscribed(service.port) as feed:
        note = service.api.create("Big", BIG)
        assert feed.next() == {"type": "note.created", "note": note}


def test_what_is_committed_after_ready_arrives(service: Service) -> None:
    for number in range(10):
        with subscribed(service.port) as feed:
            note = service.api.create(f"Right after ready {number}")
            assert feed.next()["note"] == note


def test_many_changes_at_once_arrive_once_each_and_per_note_in_order(service: Service) -> None:
    with subscribed(service.port) as feed, ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: _create_and_change(service.api, n), range(20)))
        events = feed.take(2 * len(ids))
    for note_id in ids:
        own = [event for event in events if event["note"]["id"] == note_id]
        assert _types(own) == ["note.created", "note.updated"]


def _create_and_change(api: Api, number: int) -> str:
    note_id: str = api.create(f"Changes soon {number}")["id"]
    api.patch(note_id, {"body": "changed"})
    return note_id


def test_a_process_that_fell_behind_tells_the_end_of_every_note(
    service: Service, second: Service
) -> None:
    """What happened to a note meanwhile may be told as it was or as it is now."""
    with subscribed(second.port) as feed:
        second.signal(signal.SIGSTOP)
        kept, gone = service.api.create("Kept"), service.api.create("Gone")
        for number in range(5):
            last = service.api.patch(kept["id"], {"body": f"{number}"}).json()
            service.api.patch(gone["id"], {"body": f"{number}"})
        service.api.delete(gone["id"])
        final = service.api.create("The last change")
        second.signal(signal.SIGCONT)
        events = list(iter(feed.next, {"type": "note.created", "note": final}))
    stories = {
        note_id: [event for event in events if event["note"]["id"] == note_id]
        for note_id in (kept["id"], gone["id"])
    }
    assert stories[kept["id"]][-1] == {"type": "note.updated", "note": last}
    assert stories[gone["id"]][-1] == {"type": "note.deleted", "note": {"id": gone["id"]}}
    assert all(
        _types(story) == sorted(_types(story), key=STORY.index) for story in stories.values()
    )


def test_every_client_gets_every_change(service: Service) -> None:
    with ExitStack() as stack:
        feeds = [stack.enter_context(subscribed(service.port)) for _ in range(20)]
        note = service.api.create("For all")
        assert [feed.next()["note"] for feed in feeds] == [note] * 20


def test_a_change_in_one_process_is_seen_in_another(service: Service, second: Service) -> None:
    with subscribed(service.port) as here, subscribed(second.port) as there:
        first = service.api.create("Written in the first")
        other = second.api.create("Written in the second")
        for feed in (here, there):
            assert [event["note"] for event in feed.take(2)] == [first, other]


def test_a_change_that_fails_is_no_event(service: Service) -> None:
    with subscribed(service.port) as feed:
        note = service.api.create("Stays")
        service.api.post({"title": ""})
        service.api.patch(note["id"], {})
        service.api.delete("00000000-0000-4000-8000-000000000000")
        last = service.api.create("Last")
        assert [event["note"] for event in feed.take(2)] == [note, last]


def test_a_change_by_plain_sql_is_an_event_where_the_stack_says_so(
    service: Service, installed: Installed, server: PostgresServer, database: str
) -> None:
    stack = installed.stack
    with subscribed(service.port) as feed:
        note_id = service.api.create("By hand")["id"]
        assert feed.next()["type"] == "note.created"
        update = sql.SQL("UPDATE {} SET title = 'By SQL' WHERE id = %s")
        server.execute(database, update.format(sql.Identifier(stack.notes_table)), [note_id])
        service.api.delete(note_id)
        expected = ["note.updated"] if stack.sql_is_announced else []
        assert _types(feed.take(len(expected) + 1)) == [*expected, "note.deleted"]


def test_small_messages_of_a_client_are_ignored(service: Service) -> None:
    with subscribed(service.port) as feed:
        for message in ("hello", "", "x" * 1024, b"\x00\xff", "{"):
            feed.connection.send(message)
        note = service.api.create("Still there")
        assert feed.next()["note"] == note


def test_a_message_larger_than_1_kib_is_1009(service: Service) -> None:
    with subscribed(service.port) as feed:
        feed.connection.send("x" * 1025)
        assert feed.close_code() == 1009


def test_an_upgrade_elsewhere_is_404(service: Service) -> None:
    with pytest.raises(InvalidStatus) as refused, connected(service.port, "/ws/nothing"):
        pass
    assert refused.value.response.status_code == 404


def test_the_feed_without_an_upgrade_is_a_4xx_problem(api: Api) -> None:
    answer = api.get(PATH)
    assert 400 <= answer.status < 500
    problem(answer, answer.status)


NOT_ALLOWED = "Pages of {} may not listen; ALLOWED_ORIGINS names those that may."


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.com",
        f"http://{HOST}:1",
        f"http://{HOST}.evil.example.com",
        "https://app.example.com",
        "null",
        "file://",
    ],
)
def test_a_page_of_another_origin_is_refused_with_403(service: Service, origin: str) -> None:
    answer = refused_upgrade(service.port, Origin=origin)
    problem(answer, 403)
    assert answer.json()["detail"] == NOT_ALLOWED.format(origin)


def test_an_origin_that_is_too_long_is_refused_and_not_repeated(service: Service) -> None:
    answer = refused_upgrade(service.port, Origin=f"https://{'x' * 200}.example.com")
    problem(answer, 403)
    assert answer.json()["detail"] == NOT_ALLOWED.format("this origin")


def test_a_page_of_the_service_itself_may_listen(service: Service) -> None:
    with connected(service.port, origin=f"http://{HOST}:{service.port}") as feed:
        assert feed.next() == {"type": "ready"}


def test_pages_of_the_origins_that_are_allowed_may_listen_and_no_other(second: Service) -> None:
    for origin in ALLOWED_ORIGINS:
        with connected(second.port, origin=origin) as feed:
            assert feed.next() == {"type": "ready"}
    problem(refused_upgrade(second.port, Origin="http://app.example.com"), 403)


def test_too_many_connections_are_503_and_a_place_is_free_again_later(second: Service) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(subscribed(second.port))
        problem(refused_upgrade(second.port), 503)
    eventually(lambda: _can_subscribe(second), what="a place is free again")


def _can_subscribe(service: Service) -> bool:
    try:
        with subscribed(service.port):
            return True
    except InvalidStatus:
        return False


def test_who_answers_no_ping_is_dropped_and_who_answers_stays(second: Service) -> None:
    with subscribed(second.port) as polite, bare_feed(second.port) as silent:
        read_to_the_end(silent)
        note = second.api.create("Only the polite one is left")
        assert polite.next()["note"] == note


def _change(api: Api, note_id: str) -> Answer:
    answer = api.patch(note_id, {"body": BIG})
    assert answer.status == 200
    return answer


def test_who_does_not_read_is_dropped_and_costs_bounded_memory(
    installed: Installed, database_url: str
) -> None:
    with installed.service(database_url) as service, ExitStack() as stack:
        note_id = service.api.create("Warm up", BIG)["id"]
        for _ in range(20):
            _change(service.api, note_id)
        slow = [
            stack.enter_context(bare_feed(service.port, receive_buffer=4096))
            for _ in range(SLOW_READERS)
        ]
        feed = stack.enter_context(subscribed(service.port))
        before = service.memory_mib()
        for _ in range(BIG_CHANGES):
            _change(service.api, note_id)
            assert feed.next()["type"] == "note.updated"
        grown = service.memory_mib() - before
        unbounded = SLOW_READERS * BIG_CHANGES * BIG_BYTES
        assert grown < unbounded / (1 << 20) / 2
        assert all(read_to_the_end(reader) < BIG_CHANGES * BIG_BYTES for reader in slow)


def _wait_until_whole(service: Service) -> None:
    """Wait until the pool works again and new feeds are let in."""
    eventually(lambda: service.api.get("/api/notes").status == 200, what="it works", within=20)
    eventually(lambda: _can_subscribe(service), what="the feed is back", within=20)


CUT_ALL = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def test_a_lost_listening_connection_closes_clients_with_1012_and_is_replaced(
    service: Service, server: PostgresServer, database: str
) -> None:
    with subscribed(service.port) as feed:
        assert server.execute("postgres", CUT_ALL, [database])
        assert feed.close_code() == 1012
    _wait_until_whole(service)
    with subscribed(service.port) as again:
        note = service.api.create("After the loss")
        assert again.next() == {"type": "note.created", "note": note}


def test_the_feed_comes_back_after_the_database_was_away(installed: Installed) -> None:
    with postgres_server() as server:
        url = server.create("feed")
        installed.migrate(url)
        with installed.service(url) as service:
            with subscribed(service.port) as feed:
                server.kill()
                assert feed.close_code() == 1012
            assert service.api.get("/livez").status == 200
            server.start()
            _wait_until_whole(service)
            with subscribed(service.port) as again:
                note = service.api.create("Back")
                assert again.next() == {"type": "note.created", "note": note}


def test_sigterm_closes_the_feed_with_1001(installed: Installed, database_url: str) -> None:
    with (
        installed.service(database_url) as service,
        subscribed(service.port) as feed,
        bare_feed(service.port, receive_buffer=4096),
    ):
        service.signal(signal.SIGTERM)
        assert feed.close_code() == 1001
        end = service.wait()
    assert (end.code, end.seconds < 10) == (0, True)
