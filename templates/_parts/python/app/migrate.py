"""Bring the database up to date: `python -m app.migrate`."""

import sys
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from app.config import ConfigError, Settings, load
{%- if 'jobs' in features %}
from app.jobs import schema as jobs
{%- endif %}
from app.log import configure_logging

PACKAGE = Path(__file__).parent


@cache
def schemas() -> tuple[str | None, ...]:
    """Where tables are: the project's own (None), then the schemas of parts that bring theirs.

    Such a part has its migrations in `app/<part>/migrations/` and its tables, with the notes of
    what was applied, in a schema of its name: it may come and go without breaking the project's.
    """
    return (None, *sorted({path.parts[-3] for path in PACKAGE.glob("*/migrations/*.py")}))


def alembic_config(url: URL | None = None, schema: str | None = None) -> Config:
    """Alembic's configuration, for the installed package as for the work tree."""
    config = Config(attributes={"url": url, "schema": schema})
    config.set_main_option("script_location", str(PACKAGE / "migrations"))
    config.set_main_option("path_separator", "os")
    if schema:
        config.set_main_option("version_locations", str(PACKAGE / schema / "migrations"))
    return config


def scripts(schema: str | None = None) -> ScriptDirectory:
    """The migrations that this code brings."""
    return ScriptDirectory.from_config(alembic_config(schema=schema))


def upgrade(url: URL) -> None:
    """Apply what is missing. Safe to run from several processes at once."""
    for schema in schemas():
        command.upgrade(alembic_config(url, schema), "heads")
{%- if 'jobs' in features %}
    jobs.upgrade(url)
{%- endif %}


def main() -> None:
    """Migrate the database of `DATABASE_URL`."""
    try:
        settings = load(Settings)
    except ConfigError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    try:
        upgrade(settings.url)
    except OperationalError as error:
        if error.statement is not None:
            raise
        sys.exit(f"The database does not answer: {' '.join(str(error.orig).split())}")


if __name__ == "__main__":
    main()
