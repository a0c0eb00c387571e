"""Django's own `migrate`, safe to run from several processes at once."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

LOCK = 4_217_650_311


class Command(migrate.Command):
    """Migrates under a lock, and without the limit that requests have for a statement."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait until nobody else migrates."""
        connection = connections[options["database"]]
        if not connection.settings_dict["NAME"]:
            raise CommandError("DATABASE_URL is not set. `poe migrate` starts a database itself.")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                super().handle(*args, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
                cursor.execute("RESET statement_timeout")
