import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import psycopg
import pytest
from alembic import command
from sqlalchemy import URL

from app.health import migrated
from app.main import AppSettings, create_app
from app.migrate import alembic_config, upgrade
from app.pipelines import history
from app.pipelines.load import Loader
from app.pipelines.measurements import measurements
from app.pipelines.run import BusyError, Runner
from app.pipelines.sources import SourceError
from app.pipelines.sources.csv_file import CsvFile
from app.pipelines.sources.http_pages import HttpPages
from app.pipelines.sources.parquet_file import ParquetFile
from tests.pipelines.conftest import (
    COLUMNS,
    SAMPLE,
    Database,
    Row,
    http_server,
    pages,
    sample,
    write_csv,
)

ETL = [sys.executable, "-m", "app.pipelines"]
RUN = [*ETL, "run", "measurements"]
TRAP = "2026-05-04T14:00:00Z"  # in the third chunk of ten rows


def start(*words: str | Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*RUN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: "subprocess.Popen[str]") -> tuple[int, list[Row], str]:
    output, errors = process.communicate(timeout=60)
    return process.returncode, [json.loads(line) for line in output.splitlines()], errors


def wait_until(database: Database, condition: str, *parameters: object) -> None:
    deadline = time.monotonic() + 60
    while not database.query(f"SELECT 1 WHERE {condition}", *parameters):
        assert time.monotonic() < deadline, condition
        time.sleep(0.01)


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Keep a run waiting in its third chunk, by a row that somebody else is about to write."""
    with psycopg.connect(database.conninfo) as blocker:
        blocker.execute("INSERT INTO pipelines.measurements VALUES ('BER-01', %s, 0, 1, 0)", [TRAP])
        yield
        blocker.rollback()


WAITS = """EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'etl measurements' AND wait_event_type = 'Lock')"""
GONE = """NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'etl measurements')"""


def test_a_run_that_is_killed_goes_on_where_it_was(database: Database) -> None:
    with held_up(database):
        process = start(SAMPLE, "--chunk-rows", "10")
        wait_until(database, WAITS)
        status, _, errors = finish(start(SAMPLE))
        assert (status, errors) == (3, "Another run of measurements is going on.\n")

        process.send_signal(signal.SIGKILL)
        assert finish(process)[0] == -signal.SIGKILL
    wait_until(database, GONE)

    [killed] = database.runs()
    assert (killed["state"], killed["rows_read"], killed["rows_loaded"]) == ("running", 20, 18)
    assert (len(database.measurements()), len(database.quarantine())) == (18, 2)
    before = database.measurements()
    with psycopg.connect(database.conninfo) as connection:
        assert [run["state"] for run in history.runs(connection, 1)] == ["killed"]

    status, lines, _ = finish(start(SAMPLE, "--chunk-rows", "10"))
    assert status == 0
    assert lines[0]["rows_read"] == 30
    [whole] = database.runs()
    assert (whole["id"], whole["state"], whole["resumed"]) == (killed["id"], "done", 1)
    counts = ("rows_read", "rows_loaded", "rows_changed", "rows_quarantined")
    assert [whole[name] for name in counts] == [68, 60, 60, 8]
    assert (len(database.measurements()), len(database.quarantine())) == (60, 8)
    assert all(row in database.measurements() for row in before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_ends_with_its_chunk(
    database: Database, number: signal.Signals
) -> None:
    with held_up(database):
        process = start(SAMPLE, "--chunk-rows", "10")
        wait_until(database, WAITS)
        process.send_signal(number)
    status, lines, errors = finish(process)

    assert (status, errors) == (128 + number, "")
    assert lines[-1]["event"] == "run stopped"
    [run] = database.runs()
    assert (run["state"], run["rows_read"], run["checkpoint"]["line"]) == ("stopped", 30, 31)
    assert run["ended_at"] is not None


def test_rows_that_are_not_loaded_are_kept_with_their_place_and_the_reason(
    database: Database,
) -> None:
    database.run(CsvFile(SAMPLE))

    kept = {row["position"]: row for row in database.quarantine()}
    assert {place: row["reasons"] for place, row in kept.items()} == {
        "line 8": ["temperature: is missing"],
        "line 16": ["unit: is neither C nor F"],
        "line 24": ["temperature: is not within -90 to 60 °C"],
        "line 32": ["measured_at: is not a time with its zone, as 2026-05-01T12:00:00Z"],
        "line 40": ["station: is not like ABC-01", "humidity: is not above 0 and up to 100"],
        "line 48": ["has 4 fields instead of 5"],
        "line 56": ["measured_at: is not a time with its zone, as 2026-05-01T12:00:00Z"],
        "line 64": ["temperature: is not a number"],
    }
    assert kept["line 16"]["raw"]["unit"] == "K"
    assert kept["line 48"]["raw"] == ["ROM-02", "2026-05-07T10:00:00Z", "69.8", "F"]


def test_whatever_a_bad_row_holds_it_can_be_kept(database: Database, tmp_path: Path) -> None:
    text = b'"\\ud800\\u0000\\\\u0000 \xc3\xa9"'
    body = b'{"items": [{"station": %b, "humidity": NaN}, %b], "next_cursor": null}' % (text, text)
    with http_server(lambda _: (200, body)) as url:
        database.run(HttpPages(url, COLUMNS, Event()))
    typed = sample()[0] | {"humidity": float("nan"), "at": datetime(2026, 5, 1, tzinfo=UTC)}
    pl.DataFrame([typed]).write_parquet(tmp_path / "rows.parquet")
    database.run(ParquetFile(tmp_path / "rows.parquet"))

    kept = "\ufffd\ufffd\\u0000 é"
    word, item, row = (row["raw"] for row in database.quarantine())
    assert (word, item) == (kept, {"station": kept, "humidity": "NaN"})
    assert (row["humidity"], row["at"]) == ("NaN", "2026-05-01 00:00:00+00:00")


def test_rows_that_were_corrected_leave_the_quarantine(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "rows.csv", sample())
    database.run(CsvFile(path))
    good = [row | {"unit": "C"} if row["unit"] == "K" else row for row in sample()]

    database.run(CsvFile(write_csv(path, good)))

    resolved = [row["reasons"] for row in database.quarantine() if row["resolved_at"]]
    assert resolved == [["unit: is neither C nor F"]]
    assert len(database.measurements()) == 61


def test_a_changed_value_is_loaded_and_the_last_one_stands(
    database: Database, tmp_path: Path
) -> None:
    first = sample()[0]
    path = write_csv(tmp_path / "rows.csv", [first, first | {"temperature": "1"}])

    for size in (1, 2):
        database.run(CsvFile(path), rows=size)
        assert [row["temperature_c"] for row in database.measurements()] == [1]


def test_a_table_that_is_all_key_is_loaded(database: Database) -> None:
    stations = replace(
        measurements,
        transform=lambda rows: rows.select("station"),
        table=("pg_temp", "stations"),
        key=("station",),
    )
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE stations (station text PRIMARY KEY)")
        loader = Loader(connection, stations)
        for new in (1, 0):
            with connection.transaction():
                assert loader.load(pl.DataFrame({"station": ["BER-01", "BER-01"]})) == new


def test_a_checkpoint_is_not_for_another_content(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "rows.csv", sample())
    database.run(CsvFile(path), chunks=2)

    state, whole = database.run(CsvFile(write_csv(path, sample()[::-1] * 2)))

    assert (state, whole.resumed, whole.counts.read) == ("done", False, 134)
    assert [run["state"] for run in database.runs()] == ["abandoned", "done"]


def test_who_wants_to_begin_anew_can(database: Database) -> None:
    database.run(CsvFile(SAMPLE), chunks=2)

    _, whole = database.run(CsvFile(SAMPLE), restart=True)

    assert whole.counts == (68, 60, 47, 8)
    assert [run["state"] for run in database.runs()] == ["abandoned", "done"]


def test_a_run_that_fails_says_why_and_goes_on_later(database: Database) -> None:
    broken = True

    def respond(cursor: str | None) -> tuple[int, object] | None:
        return (410, b"") if broken and cursor == "20" else pages(sample())(cursor)

    with http_server(respond) as url:
        source = HttpPages(url, COLUMNS, Event())
        with pytest.raises(SourceError, match="status 410"):
            database.run(source, rows=10)
        [failed] = database.runs()
        assert (failed["state"], failed["rows_read"]) == ("failed", 20)
        assert "status 410" in failed["error"]

        broken = False
        assert database.run(source)[1].counts == (67, 60, 60, 7)
    [done] = database.runs()
    assert (done["state"], done["error"]) == ("done", None)


def test_a_fault_of_the_code_leaves_nothing_of_its_chunk(database: Database) -> None:
    def transform(rows: pl.DataFrame) -> pl.DataFrame:
        return measurements.transform(rows).with_columns(humidity_pct=None)

    run = Runner(database.conninfo, 10, Event(), lambda _: None)
    with pytest.raises(psycopg.errors.NotNullViolation):
        run(replace(measurements, transform=transform), CsvFile(SAMPLE))

    assert (database.measurements(), database.quarantine()) == ([], [])
    [failed] = database.runs()
    assert failed["state"] == "failed"
    assert failed["error"].startswith("NotNullViolation: null value in column")
    assert "BER-01" not in failed["error"]


def test_only_one_run_of_a_pipeline_at_a_time(database: Database) -> None:
    with (
        psycopg.connect(database.conninfo) as other,
        history.locked(other, "measurements") as taken,
    ):
        assert taken
        with pytest.raises(BusyError):
            database.run(CsvFile(SAMPLE))
    assert database.runs() == []

    assert database.run(CsvFile(SAMPLE))[0] == "done"


def etl(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*ETL, *words], capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("database")
def test_the_command_says_what_is_wrong_with_it() -> None:
    done = etl("run", "measurements", "rows.xlsx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a source" in done.stderr


def test_the_command_lists_what_was_refused(database: Database) -> None:
    database.run(CsvFile(SAMPLE))

    done = etl("quarantine", "measurements", "--limit", "2")

    rows: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["position"] for row in rows] == ["line 64", "line 56"]
    assert rows[0]["raw"]["temperature"] == "9,1"


@pytest.mark.usefixtures("settings")
def test_without_its_tables_it_says_so(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.render_as_string(hide_password=False))

    done = etl("run", "measurements", str(SAMPLE))

    assert done.returncode == 1
    assert done.stderr == "The tables are missing: run `python -m app.migrate`.\n"


@pytest.mark.usefixtures("settings")
async def test_the_service_is_not_ready_without_them_and_they_come_and_go_by_themselves(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.render_as_string(hide_password=False))
    engine = create_app(AppSettings()).state.engine
    upgrade(empty_database)
    assert await migrated(engine)

    command.downgrade(alembic_config(empty_database, "pipelines"), "base")
    assert not await migrated(engine)

    command.check(alembic_config(empty_database))
    upgrade(empty_database)
    assert await migrated(engine)
    await engine.dispose()
