import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notes.models import Note

pytestmark = pytest.mark.django_db


def texts(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


@pytest.fixture
def note(user: User) -> Note:
    return Note.objects.create(title="Milk", body="two\nbottles", author=user)


def test_people_are_led_to_the_notes(person: Client) -> None:
    answer = person.get("/", follow=True)

    assert answer.redirect_chain == [("/notes/", 302)]
    assert "There are no notes yet." in texts(answer)


@pytest.mark.usefixtures("note")
def test_the_list_shows_title_author_and_a_bit_of_the_body(person: Client) -> None:
    text = texts(person.get("/notes/"))

    assert "Milk" in text
    assert "two bottles" in text
    assert "by ada" in text


def test_the_list_asks_the_database_the_same_few_questions_for_any_number_of_notes(
    person: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Note.objects.bulk_create(Note(title=f"Note {n}", author=user) for n in range(10))

    # How many there are, and which.
    with django_assert_num_queries(2):
        person.get("/notes/")


def test_the_list_has_pages_that_keep_the_search(person: Client) -> None:
    Note.objects.bulk_create(Note(title=f"Note {n}") for n in range(25))

    answer = person.get("/notes/", {"q": "note", "page": "2"})

    assert len(answer.context["page_obj"]) == 10
    assert 'aria-current="page">2</span>' in answer.content.decode()
    assert 'href="?q=note&amp;page=3"' in answer.content.decode()
    assert person.get("/notes/", {"page": 4}).status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [("milk", ["Milk"]), ("BOTTLES two", ["Milk"]), ("a", ["Bread"]), ("100%", []), ("\0", None)],
)
@pytest.mark.usefixtures("note")
def test_a_search_finds_what_has_all_the_words(
    person: Client, words: str, found: list[str] | None
) -> None:
    Note.objects.create(title="Bread")

    answer = person.get("/notes/", {"q": words})

    titles = [each.title for each in answer.context["page_obj"]]
    assert titles == (["Bread", "Milk"] if found is None else found)


@pytest.mark.usefixtures("note")
def test_a_search_looks_for_so_many_words_and_no_more(
    person: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2) as asked:
        answer = person.get("/notes/", {"q": "o " * 6000})

    assert [each.title for each in answer.context["page_obj"]] == ["Milk"]
    assert asked[0]["sql"].count("LIKE UPPER") == 2 * 20
    assert len(answer.context["words"]) <= 200
    assert 'maxlength="200"' in answer.content.decode()


@pytest.mark.usefixtures("note")
def test_the_title_of_the_list_tells_the_words_and_the_page(person: Client) -> None:
    Note.objects.bulk_create(Note(title=f"Note {n}") for n in range(11))

    page = person.get("/notes/", {"q": "note", "page": "2"}).content.decode()

    assert "<title>Notes with “note”, page 2</title>" in page
    assert "<title>Notes</title>" in person.get("/notes/").content.decode()


def test_what_people_wrote_is_shown_as_text(person: Client) -> None:
    note = Note.objects.create(title="<script>alert(1)</script>", body="<b>")

    for path in ("/notes/", note.get_absolute_url()):
        page = person.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;b&gt;" in page


def test_writing_asks_for_a_log_in_and_comes_back(person: Client, note: Note) -> None:
    own = note.get_absolute_url()
    for path in ("/notes/new/", f"{own}change/", f"{own}delete/"):
        for answer in (person.get(path), person.post(path, {"title": "x"})):
            assert (answer.status_code, answer["Location"]) == (
                302,
                f"/accounts/login/?next={path}",
            )
    assert Note.objects.get() == note


def test_a_note_is_written_shown_and_told_of(member: Client, user: User) -> None:
    answer = member.post("/notes/new/", {"title": "  Milk ", "body": "two"}, follow=True)

    note = Note.objects.get()
    assert (note.title, note.body, note.author) == ("Milk", "two", user)
    assert answer.redirect_chain == [(note.get_absolute_url(), 302)]
    assert "“Milk” was written." in texts(answer)


@pytest.mark.parametrize(
    ("title", "body", "field", "fault"),
    [
        ("", "", "title", "This field is required."),
        ("a" * 201, "", "title", "at most 200 characters"),
        ("a\0", "", "title", "Null characters are not allowed."),
        ("a", "b" * 10_001, "body", "at most 10000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    member: Client, title: str, body: str, field: str, fault: str
) -> None:
    answer = member.post("/notes/new/", {"title": title, "body": body})

    assert answer.status_code == 200
    assert fault in answer.context["form"].errors[field][0]
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Note.objects.exists()


def test_its_author_may_change_and_delete_it(member: Client, note: Note) -> None:
    own = note.get_absolute_url()
    assert "Change" in texts(member.get(own))

    changed = member.post(f"{own}change/", {"title": "Bread", "body": ""}, follow=True)
    assert "“Bread” was changed." in texts(changed)

    assert "It cannot be brought back." in texts(member.get(f"{own}delete/"))
    gone = member.post(f"{own}delete/", follow=True)
    assert "“Bread” was deleted." in texts(gone)
    assert member.get(own).status_code == 404


@contextmanager
def held(note: Note) -> Iterator[psycopg.Connection]:
    """Somebody else's transaction, that has deleted a note and is not over yet."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    del parameters["context"]
    with psycopg.connect(**parameters) as other:
        other.execute("DELETE FROM notes_note WHERE id = %s", [note.pk])
        yield other


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["change", "delete"])
def test_a_note_that_somebody_else_deletes_meanwhile_does_not_come_back(
    member: Client, note: Note, action: str
) -> None:
    with held(note) as other:
        Timer(0.3, other.commit).start()
        answer = member.post(f"{note.get_absolute_url()}{action}/", {"title": "x"})

    assert answer.status_code == 404
    assert not Note.objects.exists()


def test_a_note_is_read_once_to_be_changed(
    member: Client, note: Note, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The session, who it is, and the note.
    with django_assert_num_queries(3):
        member.get(f"{note.get_absolute_url()}change/")


def test_nobody_else_may(member: Client, note: Note) -> None:
    other = Note.objects.create(title="Not hers", author=User.objects.create_user("eve"))
    nobodys = Note.objects.create(title="By the API")

    for one in (other, nobodys):
        own = one.get_absolute_url()
        assert "Change" not in texts(member.get(own))
        for action in ("change", "delete"):
            assert member.post(f"{own}{action}/", {"title": "x"}).status_code == 403
    assert set(Note.objects.values_list("title", flat=True)) == {"Milk", "Not hers", "By the API"}
    assert note.title == "Milk"


def test_who_has_the_permission_may(member: Client, user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="change_note"))
    other = Note.objects.create(title="Not hers")

    own = other.get_absolute_url()
    assert member.post(f"{own}change/", {"title": "x"}).status_code == 302
    assert member.post(f"{own}delete/").status_code == 403


def test_a_form_from_elsewhere_is_refused(member: Client) -> None:
    member.handler.enforce_csrf_checks = True

    answer = member.post("/notes/new/", {"title": "x"})

    assert answer.status_code == 403
    assert "This is not allowed." in texts(answer)
    assert not Note.objects.exists()


def test_a_page_that_is_not_there_is_a_page_for_people(person: Client) -> None:
    answer = person.get("/nowhere")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "There is nothing here." in texts(answer)


def test_pages_fetch_from_here_only_and_run_no_script_of_others(person: Client) -> None:
    policy = person.get("/notes/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
