import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, text

from app.db import transaction
from app.jobs.app import conninfo
from app.jobs.defer import defer
from app.jobs.tasks import digest_of_yesterday, write_digest
from app.main import AppSettings
from app.migrate import alembic_config, upgrade
from app.notes import service
from tests.conftest import application, content
from tests.jobs.support import Queue, Worker

DAY = {"day": "2026-11-22"}
ALL = "SELECT task_name, args, lock, queueing_lock FROM procrastinate_jobs"


def test_a_digest_is_asked_for_and_its_job_knows_the_request(
    client: FlaskClient, queue: Queue
) -> None:
    answer = client.post("/api/digests", json=DAY, headers={"X-Request-Id": "r-1"})

    assert (answer.status_code, content(answer)) == (202, DAY)
    lock = "digest of 2026-11-22"
    assert queue.all(ALL) == [
        ("app.jobs.tasks.write_digest", {**DAY, "request_id": "r-1"}, lock, lock)
    ]


def test_asked_for_twice_it_waits_once(client: FlaskClient, queue: Queue) -> None:
    for _ in range(2):
        assert client.post("/api/digests", json=DAY).status_code == 202

    assert len(queue.all(ALL)) == 1


@pytest.mark.parametrize("day", ["", "2026-02-30", "2026-11-22T00:00:00", "20261122", 0, None])
def test_what_is_no_day_is_refused(client: FlaskClient, queue: Queue, day: object) -> None:
    answer = client.post("/api/digests", json={"day": day})

    assert (answer.status_code, content(answer)["errors"][0]["pointer"]) == (422, "/body/day")
    assert queue.all(ALL) == []


def test_a_request_that_fails_after_it_has_deferred_leaves_no_job(app: Flask, queue: Queue) -> None:
    def fails() -> str:
        with transaction() as session:
            assert defer(session, write_digest.configure(), day="2026-11-22")
            raise RuntimeError

    app.add_url_rule("/fails", view_func=fails)

    assert app.test_client().get("/fails").status_code == 500
    assert queue.all(ALL) == []


def test_a_commit_that_fails_leaves_no_job(app: Flask, queue: Queue) -> None:
    def fails() -> str:
        with transaction() as session:
            assert defer(session, write_digest.configure(), day="2026-11-22")
            session.execute(text("INSERT INTO strict VALUES (1), (1)"))
        return ""

    app.add_url_rule("/fails", view_func=fails)
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("CREATE TABLE strict (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))

    try:
        assert app.test_client().get("/fails").status_code == 500
        assert queue.all(ALL) == []
    finally:
        with app.extensions["engine"].begin() as connection:
            connection.execute(text("DROP TABLE strict"))


def test_a_job_is_there_with_what_the_request_has_written(app: Flask, queue: Queue) -> None:
    with app.app_context():
        with transaction() as session:
            service.create(session, title="Milk", body="")
            assert defer(session, write_digest.configure(), day="2026-11-22")
            assert queue.all(ALL) == []

        assert len(queue.all(ALL)) == 1


def test_a_digest_is_written_once_however_often_its_job_runs(
    client: FlaskClient, queue: Queue, worker: Worker
) -> None:
    note = content(client.post("/api/notes", json={"title": "Milk"}))
    day = note["created_at"][:10]
    for count in (1, 2):
        job_id = queue.defer(write_digest.name, day=day)
        worker.wait_for("job done", job_id=job_id)
        if count == 1:
            client.post("/api/notes", json={"title": "Bread"})

    notes = content(client.get("/api/notes"))["items"]
    digests = [note for note in notes if note["title"] == f"Digest of {day}"]
    assert [digest["body"] for digest in digests] == ["Notes that came: 2"]


def test_each_day_has_its_digest_the_day_after(queue: Queue, worker: Worker) -> None:
    five_past_midnight = 1_795_392_300
    job_id = queue.defer(digest_of_yesterday.name, timestamp=five_past_midnight)
    worker.wait_for("job done", job_id=job_id)

    (args,) = queue.all("SELECT args FROM procrastinate_jobs WHERE lock IS NOT NULL")
    assert args == {"day": "2026-11-22"}


@pytest.mark.usefixtures("settings")
def test_the_service_is_not_ready_before_the_queue_is_there(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", conninfo(empty_database))
    command.upgrade(alembic_config(empty_database), "heads")
    with application(AppSettings()) as app:
        client = app.test_client()
        assert content(client.get("/readyz"))["detail"] == "A migration is missing."

        upgrade(empty_database)
        assert client.get("/readyz").status_code == 200
