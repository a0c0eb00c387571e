import json
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.jobs.app import conninfo
from tests.jobs.support import Queue, Worker, cli

TASKS = "tests.jobs.tasks"


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file for which jobs wait."""
    return tmp_path / "gate"


def test_a_job_that_fails_for_good_is_shown_and_can_be_retried(
    url: URL, queue: Queue, worker: Worker, gate: Path
) -> None:
    job_id = queue.defer(f"{TASKS}.need", file=str(gate))
    worker.wait_for("job failed", job_id=job_id, retried=False)
    assert queue.wait_until_ended(job_id) == "failed"
    attempts = [
        (line["attempt"], line["retried"]) for line in worker.find("job failed", job_id=job_id)
    ]
    assert attempts == [(1, True), (2, True), (3, False)]

    shown = cli(url, "failed").stdout
    assert shown.startswith(f"{job_id}  ")
    assert f"{TASKS}.need" in shown
    assert "FileNotFoundError: it is not there yet" in shown

    gate.touch()
    assert cli(url, "retry", str(job_id)).stdout == f"{job_id}  to be retried\n"
    assert worker.wait_for("job done", job_id=job_id)["attempt"] == 1
    assert cli(url, "failed").stdout == ""
    again = cli(url, "retry", str(job_id))
    assert (again.returncode, again.stdout) == (
        1,
        f"{job_id}  not retried: no dead letter has this id\n",
    )


def test_a_job_is_not_retried_beside_an_equal_one(
    url: URL, queue: Queue, worker: Worker, gate: Path
) -> None:
    dead = queue.defer(f"{TASKS}.give_up", lock="one")
    assert worker.wait_for("job failed", job_id=dead)["retried"] is False
    assert queue.wait_until_ended(dead) == "failed"
    running = queue.defer(f"{TASKS}.hold", lock="one", gate=str(gate))
    worker.wait_for("job started", job_id=running)
    waiting = queue.defer(f"{TASKS}.hold", lock="one", gate=str(gate))

    assert queue.status(waiting) == "todo"
    assert queue.defer(f"{TASKS}.hold", lock="one", gate=str(gate)) is None
    assert "an equal job is waiting" in cli(url, "retry", str(dead)).stdout
    gate.touch()
    worker.wait_for("job done", job_id=waiting)


def test_a_task_that_is_no_more_makes_a_dead_letter(url: URL, queue: Queue, worker: Worker) -> None:
    job_id = queue.defer("app.jobs.tasks.gone")

    assert worker.process.poll() is None
    assert queue.wait_until_ended(job_id) == "failed"
    assert "There is no such task." in cli(url, "failed").stdout


def test_its_log_has_the_request_and_neither_arguments_nor_secrets(
    url: URL, queue: Queue, worker: Worker
) -> None:
    job_id = queue.defer(f"{TASKS}.need", file="/private", request_id="r-1")
    worker.wait_for("job failed", job_id=job_id, retried=False)

    of_job = [line for line in worker.lines if line.get("job_id") == job_id]
    assert len(of_job) >= 6
    assert all(line["request_id"] == "r-1" for line in of_job)
    assert "/private" not in json.dumps(worker.lines)
    assert conninfo(url) not in worker.output


def test_old_jobs_are_removed_and_dead_letters_kept_longer(queue: Queue, worker: Worker) -> None:
    day, month = "25 hours", "721 hours"
    dead, done = f"{TASKS}.give_up", f"{TASKS}.hold"
    ages = {(done, "1 hour"): True, (done, day): False, (dead, day): True, (dead, month): False}
    kept = {}
    for (task, age), stays in ages.items():
        job_id = queue.defer(task, gate="/")
        kept[job_id] = stays
        queue.wait_until_ended(job_id)
        queue.connection.execute(
            "UPDATE procrastinate_events SET at = at - %s::interval WHERE job_id = %s",
            [age, job_id],
        )

    upkeep = queue.defer("app.jobs.upkeep.remove_old_jobs", timestamp=0)
    worker.wait_for("job done", job_id=upkeep)

    left = queue.all("SELECT id FROM procrastinate_jobs")
    assert {job_id: job_id in left for job_id in kept} == kept
