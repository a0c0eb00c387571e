import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command

OURS = [
    app.label
    for app in apps.get_app_configs()
    if "site-packages" not in app.path and (Path(app.path) / "migrations").is_dir()
]
MANAGE = [sys.executable, "manage.py"]


def run(url: str, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*MANAGE, *command],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}


@pytest.mark.django_db
def test_the_models_say_nothing_that_the_migrations_do_not() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_migration_of_ours_can_be_taken_back(empty_database: str) -> None:
    run(empty_database, "migrate")
    full = tables(empty_database)
    for label in OURS:
        run(empty_database, "migrate", label, "zero")
    assert not tables(empty_database) & {"notes_note", "accounts_user"}

    run(empty_database, "migrate")
    assert tables(empty_database) == full


def test_several_processes_may_migrate_at_once(empty_database: str) -> None:
    processes = [
        subprocess.Popen(
            [*MANAGE, "migrate"],
            env=os.environ | {"DATABASE_URL": empty_database},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    output = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert "".join(output).count("Applying notes.0001_initial") == 1
    assert "notes_note" in tables(empty_database)


def test_without_a_database_it_says_so_and_fails() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    done = subprocess.run(
        [*MANAGE, "migrate"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr
