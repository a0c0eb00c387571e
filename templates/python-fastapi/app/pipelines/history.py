"""The runs there have been, and what they refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from app.pipelines.sources import Checkpoint

# Half of an advisory lock's number; the other half is made of the pipeline's name.
LOCK = 472_183


class Counts(NamedTuple):
    """Of a run, from its start: read = loaded + quarantined, and changed are some of the loaded."""

    read: int = 0
    loaded: int = 0
    changed: int = 0
    quarantined: int = 0


class Run(NamedTuple):
    """A run, as it was when this process took it up."""

    id: int
    checkpoint: Checkpoint | None
    counts: Counts


def migrated(connection: Connection) -> bool:
    """Whether the tables are there."""
    [found] = connection.execute("SELECT to_regclass('pipelines.runs')").fetchall()
    return found[0] is not None


@contextmanager
def locked(connection: Connection, pipeline: str) -> Iterator[bool]:
    """Have the pipeline to oneself; or not, when somebody else has it.

    However this process ends, the lock ends with its connection.
    """
    which = [LOCK, pipeline]
    [taken] = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", which).fetchall()
    try:
        yield taken[0]
    finally:
        if taken[0] and not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", which)


def take_up(
    connection: Connection, pipeline: str, source: str, version: str | None, *, restart: bool
) -> Run:
    """Go on with the last run of this source if it did not come to its end, or begin a new one."""
    which = {"pipeline": pipeline, "source": source, "version": version, "restart": restart}
    with connection.transaction():
        connection.execute(
            """
            UPDATE pipelines.runs SET state = 'abandoned', ended_at = clock_timestamp()
            WHERE pipeline = %(pipeline)s AND source = %(source)s
                AND state IN ('running', 'stopped', 'failed')
                AND (%(restart)s OR source_version IS DISTINCT FROM %(version)s)
            """,
            which,
        )
        rows = connection.execute(
            """
            UPDATE pipelines.runs
            SET state = 'running', ended_at = NULL, error = NULL, resumed = resumed + 1
            WHERE pipeline = %(pipeline)s AND source = %(source)s
                AND state IN ('running', 'stopped', 'failed')
            RETURNING id, checkpoint, rows_read, rows_loaded, rows_changed, rows_quarantined
            """,
            which,
        ).fetchall()
        rows = (
            rows
            or connection.execute(
                """
            INSERT INTO pipelines.runs (pipeline, source, source_version)
            VALUES (%(pipeline)s, %(source)s, %(version)s)
            RETURNING id, checkpoint, rows_read, rows_loaded, rows_changed, rows_quarantined
            """,
                which,
            ).fetchall()
        )
    [(number, checkpoint, *counts)] = rows
    return Run(number, checkpoint, Counts(*counts))


def advance(connection: Connection, run: int, counts: Counts, checkpoint: Checkpoint) -> None:
    """Note how far a run is; belongs into the transaction that brought it there."""
    connection.execute(
        """
        UPDATE pipelines.runs
        SET rows_read = %s, rows_loaded = %s, rows_changed = %s, rows_quarantined = %s,
            checkpoint = %s
        WHERE id = %s
        """,
        [*counts, Jsonb(checkpoint), run],
    )


def end(connection: Connection, run: int, state: str, error: str | None = None) -> None:
    """Note that a run is over, for now or for good."""
    with connection.transaction():
        connection.execute(
            "UPDATE pipelines.runs SET state = %s, ended_at = clock_timestamp(), error = %s "
            "WHERE id = %s",
            [state, error, run],
        )
        if state == "done":
            connection.execute(
                """
                UPDATE pipelines.quarantine AS q SET resolved_at = clock_timestamp()
                FROM pipelines.runs AS r
                WHERE r.id = %s AND (q.pipeline, q.source) = (r.pipeline, r.source)
                    AND q.last_run <> r.id AND q.resolved_at IS NULL
                """,
                [run],
            )


def runs(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """List runs, newest first. One that runs, they say, but holds no lock, was killed."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            SELECT id, pipeline, source,
                CASE WHEN state = 'running' AND NOT EXISTS (
                    SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = %s
                        AND objid = (hashtext(pipeline)::bigint & 4294967295)::oid
                        AND database = (
                            SELECT oid FROM pg_database WHERE datname = current_database()
                        )
                ) THEN 'killed' ELSE state END AS state,
                resumed, started_at, ended_at,
                rows_read AS read, rows_loaded AS loaded, rows_changed AS changed,
                rows_quarantined AS quarantined, error
            FROM pipelines.runs ORDER BY id DESC LIMIT %s
            """,
            [LOCK, limit],
        ).fetchall()


def quarantined(connection: Connection, pipeline: str | None, limit: int) -> list[dict[str, Any]]:
    """List the rows that are not loaded still, newest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            SELECT pipeline, source, position, last_run AS run, reasons, raw
            FROM pipelines.quarantine
            WHERE resolved_at IS NULL AND (%(pipeline)s::text IS NULL OR pipeline = %(pipeline)s)
            ORDER BY id DESC LIMIT %(limit)s
            """,
            {"pipeline": pipeline, "limit": limit},
        ).fetchall()
