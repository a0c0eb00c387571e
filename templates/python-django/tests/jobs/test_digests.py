import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from httpx2 import AsyncClient
from procrastinate.contrib.django.models import ProcrastinateJob

from config.settings import AppEnvironment
from jobs.tasks import ask_for_digest, digest_of_yesterday, write_digest
from notes.models import Note
from tests.jobs.conftest import Hire
from tests.serving import serving

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)


def ask(client: Client, content: object) -> Any:
    return client.post("/api/digests", content, content_type="application/json")


async def test_it_is_asked_for_now_and_written_later(jobs: AppEnvironment, hire: Hire) -> None:
    worker = hire()
    async with (
        serving(jobs) as (server, _),
        AsyncClient(base_url=server.url, timeout=60) as client,
    ):
        await client.post("/api/notes", json={"title": "Milk"})
        answer = await client.post(
            "/api/digests", json={"day": f"{TODAY}"}, headers={"X-Request-Id": "r-1"}
        )
        assert (answer.status_code, answer.json()) == (202, {"day": f"{TODAY}"})

        done = await asyncio.to_thread(worker.told, "job done", task=write_digest.name)
        assert (done["request_id"], done["attempt"]) == ("r-1", 1)
        assert {"job_id", "duration_ms"} <= done.keys()
        notes = (await client.get("/api/notes")).json()["items"]
    assert (notes[0]["title"], notes[0]["body"]) == (f"Digest of {TODAY}", "Notes that came: 1")


@pytest.mark.usefixtures("jobs")
def test_what_is_rolled_back_is_not_done(client: Client) -> None:
    def ask_and_fail() -> None:
        with transaction.atomic():
            ask_for_digest(TODAY)
            assert ProcrastinateJob.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask_and_fail()
    assert ProcrastinateJob.objects.count() == 0

    assert ask(client, {"day": f"{TODAY}"}).status_code == 202
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.usefixtures("jobs")
def test_a_job_that_waits_already_is_not_deferred_again(client: Client) -> None:
    for day in (TODAY, YESTERDAY, TODAY):
        assert ask(client, {"day": f"{day}"}).status_code == 202

    waiting = ProcrastinateJob.objects.order_by("id").values_list("args__day", flat=True)
    assert list(waiting) == [f"{TODAY}", f"{YESTERDAY}"]


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({}, "/body/day"),
        ({"day": "2026-02-30"}, "/body/day"),
        ({"day": "20260228"}, "/body/day"),
        ({"day": 20260228}, "/body/day"),
        ({"day": None}, "/body/day"),
        ({"day": "2026-02-28", "hour": 1}, "/body/hour"),
        ([], "/body"),
    ],
)
def test_what_is_no_day_is_refused(client: Client, content: object, pointer: str) -> None:
    answer = ask(client, content)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.django_db
def test_writing_it_twice_leaves_one_note() -> None:
    Note.objects.create(title="Milk")
    write_digest(day=f"{TODAY}")
    Note.objects.create(title="Bread")
    write_digest(day=f"{TODAY}")

    digest = Note.objects.get(title__startswith="Digest")
    assert digest.body == "Notes that came: 2"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_has_one(day: str) -> None:
    write_digest(day=day)

    assert Note.objects.get().body == "Notes that came: 0"


@pytest.mark.usefixtures("jobs")
def test_the_clock_asks_for_that_of_yesterday() -> None:
    digest_of_yesterday(int(datetime.now(UTC).timestamp()))

    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == (write_digest.name, {"day": f"{YESTERDAY}"})
