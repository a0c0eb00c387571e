"""The database: engine, transactions, and the base of all models."""

import math
from contextlib import AbstractContextManager, suppress
from typing import Any, cast

import psycopg
from flask import current_app
from psycopg.abc import RV, PQGen
from psycopg.rows import TupleRow
from sqlalchemy import Engine, MetaData, event
from sqlalchemy import create_engine as create_plain_engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.config import Settings
from app.deadline import remaining


class Base(DeclarativeBase):
    """Every model's base. Constraints get names, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Connection(psycopg.Connection[TupleRow]):
    """A connection that waits for the database no longer than the request may take."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Run to the end, or give up; the connection is of no use then."""
        limit = min(remaining(), math.inf if timeout is None else timeout)
        try:
            return super().wait(gen, interval, None if limit == math.inf else limit)
        except psycopg.OperationalError:
            if not remaining():
                with suppress(psycopg.Error):
                    self.cancel_safe(timeout=0.5)
                self.pgconn.finish()
            raise


def _refuse_the_dead(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Notice that the other end was closed while the connection lay in the pool.

    As `pool_pre_ping` does, but by looking at what has arrived, without a round trip.
    """
    connection = cast("psycopg.Connection", record.driver_connection)
    try:
        # Twice, since the server's last words come before the end.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


def _connect(
    _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
) -> Connection:
    return Connection.connect(*arguments, **options)


def create_engine(settings: Settings) -> Engine:
    """The pool of connections; it connects when first used."""
    # A statement need not outlive the request that waits for it.
    limit = min(settings.database_statement_timeout_ms, settings.request_timeout_ms)
    engine = create_plain_engine(
        settings.url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=min(5, settings.request_timeout_ms / 1000),
        # Parameters may be personal data, and an error's text lands in the log.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 2,
            "options": f"-c timezone=UTC -c statement_timeout={limit}",
        },
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _refuse_the_dead)
    return engine


def transaction() -> AbstractContextManager[Session]:
    """One transaction: committed at the end of the block, rolled back when it raises.

    Make the answer after the block, so that a commit that fails is never a success.
    """
    sessions: sessionmaker[Session] = current_app.extensions["sessions"]
    return sessions.begin()


def reading() -> AbstractContextManager[Session]:
    """No transaction: each statement for itself, without the round trips of BEGIN and COMMIT."""
    sessions: sessionmaker[Session] = current_app.extensions["read_sessions"]
    return sessions()
