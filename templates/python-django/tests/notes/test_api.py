import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notes.api.views import OpenToAll
from notes.models import Note

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
JSON = "application/json"


def post(client: Client, content: Any, path: str = "/api/notes") -> Any:
    return client.post(path, content, content_type=JSON)


def patch(client: Client, note: dict[str, Any], changes: Any) -> Any:
    return client.patch(f"/api/notes/{note['id']}", changes, content_type=JSON)


def add(client: Client, title: str = "Milk", **more: str) -> dict[str, Any]:
    answer = post(client, {"title": title, **more})
    assert answer.status_code == 201
    note: dict[str, Any] = answer.json()
    return note


def page(client: Client, **query: Any) -> Any:
    return client.get("/api/notes", query).json()


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422
    assert answer["Content-Type"] == PROBLEM
    return [fault["pointer"] for fault in answer.json()["errors"]]


def test_a_new_note_is_given_back_with_its_location(client: Client) -> None:
    answer = post(client, {"title": "  Milk\n", "body": "two"})

    note = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/notes/{note['id']}"
    assert set(note) == {"id", "title", "body", "created_at", "updated_at"}
    assert (note["title"], note["body"]) == ("Milk", "two")
    assert note["created_at"].endswith("Z")
    assert client.get(answer["Location"]).json() == note


def test_its_times_are_in_utc_wherever_the_pages_are(client: Client) -> None:
    with timezone.override("Asia/Tokyo"):
        assert add(client)["created_at"].endswith("Z")


def test_it_has_no_author(client: Client) -> None:
    assert Note.objects.get(pk=add(client)["id"]).author is None


def test_the_body_may_be_left_out(client: Client) -> None:
    assert add(client)["body"] == ""


def test_limits_count_characters_after_trimming(client: Client) -> None:
    note = add(client, f" {'ü' * 200} ", body="é" * 10_000)

    assert note["title"] == "ü" * 200
    assert len(note["body"]) == 10_000


def test_every_fault_is_named_at_once(client: Client) -> None:
    answer = post(client, {"title": " ", "body": "\0", "a/b~c": 1})

    assert pointers(answer) == ["/body/title", "/body/body", "/body/a~1b~0c"]


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ('{"title": "\\u0000"}', "/body/title"),
        ('{"title": "\\ud800"}', "/body/title"),
        ('{"title": "a", "\\ud800": 1}', "/body/\ud800"),
        (json.dumps({"title": "a" * 201}), "/body/title"),
        (json.dumps({"title": "a", "body": "a" * 10_001}), "/body/body"),
        ('{"title": null}', "/body/title"),
        ('{"title": 1}', "/body/title"),
        ('{"title": "a", "id": "x"}', "/body/id"),
        ("[]", "/body"),
        ("null", "/body"),
    ],
)
def test_what_cannot_be_kept_is_refused(client: Client, content: str, pointer: str) -> None:
    assert pointers(post(client, content)) == [pointer]


def test_a_change_moves_updated_at_and_nothing_else(client: Client) -> None:
    note = add(client)

    changed = patch(client, note, {"body": "two"}).json()

    assert changed["updated_at"] > note["updated_at"]
    assert changed == note | {"body": "two", "updated_at": changed["updated_at"]}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({}, "/body"), ({"title": None}, "/body/title"), ({"id": "x"}, "/body/id"), ([], "/body")],
)
def test_a_change_of_nothing_or_the_wrong_thing_is_refused(
    client: Client, changes: Any, pointer: str
) -> None:
    assert pointers(patch(client, add(client), changes)) == [pointer]


def test_a_deleted_note_is_gone(client: Client) -> None:
    note = add(client)
    path = f"/api/notes/{note['id']}"

    assert client.delete(path).status_code == 204
    for answer in (client.get(path), patch(client, note, {"title": "x"}), client.delete(path)):
        assert answer.status_code == 404
        assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize("note_id", [str(uuid4()), "7", "%00", "a b"])
def test_an_id_that_names_nothing_is_a_404(client: Client, note_id: str) -> None:
    assert client.get(f"/api/notes/{note_id}").status_code == 404


def test_pages_have_every_note_once_while_others_come_and_go(client: Client) -> None:
    ids = [add(client)["id"] for _ in range(5)]

    first = page(client, limit=2)
    add(client)
    client.delete(f"/api/notes/{ids[3]}")
    second = page(client, limit=2, cursor=first["next_cursor"])
    third = page(client, limit=2, cursor=second["next_cursor"])

    pages = [[note["id"] for note in each["items"]] for each in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert third["next_cursor"] is None


def test_a_page_has_twenty_notes_unless_told_otherwise(client: Client) -> None:
    Note.objects.bulk_create(Note(title="a") for _ in range(21))

    whole = page(client)

    assert len(whole["items"]) == 20
    assert whole["next_cursor"]


def test_faults_in_the_query_are_named_at_once(client: Client) -> None:
    answer = client.get("/api/notes", {"limit": "101", "cursor": "nonsense"})

    assert pointers(answer) == ["/query/limit", "/query/cursor"]


def test_it_is_open_to_who_is_logged_in_too(member: Client) -> None:
    member.handler.enforce_csrf_checks = True

    assert post(member, {"title": "a"}).status_code == 201


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API as it is without `OpenToAll`."""
    monkeypatch.delattr(OpenToAll, "authentication_classes")
    monkeypatch.delattr(OpenToAll, "permission_classes")


@pytest.mark.usefixtures("closed")
def test_a_closed_api_asks_for_a_log_in(client: Client) -> None:
    note = {"id": Note.objects.create(title="Milk").pk}

    for answer in (
        client.get("/api/notes"),
        client.get(f"/api/notes/{note['id']}"),
        post(client, {"title": "a"}),
        patch(client, note, {"title": "a"}),
        client.delete(f"/api/notes/{note['id']}"),
    ):
        assert answer.status_code == 403
        assert answer["Content-Type"] == PROBLEM


@pytest.mark.usefixtures("closed")
def test_in_a_closed_api_a_note_belongs_to_its_author(client: Client, user: User) -> None:
    client.force_login(user)
    note = add(client)
    assert Note.objects.get().author == user

    client.force_login(User.objects.create_user("eve"))
    assert client.get(f"/api/notes/{note['id']}").json() == note
    assert patch(client, note, {"title": "Hers"}).status_code == 403
    assert client.delete(f"/api/notes/{note['id']}").status_code == 403

    client.force_login(user)
    assert patch(client, note, {"title": "Oat milk"}).status_code == 200
    assert client.delete(f"/api/notes/{note['id']}").status_code == 204
