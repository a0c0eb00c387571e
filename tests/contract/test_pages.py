from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from psycopg import sql

from tests.contract.expect import invalid
from tests.support.http import Api
from tests.support.postgres import PostgresServer
from tests.support.stacks import Stack

Note = dict[str, Any]


def _page(api: Api, **query: object) -> dict[str, Any]:
    answer = api.get("/api/notes", query)
    assert answer.status == 200, answer.body
    page: dict[str, Any] = answer.json()
    assert set(page) == {"items", "next_cursor"}
    return page


def _pages(api: Api, limit: int) -> Iterator[list[Note]]:
    page = _page(api, limit=limit)
    yield page["items"]
    while page["next_cursor"] is not None:
        page = _page(api, limit=limit, cursor=page["next_cursor"])
        yield page["items"]


def _ids(notes: list[Note]) -> list[str]:
    return [note["id"] for note in notes]


def _create(api: Api, count: int) -> list[str]:
    """Create notes at the same time and return their ids."""
    with ThreadPoolExecutor(8) as pool:
        return _ids(list(pool.map(api.create, (f"Note {n}" for n in range(count)))))


def test_a_list_is_the_newest_first(api: Api) -> None:
    ids = [api.create(f"Number {n}")["id"] for n in range(4)]
    assert _ids(_page(api, limit=4)["items"]) == ids[::-1]


def test_a_listed_note_is_the_whole_note(api: Api) -> None:
    note = api.create("Whole", "with a body")
    assert _page(api, limit=1)["items"] == [note]


def test_a_page_has_20_notes_unless_asked_otherwise(api: Api) -> None:
    _create(api, 21)
    page = _page(api)
    assert len(page["items"]) == 20
    assert isinstance(page["next_cursor"], str)


@pytest.mark.parametrize("limit", [1, 100])
def test_a_limit_of_1_to_100_is_obeyed(api: Api, limit: int) -> None:
    _create(api, limit + 1)
    assert len(_page(api, limit=limit)["items"]) == limit


@pytest.mark.parametrize("limit", ["0", "-1", "101", "abc", "", "1.5", "1e1", "9" * 30])
def test_any_other_limit_is_422(api: Api, limit: str) -> None:
    invalid(api.get("/api/notes", {"limit": limit}), "/query/limit")


@pytest.mark.parametrize("cursor", ["", "abc", "%%%", "AAAA", "e30", "bnVsbA", "x" * 2000, "😀"])
def test_a_bad_cursor_is_422(api: Api, cursor: str) -> None:
    invalid(api.get("/api/notes", {"cursor": cursor}), "/query/cursor")


def test_a_cursor_that_was_tampered_with_is_never_a_fault_of_ours(api: Api) -> None:
    _create(api, 2)
    cursor = _page(api, limit=1)["next_cursor"]
    for place in range(len(cursor)):
        for letter in "A~0":
            bent = cursor[:place] + letter + cursor[place + 1 :]
            assert api.get("/api/notes", {"cursor": bent}).status in {200, 422}, bent


def test_the_last_page_has_no_next_cursor(api: Api) -> None:
    _create(api, 3)
    *full, last = _pages(api, 100)
    assert all(len(page) == 100 for page in full)
    assert 0 < len(last) <= 100


def test_pages_hold_every_note_once_also_when_made_at_the_same_moment(
    api: Api, server: PostgresServer, database: str, stack: Stack
) -> None:
    ids = _create(api, 30)
    statement = sql.SQL("UPDATE {} SET created_at = now() WHERE id = ANY(%s::uuid[])")
    server.execute(database, statement.format(sql.Identifier(stack.notes_table)), [ids])
    seen = [note_id for page in _pages(api, 7) for note_id in _ids(page)]
    assert len(seen) == len(set(seen))
    assert set(ids) <= set(seen)


def test_moments_a_microsecond_apart_are_kept_apart(
    api: Api, server: PostgresServer, database: str, stack: Stack
) -> None:
    ids = _create(api, 9)
    table = sql.Identifier(stack.notes_table)
    statement = sql.SQL(
        "UPDATE {} SET created_at = %s + %s * interval '1 microsecond' WHERE id = %s"
    ).format(table)
    [[start]] = server.execute(database, b"SELECT date_trunc('milliseconds', now())")
    for number, note_id in enumerate(ids):
        server.execute(database, statement, [start, number, note_id])
    first = _page(api, limit=4)
    second = _page(api, limit=5, cursor=first["next_cursor"])
    assert _ids(first["items"] + second["items"]) == ids[::-1]


def test_a_cursor_is_stable_while_notes_are_added_and_deleted(api: Api) -> None:
    ids = _create(api, 12)
    ordered = _ids(_page(api, limit=12)["items"])
    assert set(ordered) == set(ids)
    first = _page(api, limit=4)
    _create(api, 3)
    for gone in (ordered[1], ordered[3], ordered[5]):
        api.delete(gone)
    second = _page(api, limit=4, cursor=first["next_cursor"])
    assert _ids(second["items"]) == [ordered[4], *ordered[6:9]]


def test_an_unknown_query_parameter_does_no_harm(api: Api) -> None:
    assert api.get("/api/notes", {"limit": 1, "utm_source": "mail"}).status in {200, 422}
