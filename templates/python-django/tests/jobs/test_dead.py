from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from config.settings import AppEnvironment
from jobs.models import Failure
from tests.jobs.conftest import Hire, until
from tests.jobs.tasks import fail, nothing

LIST = "/admin/jobs/failedjob/"


def end(job_id: int, status: str = "failed") -> None:
    """Have a job come to its end, without a worker."""
    with connection.cursor() as cursor:
        for now in ("doing", status):
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = %s, attempts = 7 WHERE id = %s",
                [now, job_id],
            )


@pytest.fixture
def letters(jobs: AppEnvironment) -> list[int]:  # noqa: ARG001
    """Two that failed; one of them says why. Others did not."""
    first, second, succeeded, _ = (fail.defer() for _ in range(4))
    end(first)
    end(second)
    end(succeeded, "succeeded")
    Failure.objects.create(job_id=first, error="ValueError: no", at="2026-11-23T12:00Z")
    return [first, second]


def staff(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("grace", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def run_again(client: Client, ids: list[int]) -> str:
    data = {"action": "run_again", "_selected_action": ids}
    return client.post(LIST, data, follow=True).content.decode()


def command(*words: str) -> str:
    output = StringIO()
    call_command("jobs", *words, stdout=output)
    return output.getvalue()


def waiting() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(status="todo", attempts=0).order_by("id")
    return list(jobs.values_list("pk", flat=True))


def test_the_command_lists_them_the_latest_first(letters: list[int]) -> None:
    lines = command("failed").splitlines()

    assert [line.split()[0] for line in lines[::2]] == [str(pk) for pk in reversed(letters)]
    assert "tests.jobs.tasks.fail  {}  attempts: 7" in lines[0]
    assert lines[1::2] == ["    There is no such task.", "    ValueError: no"]
    assert len(command("failed", "--limit", "1").splitlines()) == 2


def test_the_command_has_them_tried_again_with_all_their_attempts(letters: list[int]) -> None:
    before = waiting()

    assert command("retry", *map(str, letters)) == "".join(
        f"{pk}  to be retried\n" for pk in letters
    )
    assert waiting() == [*letters, *before]
    with pytest.raises(CommandError):
        command("retry", str(letters[0]))


@pytest.mark.usefixtures("jobs")
def test_none_is_tried_again_beside_an_equal_one_that_waits() -> None:
    once = fail.configure(queueing_lock="once")
    dead = once.defer()
    end(dead)
    once.defer()

    with pytest.raises(CommandError):
        command("retry", str(dead))


def test_the_admin_shows_them_and_runs_them_again(admin_client: Client, letters: list[int]) -> None:
    page = admin_client.get(LIST)

    assert [job.pk for job in page.context["cl"].result_list] == letters[::-1]
    assert "<title>Select failed job to view" in page.content.decode()
    assert "ValueError: no" in page.content.decode()
    assert "ValueError: no" in admin_client.get(f"{LIST}{letters[0]}/change/").content.decode()
    assert "2 will run again." in run_again(admin_client, letters)
    assert set(letters) <= set(waiting())
    assert "0 will run again." in run_again(admin_client, letters)


def test_the_admin_lets_none_run_them_who_may_only_look(client: Client, letters: list[int]) -> None:
    looker = staff(client, "view_failedjob", "view_procrastinatejob")

    assert "ValueError: no" in looker.get(LIST).content.decode()
    run_again(looker, letters)
    assert not set(letters) & set(waiting())
    page = looker.get("/admin/procrastinate/procrastinatejob/")
    assert page.status_code == 200
    assert 'name="action"' not in page.content.decode()


def test_one_that_is_run_again_is_done(hire: Hire) -> None:
    worker = hire()
    job_id = nothing.defer()
    worker.told("job done", job_id=job_id)
    until(job_id, "succeeded")
    end(job_id)

    command("retry", str(job_id))

    assert worker.told("job done", job_id=job_id)["attempt"] == 1
