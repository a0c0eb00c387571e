"""Making a request of the service hang for as long as a test likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.support.postgres import PostgresServer
from tests.support.stacks import Stack
from tests.support.waiting import eventually

BLOCKED = b"SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


@contextmanager
def locked_note(
    server: PostgresServer, database: str, stack: Stack, note_id: str
) -> Iterator[Callable[[], None]]:
    """Hold the row of a note; yield what lets go of it early."""
    query = sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE")
    with psycopg.connect(server.url(database)) as holder:
        holder.execute(query.format(sql.Identifier(stack.notes_table)), [note_id])
        yield holder.rollback
        holder.rollback()


def blocked(server: PostgresServer, database: str) -> int:
    """Return how many connections of ``database`` wait for a lock."""
    count: int = server.execute("postgres", BLOCKED, [database])[0][0]
    return count


def wait_for_blocked(server: PostgresServer, database: str, count: int) -> None:
    """Return once ``count`` connections wait for a lock."""
    eventually(lambda: blocked(server, database) >= count, what=f"{count} requests wait")
