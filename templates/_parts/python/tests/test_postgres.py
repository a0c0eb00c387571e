import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.postgres import postgres

PARENT = """
import sys, time
from pathlib import Path
from dev.postgres import postgres
with postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    """A folder that another user may enter, as PostgreSQL must when we are root."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def start_parent(directory: Path) -> "tuple[subprocess.Popen[str], str]":
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(directory)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    return parent, parent.stdout.readline().strip()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_data_stays_in_a_folder_of_any_name(directory: Path) -> None:
    named = directory / "a folder, é"
    with postgres(named) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept ()")
    assert not answers(url)

    with postgres(named) as url, psycopg.connect(url) as connection:
        connection.execute("SELECT FROM kept")


def test_a_second_one_uses_the_first_and_leaves_it_running(directory: Path) -> None:
    with postgres(directory) as first:
        with postgres(directory) as second:
            assert second == first
        assert answers(first)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_what_a_killed_parent_left_is_stopped_by_the_next(directory: Path) -> None:
    parent, orphan = start_parent(directory)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert answers(orphan)

    with postgres(directory) as url:
        assert answers(url)
        assert url == orphan or not answers(orphan)


def test_a_process_that_has_the_id_of_a_dead_server_is_left_alone(directory: Path) -> None:
    notes = directory / "data" / "postmaster.pid"
    with postgres(directory):
        _, *rest = notes.read_text().splitlines()

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        # As after a crash, and a restart of the machine or the container.
        notes.write_text("\n".join([str(other.pid), *rest, ""]))
        with postgres(directory) as url:
            assert answers(url)
        assert other.poll() is None
        other.communicate()


def test_data_of_another_version_is_left_alone(directory: Path) -> None:
    (directory / "data").mkdir()
    (directory / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(SystemExit, match="was made by PostgreSQL 9"), postgres(directory):
        pass


def test_variables_that_lead_elsewhere_are_not_heeded(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")

    with postgres(directory, throw_away=True) as url:
        assert answers(url)
