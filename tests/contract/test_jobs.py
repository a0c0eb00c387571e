from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from tests.contract.expect import invalid
from tests.support.http import Answer
from tests.support.locks import wait_for_blocked
from tests.support.postgres import PostgresServer
from tests.support.processes import kill_group
from tests.support.service import Installed, Service
from tests.support.waiting import eventually

DAY = "2026-11-22"
# A worker that was killed is missed as soon as its settings allow.
SOON = {"WORKER_HEARTBEAT_SECONDS": "1", "WORKER_UPKEEP_SECONDS": "1", "WORKER_POLL_SECONDS": "1"}
LOST = 60.0


@dataclass(frozen=True)
class Company:
    """A service that sends jobs, a database of its own, and workers when a test hires them."""

    installed: Installed
    server: PostgresServer
    database: str
    service: Service

    @contextmanager
    def worker(self) -> Iterator[Service]:
        """Yield a running worker."""
        account, stack = self.installed.account, self.installed.stack
        settings = self.installed.settings(self.server.url(self.database), **SOON)
        environment = account.environment(**settings)
        worker = Service(account, stack.worker, self.installed.root, environment, 0)
        try:
            yield worker
        finally:
            worker.clean_up()

    @contextmanager
    def locked_notes(self) -> Iterator[None]:
        """Let nobody write a note."""
        table = sql.Identifier(self.installed.stack.notes_table)
        with psycopg.connect(self.server.url(self.database)) as holder:
            holder.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))
            yield
            holder.rollback()

    def ask(self, day: str = DAY, **headers: str) -> Answer:
        return self.service.api.send("POST", "/api/digests", {"day": day}, **headers)

    def digests(self, day: str = DAY) -> list[str]:
        notes = self.service.api.get("/api/notes", {"limit": 100}).json()["items"]
        return [note["title"] for note in notes if day in note["title"]]

    def wait_for_digest(self, within: float, day: str = DAY) -> None:
        eventually(lambda: self.digests(day), what=f"the digest of {day}", within=within)
        assert len(self.digests(day)) == 1


@pytest.fixture(scope="module")
def company(installed: Installed, server: PostgresServer) -> Iterator[Company]:
    database = f"jobs_{installed.stack.name.replace('-', '_')}"
    url = server.create(database)
    installed.migrate(url)
    with installed.service(url) as service:
        yield Company(installed, server, database, service)


def test_a_worker_does_what_was_asked_for_under_the_id_of_the_request(company: Company) -> None:
    answer = company.ask(X_Request_Id="asked-for-a-digest")
    assert (answer.status, answer.json()) == (202, {"day": DAY})
    with company.worker() as worker:
        company.wait_for_digest(within=30)
        lines = worker.logs_of("asked-for-a-digest")
    assert all(line["job_id"] for line in lines)
    assert DAY not in str(lines)


def test_a_job_of_a_worker_that_was_killed_is_done_by_another(company: Company) -> None:
    day = "2026-11-21"
    with company.worker() as killed:
        with company.locked_notes():
            assert company.ask(day).status == 202
            wait_for_blocked(company.server, company.database, 1)
            kill_group(killed.pid, signal.SIGKILL)
        killed.wait()
        assert company.digests(day) == []
        with company.worker():
            company.wait_for_digest(LOST, day)


def test_sigterm_ends_a_worker_with_0(company: Company) -> None:
    day = "2026-11-20"
    with company.worker() as worker:
        company.ask(day)
        company.wait_for_digest(30, day)
        end = worker.stop()
    assert (end.code, end.seconds < 10) == (0, True)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-1-1", 20261122, None])
def test_what_is_no_day_is_pointed_at(company: Company, day: object) -> None:
    answer = company.service.api.send("POST", "/api/digests", {"day": day})
    invalid(answer, "/body/day")
