import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.limits import client_address
from accounts.models import User
from limits.models import ResetMail
from tests.accounts.mailbox import mails

pytestmark = pytest.mark.django_db

RIGHT = "correct horse battery"
LOGIN = "/accounts/login/"


def log_in(client: Client, password: str, username: str = "ada", path: str = LOGIN) -> Any:
    return client.post(path, {"username": username, "password": password})


def fail(client: Client, times: int = 5) -> Any:
    return [log_in(client, "wrong") for _ in range(times)][-1]


def ask(client: Client, address: str) -> Any:
    return client.post("/accounts/reset/", {"email": address})


@pytest.mark.parametrize("path", [LOGIN, "/admin/login/"])
@pytest.mark.usefixtures("user")
def test_who_fails_five_times_must_wait_even_with_the_right_password(
    person: Client, path: str
) -> None:
    for _ in range(4):
        assert log_in(person, "wrong", path=path).status_code == 200

    for password in ("wrong", RIGHT):
        answer = log_in(person, password, path=path)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "900"
        assert answer["Content-Type"].startswith("text/html")
        assert "Too many log-ins have failed" in answer.content.decode()
    assert "Log out" not in person.get("/notes/").content.decode()


@pytest.mark.usefixtures("user")
def test_a_program_is_told_so_by_a_problem(client: Client) -> None:
    answer = fail(client)

    assert answer.status_code == answer.json()["status"] == 429
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("user")
def test_nobody_else_is_locked_out(person: Client) -> None:
    User.objects.create_user("eve", password=RIGHT)
    fail(person)

    assert log_in(person, RIGHT, "eve").status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert log_in(elsewhere, RIGHT).status_code == 302


@pytest.mark.usefixtures("user")
def test_a_success_clears_the_count_and_so_does_time(person: Client, settings: Any) -> None:
    fail(person, 4)
    assert log_in(person, RIGHT).status_code == 302
    assert fail(person, 4).status_code == 200

    assert fail(person, 1).status_code == 429
    settings.AXES_COOLOFF_TIME = timedelta(0)
    assert log_in(person, RIGHT).status_code == 302


def test_a_new_password_lets_in_who_was_locked_out(person: Client, user: User) -> None:
    fail(person)
    ResetMail.objects.all().delete()
    ask(person, user.email)
    link = re.search(r"http://testserver(/accounts/reset/\S+)", str(mails(1)[0].body))
    assert link

    path = person.get(link[1], follow=True).redirect_chain[-1][0]
    new = "staple of the trade"
    person.post(path, {"new_password1": new, "new_password2": new})

    assert log_in(person, new).status_code == 302


def test_an_address_is_sent_three_mails_an_hour(person: Client, user: User) -> None:
    for address in (user.email, user.email.upper(), user.email):
        assert ask(person, address).status_code == 302

    answer = ask(Client(REMOTE_ADDR="192.0.2.1"), user.email)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert ask(person, "nobody@example.org").status_code == 302

    ResetMail.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert ask(person, user.email).status_code == 302
    assert ResetMail.objects.count() == 1
    assert len(mails(4)) == 4


def test_an_address_that_nobody_has_is_limited_alike(person: Client) -> None:
    answers = [ask(person, "nobody@example.org").status_code for _ in range(4)]

    assert answers == [302, 302, 302, 429]
    assert mail.outbox == []


def test_a_client_asks_for_ten_mails_an_hour(person: Client) -> None:
    answers = [ask(person, f"{n}@example.org").status_code for n in range(11)]

    assert answers == [302] * 10 + [429]
    assert ask(Client(REMOTE_ADDR="192.0.2.1"), "11@example.org").status_code == 302


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("192.0.2.1:4711", None),
        ("", None),
    ],
)
def test_what_counts_as_a_client_is_an_address_or_a_network(
    rf: RequestFactory, told: str, counted: str | None
) -> None:
    assert client_address(rf.get("/", REMOTE_ADDR=told)) == counted


@pytest.mark.usefixtures("user")
def test_clients_without_an_address_count_as_one(client: Client) -> None:
    client.defaults["REMOTE_ADDR"] = "unknown"

    assert fail(client).status_code == 429
    assert ask(client, "ada@example.org").status_code == 302
