import pytest
from alembic import command
from httpx2 import AsyncClient
from sqlalchemy import URL, text

from app.db import Session
from app.jobs.app import conninfo
from app.jobs.defer import defer
from app.jobs.tasks import digest_of_yesterday, write_digest
from app.main import AppSettings, create_app
from app.migrate import alembic_config, upgrade
from app.notes import service
from app.openapi import DescribedAPI
from tests.conftest import caller
from tests.jobs.support import Queue, Worker

DAY = {"day": "2026-11-22"}
ALL = "SELECT task_name, args, lock, queueing_lock FROM procrastinate_jobs"


async def test_a_digest_is_asked_for_and_its_job_knows_the_request(
    client: AsyncClient, queue: Queue
) -> None:
    answer = await client.post("/api/digests", json=DAY, headers={"X-Request-Id": "r-1"})

    assert (answer.status_code, answer.json()) == (202, DAY)
    lock = "digest of 2026-11-22"
    assert queue.all(ALL) == [
        ("app.jobs.tasks.write_digest", {**DAY, "request_id": "r-1"}, lock, lock)
    ]


async def test_asked_for_twice_it_waits_once(client: AsyncClient, queue: Queue) -> None:
    for _ in range(2):
        assert (await client.post("/api/digests", json=DAY)).status_code == 202

    assert len(queue.all(ALL)) == 1


@pytest.mark.parametrize("day", ["", "2026-02-30", "2026-11-22T00:00:00", "20261122", 0, None])
async def test_what_is_no_day_is_refused(client: AsyncClient, queue: Queue, day: object) -> None:
    answer = await client.post("/api/digests", json={"day": day})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/day")
    assert queue.all(ALL) == []


async def test_a_request_that_fails_after_it_has_deferred_leaves_no_job(
    app: DescribedAPI, queue: Queue
) -> None:
    @app.post("/fails")
    async def fails(session: Session) -> None:
        assert await defer(session, write_digest.configure(), day="2026-11-22")
        raise RuntimeError

    async with caller(app) as client:
        assert (await client.post("/fails")).status_code == 500
    assert queue.all(ALL) == []


async def test_a_commit_that_fails_leaves_no_job(app: DescribedAPI, queue: Queue) -> None:
    async with app.state.engine.begin() as connection:
        await connection.execute(
            text("CREATE TABLE strict (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        )

    @app.post("/fails")
    async def fails(session: Session) -> None:
        assert await defer(session, write_digest.configure(), day="2026-11-22")
        await session.execute(text("INSERT INTO strict VALUES (1), (1)"))

    try:
        async with caller(app) as client:
            assert (await client.post("/fails")).status_code == 500
        assert queue.all(ALL) == []
    finally:
        async with app.state.engine.begin() as connection:
            await connection.execute(text("DROP TABLE strict"))


async def test_a_job_is_there_with_what_the_request_has_written(
    app: DescribedAPI, queue: Queue
) -> None:
    async with app.state.sessions.begin() as session:
        await service.create(session, title="Milk", body="")
        assert await defer(session, write_digest.configure(), day="2026-11-22")
        assert queue.all(ALL) == []

    assert len(queue.all(ALL)) == 1


async def test_a_digest_is_written_once_however_often_its_job_runs(
    app: DescribedAPI, client: AsyncClient, queue: Queue, worker: Worker
) -> None:
    async with app.state.sessions.begin() as session:
        note = await service.create(session, title="Milk", body="")
        day = note.created_at.date().isoformat()
    for count in (1, 2):
        job_id = queue.defer(write_digest.name, day=day)
        worker.wait_for("job done", job_id=job_id)
        if count == 1:
            await client.post("/api/notes", json={"title": "Bread"})

    notes = (await client.get("/api/notes")).json()["items"]
    digests = [note for note in notes if note["title"] == f"Digest of {day}"]
    assert [digest["body"] for digest in digests] == ["Notes that came: 2"]


def test_each_day_has_its_digest_the_day_after(queue: Queue, worker: Worker) -> None:
    five_past_midnight = 1_795_392_300
    job_id = queue.defer(digest_of_yesterday.name, timestamp=five_past_midnight)
    worker.wait_for("job done", job_id=job_id)

    (args,) = queue.all("SELECT args FROM procrastinate_jobs WHERE lock IS NOT NULL")
    assert args == {"day": "2026-11-22"}


@pytest.mark.usefixtures("settings")
async def test_the_service_is_not_ready_before_the_queue_is_there(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", conninfo(empty_database))
    command.upgrade(alembic_config(empty_database), "heads")
    app = create_app(AppSettings())

    async with app.router.lifespan_context(app), caller(app) as client:
        assert (await client.get("/readyz")).json()["detail"] == "A migration is missing."

        upgrade(empty_database)
        assert (await client.get("/readyz")).status_code == 200
