import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from notes.models import Note

pytestmark = pytest.mark.django_db

LIST = "/admin/notes/note/"


def staff(*permissions: str) -> User:
    user = User.objects.create_user("grace", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def log_in(person: Client, user: User) -> Client:
    person.force_login(user)
    return person


@pytest.fixture
def notes(user: User) -> list[Note]:
    return [
        Note.objects.create(title="Milk", body="two bottles", author=user),
        Note.objects.create(title="Bread"),
    ]


def take_over(person: Client, notes: list[Note]) -> object:
    data = {"action": "take_over", "_selected_action": [str(note.pk) for note in notes]}
    return person.post(LIST, data, follow=True)


def test_it_is_for_staff_only(member: Client) -> None:
    assert member.get(LIST)["Location"] == f"/admin/login/?next={LIST}"


@pytest.mark.parametrize("words", ["milk", "bottles", "ada"])
@pytest.mark.usefixtures("notes")
def test_notes_are_found_by_title_body_and_author(admin_client: Client, words: str) -> None:
    found = admin_client.get(LIST, {"q": words}).context["cl"].queryset

    assert [note.title for note in found] == ["Milk"]


@pytest.mark.usefixtures("notes")
def test_notes_are_filtered_by_author(admin_client: Client, user: User) -> None:
    found = admin_client.get(LIST, {"author__id__exact": user.pk}).context["cl"].queryset

    assert [note.title for note in found] == ["Milk"]


def test_a_change_is_kept_in_the_history(admin_client: Client, notes: list[Note]) -> None:
    path = f"{LIST}{notes[0].pk}/"

    answer = admin_client.post(
        f"{path}change/", {"title": "Oat milk", "body": "", "author": ""}, follow=True
    )

    assert answer.redirect_chain == [(LIST, 302)]
    assert "Changed Title, Body and Author." in admin_client.get(f"{path}history/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_notes_are_taken_over_at_once_and_their_history_says_so(
    person: Client, notes: list[Note]
) -> None:
    grace = staff("view_note", "change_note")
    before = {note.pk: note.updated_at for note in notes}

    answer = take_over(log_in(person, grace), notes)

    assert "You are the author of 2 more." in answer.content.decode()  # type: ignore[attr-defined]
    for note in Note.objects.all():
        assert note.author == grace
        assert note.updated_at > before[note.pk]
    assert LogEntry.objects.filter(user=grace).count() == 2

    again = take_over(person, notes)
    assert "You are the author of 0 more." in again.content.decode()  # type: ignore[attr-defined]


def test_who_may_only_look_can_neither_take_over_nor_change(
    person: Client, notes: list[Note]
) -> None:
    looker = log_in(person, staff("view_note"))

    assert "take_over" not in looker.get(LIST).content.decode()
    take_over(looker, notes)
    path = f"{LIST}{notes[0].pk}/change/"
    assert looker.get(path).status_code == 200
    assert looker.post(path, {"title": "x", "body": "", "author": ""}).status_code == 403
    assert set(Note.objects.values_list("title", "author__username")) == {
        ("Milk", "ada"),
        ("Bread", None),
    }


def test_a_new_note_is_ones_own_unless_said_otherwise(
    admin_client: Client, admin_user: User
) -> None:
    form = admin_client.get(f"{LIST}add/").context["adminform"].form

    assert form.initial["author"] == admin_user.pk


def test_it_has_the_icon_of_the_pages(client: Client, admin_client: Client) -> None:
    for page in (client.get("/admin/login/"), admin_client.get(LIST)):
        assert '<link rel="icon" href="/static/icon.svg">' in page.content.decode()
