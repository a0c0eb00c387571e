"""The one command that runs a service on a machine with no PostgreSQL and no Docker."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bake.conftest import Project
from tests.support.ports import free_port
from tests.support.processes import (
    Process,
    family,
    kill,
    kill_group,
    wait_until_gone,
)
from tests.support.service import Service, launched
from tests.support.waiting import eventually

POSTGRES = re.compile(r"(?P<program>/.*?/bin/postgres) ")


def _processes(project: Project, service: Service) -> list[Process]:
    """Return everything that runs because of the command, its database too."""
    return family(service.pid, project.root)


@contextmanager
def _started(project: Project) -> Iterator[Service]:
    """Yield the running command, its service ready; kill whatever the test lets live."""
    with launched(project.account, project.stack.dev, project.root, {}) as service:
        try:
            eventually(
                lambda: service.api.get("/readyz").status == 200, what="it is ready", within=30
            )
            yield service
        finally:
            kill(_processes(project, service))


@contextmanager
def _dev(project: Project) -> Iterator[Service]:
    """Yield the running command and end it by Ctrl-C, which has to end everything."""
    with _started(project) as service:
        yield service
        _interrupt(project, service)


def _interrupt(project: Project, service: Service) -> None:
    processes = _processes(project, service)
    kill_group(service.pid, signal.SIGINT)
    wait_until_gone(processes)


def _is_postgres(process: Process) -> bool:
    return bool(POSTGRES.match(process.command)) or process.command.startswith("postgres:")


def _servers(project: Project, service: Service) -> list[str]:
    """Return the programs of the PostgreSQL servers that a command started."""
    found = [POSTGRES.match(process.command) for process in _processes(project, service)]
    return [match["program"] for match in found if match]


def _kill_all_but_postgres(project: Project, service: Service) -> list[Process]:
    """End the command as kill -9 does and return what it leaves behind."""
    processes = _processes(project, service)
    victims = [process for process in processes if not _is_postgres(process)]
    kill(victims)
    return [process for process in processes if _is_postgres(process)]


def test_dev_serves_with_the_postgresql_it_depends_on_and_no_other(project: Project) -> None:
    with _dev(project) as service:
        note = service.api.create("From the first minute")
        assert note in service.api.get("/api/notes").json()["items"]
        servers = _servers(project, service)
        assert len(servers) == 1
        assert not servers[0].startswith("/usr/")
        version = subprocess.run(
            [servers[0], "--version"], capture_output=True, text=True, check=True
        )
        assert " 18." in version.stdout


def test_ctrl_c_leaves_no_process_and_the_next_start_finds_the_data(project: Project) -> None:
    with _dev(project) as service:
        note = service.api.create("Kept over night")
    with _dev(project) as service:
        assert service.api.get(f"/api/notes/{note['id']}").json() == note


def test_the_next_start_works_after_a_kill(project: Project) -> None:
    with _started(project) as service:
        note = service.api.create("Survives a kill -9")
        orphans = _kill_all_but_postgres(project, service)
        with _dev(project) as again:
            assert again.api.get(f"/api/notes/{note['id']}").json() == note
        wait_until_gone(orphans)


def test_a_second_dev_does_not_break_the_first(project: Project) -> None:
    with _dev(project) as service:
        note = service.api.create("Mine")
        port = free_port()
        environment = project.account.environment(PORT=str(port))
        second = Service(project.account, project.stack.dev, project.root, environment, port)
        try:
            eventually(second.answers_or_ended, what="it serves or says no", within=30)
            kill_group(second.pid, signal.SIGINT)
            eventually(lambda: second.ended, what="it is gone", within=15)
        finally:
            second.clean_up()
        assert service.api.get("/readyz").status == 200
        assert service.api.get(f"/api/notes/{note['id']}").json() == note
