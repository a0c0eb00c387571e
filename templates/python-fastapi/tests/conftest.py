"""A database of its own for this run, brought up by the migrations; emptied after each test."""

import asyncio
import os
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import sql
from sqlalchemy import URL, make_url, text

from app.db import Base
from app.main import AppSettings, create_app
from app.migrate import upgrade
from app.openapi import DescribedAPI
from app.server import Server, create_server
from dev.postgres import postgres

SUFFIX = "_test"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop for asynchronous tests."""
    return "asyncio"


@contextmanager
def new_database(server: URL) -> Iterator[URL]:
    """A database that is there for as long as it is needed."""
    name = f"run_{uuid.uuid4().hex[:12]}{SUFFIX}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.set(database=name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """A PostgreSQL: the one of DATABASE_URL, or one to throw away."""
    if given := os.environ.get("DATABASE_URL"):
        url = make_url(given)
        if not (url.database or "").endswith(SUFFIX):
            pytest.exit(f"DATABASE_URL names a database that does not end in {SUFFIX}: not touched")
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg-") as directory,
        postgres(Path(directory), throw_away=True) as started,
    ):
        yield make_url(started)


@pytest.fixture
def empty_database(server: URL) -> Iterator[URL]:
    """A database with nothing in it."""
    with new_database(server) as url:
        yield url


@pytest.fixture(scope="session")
def url(server: URL) -> Iterator[URL]:
    """The database of this run."""
    with new_database(server) as url:
        upgrade(url)
        yield url


@pytest.fixture
def settings(url: URL, monkeypatch: pytest.MonkeyPatch) -> AppSettings:
    """The configuration of a test; nothing of the developer's own environment is in it."""
    for name in AppSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("APP_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    return AppSettings()


@pytest.fixture
async def app(settings: AppSettings) -> AsyncIterator[DescribedAPI]:
    """The application, running, with no server around it."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app
        async with app.state.engine.begin() as connection:
            tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
            await connection.execute(text(f"TRUNCATE {tables} CASCADE"))


def caller(app: DescribedAPI) -> AsyncClient:
    """Somebody who calls an application."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


@pytest.fixture
async def client(app: DescribedAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who calls the application."""
    async with caller(app) as client:
        yield client


@asynccontextmanager
async def serving(settings: AppSettings) -> AsyncIterator[Server]:
    """A server with the application behind it, on a port of its own."""
    server = create_server(settings.model_copy(update={"port": 0}))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.handle_exit(signal.SIGTERM, None)
    await task
