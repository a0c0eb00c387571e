import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, create_engine

from app.jobs import schema
from app.jobs.app import conninfo

CATALOGUE = """
    SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'jobs'::regnamespace
    UNION ALL
    SELECT 'column', attrelid::regclass || '.' || attname,
           format_type(atttypid, atttypmod) || attnotnull
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'jobs'
    UNION ALL
    SELECT 'trigger', tgname, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = 'jobs'::regnamespace AND NOT tgisinternal
    ORDER BY 1, 2, 3
"""


def catalogue(url: URL) -> list[tuple[str, ...]]:
    with psycopg.connect(conninfo(url)) as connection:
        return connection.execute(CATALOGUE).fetchall()


def is_current(url: URL) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        current = schema.is_current(connection)
    engine.dispose()
    return current


def install_as_of(url: URL, version: str) -> None:
    """What an older release of this service, with an older Procrastinate, had left."""
    scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA jobs")
        connection.execute("SET search_path TO jobs")
        connection.execute(
            "CREATE TABLE migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
        )
        for script in scripts:
            if script.stem < version:
                connection.execute(script.read_bytes())
                connection.execute("INSERT INTO migrations VALUES (%s)", [script.stem])
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'kept')"
        )


def test_an_older_queue_becomes_the_same_as_a_new_one_and_keeps_its_jobs(
    url: URL, empty_database: URL
) -> None:
    install_as_of(empty_database, "03.02")
    assert not is_current(empty_database)

    schema.upgrade(empty_database)

    assert is_current(empty_database)
    assert catalogue(empty_database) == catalogue(url)
    with psycopg.connect(conninfo(empty_database)) as connection:
        kept = connection.execute("SELECT task_name FROM jobs.procrastinate_jobs").fetchall()
    assert kept == [("kept",)]


def test_again_it_changes_nothing(empty_database: URL) -> None:
    schema.upgrade(empty_database)
    once = catalogue(empty_database)
    schema.upgrade(empty_database)

    assert once
    assert catalogue(empty_database) == once


def test_what_newer_code_has_added_does_no_harm(empty_database: URL) -> None:
    schema.upgrade(empty_database)
    with psycopg.connect(conninfo(empty_database)) as connection:
        connection.execute("INSERT INTO jobs.migrations VALUES ('99.00.00_01_newer')")

    assert is_current(empty_database)


def test_several_processes_may_upgrade_an_older_one_at_once(empty_database: URL) -> None:
    install_as_of(empty_database, "03.02")
    environment = os.environ | {"DATABASE_URL": conninfo(empty_database)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "app.migrate"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    output = "".join(process.communicate(timeout=60)[0] for process in processes)

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert output.count('"to": "own-1"') == 1
    assert is_current(empty_database)


@pytest.mark.parametrize("name", ["procrastinate_jobs", "procrastinate_events"])
def test_nothing_of_it_lies_among_the_services_own_tables(url: URL, name: str) -> None:
    with psycopg.connect(conninfo(url)) as connection:
        assert connection.execute("SELECT to_regclass(%s)", [f"public.{name}"]).fetchone() == (
            None,
        )
