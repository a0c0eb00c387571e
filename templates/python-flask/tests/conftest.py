"""A database of its own for this run, brought up by the migrations; emptied after each test."""

import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import URL, make_url, text
from werkzeug.test import TestResponse

from app.db import Base
from app.main import AppSettings, create_app
from app.migrate import upgrade
from dev.postgres import postgres

SUFFIX = "_test"


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


@contextmanager
def application(settings: AppSettings, **changes: object) -> Iterator[Flask]:
    """The application with some settings changed; it leaves no connection behind."""
    app = create_app(settings.model_copy(update=changes))
    try:
        yield app
    finally:
        app.extensions["engine"].dispose()


@pytest.fixture
def app(settings: AppSettings) -> Iterator[Flask]:
    """The application, with no server around it."""
    with application(settings) as app:
        yield app
        with app.extensions["engine"].begin() as connection:
            tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who calls the application."""
    return app.test_client()


def content(answer: TestResponse) -> Any:
    """What an answer's JSON says."""
    return json.loads(answer.text)
