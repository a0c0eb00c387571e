"""Rows from a CSV file with a header: UTF-8, commas, quotes where needed (RFC 4180)."""

import codecs
import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

import polars as pl

from app.pipelines.sources.base import (
    Checkpoint,
    Chunk,
    Rejected,
    SourceError,
    check_unchanged,
    file_version,
)

LONGEST_LINE = 1 << 20
# The module knows a limit for the whole process only. A quote that is not closed ends there.
csv.field_size_limit(LONGEST_LINE)


class _Lines:
    """The lines of a file, and how far they have been taken: nothing is read ahead."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        has_mark = file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
        self.go_to({"byte": len(codecs.BOM_UTF8) if has_mark else 0, "line": 0})

    def go_to(self, place: Checkpoint) -> None:
        self.byte, self.line = place["byte"], place["line"]
        self.file.seek(self.byte)

    def __iter__(self) -> Iterator[str]:
        for line in iter(partial(self.file.readline, LONGEST_LINE), b""):
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                raise SourceError(f"Line {self.line + 1} is longer than {LONGEST_LINE} bytes.")
            self.byte += len(line)
            self.line += 1
            yield line.decode("utf-8", "replace")


def _records(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the number of its first line; empty lines are none."""
    first = lines.line + 1
    try:
        # Else a quote that is not closed would make one field of all the rows to the end.
        for record in csv.reader(lines, strict=True):
            if record:
                yield first, record
            first = lines.line + 1
    except csv.Error as error:
        raise SourceError(f"The record from line {first} on cannot be read: {error}.") from None


class CsvFile:
    """A CSV file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path.resolve())
        self.version = file_version(path)

    def chunks(self, size: int, after: Checkpoint | None) -> Iterator[Chunk]:
        """Read on from the byte where the chunk before ended."""
        with self.path.open("rb") as file:
            lines = _Lines(file)
            _, header = next(_records(lines), (0, []))
            if not header:
                raise SourceError("The file has no header.")
            if len(set(header)) < len(header):
                raise SourceError("The header names a column twice.")
            if after:
                lines.go_to(after)
            records = _records(lines)
            while True:
                batch = list(islice(records, size))
                check_unchanged(self.path, self.version)
                if not batch:
                    return
                yield self._chunk(batch, header, {"byte": lines.byte, "line": lines.line})

    @staticmethod
    def _chunk(
        batch: list[tuple[int, list[str]]], header: list[str], checkpoint: Checkpoint
    ) -> Chunk:
        width = len(header)
        whole = [(line, record) for line, record in batch if len(record) == width]
        malformed = [
            Rejected(f"line {line}", record, [f"has {len(record)} fields instead of {width}"])
            for line, record in batch
            if len(record) != width
        ]
        columns = zip(*(record for _, record in whole), strict=True) if whole else [()] * width
        rows = pl.DataFrame(
            [
                pl.Series(name, values, dtype=pl.String)
                for name, values in zip(header, columns, strict=True)
            ]
        )
        return Chunk(rows, [f"line {line}" for line, _ in whole], malformed, checkpoint)
