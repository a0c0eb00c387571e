"""The queue: Procrastinate on the service's own PostgreSQL.

Its tables lie in a schema of their own, where neither the models' migrations nor names in the
service's own schema come near them.
"""

import logging

from procrastinate import App, PsycopgConnector
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

SCHEMA = "jobs"

# Its lines hold the arguments of jobs, which may be personal data; the worker has its own.
logging.getLogger("procrastinate").setLevel(logging.WARNING)
logging.getLogger("procrastinate.worker").setLevel(logging.CRITICAL)
logging.getLogger("procrastinate.worker.worker").setLevel(logging.ERROR)

# Opened by the worker alone: a job is deferred through the session of the request.
jobs = App(
    connector=PsycopgConnector(),
    import_paths=["app.jobs.tasks", "app.jobs.upkeep"],
    # A time of the clock that was missed, for want of a worker, is made up for within a day.
    periodic_defaults={"max_delay": 24 * 60 * 60},
)


def conninfo(url: URL) -> str:
    """Where the database is, for psycopg."""
    return url.render_as_string(hide_password=False)


def queue_conninfo(url: URL) -> str:
    """Where the queue's tables are, for psycopg."""
    return make_conninfo(
        conninfo(url),
        options=f"-c search_path={SCHEMA} -c timezone=UTC",
        connect_timeout=5,
        # Notice within half a minute that the other end is gone without a word.
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
