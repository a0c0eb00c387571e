import asyncio
import os
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Timer
from typing import Any

import polars as pl
import pytest
from httpx2 import AsyncClient

from app.main import AppSettings
from app.pipelines.config import PipelineSettings
from app.pipelines.sources import Source, SourceError, open_source
from app.pipelines.sources.csv_file import CsvFile
from app.pipelines.sources.http_pages import ATTEMPTS, HttpPages
from app.pipelines.sources.parquet_file import ParquetFile
from app.pipelines.sources.postgres_table import PostgresTable
from tests.conftest import serving
from tests.pipelines.conftest import (
    COLUMNS,
    Database,
    Opened,
    Respond,
    Row,
    http_server,
    pages,
    sample,
    write_csv,
)

Open = Callable[[list[Row]], Opened]
KINDS = ["csv", "parquet", "http", "postgres"]


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Open:
    """Puts rows into a source of each kind."""

    @contextmanager
    def csv(rows: list[Row]) -> Iterator[Source]:
        yield CsvFile(write_csv(tmp_path / "rows.csv", rows))

    @contextmanager
    def parquet(rows: list[Row]) -> Iterator[Source]:
        pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet", row_group_size=10)
        yield ParquetFile(tmp_path / "rows.parquet")

    @contextmanager
    def http(rows: list[Row]) -> Iterator[Source]:
        with http_server(pages(rows)) as url:
            yield HttpPages(url, COLUMNS, Event())

    @contextmanager
    def postgres(rows: list[Row]) -> Iterator[Source]:
        columns = ", ".join(f"{name} text" for name in COLUMNS)
        database.query(
            f'CREATE TABLE "Raw rows" (id bigint, part text, {columns}, PRIMARY KEY (part, id))'
        )
        for number, row in enumerate(rows):
            database.query(
                'INSERT INTO "Raw rows" VALUES (%s, %s, %s, %s, %s, %s, %s)',
                *(number, "ab"[number % 2], *row.values()),
            )
        try:
            yield PostgresTable(database.conninfo, '"Raw rows"', COLUMNS)
        finally:
            database.query('DROP TABLE "Raw rows"')

    return {"csv": csv, "parquet": parquet, "http": http, "postgres": postgres}[request.param]


each_kind = pytest.mark.parametrize("opened", KINDS, indirect=True)


@each_kind
def test_a_run_that_was_stopped_goes_on_and_one_that_is_repeated_changes_nothing(
    opened: Open, database: Database
) -> None:
    with opened(sample()) as source:
        state, halfway = database.run(source, chunks=3)
        assert state == "stopped"
        assert 0 < len(database.measurements()) == halfway.counts.loaded < 60

        state, whole = database.run(source)
        assert (state, whole.run) == ("done", halfway.run)
        assert whole.counts == (67, 60, 60, 7)
        loaded, refused = database.measurements(), database.quarantine()
        assert (len(loaded), len(refused)) == (60, 7)

        state, again = database.run(source)
        assert (state, again.counts) == ("done", (67, 60, 0, 7))
        assert again.run != whole.run
        assert (database.measurements(), database.quarantine()) == (loaded, refused)


@each_kind
def test_what_is_in_memory_is_bounded_by_the_chunk(opened: Open) -> None:
    rows = sample() * 3
    with opened(rows) as source:
        sizes, frames = [], []
        for chunk in source.chunks(10, None):
            sizes.append(len(chunk.rows))
            frames.append(weakref.ref(chunk.rows))
            del chunk
            assert sum(frame() is not None for frame in frames) <= 1

    assert sum(sizes) == len(rows)
    assert max(sizes) == 10


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    def peak(rows: list[Row]) -> int:
        source = CsvFile(write_csv(tmp_path / "rows.csv", rows))
        tracemalloc.start()
        for _ in source.chunks(200, None):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(sample())  # what is only needed once
    assert peak(sample() * 100) < 1.2 * peak(sample() * 10)


@each_kind
def test_chunks_of_any_size_give_the_same_rows_at_the_same_places(opened: Open) -> None:
    with opened(sample()) as source:
        found = [
            [
                (place, row)
                for chunk in source.chunks(size, None)
                for place, row in zip(
                    chunk.positions, chunk.rows.select(COLUMNS).rows(), strict=True
                )
            ]
            for size in (1, 7, 1000)
        ]

    assert len(found[0]) == len({place for place, _ in found[0]}) == 67
    assert all(one == other for one, other in pairwise(found))


def rows_of(source: Source) -> list[Row]:
    return [row for chunk in source.chunks(100, None) for row in chunk.rows.rows(named=True)]


def test_a_record_of_several_lines_is_found_again_and_odd_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(
        b'\xef\xbb\xbfname,note\r\na,"two\r\nlines, ""quoted"""\r\n\r\nb\r\nc,\xff\r\nd,1,2\r\ne,x'
    )
    source = CsvFile(path)

    first, second, *others = source.chunks(2, None)

    assert first.rows.rows() == [("a", 'two\r\nlines, "quoted"')]
    assert first.positions == ["line 2"]
    assert [(each.position, each.raw, each.reasons) for each in first.malformed] == [
        ("line 5", ["b"], ["has 1 fields instead of 2"])
    ]
    assert second.rows.rows() == [("c", "\ufffd")]
    assert [each.position for each in second.malformed] == ["line 7"]
    assert next(source.chunks(2, first.checkpoint)).positions == ["line 6"]
    assert [chunk.positions for chunk in others] == [["line 8"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no header"),
        (b"a,a\n1,2\n", "names a column twice"),
        (b'a,b\n1,"' + b"x,\n" * 500_000, "from line 2 on cannot be read: field larger than"),
        (b'a,b\n1,"open\n3,4\n5,6\n', "from line 2 on cannot be read: unexpected end of data"),
        (b"a,b\n" + b"x" * (1 << 20), "Line 2 is longer than"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_before_it_is_all_in_memory(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    with pytest.raises(SourceError, match=message):
        rows_of(CsvFile(path))


def test_long_fields_are_read_as_others(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n1," + b"x" * 500_000 + b"\n")

    assert rows_of(CsvFile(path)) == [{"a": "1", "b": "x" * 500_000}]


def test_a_mark_of_utf_8_may_stand_before_a_quoted_header(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    path.write_bytes(b'\xef\xbb\xbf"a","b"\n1,2\n3,4\n')
    source = CsvFile(path)

    first, second = source.chunks(1, None)

    assert first.rows.rows(named=True) == [{"a": "1", "b": "2"}]
    assert first.positions == ["line 2"]
    assert [chunk.rows.rows() for chunk in source.chunks(1, first.checkpoint)] == [[("3", "4")]]
    assert second.checkpoint["byte"] == path.stat().st_size


def write_parquet(path: Path, rows: list[Row]) -> Path:
    pl.DataFrame(rows).write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("kind", "write"), [(CsvFile, write_csv), (ParquetFile, write_parquet)], ids=["csv", "parquet"]
)
@pytest.mark.parametrize("taken", [7, 14], ids=["within", "at the end"])
def test_a_file_that_changes_while_it_is_read_is_not_taken_for_one(
    tmp_path: Path,
    kind: Callable[[Path], Source],
    write: Callable[[Path, list[Row]], Path],
    taken: int,
) -> None:
    path = write(tmp_path / "rows", sample()[:14])
    chunks = kind(path).chunks(7, None)
    for _ in range(0, taken, 7):
        next(chunks)

    write(path, sample()[:7])

    with pytest.raises(SourceError, match="changed while it was read"):
        next(chunks)


def test_a_parquet_file_may_have_any_name(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "rows[1]*.parquet", sample())

    assert rows_of(ParquetFile(path)) == sample()


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"none")

    with pytest.raises(SourceError, match="cannot be read"):
        rows_of(ParquetFile(tmp_path / "bad.parquet"))


def http_source(url: str, stop: Event | None = None) -> HttpPages:
    return HttpPages(url, COLUMNS, stop or Event(), first_delay=0.001)


def test_a_service_that_fails_now_and_then_is_asked_again_and_nothing_is_lost() -> None:
    good = pages(sample())
    faults = iter([None, (500, b"oh"), (429, b""), (503, b"")] * 4)
    failing = False

    def respond(cursor: str | None) -> tuple[int, object] | None:
        nonlocal failing
        failing = not failing
        return next(faults) if failing else good(cursor)

    with http_server(respond) as url:
        assert rows_of(http_source(url)) == sample()


def always(status: int, content: object) -> Respond:
    return lambda _cursor: (status, content)


@pytest.mark.parametrize(
    ("respond", "message"),
    [
        (always(404, b""), "in 1 attempts: status 404"),
        (always(302, b""), "in 1 attempts: status 302"),
        (always(503, b""), f"in {ATTEMPTS} attempts: status 503"),
        (lambda _: None, f"in {ATTEMPTS} attempts: RemoteProtocolError"),
        (always(200, b"<html>"), "did not give"),
        (always(200, [1]), "did not give"),
        (always(200, {"items": {}, "next_cursor": None}), "did not give"),
        (always(200, {"items": [], "next_cursor": 3}), "did not give"),
        (always(200, b"[" * 100_000), "did not give"),
        (always(200, {"items": [], "next_cursor": "a"}), "in a circle: a came again"),
        (always(200, b" " * (17 << 20)), "more than 16777216 bytes"),
    ],
)
def test_a_service_that_does_not_give_pages_is_given_up(respond: Respond, message: str) -> None:
    with http_server(respond) as url, pytest.raises(SourceError, match=message):
        rows_of(http_source(url))


@pytest.mark.parametrize("length", [2, 3, 50])
def test_pages_that_go_round_in_a_circle_come_to_an_end(length: int) -> None:
    asked = 0

    def respond(cursor: str | None) -> tuple[int, object]:
        nonlocal asked
        asked += 1
        # It is entered after some pages that are not in it.
        number = int(cursor or 0)
        return 200, {"items": [], "next_cursor": str(number + 1 if number < length + 5 else 5)}

    with http_server(respond) as url, pytest.raises(SourceError, match="in a circle"):
        rows_of(http_source(url))
    assert asked < 5 * (length + 5)


def test_an_empty_cursor_is_the_end() -> None:
    with http_server(always(200, {"items": [sample()[0]], "next_cursor": ""})) as url:
        assert rows_of(http_source(url)) == sample()[:1]


def test_whose_cursor_is_not_taken_is_told_how_to_begin_anew() -> None:
    with http_server(always(410, b"")) as url:
        with pytest.raises(SourceError, match=r"status 410\.$"):
            rows_of(http_source(url))
        with pytest.raises(SourceError, match="`--restart` begins anew"):
            list(http_source(url).chunks(100, {"cursor": "expired"}))


def test_items_that_are_no_rows_are_told_and_what_cannot_be_stored_is_replaced() -> None:
    items: list[Any] = [7, {"station": "\ud800\0", "humidity": 1.5}, b"NaN"]
    body = b'{"items": [7, {"station": "\\ud800\\u0000", "humidity": NaN}], "next_cursor": null}'
    with http_server(always(200, body)) as url:
        [chunk] = http_source(url).chunks(len(items), None)

    assert [(each.raw, each.position) for each in chunk.malformed] == [(7, "page one, item 1")]
    assert chunk.rows.rows() == [("\ufffd\0", None, None, None, "NaN")]


def test_whoever_wants_to_stop_does_not_wait_for_the_next_attempt() -> None:
    stop = Event()

    def respond(_cursor: str | None) -> tuple[int, object]:
        Timer(0.05, stop.set).start()
        return 503, b""

    with http_server(respond) as url:
        source = HttpPages(url, COLUMNS, stop, first_delay=3600)
        assert list(source.chunks(10, None)) == []


async def test_the_notes_of_this_service_can_be_read(
    settings: AppSettings, client: AsyncClient
) -> None:
    for number in range(5):
        await client.post("/api/notes", json={"title": f"note {number}"})

    async with serving(settings) as server:
        source = HttpPages(f"{server.url}/api/notes?limit=2", ["title"], Event())
        rows = await asyncio.to_thread(rows_of, source)

    assert [row["title"] for row in rows] == [f"note {number}" for number in (4, 3, 2, 1, 0)]


def test_a_table_needs_a_key_to_go_by(database: Database) -> None:
    database.query("CREATE TABLE without_key (a text)")
    try:
        with pytest.raises(SourceError, match="no table without_key with a primary key"):
            rows_of(PostgresTable(database.conninfo, "without_key", COLUMNS))
    finally:
        database.query("DROP TABLE without_key")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("rows.xlsx", "is not a source: give FILE.csv"),
        ("none.csv", "There is no file"),
        (os.fsdecode(b"/tmp/\xff.csv"), "There is no file"),
        ("https://me:s3cret@example.com/", "ETL_HTTP_AUTHORIZATION"),
        ("http://host:port/", "The URL is none"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_is_no_source_is_refused(where: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as refused:
        open_source(where, COLUMNS, PipelineSettings(), Event())

    assert "s3cret" not in str(refused.value)


@pytest.mark.usefixtures("settings")
def test_secrets_of_sources_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETL_HTTP_AUTHORIZATION", "Bearer s3cret")
    monkeypatch.setenv("ETL_SOURCE_DATABASE_URL", "postgresql://elsewhere/rows")
    settings = PipelineSettings()

    http = open_source("http://example.com/", COLUMNS, settings, Event())
    table = open_source("postgres:rows", COLUMNS, settings, Event())

    assert isinstance(http, HttpPages)
    assert http.headers == {"Authorization": "Bearer s3cret"}
    assert isinstance(table, PostgresTable)
    assert table.conninfo == "postgresql://elsewhere/rows"
    assert (http.name, table.name) == ("http://example.com/", "postgres:rows")
