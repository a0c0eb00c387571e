# /// script
# requires-python = ">=3.11"
# ///
# ruff: noqa: S603, S607, T201 - it runs the services' own commands, for somebody at a terminal
"""What is done to all services at once: uv run workspace/run.py setup|dev|check|test|build."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from services import SERVICES, Service

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"
PATIENCE_SECONDS = 15
COLOURS = (36, 35, 33, 32, 34)
COMMANDS = {
    "setup": ["uv", "sync"],
    "dev": ["uv", "run", "poe", "dev"],
    "check": ["uv", "run", "poe", "check"],
    "test": ["uv", "run", "poe", "test"],
    "build": ["uv", "run", "poe", "build"],
}
# Without the environment that uv runs this script in: each service has one of its own.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
Child = subprocess.Popen[str]


def identifier(service: Service) -> str:
    """Give its name as databases and variables have it."""
    return service.name.replace("-", "_")


def in_turn(command: str) -> int:
    """Do it to one service after the other, until one fails."""
    for service in SERVICES:
        words = COMMANDS[command]
        print(f"{service.folder}$ {' '.join(words)}", file=sys.stderr, flush=True)
        done = subprocess.run(words, cwd=ROOT / service.folder, env=ENVIRONMENT, check=False)
        if done.returncode:
            return max(done.returncode, 1)
    return 0


def dev() -> int:
    """Run all services on one embedded PostgreSQL, until one ends or the user has enough."""
    over: queue.SimpleQueue[int] = queue.SimpleQueue()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: over.put(0))
    children: list[Child] = []
    with postgres() as url, guard() as watch:
        try:
            for service, colour in zip(SERVICES, cycle(COLOURS), strict=False):
                child = start(service, url)
                children.append(child)
                watch(child.pid)
                aside(show, child, service.name, colour)
                aside(tell, child, over)
            return first(over)
        finally:
            stop(children)


def aside(work: Callable[..., None], *about: object) -> None:
    """Do it beside everything else."""
    threading.Thread(target=work, args=about, daemon=True).start()


def start(service: Service, server: str) -> Child:
    """Start a service as it is developed."""
    return subprocess.Popen(
        COMMANDS["dev"],
        cwd=ROOT / service.folder,
        env=ENVIRONMENT | told(service, server),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # In a process group of its own: out of the reach of Ctrl-C, and stopped as a whole.
        start_new_session=not WINDOWS,
    )


def told(service: Service, server: str) -> dict[str, str]:
    """Give what a service is told; what its `.env` says goes before, and it reads that itself."""
    addresses = {f"{identifier(it).upper()}_URL": f"http://127.0.0.1:{it.port}" for it in SERVICES}
    database = urlsplit(server)._replace(path=f"/{identifier(service)}").geturl()
    variables = {**addresses, "DATABASE_URL": database, "PORT": str(service.port)}
    own = ROOT / service.folder / ".env"
    text = own.read_text(encoding="utf-8") if own.exists() else ""
    said = re.findall(r"(?m)^\s*(?:export\s+)?(\w+)\s*=", text)
    return {name: value for name, value in variables.items() if name not in said}


def show(child: Child, name: str, colour: int) -> None:
    """Print every line with the name of its service before it."""
    prefix = f"{name.ljust(max(len(service.name) for service in SERVICES))} |"
    if sys.stdout.isatty():
        prefix = f"\033[{colour}m{prefix}\033[0m"
    for line in child.stdout or ():
        print(f"{prefix} {line.rstrip()}", flush=True)


def tell(child: Child, over: "queue.SimpleQueue[int]") -> None:
    """Say when a service has ended, which it is not to do by itself."""
    over.put(max(child.wait(), 1))


def first(over: "queue.SimpleQueue[int]") -> int:
    """Wait for the first reason to end."""
    while True:
        # On Windows a signal is only seen to between two waits.
        with suppress(queue.Empty):
            return over.get(timeout=1)


def stop(children: list[Child]) -> None:
    """End children and all that they have started."""
    if WINDOWS:
        for child in children:
            subprocess.run(["taskkill", "/pid", str(child.pid), "/t", "/f"], check=False)
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        send(child, signal.SIGTERM)
    while any(send(child, 0) for child in children):
        if time.monotonic() > deadline:
            for child in children:
                send(child, signal.SIGKILL)
        time.sleep(0.05)


def send(child: Child, number: int) -> bool:
    """Send a signal to a process group; false when nobody is left in it."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
        return True
    return False


GUARD = """
import os, signal, sys
for pid in sys.stdin.read().split():
    try:
        os.killpg(int(pid), signal.SIGTERM)
    except ProcessLookupError:
        pass
"""


@contextmanager
def guard() -> Iterator[Callable[[int], None]]:
    """Give what is to hear of the services, and ends them when this process cannot any more."""
    if WINDOWS:
        yield lambda _pid: None
        return
    words = [sys.executable, "-c", GUARD]
    with subprocess.Popen(words, stdin=subprocess.PIPE, text=True, start_new_session=True) as it:
        try:
            yield lambda pid: print(pid, file=it.stdin, flush=True)
        finally:
            it.kill()


HOST = """
import os, sys
import psycopg
from psycopg.sql import SQL, Identifier
url, names = os.environ["DATABASE_URL"], sys.argv[1:]
with psycopg.connect(url, autocommit=True) as connection:
    there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    for name in names:
        if name not in there:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
print(url, flush=True)
sys.stdin.read()
"""


@contextmanager
def postgres() -> Iterator[str]:
    """Give an embedded PostgreSQL as the services themselves have it, with a database for each."""
    # Always the first one's, whichever come later: the data are in its form.
    folder = str(ROOT / SERVICES[0].folder)
    words = ["uv", "run", "--project", folder, "python", "-m", "dev.run", "python", "-c", HOST]
    with subprocess.Popen(
        [*words, *map(identifier, SERVICES)],
        cwd=ROOT,
        env={**ENVIRONMENT, "PYTHONPATH": folder},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=not WINDOWS,
    ) as server:
        url = next(iter(server.stdout or ()), "").strip()
        if not url:
            sys.exit("PostgreSQL did not start.")
        yield url


def main() -> int:
    """Do what the command line says."""
    command = " ".join(sys.argv[1:])
    if command not in COMMANDS:
        print(f"There is: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return dev() if command == "dev" else in_turn(command)
    except KeyboardInterrupt:
        return 130
    except FileNotFoundError as error:
        print(f"{error.filename} was not found.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
