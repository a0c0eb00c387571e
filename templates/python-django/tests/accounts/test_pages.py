import re
from threading import Event

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import User
from tests.accounts.mailbox import mails

pytestmark = pytest.mark.django_db

OLD = "correct horse battery"
NEW = "staple of the trade"


def test_who_logs_in_comes_back_to_where_they_were(person: Client, user: User) -> None:
    data = {"username": user.username, "password": OLD, "next": "/notes/new/"}

    answer = person.post("/accounts/login/", data)

    assert (answer.status_code, answer["Location"]) == (302, "/notes/new/")
    assert "Log out" in person.get("/notes/").content.decode()


def test_the_log_in_page_stands_also_when_one_has_logged_in_and_goes_back(member: Client) -> None:
    answer = member.get("/accounts/login/", {"next": "/accounts/login/"})

    assert answer.status_code == 200
    assert "Log out" in answer.content.decode()


def test_logging_in_keeps_a_search_and_does_not_lead_to_itself(person: Client) -> None:
    there = person.get("/notes/", {"q": "milk", "page": "1"}).content.decode()
    here = person.get("/accounts/login/").content.decode()

    assert 'href="/accounts/login/?next=/notes/%3Fq%3Dmilk%26page%3D1"' in there
    assert "?next=" not in here


def test_nobody_is_led_elsewhere_by_a_log_in(person: Client, user: User) -> None:
    data = {"username": user.username, "password": OLD, "next": "https://evil.example/"}

    assert person.post("/accounts/login/", data)["Location"] == "/notes/"


def test_a_wrong_password_is_not_let_in(person: Client, user: User) -> None:
    answer = person.post("/accounts/login/", {"username": user.username, "password": NEW})

    assert answer.status_code == 200
    assert "Please enter a correct username and password." in answer.content.decode()
    assert "Log out" not in person.get("/notes/").content.decode()


def test_logging_out_takes_a_form(member: Client) -> None:
    assert member.get("/accounts/logout/").status_code == 405
    assert "Log out" in member.get("/notes/").content.decode()

    member.post("/accounts/logout/")
    assert "Log out" not in member.get("/notes/").content.decode()


def test_a_password_is_changed_by_who_knows_the_old_one(member: Client, user: User) -> None:
    data = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}

    answer = member.post("/accounts/password/", data, follow=True)

    assert "Your password was changed." in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("weak", ["short", "password1234", "82736452834", "ada@example.org"])
def test_a_weak_password_is_refused(member: Client, user: User, weak: str) -> None:
    data = {"old_password": OLD, "new_password1": weak, "new_password2": weak}

    assert member.post("/accounts/password/", data).context["form"].errors
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    person: Client, user: User
) -> None:
    person.post("/accounts/reset/", {"email": user.email})
    (sent,) = mails(1)
    assert "\n" not in sent.subject
    link = re.search(r"http://testserver(/accounts/reset/\S+)", str(sent.body))
    assert link

    form = person.get(link[1], follow=True)
    path = form.redirect_chain[-1][0]
    answer = person.post(path, {"new_password1": NEW, "new_password2": NEW}, follow=True)

    assert "log in with the new one" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "too old" in person.get(link[1], follow=True).content.decode()


def test_whether_there_is_such_an_account_is_not_told(person: Client, user: User) -> None:
    pages = [
        person.post("/accounts/reset/", {"email": email}, follow=True).content
        for email in (user.email, "nobody@example.org")
    ]

    tokens = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert tokens.sub(b"", pages[0]) == tokens.sub(b"", pages[1])


def test_nor_by_the_time_that_a_mail_takes(
    person: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()
    send = EmailMessage.send
    monkeypatch.setattr(EmailMessage, "send", lambda this: go.wait(5) and send(this))

    answer = person.post("/accounts/reset/", {"email": user.email})

    assert (answer.status_code, mail.outbox) == (302, [])
    go.set()
    assert [sent.to for sent in mails(1)] == [[user.email]]


def test_a_password_is_kept_as_a_hash_that_is_slow_to_guess_and_takes_little_memory() -> None:
    from config.settings import PASSWORD_HASHERS  # noqa: PLC0415

    hasher = import_string(PASSWORD_HASHERS[0])()
    assert hasher.encode(OLD, "salt" * 4).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
