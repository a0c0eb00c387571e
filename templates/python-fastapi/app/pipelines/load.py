"""Put rows into their table, and bad ones into quarantine."""

import json
import re
from collections.abc import Iterable
from io import BytesIO

import polars as pl
from psycopg import Connection, sql

from app.pipelines.pipeline import Pipeline
from app.pipelines.sources import Rejected

STAGING = sql.Identifier("pg_temp", "staging")
# A backslash that is itself escaped begins no escape.
ESCAPED_NULL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _as_jsonb(raw: object) -> str:
    """Write JSON; numbers that it does not have as text, characters that it cannot as U+FFFD."""
    plain = json.loads(json.dumps(raw, default=str), parse_constant=str)
    text = json.dumps(plain, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return ESCAPED_NULL.sub(r"\1\\ufffd", text.decode("utf-16", "replace"))


class Loader:
    """Loads a pipeline's table by way of a temporary one, since COPY itself cannot update."""

    def __init__(self, connection: Connection, pipeline: Pipeline) -> None:
        self.connection = connection
        self.pipeline = pipeline
        self.table = sql.Identifier(*pipeline.table)
        connection.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE staging ON COMMIT DELETE ROWS AS TABLE {} WITH NO DATA"
            ).format(self.table)
        )

    def load(self, rows: pl.DataFrame) -> int:
        """Add what is new, change what is other; give how many that were."""
        last = rows.unique(self.pipeline.key, keep="last")
        text = BytesIO()
        # Text in quotes and nulls without: an empty text is not a null.
        last.write_csv(text, include_header=False, quote_style="non_numeric")
        names = sql.SQL(", ").join(map(sql.Identifier, last.columns))
        copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(STAGING, names)
        with self.connection.cursor() as cursor:
            with cursor.copy(copy) as stream:
                stream.write(text.getbuffer())
            return cursor.execute(self._merge(last.columns)).rowcount

    def _merge(self, columns: list[str]) -> sql.Composed:
        def listed(names: Iterable[str], of: str) -> sql.Composed:
            return sql.SQL(", ").join(sql.SQL(of).format(sql.Identifier(name)) for name in names)

        values = [name for name in columns if name not in self.pipeline.key]
        update = sql.SQL("UPDATE SET {changes} WHERE ({before}) IS DISTINCT FROM ({after})").format(
            changes=listed(values, "{0} = excluded.{0}"),
            before=listed(values, "old.{}"),
            after=listed(values, "excluded.{}"),
        )
        return sql.SQL(
            "INSERT INTO {table} AS old ({columns}) SELECT {columns} FROM {staging} ORDER BY {key} "
            "ON CONFLICT ({key}) DO {update}"
        ).format(
            table=self.table,
            columns=listed(columns, "{}"),
            staging=STAGING,
            key=listed(self.pipeline.key, "{}"),
            # What is all key has nothing that could be other.
            update=update if values else sql.SQL("NOTHING"),
        )

    def quarantine(self, run: int, source: str, rejected: Iterable[Rejected]) -> None:
        """Keep bad rows, with the reasons; one that is kept already is not kept twice."""
        with self.connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO pipelines.quarantine AS old
                    (pipeline, source, position, raw, reasons, first_run, last_run)
                VALUES (
                    %(pipeline)s, %(source)s, %(position)s, %(raw)s, %(reasons)s, %(run)s, %(run)s
                )
                ON CONFLICT (pipeline, source, position) DO UPDATE
                SET raw = excluded.raw, reasons = excluded.reasons, last_run = excluded.last_run,
                    resolved_at = NULL
                """,
                (
                    {
                        "pipeline": self.pipeline.name,
                        "source": source,
                        "position": each.position,
                        "raw": _as_jsonb(each.raw),
                        "reasons": each.reasons,
                        "run": run,
                    }
                    for each in rejected
                ),
            )
