"""`manage.py worker`: take jobs until told to stop."""

import asyncio
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobs.worker import work


class Command(BaseCommand):
    """Runs one worker; any number of them may run."""

    help = "Take background and scheduled jobs until told to stop"

    def handle(self, *_: Any, **__: Any) -> None:
        """Work, and exit with 0."""
        if not settings.ENV.url:
            raise CommandError("DATABASE_URL is not set. `poe dev` starts a database itself.")
        # psycopg cannot use the loop that is the default on Windows.
        loop = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(work(settings.ENV))
