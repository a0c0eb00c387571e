"""What a source is."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import polars as pl

# A place in a source, as the source itself knows it: whatever JSON can hold.
Checkpoint = dict[str, Any]


class SourceError(Exception):
    """The source cannot be read, or is not what it should be; the message says what to do."""


class Rejected(NamedTuple):
    """A row that is not taken, and why."""

    position: str
    raw: object
    reasons: list[str]


class Chunk(NamedTuple):
    """Some rows, in the order of the source."""

    rows: pl.DataFrame
    # For each row where it was, for people to find it.
    positions: Sequence[str]
    # What was not even a row.
    malformed: list[Rejected]
    # Where to go on after these.
    checkpoint: Checkpoint
    # The rows as they were, where `rows` does not have all of it.
    raw: Sequence[object] | None = None


class Source(Protocol):
    """Something to read rows from."""

    @property
    def name(self) -> str:
        """What it is called in the history; holds no secret."""

    @property
    def version(self) -> str | None:
        """Changes with the content, if that can be told: a checkpoint is for one version only."""

    def chunks(self, size: int, after: Checkpoint | None) -> Iterator[Chunk]:
        """Give the rows in chunks of about this size, from the start or after a checkpoint."""


def file_version(path: Path) -> str:
    """Tell one state of a file from another."""
    status = path.stat()
    return f"{status.st_size} bytes of {status.st_mtime_ns}"


def check_unchanged(path: Path, version: str) -> None:
    """Refuse to take parts of two contents of a file for one."""
    if not path.exists() or file_version(path) != version:
        raise SourceError("The file changed while it was read; the same command begins it anew.")


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return json.dumps(value)
    if value.isascii():
        return value
    # Half a surrogate pair is no character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def frame(objects: Sequence[dict[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    """Make JSON objects a table of text; types are found out where rows are validated."""
    return pl.DataFrame(
        {name: [_text(each.get(name)) for each in objects] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )
