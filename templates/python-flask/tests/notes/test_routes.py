from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import content

PROBLEM = "application/problem+json"


def add(client: FlaskClient, title: str = "Milk", **more: str) -> dict[str, Any]:
    answer = client.post("/api/notes", json={"title": title, **more})
    assert answer.status_code == 201
    note: dict[str, Any] = content(answer)
    return note


def pointers(answer: TestResponse) -> list[str]:
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    return [fault["pointer"] for fault in content(answer)["errors"]]


def test_a_new_note_is_given_back_with_its_location(client: FlaskClient) -> None:
    answer = client.post("/api/notes", json={"title": "  Milk\n", "body": "two"})

    note = content(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/notes/{note['id']}"
    assert set(note) == {"id", "title", "body", "created_at", "updated_at"}
    assert (note["title"], note["body"]) == ("Milk", "two")
    assert note["created_at"].endswith("Z")
    assert content(client.get(answer.headers["location"])) == note


def test_the_body_may_be_left_out(client: FlaskClient) -> None:
    assert add(client)["body"] == ""


def test_limits_count_characters_after_trimming(client: FlaskClient) -> None:
    note = add(client, f" {'😀' * 200} ", body="ü" * 10_000)

    assert note["title"] == "😀" * 200
    assert len(note["body"]) == 10_000


def test_every_fault_is_named_at_once(client: FlaskClient) -> None:
    answer = client.post("/api/notes", json={"title": " ", "body": "\0", "a/b~c": 1})

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
def test_what_cannot_be_kept_is_refused(client: FlaskClient, content: bytes, pointer: str) -> None:
    answer = client.post("/api/notes", data=content, headers={"Content-Type": "application/json"})

    assert pointers(answer) == [pointer]


def test_a_change_moves_updated_at_and_nothing_else(client: FlaskClient) -> None:
    note = add(client)

    changed = content(client.patch(f"/api/notes/{note['id']}", json={"body": "two"}))

    assert changed["updated_at"] > note["updated_at"]
    assert changed == note | {"body": "two", "updated_at": changed["updated_at"]}


def test_a_change_to_the_same_still_moves_updated_at(client: FlaskClient) -> None:
    note = add(client)

    changed = content(client.patch(f"/api/notes/{note['id']}", json={"title": "Milk"}))

    assert changed["updated_at"] > note["updated_at"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({}, "/body"), ({"title": None}, "/body/title"), ({"id": "x"}, "/body/id")],
)
def test_a_change_of_nothing_or_the_wrong_thing_is_refused(
    client: FlaskClient, changes: dict[str, Any], pointer: str
) -> None:
    note = add(client)

    assert pointers(client.patch(f"/api/notes/{note['id']}", json=changes)) == [pointer]


def test_a_deleted_note_is_gone(client: FlaskClient) -> None:
    path = f"/api/notes/{add(client)['id']}"

    assert client.delete(path).status_code == 204
    for answer in (
        client.get(path),
        client.patch(path, json={"title": "x"}),
        client.delete(path),
    ):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize("note_id", [str(uuid4()), "7", "%00", "a b"])
def test_an_id_that_names_nothing_is_a_404(client: FlaskClient, note_id: str) -> None:
    assert client.get(f"/api/notes/{note_id}").status_code == 404


def test_pages_have_every_note_once_while_others_come_and_go(client: FlaskClient) -> None:
    ids = [add(client)["id"] for _ in range(5)]

    first = content(client.get("/api/notes", query_string={"limit": 2}))
    add(client)
    client.delete(f"/api/notes/{ids[3]}")
    second = content(
        client.get("/api/notes", query_string={"limit": 2, "cursor": first["next_cursor"]})
    )
    third = content(
        client.get("/api/notes", query_string={"limit": 2, "cursor": second["next_cursor"]})
    )

    pages = [[note["id"] for note in page["items"]] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert third["next_cursor"] is None


def test_a_page_has_twenty_notes_unless_told_otherwise(client: FlaskClient) -> None:
    for _ in range(21):
        add(client)

    page = content(client.get("/api/notes"))

    assert len(page["items"]) == 20
    assert page["next_cursor"]


def test_faults_in_the_query_are_named_at_once(client: FlaskClient) -> None:
    answer = client.get("/api/notes", query_string={"limit": 101, "cursor": "nonsense"})

    assert pointers(answer) == ["/query/limit", "/query/cursor"]
