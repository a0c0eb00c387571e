"""Rows from a Parquet file."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from app.pipelines.sources.base import (
    Checkpoint,
    Chunk,
    SourceError,
    check_unchanged,
    file_version,
)


class ParquetFile:
    """A Parquet file. Its row groups bound what is in memory, as much as the chunks do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path.resolve())
        self.version = file_version(path)

    def chunks(self, size: int, after: Checkpoint | None) -> Iterator[Chunk]:
        """Read slices; row groups that are not in them are passed over."""
        start = after["row"] if after else 0
        try:
            while True:
                # A file, and no pattern, whatever characters its name has.
                rows = pl.scan_parquet(self.path, glob=False).slice(start, size).collect()
                check_unchanged(self.path, self.version)
                if rows.is_empty():
                    return
                end = start + len(rows)
                yield Chunk(
                    rows, [f"row {row}" for row in range(start + 1, end + 1)], [], {"row": end}
                )
                start = end
        except (pl.exceptions.ComputeError, OSError) as error:
            raise SourceError(f"The file cannot be read: {error}") from None
