from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

NEWEST = """
    FROM django_migrations WHERE app = 'procrastinate'
    AND name = (SELECT max(name) FROM django_migrations WHERE app = 'procrastinate')
"""


@pytest.fixture
def without_its_newest_migration() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept AS SELECT * {NEWEST}")
        cursor.execute(f"DELETE {NEWEST}")
        yield
        cursor.execute("INSERT INTO django_migrations SELECT * FROM kept")
        cursor.execute("DROP TABLE kept")


@pytest.mark.usefixtures("app", "without_its_newest_migration")
def test_it_is_not_ready_when_the_queue_is_behind(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["detail"]) == (503, "A migration is missing.")
