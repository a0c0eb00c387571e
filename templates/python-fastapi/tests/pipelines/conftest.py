import csv
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

import app.pipelines
from app.main import AppSettings
from app.pipelines.measurements import measurements
from app.pipelines.run import Progress, Runner
from app.pipelines.sources import Source

SAMPLE = Path(app.pipelines.__file__).parent / "sample" / "measurements.csv"
COLUMNS = list(measurements.columns)
Row = dict[str, Any]
# From a cursor to a status and a page; or to nothing, and the line goes dead.
Respond = Callable[[str | None], tuple[int, object] | None]


class Database:
    """The database of the run, and what pipelines leave in it."""

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo

    def query(self, statement: str, *parameters: object) -> list[Row]:
        with (
            psycopg.connect(self.conninfo, autocommit=True, row_factory=dict_row) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def measurements(self) -> list[Row]:
        # With the version of each row: one that is written anew is told from one that is not.
        return self.query(
            "SELECT *, xmin::text FROM pipelines.measurements ORDER BY station, measured_at"
        )

    def quarantine(self) -> list[Row]:
        return self.query(
            "SELECT position, raw, reasons, resolved_at FROM pipelines.quarantine ORDER BY id"
        )

    def runs(self) -> list[Row]:
        return self.query("SELECT * FROM pipelines.runs ORDER BY id")

    def empty(self) -> None:
        self.query("TRUNCATE pipelines.runs, pipelines.quarantine, pipelines.measurements")

    def run(
        self, source: Source, *, rows: int = 7, chunks: int | None = None, restart: bool = False
    ) -> tuple[str, Progress]:
        """Run the sample pipeline, in chunks of so many rows; stop after so many chunks."""
        stop = Event()
        reported: list[Progress] = []

        def report(progress: Progress) -> None:
            reported.append(progress)
            if len(reported) == chunks:
                stop.set()

        return Runner(self.conninfo, rows, stop, report)(measurements, source, restart=restart)


@pytest.fixture
def database(settings: AppSettings) -> Iterator[Database]:
    database = Database(settings.database_url.get_secret_value())
    yield database
    database.empty()


def sample() -> list[Row]:
    """The rows of the sample that have all fields."""
    with SAMPLE.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]


def write_csv(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@contextmanager
def http_server(respond: Respond) -> Iterator[str]:
    """A service with a list; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cursor = parse_qs(urlsplit(self.path).query).get("cursor", [None])[0]
            answer = respond(cursor)
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/measurements?limit=5"
        finally:
            server.shutdown()
            thread.join()


def pages(items: list[Any], size: int = 5) -> Respond:
    """Give items page by page, as /api/notes does."""

    def respond(cursor: str | None) -> tuple[int, object]:
        start = int(cursor or 0)
        following = str(start + size) if start + size < len(items) else None
        return 200, {"items": items[start : start + size], "next_cursor": following}

    return respond


Opened = AbstractContextManager[Source]
