from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.contract.expect import MISSING, invalid, problem
from tests.support.http import JSON, Api

MEMBERS = {"id", "title", "body", "created_at", "updated_at"}
WHITE_SPACE = " \t\r\n\u00a0\u2003\u3000"


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() == timedelta(0), text
    return moment


def _note(note: dict[str, Any]) -> None:
    assert set(note) == MEMBERS
    assert str(UUID(note["id"])) == note["id"]
    assert abs(_time(note["created_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert _time(note["updated_at"]) >= _time(note["created_at"])


def test_a_post_is_201_with_the_note(api: Api) -> None:
    answer = api.post({"title": "Milk", "body": "two bottles"})
    assert (answer.status, answer.media_type) == (201, JSON)
    _note(answer.json())
    assert (answer.json()["title"], answer.json()["body"]) == ("Milk", "two bottles")


def test_a_post_names_the_note_in_location(api: Api) -> None:
    answer = api.post({"title": "Where am I?"})
    assert answer.headers["location"] == f"/api/notes/{answer.json()['id']}"
    assert api.get(answer.headers["location"]).json() == answer.json()


def test_a_note_without_a_body_has_an_empty_one(api: Api) -> None:
    assert api.post({"title": "Short"}).json()["body"] == ""


def test_a_get_is_200_with_the_same_note(api: Api) -> None:
    note = api.create("Read me")
    answer = api.get(f"/api/notes/{note['id']}")
    assert (answer.status, answer.media_type, answer.json()) == (200, JSON, note)


def test_a_title_is_trimmed_at_both_ends(api: Api) -> None:
    title = f"{WHITE_SPACE}two  words{WHITE_SPACE}"
    assert api.post({"title": title}).json()["title"] == "two  words"


def test_a_title_is_trimmed_when_it_changes_too(api: Api) -> None:
    note = api.create("Old")
    assert api.patch(note["id"], {"title": "  New "}).json()["title"] == "New"


@pytest.mark.parametrize("title", ["", WHITE_SPACE], ids=["empty", "white-space"])
def test_a_title_of_nothing_is_422(api: Api, title: str) -> None:
    invalid(api.post({"title": title}), "/body/title")


@pytest.mark.parametrize("letter", ["a", "é", "😀"], ids=["ascii", "accent", "emoji"])
def test_a_title_has_at_most_200_characters_after_trimming(api: Api, letter: str) -> None:
    answer = api.post({"title": f" {letter * 200} "})
    assert (answer.status, answer.json()["title"]) == (201, letter * 200)
    invalid(api.post({"title": letter * 201}), "/body/title")


@pytest.mark.parametrize("letter", ["a", "😀"], ids=["ascii", "emoji"])
def test_a_body_has_at_most_10000_characters(api: Api, letter: str) -> None:
    answer = api.post({"title": "Long", "body": letter * 10_000})
    assert (answer.status, answer.json()["body"]) == (201, letter * 10_000)
    invalid(api.post({"title": "Long", "body": letter * 10_001}), "/body/body")


def test_white_space_in_a_body_is_kept(api: Api) -> None:
    assert api.post({"title": "Code", "body": "  if x:\n\ty\n"}).json()["body"] == "  if x:\n\ty\n"


def test_any_text_comes_back_as_it_went_in(api: Api) -> None:
    text = "héé 漢字 👩‍👩‍👧 \u202e '\"\\;--<script> %00 \\u0000 \U0010ffff"
    note = api.create(text, text)
    assert api.get(f"/api/notes/{note['id']}").json() == note
    assert (note["title"], note["body"]) == (text, text)


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "\\udc00", "\\ude00\\ud83d"])
@pytest.mark.parametrize("member", ["title", "body"])
def test_u0000_and_lone_surrogates_are_422(api: Api, member: str, text: str) -> None:
    body = f'{{"title": "fine", "{member}": "{text}"}}'.encode()
    headers = {"Content-Type": JSON}
    invalid(api.request("POST", "/api/notes", body, headers), f"/body/{member}")
    note = api.create("To change")
    answer = api.request("PATCH", f"/api/notes/{note['id']}", body, headers)
    invalid(answer, f"/body/{member}")


def test_an_unknown_member_is_422(api: Api) -> None:
    note = api.create("To change")
    invalid(api.post({"title": "Fine", "colour": "red"}), "/body/colour")
    invalid(api.patch(note["id"], {"title": "Fine", "colour": "red"}), "/body/colour")
    invalid(api.post({"title": "Fine", "id": MISSING}), "/body/id")


@pytest.mark.parametrize("value", [None, 1, True, [], {}], ids=repr)
@pytest.mark.parametrize("member", ["title", "body"])
def test_a_member_that_is_no_string_is_422(api: Api, member: str, value: object) -> None:
    invalid(api.post({"title": "Fine", member: value}), f"/body/{member}")


@pytest.mark.parametrize("value", [None, 1, "text", [], [{"title": "a"}]], ids=repr)
def test_a_body_that_is_no_object_is_422(api: Api, value: object) -> None:
    invalid(api.post(value), "/body")


def test_a_missing_title_is_422(api: Api) -> None:
    invalid(api.post({"body": "no title"}), "/body/title")


def test_a_patch_changes_only_what_it_names(api: Api) -> None:
    note = api.create("Title", "Body")
    titled = api.patch(note["id"], {"title": "Other"})
    assert titled.status == 200
    assert titled.json() == {
        **note,
        "title": "Other",
        "updated_at": titled.json()["updated_at"],
    }
    both = api.patch(note["id"], {"title": "Third", "body": "New"}).json()
    assert (both["title"], both["body"]) == ("Third", "New")
    assert api.patch(note["id"], {"body": ""}).json()["title"] == "Third"


def test_a_patch_moves_updated_at_on_and_nothing_else(api: Api) -> None:
    note = api.create("Clock")
    changed = api.patch(note["id"], {"title": "Clock"}).json()
    assert _time(changed["updated_at"]) > _time(note["updated_at"])
    assert changed["created_at"] == note["created_at"]
    assert api.get(f"/api/notes/{note['id']}").json() == changed


def test_an_empty_patch_is_422(api: Api) -> None:
    note = api.create("Stays")
    invalid(api.patch(note["id"], {}), "/body")
    assert api.get(f"/api/notes/{note['id']}").json() == note


def test_a_delete_is_204_then_404(api: Api) -> None:
    note = api.create("Gone soon")
    answer = api.delete(note["id"])
    assert (answer.status, answer.body) == (204, b"")
    problem(api.delete(note["id"]), 404)
    problem(api.get(f"/api/notes/{note['id']}"), 404)
    problem(api.patch(note["id"], {"title": "Back"}), 404)


@pytest.mark.parametrize(
    "note_id", [MISSING, "1", "abc", f"{MISSING}0", "%00", "%F0%9F%98%80", "a%2Fb"]
)
def test_an_id_that_names_nothing_is_404(api: Api, note_id: str) -> None:
    problem(api.get(f"/api/notes/{note_id}"), 404)
    problem(api.patch(note_id, {"title": "Fine"}), 404)
    problem(api.delete(note_id), 404)
