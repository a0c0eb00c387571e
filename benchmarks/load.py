"""The load: what the generator is told, and what its report says. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

METHODS = ("GET", "POST")
PATH = "/api/notes"
LIMIT = 20
CONNECTIONS = 16
SECONDS = 2
NOTE = json.dumps({"title": "Milk", "body": "Two litres, please."})


@dataclass(frozen=True)
class Load:
    """What a service did under load, and the processor time that a request took."""

    per_second: float
    p99_ms: float
    cpu_us: float


def command(program: Sequence[str], method: str, port: int) -> tuple[str, ...]:
    """Return the command that loads the service on ``port`` and reports as JSON."""
    url = f"http://127.0.0.1:{port}{PATH}"
    common = (*program, "--json", "--no-progress", f"-c{CONNECTIONS}", f"-d{SECONDS}")
    if method == "GET":
        return (*common, f"{url}?limit={LIMIT}")
    return (*common, "-m", method, "-H", "content-type=application/json", "-b", NOTE, url)


def parse(report: str, cpu_seconds: float) -> Load:
    """Read a report, and what the load cost the service; one failed request makes it worthless."""
    data = json.loads(report)
    failed = {name: data[name] for name in ("non2xx", "errors", "timeouts") if data[name]}
    answers = data["2xx"]
    if failed or not answers:
        raise SystemExit(f"requests failed under load: {failed or 'there was no answer'}")
    return Load(
        per_second=answers / data["duration"],
        # Less than a millisecond is reported as none.
        p99_ms=max(data["latency"]["p99"], 1),
        cpu_us=cpu_seconds / answers * 1_000_000,
    )
