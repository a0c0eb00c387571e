"""How much of a framework's speed is left in a generated service, with all that it does besides."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from psycopg import sql

from benchmarks import load
from benchmarks.bench import Bench
from benchmarks.comparison import Comparison, Target
from benchmarks.rounds import play
from tests.support.accounts import Account
from tests.support.bake import bake
from tests.support.http import Api, answers
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.processes import family, kill_group
from tests.support.service import Installed
from tests.support.stacks import STACKS, Argv, Stack
from tests.support.waiting import eventually

ROUNDS = 6
TARGET = Target(0.85, more_is_better=True)
MINIMAL = Path(__file__).parent / "minimal"
YARDSTICKS: dict[str, Argv] = {
    "node-express": ("node", "express.mjs"),
    "node-nestjs": ("node", "--import", "./dev/typescript.ts", "nestjs.ts"),
    "node-fastify": ("node", "fastify.mjs"),
    "python-fastapi": (".venv/bin/python", "fastapi_app.py"),
    "python-django": (".venv/bin/python", "django_app.py"),
    "python-flask": (".venv/bin/python", "flask_app.py"),
}
DATABASE = "bench"
POOL_SIZE = "10"
EMPTY = sql.SQL("TRUNCATE {notes}")
SEED = sql.SQL("""
    INSERT INTO {notes} (id, title, body, created_at, updated_at)
    SELECT
        gen_random_uuid(), 'Note ' || n, repeat('Two litres, please. ', 5),
        now() - n * interval '1 second', now()
    FROM generate_series(1, 200) AS n
""")


@dataclass(frozen=True)
class Server:
    """A running service."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used so far, in all its processes."""
        return sum(_cpu_seconds(process.pid) for process in family(self.pid))


@dataclass(frozen=True)
class Pair:
    """The two services of one stack."""

    generated: Server
    minimal: Server


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(
    bench: Bench, rounds: int, names: Collection[str] = tuple(YARDSTICKS)
) -> list[Comparison]:
    """Compare the stacks' services with their yardsticks, each pair on one PostgreSQL."""
    found: list[Comparison] = []
    with postgres_server() as postgres:
        for stack in (stack for stack in STACKS if stack.name in names):
            print(f"Making and installing {stack.name} ...", file=sys.stderr, flush=True)
            with _made(stack, bench.account) as made, _served(made, postgres) as pair:
                found += _compared(bench, stack, postgres, pair, rounds)
    return found


@contextmanager
def _made(stack: Stack, account: Account) -> Iterator[Installed]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root = bake(stack, (), Path(name) / stack.name)
        account.run(stack.install, root)
        account.run(stack.build, root)
        shutil.copy2(MINIMAL / YARDSTICKS[stack.name][-1], root)
        yield Installed(stack, account, root)


@contextmanager
def _served(made: Installed, postgres: PostgresServer) -> Iterator[Pair]:
    url = postgres.create(DATABASE)
    made.migrate(url)
    with ExitStack() as stack:
        stack.callback(postgres.drop, DATABASE)
        start = [
            stack.enter_context(_running(made, argv, url))
            for argv in (made.stack.start, YARDSTICKS[made.stack.name])
        ]
        yield Pair(*start)


@contextmanager
def _running(made: Installed, argv: Argv, url: str) -> Iterator[Server]:
    """Start a service whose log goes into a file, where nobody's reading costs time."""
    port = free_port()
    settings = made.settings(url, PORT=str(port), DATABASE_POOL_SIZE=POOL_SIZE)
    with tempfile.TemporaryFile() as log:
        environment = made.account.environment(**settings)
        with made.account.start(
            argv, made.root, environment, log.fileno(), log.fileno()
        ) as process:
            try:
                eventually(lambda: answers(port), what=f"{argv} answers", within=30)
                yield Server(port, process.pid)
            finally:
                kill_group(process.pid)


def _compared(
    bench: Bench, stack: Stack, postgres: PostgresServer, pair: Pair, rounds: int
) -> list[Comparison]:
    postgres.execute(DATABASE, _on(stack, SEED))
    _check_equal(pair)
    found = []
    for method in load.METHODS:
        taken = play(
            {
                "generated": partial(_loaded, bench, stack, postgres, method, pair.generated),
                "minimal": partial(_loaded, bench, stack, postgres, method, pair.minimal),
            },
            rounds,
            warm_up=2,
        )
        found += _rows(f"{stack.name} {method}", taken["generated"], taken["minimal"])
    return found


def _on(stack: Stack, statement: sql.SQL) -> sql.Composed:
    return statement.format(notes=sql.Identifier(stack.notes_table))


def _loaded(
    bench: Bench, stack: Stack, postgres: PostgresServer, method: str, server: Server
) -> load.Load:
    if method == "POST":
        postgres.execute(DATABASE, _on(stack, EMPTY))
    program = bench.node_script("autocannon", "autocannon")
    before = server.cpu_seconds()
    done = bench.account.run(load.command(program, method, server.port), bench.home)
    return load.parse(done.stdout, server.cpu_seconds() - before)


def _rows(name: str, ours: list[load.Load], theirs: list[load.Load]) -> list[Comparison]:
    def row(suffix: str, unit: str, measure: str, target: Target | None = None) -> Comparison:
        mine = [getattr(one, measure) for one in ours]
        others = [getattr(one, measure) for one in theirs]
        return Comparison(name + suffix, "minimal", unit, mine, others, target)

    return [
        row("", "req/s", "per_second", TARGET),
        row(", p99", "ms", "p99_ms"),
        row(", CPU a request", "us", "cpu_us"),
    ]


def _check_equal(pair: Pair) -> None:
    """Fail when the two do not do the same work."""
    pages = [
        Api(server.port).get(load.PATH, {"limit": load.LIMIT}).json()["items"]
        for server in (pair.generated, pair.minimal)
    ]
    one, other = ([(item["id"], item["title"], item["body"]) for item in page] for page in pages)
    if one != other or len(one) != load.LIMIT:
        raise SystemExit("the generated service and the minimal one answer differently")
