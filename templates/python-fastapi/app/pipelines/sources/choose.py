"""From what is written on the command line to a source."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from app.pipelines.config import PipelineSettings
from app.pipelines.sources.base import Source, SourceError
from app.pipelines.sources.csv_file import CsvFile
from app.pipelines.sources.http_pages import HttpPages
from app.pipelines.sources.parquet_file import ParquetFile
from app.pipelines.sources.postgres_table import PostgresTable

FORMS = "FILE.csv, FILE.parquet, https://HOST/PATH, or postgres:TABLE"


def open_source(
    where: str, columns: Sequence[str], settings: PipelineSettings, stop: Event
) -> Source:
    """Give the source that `where` names; a SourceError says what it may be."""
    if where.startswith(("http://", "https://")):
        secret = settings.etl_http_authorization
        authorization = secret.get_secret_value() if secret else None
        return HttpPages(where, columns, stop, authorization=authorization)
    if where.startswith("postgres:"):
        return PostgresTable(settings.source_conninfo, where.removeprefix("postgres:"), columns)
    path = Path(where)
    if path.suffix not in {".csv", ".parquet"}:
        raise SourceError(f"{where} is not a source: give {FORMS}.")
    if not path.is_file():
        raise SourceError(f"There is no file {where}.")
    try:
        str(path.resolve()).encode()
    except UnicodeEncodeError:
        raise SourceError("The name of the file, or of a folder of it, is not UTF-8.") from None
    return CsvFile(path) if path.suffix == ".csv" else ParquetFile(path)
