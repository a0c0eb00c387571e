"""Bring the database up to date: `python -m app.migrate`."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL

from app.config import ConfigError, Settings, load
from app.log import configure_logging


def alembic_config(url: URL | None = None) -> Config:
    """Alembic's configuration, for the installed package as for the work tree."""
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def scripts() -> ScriptDirectory:
    """The migrations that this code brings."""
    return ScriptDirectory.from_config(alembic_config())


def upgrade(url: URL) -> None:
    """Apply what is missing. Safe to run from several processes at once."""
    command.upgrade(alembic_config(url), "heads")


def main() -> None:
    """Migrate the database of `DATABASE_URL`."""
    try:
        settings = load(Settings)
    except ConfigError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    upgrade(settings.url)


if __name__ == "__main__":
    main()
