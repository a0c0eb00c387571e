"""The database: engine, session, and the base of all models."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

import psycopg
from fastapi import Depends
from sqlalchemy import MetaData, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from starlette.requests import HTTPConnection

from app.config import Settings


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


def _refuse_the_dead(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Notice that the other end was closed while the connection lay in the pool.

    As `pool_pre_ping` does, but by looking at what has arrived, without a round trip.
    """
    connection = cast("psycopg.AsyncConnection", record.driver_connection)
    try:
        # Twice, since the server's last words come before the end.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


def create_engine(settings: Settings) -> AsyncEngine:
    """The pool of connections; it connects when first used."""
    timeout = f"-c statement_timeout={settings.database_statement_timeout_ms}"
    engine = create_async_engine(
        settings.url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=5,
        # Parameters may be personal data, and an error's text lands in the log.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": f"-c timezone=UTC {timeout}"},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_the_dead)
    return engine


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the route returns, rolled back when it raises."""
    async with connection.app.state.sessions() as session:
        yield session
        await session.commit()


# With the scope "function" the commit comes before the answer: one that fails is not a 2xx.
Session = Annotated[AsyncSession, Depends(get_session, scope="function")]


async def get_read_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """No transaction: each statement for itself, without the round trips of BEGIN and COMMIT."""
    async with connection.app.state.read_sessions() as session:
        yield session


ReadSession = Annotated[AsyncSession, Depends(get_read_session, scope="function")]
