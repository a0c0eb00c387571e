"""The command line: `python -m app.pipelines`."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from types import FrameType
from typing import Any

import psycopg
import structlog

from app.config import ConfigError, load
from app.log import configure_logging
from app.pipelines import history
from app.pipelines.config import PipelineSettings
from app.pipelines.measurements import measurements
from app.pipelines.pipeline import Pipeline
from app.pipelines.run import BusyError, Progress, Runner, describe
from app.pipelines.sources import SourceError, open_source

# Name yours here.
PIPELINES: Mapping[str, Pipeline] = {pipeline.name: pipeline for pipeline in (measurements,)}
FAILED, USAGE, BUSY = 1, 2, 3
EXIT_CODES = """\
exit codes: 0 done; 1 failed, and the same command goes on from the last chunk; 2 usage;
3 another run of the pipeline is going on; 128 + the signal's number: stopped after a chunk,
and the same command goes on from there (130 Ctrl-C, 143 SIGTERM).
"""

log = structlog.stdlib.get_logger()


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="etl", epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a pipeline, or go on with a run that did not end")
    run.add_argument("pipeline", choices=PIPELINES)
    run.add_argument("source", help="FILE.csv, FILE.parquet, https://HOST/PATH or postgres:TABLE")
    run.add_argument(
        "--chunk-rows",
        type=_positive,
        default=50_000,
        metavar="N",
        help="rows in memory at a time (default: %(default)s)",
    )
    run.add_argument("--restart", action="store_true", help="begin anew, whatever was done before")
    shown = commands.add_parser("history", help="list the last runs")
    shown.add_argument("--limit", type=_positive, default=20, metavar="N")
    refused = commands.add_parser("quarantine", help="list the rows that were not loaded, and why")
    refused.add_argument("pipeline", nargs="?", choices=PIPELINES)
    refused.add_argument("--limit", type=_positive, default=20, metavar="N")
    return parser


class _Signals:
    """Notes the wish to stop; a second Ctrl-C does not wait for the chunk."""

    def __init__(self) -> None:
        self.stop = Event()
        self.number = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        self.number = number
        self.stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _signals() -> Iterator[_Signals]:
    signals = _Signals()
    before = {each: signal.signal(each, signals) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _facts(progress: Progress) -> dict[str, Any]:
    counts = {f"rows_{name}": number for name, number in progress.counts._asdict().items()}
    return {"run": progress.run, **counts, "rows_per_second": round(progress.rows_per_second)}


def _report(progress: Progress) -> None:
    if not sys.stderr.isatty():
        log.info("chunk loaded", **_facts(progress), checkpoint=progress.checkpoint)
        return
    counts = progress.counts
    place = ", ".join(f"{name} {value}" for name, value in (progress.checkpoint or {}).items())
    sys.stderr.write(
        f"\r\x1b[K{counts.read:,} rows, {counts.quarantined:,} quarantined, "
        f"{progress.rows_per_second:,.0f} rows/s, at {place:.40}"
    )
    sys.stderr.flush()


def _report_end(pipeline: Pipeline, state: str, progress: Progress) -> None:
    if not sys.stderr.isatty():
        facts = _facts(progress)
        log.info(f"run {state}", pipeline=pipeline.name, resumed=progress.resumed, **facts)
        return
    counts = progress.counts
    sys.stderr.write(
        f"\r\x1b[KRun {progress.run} of {pipeline.name} is {state}: {counts.read:,} rows read, "
        f"{counts.loaded:,} loaded ({counts.changed:,} changed), "
        f"{counts.quarantined:,} quarantined\n"
    )


def _run(settings: PipelineSettings, options: argparse.Namespace) -> int:
    pipeline = PIPELINES[options.pipeline]
    with _signals() as signals:
        runner = Runner(
            settings.database_url.get_secret_value(), options.chunk_rows, signals.stop, _report
        )
        try:
            source = open_source(options.source, list(pipeline.columns), settings, signals.stop)
        except SourceError as error:
            sys.stderr.write(f"{error}\n")
            return USAGE
        try:
            state, progress = runner(pipeline, source, restart=options.restart)
        except BusyError as error:
            sys.stderr.write(f"{error}\n")
            return BUSY
    _report_end(pipeline, state, progress)
    return 128 + signals.number if state == "stopped" else 0


def _cell(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix("+00:00")
    return json.dumps(value, ensure_ascii=False)


def _print(rows: list[dict[str, Any]]) -> None:
    """Show a table on a terminal; else write a JSON object a line, as the log does."""
    if not sys.stdout.isatty():
        lines = [json.dumps(row, default=str, ensure_ascii=False) for row in rows]
    else:
        table = [list(map(_cell, row.values())) for row in rows]
        table = [list(rows[0]), *table] if rows else []
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _list(settings: PipelineSettings, options: argparse.Namespace) -> int:
    with psycopg.connect(
        settings.database_url.get_secret_value(), options="-c timezone=UTC"
    ) as connection:
        if not history.migrated(connection):
            raise SourceError("The tables are missing: run `python -m app.migrate`.")
        rows = (
            history.runs(connection, options.limit)
            if options.command == "history"
            else history.quarantined(connection, options.pipeline, options.limit)
        )
    _print(rows)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and give the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(PipelineSettings)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    configure_logging(settings.log_level)
    try:
        return (_run if options.command == "run" else _list)(settings, options)
    except (SourceError, psycopg.Error) as error:
        sys.stderr.write(f"{describe(error)}\n")
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
