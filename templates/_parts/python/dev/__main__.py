"""Run the service for development: with its database, reloading on change."""

import signal
import subprocess
import sys
from contextlib import suppress

from watchfiles import PythonFilter, watch

from dev.run import database

MIGRATE = [sys.executable, "-m", "app.migrate"]
SERVE = [sys.executable, "-m", "app.server"]
{%- if 'jobs' in features %}
WORK = [sys.executable, "-m", "app.jobs.worker"]
{%- endif %}


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def serve() -> None:
    """Migrate and serve; serve anew after each change, while PostgreSQL runs on."""
    if subprocess.run(MIGRATE, check=False).returncode:
        sys.exit(1)
    while True:
        process = subprocess.Popen(SERVE)
{%- if 'jobs' in features %}
        worker = subprocess.Popen(WORK)
{%- endif %}
        try:
            changes = next(watch("app", watch_filter=PythonFilter(), raise_interrupt=True))
        finally:
{%- if 'jobs' in features %}
            worker.send_signal(signal.SIGTERM)
{%- endif %}
            _stop(process)
{%- if 'jobs' in features %}
            _stop(worker)
{%- endif %}
        print("Changed:", *sorted(path for _, path in changes), file=sys.stderr)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt), database():
        serve()
