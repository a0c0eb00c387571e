"""The queue's tables, brought by `python -m app.migrate` beside the service's own.

Not by Alembic: the chain of revisions is the service's, and this part can be switched on and off.
Procrastinate comes with its migrations; which are in is kept in `jobs.migrations`.
"""

from functools import cache
from pathlib import Path

import psycopg
import structlog
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, Connection, text

from app.jobs.app import SCHEMA, conninfo

# Any number will do, as long as nothing else in this database locks by it.
LOCK = 4_721_830_166

# What is ours. New lines of it are new entries; one that has been deployed is never edited.
OWN = {
    "own-1": """
        CREATE TABLE failures (
            job_id bigint PRIMARY KEY REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
            error text NOT NULL,
            at timestamptz NOT NULL DEFAULT now()
        );

        -- Defers in the caller's transaction, whatever its search_path; NULL means that an equal
        -- job is waiting already.
        CREATE FUNCTION defer(
            queue text, task text, priority integer, lock text, queueing_lock text, args jsonb,
            scheduled_at timestamptz
        ) RETURNS bigint LANGUAGE plpgsql SET search_path = jobs AS $$
        DECLARE
            violated text;
        BEGIN
            RETURN (procrastinate_defer_jobs_v1(ARRAY[
                ROW(queue, task, priority, lock, queueing_lock, args, scheduled_at)
            ]::procrastinate_job_to_defer_v1[]))[1];
        EXCEPTION WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
            IF violated <> 'procrastinate_jobs_queueing_lock_idx_v1' THEN
                RAISE;
            END IF;
            RETURN NULL;
        END;
        $$;
    """
}

log = structlog.stdlib.get_logger()


@cache
def _theirs() -> dict[str, Path]:
    scripts = Path(SchemaManager.get_migrations_path()).glob("*.sql")
    return {path.stem: path for path in sorted(scripts)}


def is_current(connection: Connection) -> bool:
    """Whether the queue has all that this code brings; one that is ahead will do."""
    if connection.scalar(text("SELECT to_regclass('jobs.migrations')")) is None:
        return False
    applied = set(connection.scalars(text("SELECT name FROM jobs.migrations")))
    return applied >= {*_theirs(), *OWN}


def _missing(applied: set[str]) -> list[tuple[list[str], str]]:
    """Give what is to be run, one transaction each, and the names that are in after it."""
    scripts = {name: path.read_text() for name, path in _theirs().items()} | OWN
    if applied:
        return [([name], script) for name, script in scripts.items() if name not in applied]
    whole: tuple[list[str], str] = (list(_theirs()), SchemaManager.get_schema())
    return [whole, *(([name], script) for name, script in OWN.items())]


def upgrade(url: URL) -> None:
    """Apply what is missing. Safe to run from several processes at once."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations "
            "(name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
        )
        applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
        for names, script in _missing(applied):
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute(script.encode())
                cursor.executemany("INSERT INTO migrations VALUES (%s)", [[name] for name in names])
            log.info("the queue's tables are brought up to date", to=names[-1])
