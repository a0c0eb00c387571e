from typing import Any
from uuid import uuid4

import pytest
from httpx2 import AsyncClient, Response

PROBLEM = "application/problem+json"


async def add(client: AsyncClient, title: str = "Milk", **more: str) -> dict[str, Any]:
    answer = await client.post("/api/notes", json={"title": title, **more})
    assert answer.status_code == 201
    note: dict[str, Any] = answer.json()
    return note


def pointers(answer: Response) -> list[str]:
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    return [fault["pointer"] for fault in answer.json()["errors"]]


async def test_a_new_note_is_given_back_with_its_location(client: AsyncClient) -> None:
    answer = await client.post("/api/notes", json={"title": "  Milk\n", "body": "two"})

    note = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/notes/{note['id']}"
    assert set(note) == {"id", "title", "body", "created_at", "updated_at"}
    assert (note["title"], note["body"]) == ("Milk", "two")
    assert note["created_at"].endswith("Z")
    assert (await client.get(answer.headers["location"])).json() == note


async def test_the_body_may_be_left_out(client: AsyncClient) -> None:
    assert (await add(client))["body"] == ""


async def test_limits_count_characters_after_trimming(client: AsyncClient) -> None:
    note = await add(client, f" {'ü' * 200} ", body="😀" * 10_000)

    assert note["title"] == "ü" * 200
    assert len(note["body"]) == 10_000


async def test_every_fault_is_named_at_once(client: AsyncClient) -> None:
    answer = await client.post("/api/notes", json={"title": " ", "body": "\0", "a/b~c": 1})

    assert pointers(answer) == ["/body/title", "/body/body", "/body/a~1b~0c"]


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b'{"title": "\\u0000"}', "/body/title"),
        (b'{"title": "\\ud800"}', "/body/title"),
        (b'{"title": "a", "\\ud800": 1}', "/body"),
        (b'{"title": "%s"}' % (b"a" * 201), "/body/title"),
        (b'{"title": "a", "body": "%s"}' % (b"a" * 10_001), "/body/body"),
        (b'{"title": null}', "/body/title"),
        (b"[]", "/body"),
        (b"null", "/body"),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    client: AsyncClient, content: bytes, pointer: str
) -> None:
    answer = await client.post(
        "/api/notes", content=content, headers={"Content-Type": "application/json"}
    )

    assert pointers(answer) == [pointer]


async def test_a_change_moves_updated_at_and_nothing_else(client: AsyncClient) -> None:
    note = await add(client)

    changed = (await client.patch(f"/api/notes/{note['id']}", json={"body": "two"})).json()

    assert changed["updated_at"] > note["updated_at"]
    assert changed == note | {"body": "two", "updated_at": changed["updated_at"]}


async def test_a_change_to_the_same_still_moves_updated_at(client: AsyncClient) -> None:
    note = await add(client)

    changed = (await client.patch(f"/api/notes/{note['id']}", json={"title": "Milk"})).json()

    assert changed["updated_at"] > note["updated_at"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({}, "/body"), ({"title": None}, "/body/title"), ({"id": "x"}, "/body/id")],
)
async def test_a_change_of_nothing_or_the_wrong_thing_is_refused(
    client: AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    note = await add(client)

    assert pointers(await client.patch(f"/api/notes/{note['id']}", json=changes)) == [pointer]


async def test_a_deleted_note_is_gone(client: AsyncClient) -> None:
    path = f"/api/notes/{(await add(client))['id']}"

    assert (await client.delete(path)).status_code == 204
    for answer in (
        await client.get(path),
        await client.patch(path, json={"title": "x"}),
        await client.delete(path),
    ):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize("note_id", [str(uuid4()), "7", "%00", "a b"])
async def test_an_id_that_names_nothing_is_a_404(client: AsyncClient, note_id: str) -> None:
    assert (await client.get(f"/api/notes/{note_id}")).status_code == 404


async def test_pages_have_every_note_once_while_others_come_and_go(client: AsyncClient) -> None:
    ids = [(await add(client))["id"] for _ in range(5)]

    first = (await client.get("/api/notes", params={"limit": 2})).json()
    await add(client)
    await client.delete(f"/api/notes/{ids[3]}")
    second = (
        await client.get("/api/notes", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    third = (
        await client.get("/api/notes", params={"limit": 2, "cursor": second["next_cursor"]})
    ).json()

    pages = [[note["id"] for note in page["items"]] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert third["next_cursor"] is None


async def test_a_page_has_twenty_notes_unless_told_otherwise(client: AsyncClient) -> None:
    for _ in range(21):
        await add(client)

    page = (await client.get("/api/notes")).json()

    assert len(page["items"]) == 20
    assert page["next_cursor"]


async def test_faults_in_the_query_are_named_at_once(client: AsyncClient) -> None:
    answer = await client.get("/api/notes", params={"limit": 101, "cursor": "nonsense"})

    assert pointers(answer) == ["/query/limit", "/query/cursor"]
