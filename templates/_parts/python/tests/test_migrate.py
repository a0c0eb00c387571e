import os
import socket
import subprocess
import sys

from alembic import command
from sqlalchemy import URL, create_engine, inspect

from app.migrate import alembic_config, upgrade

MIGRATE = [sys.executable, "-m", "app.migrate"]


def tables(url: URL) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return names


def test_the_models_say_nothing_that_the_migrations_do_not(url: URL) -> None:
    command.check(alembic_config(url))


def test_every_migration_can_be_taken_back(empty_database: URL) -> None:
    upgrade(empty_database)
    full = tables(empty_database)
    command.downgrade(alembic_config(empty_database), "base")
    assert tables(empty_database) == {"alembic_version"}

    upgrade(empty_database)
    assert tables(empty_database) == full


def test_several_processes_may_migrate_at_once(empty_database: URL) -> None:
    url = empty_database.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": url}
    processes = [
        subprocess.Popen(MIGRATE, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    output = [process.communicate(timeout=60)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert "".join(output).count("-> 0001") == 1
    assert "notes" in tables(empty_database)


def test_a_database_that_is_away_is_told_in_a_sentence() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://shop:s3cret@127.0.0.1:{nobody.getsockname()[1]}/shop"
        environment = os.environ | {"DATABASE_URL": url}

        done = subprocess.run(MIGRATE, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("The database does not answer: ")
    assert "s3cret" not in done.stdout + done.stderr


def test_without_a_database_it_says_so_and_fails() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    done = subprocess.run(MIGRATE, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "DATABASE_URL: Field required" in done.stderr
