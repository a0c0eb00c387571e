from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from config.errors import PROBLEM
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from config.urls import urlpatterns as ours
from notes.models import Note

pytestmark = pytest.mark.django_db

JSON = "application/json"


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("s3cret")


def own(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Mend your form.</p>", status=422)


@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
def taken(request: Request) -> Response:
    if "raised" in request.query_params:
        raise TakenError("Somebody was quicker.")
    return Response({"by": "eve"}, status=409)


class TakenError(APIException):
    status_code = 409


urlpatterns = [*ours, path("broken", broken), path("own", own), path("taken", taken)]


def assert_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    problem = answer.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("where", ["/", "/nothing", "/api", "/api/", "/api/notes/", "/ws/notes"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_a_404(client: Client, method: str, where: str) -> None:
    assert_problem(client.generic(method, where), 404)


@pytest.mark.parametrize(
    ("method", "where", "allowed"),
    [
        ("PUT", "/api/notes", {"GET", "POST"}),
        ("OPTIONS", "/api/notes", {"GET", "POST"}),
        ("POST", "/api/notes/00000000-0000-4000-8000-000000000000", {"GET", "PATCH", "DELETE"}),
        ("DELETE", "/livez", {"GET"}),
        ("POST", "/openapi.json", {"GET"}),
        ("POST", "/docs", {"GET"}),
    ],
)
def test_another_method_is_a_405_that_tells_all_that_are_allowed(
    client: Client, method: str, where: str, allowed: set[str]
) -> None:
    client.handler.enforce_csrf_checks = True

    answer = client.generic(method, where)

    assert_problem(answer, 405)
    assert set(answer["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"title": NaN}', b"\xff", b"1" * 5000, b"[" * 90_000]
)
def test_a_body_that_is_not_json_is_a_400(client: Client, content: bytes) -> None:
    note = Note.objects.create(title="a")

    assert_problem(client.post("/api/notes", content, content_type=JSON), 400)
    assert_problem(client.patch(f"/api/notes/{note.pk}", content, content_type=JSON), 400)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x+json"])
def test_a_body_of_another_type_is_a_415(client: Client, content_type: str) -> None:
    answer = client.generic("POST", "/api/notes", b'{"title": "a"}', content_type=content_type)

    assert_problem(answer, 415)


def test_the_type_may_name_its_charset(client: Client) -> None:
    content_type = "Application/JSON; charset=utf-8"

    answer = client.post("/api/notes", b'{"title": "a"}', content_type=content_type)

    assert answer.status_code == 201


def test_the_api_answers_a_browser_with_json_too(person: Client) -> None:
    assert person.get("/api/notes")["Content-Type"] == JSON
    assert_problem(person.get("/api/nothing"), 404)


@pytest.mark.urls("tests.test_errors")
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_fault_of_ours_is_a_500_that_tells_nothing(client: Client, accept: str) -> None:
    client.raise_request_exception = False

    answer = client.get("/broken", headers={"Accept": accept})

    assert answer.status_code == 500
    assert answer["Content-Type"] == (PROBLEM if accept == "*/*" else "text/html; charset=utf-8")
    assert b"Something went wrong on our side." in answer.content
    assert b"s3cret" not in answer.content


@pytest.mark.urls("tests.test_errors")
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_answer_that_a_view_makes_is_kept_whatever_its_status(
    client: Client, accept: str
) -> None:
    headers = {"Accept": accept}

    page = client.get("/own", headers=headers)
    assert (page.status_code, page.content) == (422, b"<p>Mend your form.</p>")
    answer = client.get("/taken", headers=headers)
    assert (answer.status_code, answer.json()) == (409, {"by": "eve"})


@pytest.mark.urls("tests.test_errors")
def test_what_a_view_says_of_its_error_is_told(client: Client) -> None:
    answer = client.get("/taken?raised")

    assert_problem(answer, 409)
    assert answer.json()["detail"] == "Somebody was quicker."


@pytest.mark.urls("tests.test_errors")
@pytest.mark.parametrize(("where", "status"), [("/broken", 500), ("/nothing", 404)])
def test_in_development_people_see_what_is_wrong_and_programs_a_problem(
    client: Client, settings: Any, where: str, status: int
) -> None:
    settings.DEBUG = True
    client.raise_request_exception = False

    assert b"DEBUG = True" in client.get(where, headers={"Accept": "text/html"}).content
    assert_problem(client.get(where), status)


REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'refused' USING ERRCODE = 'check_violation'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON notes_note
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_is_a_500_and_leaves_nothing(client: Client) -> None:
    client.raise_request_exception = False
    note = Note.objects.create(title="a")
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    try:
        added = client.post("/api/notes", {"title": "b"}, content_type=JSON)
        changed = client.patch(f"/api/notes/{note.pk}", {"title": "b"}, content_type=JSON)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse CASCADE")

    assert_problem(added, 500)
    assert_problem(changed, 500)
    assert [note.title for note in Note.objects.all()] == ["a"]
