"""`manage.py jobs failed|retry`: look at the dead letters and retry them."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.dead import NotRetriedError, retry
from jobs.models import FailedJob


class Command(BaseCommand):
    """Shows dead letters, or has some tried again."""

    help = "Look at the dead letters and retry them"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take what is to be done."""
        commands = parser.add_subparsers(dest="command", required=True)
        failed = commands.add_parser("failed", help="list the jobs that have failed for good")
        failed.add_argument("--limit", type=int, default=50, help="how many at most (default: 50)")
        again = commands.add_parser("retry", help="have some tried again")
        again.add_argument("ids", metavar="ID", type=int, nargs="+", help="as `failed` shows it")

    def handle(self, *_: Any, command: str, **options: Any) -> None:
        """Do it."""
        if command == "failed":
            self._list(options["limit"])
        else:
            self._retry(options["ids"])

    def _list(self, limit: int) -> None:
        for job in FailedJob.objects.all()[:limit]:
            args = json.dumps(job.args)
            when = f"{job.failed_at:%Y-%m-%d %H:%M:%S}"
            self.stdout.write(
                f"{job.pk}  {when}  {job.task_name}  {args}  attempts: {job.attempts}"
            )
            self.stdout.write(f"    {job.error}")

    def _retry(self, ids: list[int]) -> None:
        failed = False
        for job_id in ids:
            try:
                retry(job_id)
                outcome = "to be retried"
            except NotRetriedError as error:
                failed, outcome = True, f"not retried: {error}"
            self.stdout.write(f"{job_id}  {outcome}")
        if failed:
            raise CommandError("Not all are retried.")
