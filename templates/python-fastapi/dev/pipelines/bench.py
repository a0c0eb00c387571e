"""How fast rows are loaded, and in how much memory: `poe etl-bench 10000000`.

On a PostgreSQL of its own, which is thrown away, but as safe against loss as any.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import polars as pl
from sqlalchemy import make_url

from app.migrate import upgrade
from dev.postgres import postgres

STATIONS = 1000
FIRST = 1_577_836_800_000_000  # 2020, in microseconds
EVERY = 600_000_000  # ten minutes
AT_ONCE = 500_000


class Measured(NamedTuple):
    """What a run took."""

    loaded: int
    quarantined: int
    seconds: float
    peak_bytes: int


def write(path: Path, rows: int) -> None:
    """Write a CSV file of measurements, one in a thousand of them bad."""
    stations = pl.Series([f"ST{chr(65 + n // 100)}-{n % 100:02}" for n in range(STATIONS)])
    number = pl.col("number")
    station = number % STATIONS
    # Spread as if by chance, but the same each time.
    temperature = (number.hash(1) % 400).cast(pl.Int64) / 10 - 10
    humidity = (number.hash(2) % 800 + 200) / 10
    with path.open("wb") as file:
        file.write(b"station,measured_at,temperature,unit,humidity\n")
        for start in range(0, rows, AT_ONCE):
            numbers = pl.int_range(start, min(start + AT_ONCE, rows), eager=True)
            pl.DataFrame({"number": numbers}).select(
                pl.lit(stations).gather(station),
                (FIRST + number // STATIONS * EVERY)
                .cast(pl.Datetime("us", "UTC"))
                .dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
                temperature.alias("temperature"),
                pl.when(number % 7 == 0).then(pl.lit("F")).otherwise(pl.lit("C")).alias("unit"),
                pl.when(station == 3).then(140).otherwise(humidity).alias("humidity"),
            ).write_csv(file, include_header=False)


def _peak() -> int:
    """Give the most memory that a process started here had, in bytes; 0 if nobody knows."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit


def measure(url: str, path: Path, chunk_rows: int) -> Measured:
    """Run the pipeline in a process of its own."""
    command = [sys.executable, "-m", "app.pipelines", "run", "measurements", str(path)]
    started = time.monotonic()
    done = subprocess.run(
        [*command, "--chunk-rows", str(chunk_rows)],
        env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "info"},
        capture_output=True,
        check=True,
        text=True,
    )
    seconds = time.monotonic() - started
    last = json.loads(done.stdout.splitlines()[-1])
    return Measured(last["rows_loaded"], last["rows_quarantined"], seconds, _peak())


def main() -> None:
    """Make rows, load them, and say what it took."""
    parser = argparse.ArgumentParser(prog="etl-bench")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--chunk-rows", type=int, default=50_000, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="etl-bench-") as name:
        directory = Path(name)
        path = directory / "measurements.csv"
        write(path, options.rows)
        with postgres(directory / "postgres") as url:
            upgrade(make_url(url))
            took = measure(url, path, options.chunk_rows)
        print(
            f"{options.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB of CSV, "
            f"in chunks of {options.chunk_rows:,}: {took.seconds:.1f} s, "
            f"{options.rows / took.seconds:,.0f} rows/s, "
            f"at most {took.peak_bytes / 1e6:.0f} MB of memory; "
            f"{took.loaded:,} loaded, {took.quarantined:,} quarantined"
        )


if __name__ == "__main__":
    main()
