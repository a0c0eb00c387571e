"""An older release to come from, and a user's life to keep, for the tests of `copier update`."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDER, NEWER = "v0.9.0", "v0.10.0"


@dataclass(frozen=True)
class Life:
    """What an older template had, and what a user then did, for one stack.

    `bumps` are (file, now, then); `removed_since` files that the older release still had;
    `added_since` files it lacked. `inserts` are (file, the line to write after, new lines).
    """

    bumps: tuple[tuple[str, str, str], ...]
    added_since: str
    files: dict[str, str]
    inserts: tuple[tuple[str, str, str], ...]
    add_dependency: tuple[str, ...]
    dependency: tuple[str, str]
    removed_since: dict[str, str] = field(default_factory=lambda: {"OLD.md": "# Old\n"})


LIVES = {
    "node-express": Life(
        bumps=(
            ("package.json.jinja", '"zod": "4.6.7"', '"zod": "4.6.6"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "src/hello/routes.ts": (
                "import { Router } from 'express';\n"
                "import ms from 'ms';\n\n"
                "/** Says hello, and how long a day is. */\n"
                "export function helloRoutes(): Router {\n"
                "  return Router().get('/', (_request, response) => {\n"
                "    response.json({ hello: 'world', day: ms('1 day') });\n"
                "  });\n"
                "}\n"
            ),
            "test/hello/routes.test.ts": (
                "import express from 'express';\n"
                "import { expect, test } from 'vitest';\n"
                "import { helloRoutes } from '../../src/hello/routes.ts';\n\n"
                "test('hello has its own route', () => {\n"
                "  expect(express().use('/api/hello', helloRoutes())).toBeDefined();\n"
                "});\n"
            ),
        },
        inserts=(
            (
                "src/app.ts",
                "import { describeHealth,",
                "import { helloRoutes } from './hello/routes.ts';\n",
            ),
            ("src/app.ts", "  app.use('/api/notes',", "  app.use('/api/hello', helloRoutes());\n"),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=(
            *("npm", "install", "--save-exact", "--no-audit", "--no-fund"),
            *("ms@2.1.3", "@types/ms@2.1.0"),
        ),
        dependency=("package.json", '"ms": "2.1.3"'),
    ),
    "node-nestjs": Life(
        bumps=(
            ("package.json.jinja", '"zod": "4.6.7"', '"zod": "4.6.6"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "src/hello/hello.controller.ts": (
                "import { Controller, Get } from '@nestjs/common';\n"
                "import ms from 'ms';\n\n"
                "/** Says hello, and how long a day is. */\n"
                "@Controller('api/hello')\n"
                "export class HelloController {\n"
                "  @Get()\n"
                "  hello() {\n"
                "    return { hello: 'world', day: ms('1 day') };\n"
                "  }\n"
                "}\n"
            ),
            "src/hello/hello.module.ts": (
                "import { Module } from '@nestjs/common';\n"
                "import { HelloController } from './hello.controller.ts';\n\n"
                "@Module({ controllers: [HelloController] })\n"
                "export class HelloModule {}\n"
            ),
            "test/hello/hello.controller.test.ts": (
                "import { expect, test } from 'vitest';\n"
                "import { HelloController } from '../../src/hello/hello.controller.ts';\n\n"
                "test('hello knows how long a day is', () => {\n"
                "  const day = 86_400_000;\n"
                "  expect(new HelloController().hello()).toEqual({ hello: 'world', day });\n"
                "});\n"
            ),
        },
        inserts=(
            (
                "src/app.ts",
                "import { HealthModule",
                "import { HelloModule } from './hello/hello.module.ts';\n",
            ),
            ("src/app.ts", "    NotesModule,", "    HelloModule,\n"),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=(
            *("npm", "install", "--save-exact", "--no-audit", "--no-fund"),
            *("ms@2.1.3", "@types/ms@2.1.0"),
        ),
        dependency=("package.json", '"ms": "2.1.3"'),
    ),
    "node-fastify": Life(
        bumps=(
            ("package.json.jinja", '"zod": "4.6.7"', '"zod": "4.6.6"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "src/hello/routes.ts": (
                "import type { FastifyInstance } from 'fastify';\n"
                "import ms from 'ms';\n\n"
                "/** Says hello, and how long a day is. */\n"
                "export async function helloRoutes(app: FastifyInstance): Promise<void> {\n"
                "  app.get('', { schema: { hide: true } }, async () => ({ day: ms('1 day') }));\n"
                "}\n"
            ),
            "test/hello/routes.test.ts": (
                "import fastify from 'fastify';\n"
                "import { expect, test } from 'vitest';\n"
                "import { helloRoutes } from '../../src/hello/routes.ts';\n\n"
                "test('hello knows how long a day is', async () => {\n"
                "  const app = fastify();\n"
                "  await app.register(helloRoutes, { prefix: '/api/hello' });\n"
                "  expect((await app.inject('/api/hello')).json()).toEqual({ day: 86_400_000 });\n"
                "});\n"
            ),
        },
        inserts=(
            (
                "src/app.ts",
                "import { healthRoutes }",
                "import { helloRoutes } from './hello/routes.ts';\n",
            ),
            (
                "src/app.ts",
                "  app.register(healthRoutes);",
                "  app.register(helloRoutes, { prefix: '/api/hello' });\n",
            ),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=(
            *("npm", "install", "--save-exact", "--no-audit", "--no-fund"),
            *("ms@2.1.3", "@types/ms@2.1.0"),
        ),
        dependency=("package.json", '"ms": "2.1.3"'),
    ),
    "python-fastapi": Life(
        bumps=(
            ("pyproject.toml.jinja", '"structlog==26.1.0"', '"structlog==25.5.0"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "app/hello/__init__.py": '"""Says hello."""\n',
            "app/hello/router.py": (
                '"""Hello over HTTP."""\n\n'
                "from fastapi import APIRouter\n"
                "from humanize import intcomma\n\n"
                'router = APIRouter(prefix="/api/hello", tags=["hello"])\n\n\n'
                '@router.get("")\n'
                "async def hello() -> dict[str, str]:\n"
                '    """Greet, with a large number."""\n'
                '    return {"hello": "world", "number": intcomma(1000)}\n'
            ),
            "tests/hello/__init__.py": "",
            "tests/hello/test_router.py": (
                "from app.hello.router import hello\n\n\n"
                "async def test_hello_greets_with_a_large_number() -> None:\n"
                '    assert await hello() == {"hello": "world", "number": "1,000"}\n'
            ),
        },
        inserts=(
            ("app/main.py", "from app.errors", "from app.hello.router import router as hello\n"),
            ("app/main.py", "    app.include_router(notes)", "    app.include_router(hello)\n"),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=("uv", "add", "humanize==4.12.3"),
        dependency=("pyproject.toml", '"humanize==4.12.3"'),
    ),
    "python-django": Life(
        bumps=(
            ("pyproject.toml.jinja", '"structlog==26.1.0"', '"structlog==25.5.0"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "hello/__init__.py": '"""Says hello."""\n',
            "hello/views.py": (
                '"""Hello over HTTP."""\n\n'
                "from django.http import HttpRequest, JsonResponse\n"
                "from humanize import intcomma\n\n\n"
                "def hello(_request: HttpRequest) -> JsonResponse:\n"
                '    """Greet, with a large number."""\n'
                '    return JsonResponse({"hello": "world", "number": intcomma(1000)})\n'
            ),
            "tests/hello/__init__.py": "",
            "tests/hello/test_views.py": (
                "import pytest\n"
                "from django.test import Client\n\n\n"
                "@pytest.mark.django_db\n"
                "def test_hello_greets_with_a_large_number(client: Client) -> None:\n"
                '    assert client.get("/api/hello").json()["number"] == "1,000"\n'
            ),
        },
        inserts=(
            ("config/urls.py", "from config.health", "from hello.views import hello\n"),
            ("config/urls.py", '    path("api/", include', '    path("api/hello", hello),\n'),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=("uv", "add", "humanize==4.12.3"),
        dependency=("pyproject.toml", '"humanize==4.12.3"'),
    ),
    "python-flask": Life(
        bumps=(
            ("pyproject.toml.jinja", '"structlog==26.1.0"', '"structlog==25.5.0"'),
            ("README.md.jinja", "## Follow the template", "## Updates"),
        ),
        added_since="AGENTS.md",
        files={
            "app/hello/__init__.py": '"""Says hello."""\n',
            "app/hello/routes.py": (
                '"""Hello over HTTP."""\n\n'
                "from flask import Blueprint\n"
                "from humanize import intcomma\n"
                "from pydantic import BaseModel\n\n"
                "from app.operation import operation\n\n"
                'hello = Blueprint("hello", __name__, url_prefix="/api/hello")\n\n\n'
                "class Greeting(BaseModel):\n"
                '    """Friendly words, and a large number."""\n\n'
                "    hello: str\n"
                "    number: str\n\n\n"
                '@hello.get("")\n'
                "@operation()\n"
                "def greet() -> Greeting:\n"
                '    """Greet."""\n'
                '    return Greeting(hello="world", number=intcomma(1000))\n'
            ),
            "tests/hello/__init__.py": "",
            "tests/hello/test_routes.py": (
                "from flask.testing import FlaskClient\n\n"
                "from tests.conftest import content\n\n\n"
                "def test_hello_greets_with_a_large_number(client: FlaskClient) -> None:\n"
                '    said = content(client.get("/api/hello"))\n'
                '    assert said == {"hello": "world", "number": "1,000"}\n'
            ),
        },
        inserts=(
            ("app/main.py", "from app.health", "from app.hello.routes import hello\n"),
            (
                "app/main.py",
                "    app.register_blueprint(notes)",
                "    app.register_blueprint(hello)\n",
            ),
            ("README.md", "# shop", "\nThe shop of Ada and Grace.\n"),
        ),
        add_dependency=("uv", "add", "humanize==4.12.3"),
        dependency=("pyproject.toml", '"humanize==4.12.3"'),
    ),
}


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def _release(folder: Path, version: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", version)
    _git(folder, "tag", version)


def two_releases(folder: Path, bundle: Path) -> None:
    """Write a bundle with two releases: the work tree's templates, and an older state of them."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet")
    shutil.copy2(ROOT / "copier.yml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    for stack, life in LIVES.items():
        _make_older(folder / "templates" / stack, life)
    _release(folder, OLDER)
    shutil.rmtree(folder / "templates")
    shutil.copytree(ROOT / "templates", folder / "templates")
    _release(folder, NEWER)
    bundle.parent.mkdir(parents=True, exist_ok=True)
    _git(folder, "bundle", "create", "--quiet", str(bundle), "HEAD", "--tags")


def _make_older(template: Path, life: Life) -> None:
    for name, now, then in life.bumps:
        path = template / name
        _replace(path, now, then)
    for name, text in life.removed_since.items():
        (template / name).write_text(text)
    added = [path for path in template.glob(f"{life.added_since}*") if path.is_file()]
    assert len(added) == 1, life.added_since
    added[0].unlink()


def _replace(path: Path, old: str, new: str) -> None:
    # A shared part of the template is included: what the user sees of it is bumped in place.
    text = path.read_text(encoding="utf-8")
    if old not in text:
        include = '{% include "templates/_parts/updating.md" -%}'
        assert include in text, f"{path.name} has neither {old!r} nor {include!r}"
        part = (ROOT / "templates/_parts/updating.md").read_text(encoding="utf-8")
        text = text.replace(f"{include}\n", part)
        assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def live(project: Path, life: Life) -> None:
    """Write what a user writes: new files, lines in the template's own files, a README section."""
    for name, text in life.files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    for name, after, new in life.inserts:
        path = project / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        place = next(i for i, line in enumerate(lines) if line.startswith(after))
        path.write_text("".join([*lines[: place + 1], new, *lines[place + 1 :]]), encoding="utf-8")
    with (project / "README.md").open("a", encoding="utf-8") as readme:
        readme.write("\n## Opening hours\n\nAlways.\n")
