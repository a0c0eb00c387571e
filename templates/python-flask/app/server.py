"""Run the service: `python -m app.server`."""

import sys

from app.config import ConfigError, load
from app.log import configure_logging
from app.main import AppSettings


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = load(AppSettings)
    except ConfigError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    # Not sooner: gunicorn reads WEB_CONCURRENCY too, as it is imported, and a bad one is a crash.
    from app.processes import Service  # noqa: PLC0415

    Service(settings).run()


if __name__ == "__main__":
    main()
