"""One row per stack: what the slow tests must know of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scaffold.guide import load_guide

Argv = tuple[str, ...]


GUIDE = load_guide()


@dataclass(frozen=True)
class Stack:
    """A stack as its user sees it; ``start``, ``worker`` and ``migrate`` are production's."""

    name: str
    install: Argv
    locked_install: Argv
    lock_only: Argv
    check: Argv
    fix: Argv
    test: Argv
    build: Argv
    migrate: Argv
    start: Argv
    worker: Argv
    dev: Argv
    mode_variable: str
    lock: str
    files: tuple[str, ...]
    sql_is_announced: bool
    notes_table: str = "notes"
    # What its production service demands besides the contract's variables.
    own_settings: tuple[tuple[str, str], ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        """All that it can be made with."""
        return tuple(feature.id for feature in GUIDE.features if self.name in feature.stacks)


COMMON_FILES = (
    ".copier-answers.yml",
    ".dockerignore",
    ".editorconfig",
    ".env.example",
    ".gitattributes",
    ".github/workflows/ci.yml",
    ".github/workflows/template.yml",
    ".gitignore",
    "AGENTS.md",
    "Dockerfile",
    "README.md",
    "compose.yml",
    ".github/renovate.json",
)


def _node(name: str, *, start: Argv, migrate: Argv, sql_is_announced: bool) -> Stack:
    return Stack(
        name=name,
        install=("npm", "install"),
        locked_install=("npm", "ci"),
        lock_only=("npm", "install", "--package-lock-only", "--no-audit", "--no-fund"),
        check=("npm", "run", "check"),
        fix=("npm", "run", "fix"),
        test=("npm", "test"),
        build=("npm", "run", "build"),
        migrate=migrate,
        start=start,
        worker=("node", "--enable-source-maps", "dist/jobs/worker.js"),
        dev=("npm", "run", "dev"),
        mode_variable="NODE_ENV",
        lock="package-lock.json",
        files=(*COMMON_FILES, ".nvmrc", "package.json", "tsconfig.json"),
        sql_is_announced=sql_is_announced,
    )


def _python(name: str, *, start: Argv, migrate: Argv, sql_is_announced: bool) -> Stack:
    poe = ("uv", "run", "poe")
    return Stack(
        name=name,
        install=("uv", "sync"),
        locked_install=("uv", "sync", "--locked"),
        lock_only=("uv", "lock"),
        check=(*poe, "check"),
        fix=(*poe, "fix"),
        test=(*poe, "test"),
        build=(*poe, "build"),
        migrate=migrate,
        start=start,
        worker=(".venv/bin/python", "-m", "app.jobs.worker"),
        dev=(*poe, "dev"),
        mode_variable="APP_ENV",
        lock="uv.lock",
        files=(*COMMON_FILES, "pyproject.toml"),
        sql_is_announced=sql_is_announced,
    )


STACKS = (
    _node(
        "node-express",
        start=("node", "--enable-source-maps", "dist/server.js"),
        migrate=("node", "--enable-source-maps", "dist/migrate.js"),
        sql_is_announced=True,
    ),
    _node(
        "node-nestjs",
        start=("node", "--enable-source-maps", "dist/main.js"),
        migrate=("node", "--enable-source-maps", "dist/migrate.js"),
        sql_is_announced=True,
    ),
    _node(
        "node-fastify",
        start=("node", "--enable-source-maps", "dist/server.js"),
        migrate=("node", "--enable-source-maps", "dist/migrate.js"),
        sql_is_announced=True,
    ),
    _python(
        "python-fastapi",
        start=(".venv/bin/python", "-m", "app.server"),
        migrate=(".venv/bin/python", "-m", "app.migrate"),
        sql_is_announced=False,
    ),
    replace(
        _python(
            "python-django",
            start=(".venv/bin/python", "-m", "config.server"),
            migrate=(".venv/bin/python", "manage.py", "migrate"),
            sql_is_announced=True,
        ),
        worker=(".venv/bin/python", "manage.py", "worker"),
        notes_table="notes_note",
        own_settings=(
            ("SECRET_KEY", "a-secret-that-is-only-for-these-tests"),
            ("ALLOWED_HOSTS", "*"),
        ),
    ),
    replace(
        _python(
            "python-flask",
            start=(".venv/bin/python", "-m", "app.server"),
            migrate=(".venv/bin/python", "-m", "app.migrate"),
            sql_is_announced=False,
        ),
    ),
)
