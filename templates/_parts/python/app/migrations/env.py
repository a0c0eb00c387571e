"""How Alembic reaches the database, for every command."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.schema import CreateSchema

from app.config import Settings, load
from app.models import Base

# Any number will do, as long as nothing else in this database locks by it.
LOCK = 4_721_830_165


@contextmanager
def locked(connection: Connection) -> Iterator[None]:
    """One process at a time.

    Asking again and again, since a waiting statement would hold a snapshot, on which
    CREATE INDEX CONCURRENTLY in the process that has the lock would wait in turn.
    """
    key = {"key": LOCK}
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
        connection.commit()
        time.sleep(0.1)
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
        connection.commit()


url = context.config.attributes.get("url") or load(Settings).url
schema = context.config.attributes.get("schema")
with create_engine(url, poolclass=NullPool).connect() as connection, locked(connection):
    if schema:
        connection.execute(CreateSchema(schema, if_not_exists=True))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        version_table_schema=schema,
    )
    with context.begin_transaction():
        context.run_migrations()
