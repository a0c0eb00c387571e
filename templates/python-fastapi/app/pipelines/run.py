"""Run a pipeline: one chunk after the other, each in a transaction with its checkpoint."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Event

import psycopg

from app.pipelines import history
from app.pipelines.history import Counts, Run
from app.pipelines.load import Loader
from app.pipelines.pipeline import Pipeline
from app.pipelines.sources import Checkpoint, Chunk, Rejected, Source, SourceError
from app.pipelines.validate import validate


class BusyError(Exception):
    """The pipeline is being run already."""


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    run: int
    resumed: bool
    counts: Counts
    checkpoint: Checkpoint | None
    rows_per_second: float


@dataclass(frozen=True)
class Runner:
    """What a run needs besides the pipeline."""

    conninfo: str
    chunk_rows: int
    # Set by somebody who wants it to stop; it does when the chunk is done.
    stop: Event
    report: Callable[[Progress], None]

    def __call__(
        self, pipeline: Pipeline, source: Source, *, restart: bool = False
    ) -> tuple[str, Progress]:
        """Run to the end, and give the state (done or stopped) and the counts."""
        with ExitStack() as stack:
            connection = stack.enter_context(self._connect(pipeline))
            if not history.migrated(connection):
                raise SourceError("The tables are missing: run `python -m app.migrate`.")
            if not stack.enter_context(history.locked(connection, pipeline.name)):
                raise BusyError(f"Another run of {pipeline.name} is going on.")
            run = history.take_up(
                connection, pipeline.name, source.name, source.version, restart=restart
            )
            try:
                state, progress = self._work(connection, pipeline, source, run)
            except Exception as error:
                with suppress(psycopg.Error):
                    history.end(connection, run.id, "failed", describe(error))
                raise
            history.end(connection, run.id, state)
            return state, progress

    def _connect(self, pipeline: Pipeline) -> psycopg.Connection:
        return psycopg.connect(
            self.conninfo,
            autocommit=True,
            connect_timeout=5,
            options="-c timezone=UTC",
            application_name=f"etl {pipeline.name}",
        )

    def _work(
        self, connection: psycopg.Connection, pipeline: Pipeline, source: Source, run: Run
    ) -> tuple[str, Progress]:
        loader = Loader(connection, pipeline)
        started = time.monotonic()
        counts = run.counts
        progress = Progress(run.id, run.checkpoint is not None, counts, run.checkpoint, 0)
        for chunk in source.chunks(self.chunk_rows, run.checkpoint):
            with connection.transaction():
                counts = _load(loader, chunk, source, run.id, counts)
                history.advance(connection, run.id, counts, chunk.checkpoint)
            speed = (counts.read - run.counts.read) / (time.monotonic() - started)
            progress = Progress(run.id, progress.resumed, counts, chunk.checkpoint, speed)
            self.report(progress)
            if self.stop.is_set():
                break
        return "stopped" if self.stop.is_set() else "done", progress


def describe(error: Exception) -> str:
    """Say in a line what went wrong, without the rows it went wrong with."""
    if isinstance(error, psycopg.Error):
        message = error.diag.message_primary or "the database does not answer"
        return f"{type(error).__name__}: {message}"
    return str(error) if isinstance(error, SourceError) else type(error).__name__


def _load(loader: Loader, chunk: Chunk, source: Source, run: int, before: Counts) -> Counts:
    good, bad = validate(chunk.rows, loader.pipeline)
    rejected = chunk.malformed + [
        Rejected(chunk.positions[index], _raw(chunk, index), reasons)
        for index, reasons in bad.items()
    ]
    changed = loader.load(loader.pipeline.transform(good)) if len(good) else 0
    loader.quarantine(run, source.name, rejected)
    return Counts(
        read=before.read + len(good) + len(rejected),
        loaded=before.loaded + len(good),
        changed=before.changed + changed,
        quarantined=before.quarantined + len(rejected),
    )


def _raw(chunk: Chunk, index: int) -> object:
    return chunk.raw[index] if chunk.raw else chunk.rows.row(index, named=True)
