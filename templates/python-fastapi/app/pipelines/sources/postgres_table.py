"""Rows from a table of a PostgreSQL database, by a cursor on the server."""

from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql

from app.pipelines.sources.base import Checkpoint, Chunk, SourceError, frame

KEY = """
SELECT n.nspname, c.relname,
    array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum))
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE c.oid = to_regclass(%s) AND i.indisprimary
GROUP BY n.nspname, c.relname
"""


class PostgresTable:
    """A table, in the order of its primary key."""

    # Rows come and go at any time.
    version = None

    def __init__(self, conninfo: str, table: str, columns: Sequence[str]) -> None:
        self.name = f"postgres:{table}"
        self.conninfo = conninfo
        self.table = table
        self.columns = columns

    def chunks(self, size: int, after: Checkpoint | None) -> Iterator[Chunk]:
        """Read one snapshot of the table, never more than a chunk of it at a time."""
        with psycopg.connect(
            self.conninfo,
            connect_timeout=5,
            options="-c timezone=UTC",
            application_name="etl source",
        ) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            table, key = self._table(connection)
            with connection.cursor(name="etl") as cursor:
                cursor.execute(self._query(table, key, after), after["key"] if after else [])
                while rows := cursor.fetchmany(size):
                    raw = [row[0] for row in rows]
                    positions = [f"{self.table} {', '.join(row[1])}" for row in rows]
                    yield Chunk(frame(raw, self.columns), positions, [], {"key": rows[-1][1]}, raw)

    def _table(
        self, connection: "psycopg.Connection[tuple[str, str, list[str]]]"
    ) -> tuple[sql.Identifier, list[sql.Identifier]]:
        found = connection.execute(KEY, [self.table]).fetchone()
        if found is None:
            raise SourceError(f"There is no table {self.table} with a primary key to go by.")
        schema, table, key = found
        return sql.Identifier(schema, table), [sql.Identifier(column) for column in key]

    @staticmethod
    def _query(
        table: sql.Identifier, key: list[sql.Identifier], after: Checkpoint | None
    ) -> sql.Composed:
        columns = sql.SQL(", ").join(key)
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(key))
        return sql.SQL(
            "SELECT to_jsonb(t), ARRAY[{texts}] FROM {table} AS t{where} ORDER BY {key}"
        ).format(
            texts=sql.SQL(", ").join(sql.SQL("{}::text").format(column) for column in key),
            table=table,
            where=sql.SQL(" WHERE ({}) > ({})").format(columns, marks) if after else sql.SQL(""),
            key=columns,
        )
