"""A database of its own for this run, brought up by the migrations."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from httpx2 import ASGITransport, AsyncClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from accounts.models import User
from config.asgi import Application
from config.database import where
from config.health import lifecycle
from config.settings import AppEnvironment
from dev.postgres import postgres

SUFFIX = "_test"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop for asynchronous tests."""
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL: the one of DATABASE_URL, or one to throw away."""
    if given := os.environ.get("DATABASE_URL"):
        if not str(conninfo_to_dict(given)["dbname"]).endswith(SUFFIX):
            pytest.exit(f"DATABASE_URL names a database that does not end in {SUFFIX}: not touched")
        yield given
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg-") as directory,
        postgres(Path(directory), throw_away=True) as started,
    ):
        yield started


def new_name() -> str:
    """A name for a database that nobody else has."""
    return f"run_{uuid.uuid4().hex[:12]}{SUFFIX}"


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The URL of an empty database, there for as long as it is needed."""
    name = new_name()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield url_of(server, name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(server: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """A database with nothing in it."""
    with new_database(server) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(server: str) -> None:
    """Tell Django where the database is; it makes one of this name, and drops it in the end."""
    name = new_name()
    connection.settings_dict.update(where(conninfo_to_dict(server)))
    connection.settings_dict["TEST"]["NAME"] = name


@pytest.fixture
def env(transactional_db: None, server: str) -> AppEnvironment:  # noqa: ARG001
    """The environment of a service on the tests' database, which is emptied after the test."""
    url = SecretStr(url_of(server, connection.settings_dict["NAME"]))
    return settings.ENV.model_copy(update={"database_url": url})


@pytest.fixture
def app(env: AppEnvironment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The application, with no server around it."""
    monkeypatch.setattr(settings, "ENV", env)
    yield Application(env)
    lifecycle.draining = False


@asynccontextmanager
async def caller(app: Application) -> AsyncIterator[AsyncClient]:
    """Somebody who calls an application."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as client:
        yield client
    await app.threads.close()


@pytest.fixture
def user(db: None) -> User:  # noqa: ARG001
    """Somebody with an account."""
    return User.objects.create_user("ada", "ada@example.org", "correct horse battery")


@pytest.fixture
def person(client: Client) -> Client:
    """Somebody with a browser."""
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


@pytest.fixture
def member(person: Client, user: User) -> Client:
    """Somebody with a browser, logged in."""
    person.force_login(user)
    return person
