import sys
from pathlib import Path

from app.main import AppSettings
from dev.pipelines.bench import measure, write
from tests.pipelines.conftest import Database


def test_it_tells_what_a_run_took(
    database: Database, settings: AppSettings, tmp_path: Path
) -> None:
    write(tmp_path / "rows.csv", 3000)

    took = measure(settings.database_url.get_secret_value(), tmp_path / "rows.csv", 1000)

    assert (took.loaded, took.quarantined) == (2997, 3)
    assert len(database.measurements()) == 2997
    assert took.seconds > 0
    assert took.peak_bytes > 10 << 20 or sys.platform == "win32"
