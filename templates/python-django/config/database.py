"""The database as Django's settings want it."""

from typing import Any

from config.env import Environment

NAMES = {
    "host": "HOST",
    "port": "PORT",
    "user": "USER",
    "password": "PASSWORD",
    "dbname": "NAME",
}


def where(parts: dict[str, Any]) -> dict[str, Any]:
    """Translate libpq's names to Django's."""
    return {NAMES[name]: value for name, value in parts.items() if name in NAMES}


def database(env: Environment) -> dict[str, Any]:
    """Each thread keeps a connection of its own."""
    # A statement need not outlive the request that waits for it.
    timeout = min(env.database_statement_timeout_ms, env.request_timeout_ms)
    return {
        "ENGINE": "config.postgresql",
        **where(env.database),
        # For an hour: what it has gathered on the server is then given back.
        "CONN_MAX_AGE": 3600,
        # A connection that was cut while idle is replaced, and nobody notices.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # What else was in the URL: sslmode and the like.
            **{name: value for name, value in env.database.items() if name not in NAMES},
            "connect_timeout": 2,
            "options": f"-c statement_timeout={timeout}",
            # Notice within half a minute that the other end is gone without a word.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,
        },
    }
