"""How the jobs join Django."""

import logging

from django.apps import AppConfig
from procrastinate import App

from jobs.origin import Manager


class JobsConfig(AppConfig):
    """Comes before procrastinate's own app, which looks for tasks."""

    name = "jobs"

    def ready(self) -> None:
        """Leave the log to jobs/log.py: the library's lines hold arguments, maybe personal ones."""
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        # What a job raised, told once more. Its child, of the same name, tells what ails a worker.
        logging.getLogger("procrastinate.worker").setLevel(logging.CRITICAL)
        logging.getLogger("procrastinate.worker.worker").setLevel(logging.ERROR)


def prepare(app: App) -> None:
    """Have every job remember its request; procrastinate calls this once, at the start."""
    app.job_manager = Manager(app.connector)
