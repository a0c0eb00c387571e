"""One service per stack for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fixtures import installed, owner, parametrise_stacks
from tests.support.http import Api
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.service import Installed, Service

__all__ = ["installed", "owner"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    parametrise_stacks(metafunc)


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this worker; tests that harm one start their own."""
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def database(installed: Installed, server: PostgresServer) -> str:
    """The name of the stack's database, brought up to date by its own migrations."""
    name = f"contract_{installed.stack.name.replace('-', '_')}"
    installed.migrate(server.create(name))
    return name


@pytest.fixture(scope="session")
def database_url(server: PostgresServer, database: str) -> str:
    return server.url(database)


@pytest.fixture(scope="session")
def service(installed: Installed, database_url: str) -> Iterator[Service]:
    """The stack's service, as production starts it."""
    with installed.service(database_url) as running:
        yield running


@pytest.fixture(scope="session")
def api(service: Service) -> Api:
    return service.api
