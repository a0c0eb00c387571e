"""What the guide says of a template is true of it: each sentence beside the files that show it."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.guide import Feature, load_guide
from scripts.stacks_page import MEASUREMENTS, dependencies, with_parts
from tests.conftest import ROOT
from tests.support.features import FOLDERS

GUIDE = load_guide()
EXPRESS, NEST, FASTIFY, FASTAPI, DJANGO, FLASK = (stack.id for stack in GUIDE.stacks)
NODE, PYTHON = (EXPRESS, NEST, FASTIFY), (FASTAPI, DJANGO, FLASK)
SENTENCES = {
    **{stack.id: stack.summary for stack in GUIDE.stacks},
    **{feature.id: feature.help for feature in GUIDE.features},
    **{
        entry.id: entry.because
        for entries in (GUIDE.rules, GUIDE.caveats, GUIDE.screens, GUIDE.alternatives)
        for entry in entries
    },
}


class Shown(NamedTuple):
    """Words of an entry, and the file of a template where that can be seen."""

    entry: str
    words: str
    stack: str
    file: str
    text: str


class Brought(NamedTuple):
    """Words of an entry, and the packages that a template depends on for it."""

    entry: str
    words: str
    stack: str
    packages: set[str]


class Missing(NamedTuple):
    """Words of an entry, and what therefore is named in no file of these templates."""

    entry: str
    words: str
    stacks: tuple[str, ...]
    names: tuple[str, ...]


SHOWN = [
    Shown(FASTIFY, "checks the request", FASTIFY, "src/app.ts", "setValidatorCompiler"),
    Shown(FASTIFY, "writes the answer", FASTIFY, "src/app.ts", "setSerializerCompiler"),
    Shown(FLASK, "an OpenAPI description", FLASK, "app/openapi.py", '"openapi": "3.1.0"'),
    Shown("DEF03", "documents both", FASTIFY, "src/openapi.ts", "jsonSchemaTransform"),
    Shown("API04", "its own OpenAPI", FLASK, "app/openapi.py", "def describe"),
    Shown("RT02", "is a route", FASTAPI, "app/realtime/router.py", "add_api_websocket_route"),
    Shown("RT03", "an ASGI server", DJANGO, "config/server.py", "uvicorn.Server"),
    Shown("WEB01", "templates", DJANGO, "notes/templates/notes/note_list.html", "extends"),
    Shown("WEB01", "forms", DJANGO, "notes/forms.py", "ModelForm"),
    Shown("WEB01", "sessions", DJANGO, "config/settings.py", "SessionMiddleware"),
    Shown("WEB01", "accounts", DJANGO, "accounts/urls.py", "LoginView"),
    Shown("ADM01", "search", DJANGO, "notes/admin.py", "search_fields = "),
    Shown("ADM01", "filters", DJANGO, "notes/admin.py", "list_filter = "),
    Shown("ADM01", "history", DJANGO, "notes/admin.py", "LogEntry.objects.log_actions"),
    Shown("ADM01", "permissions", DJANGO, "notes/admin.py", 'permissions=["change"]'),
    Shown("SAAS02", "modules", NEST, "src/notes/notes.module.ts", "@Module("),
    Shown("SAAS02", "dependency injection", NEST, "src/notes/notes.service.ts", "@Inject("),
    Shown("SAAS03", "log in", DJANGO, "accounts/urls.py", 'name="login"'),
    Shown("SAAS03", "reset a password", DJANGO, "accounts/urls.py", 'name="password_reset"'),
    Shown("SLS01", "is a server", EXPRESS, "src/server.ts", ".listen("),
    Shown("SLS01", "is a server", NEST, "src/main.ts", ".listen("),
    Shown("SLS01", "is a server", FASTIFY, "src/server.ts", ".listen("),
    Shown("CON03", "database access", FASTAPI, "app/db.py", "create_async_engine"),
    Shown("WIO02", "database access", FASTAPI, "app/db.py", "AsyncSession"),
    Shown("AIC02", "lifespan", FASTAPI, "app/main.py", "async def lifespan("),
    Shown("DAT02", "Polars", FASTAPI, "pyproject.toml", '"polars=='),
    Shown("DAT02", "ETL pipelines", FASTAPI, "app/pipelines/pipeline.py", "class Pipeline"),
    Shown("AIC02", "serves one", FASTAPI, "app/ml/router.py", '"/api/predictions"'),
    Shown("AIC02", "itself trains", FASTAPI, "app/ml/training.py", "trainer.train("),
    Shown("ml", "a command", FASTAPI, "poe_tasks.toml", 'cmd = "python -m app.ml.train"'),
    Shown("ml", "verified versions", FASTAPI, "app/ml/store.py", "hashlib.sha256(data)"),
    Shown("ml", "a bounded pool", FASTAPI, "app/ml/pool.py", "raise PoolFull"),
    Shown("ml", "taken up live", FASTAPI, "app/ml/host.py", "def refresh("),
    Shown("AUT02", "time limit", FASTAPI, "app/main.py", "add_middleware(Timeout"),
    Shown("AUT02", "time limit", FASTAPI, "app/middleware.py", "async with limit:"),
    Shown("TNW03", "models", DJANGO, "notes/models.py", "(models.Model)"),
    Shown("TNW03", "views", DJANGO, "notes/views.py", "generic.ListView"),
    Shown("TNW03", "forms", DJANGO, "notes/forms.py", "NoteForm"),
    Shown("TNW03", "admin", DJANGO, "notes/admin.py", "admin.ModelAdmin"),
    Shown("C-EXP", "beside the routes", EXPRESS, "src/notes/openapi.ts", "registerPath("),
    Shown("C-DJA", "in a thread", DJANGO, "config/asgi.py", "Threads(WSGIHandler(), "),
    Shown("C-RTD", "asynchronous code", DJANGO, "realtime/feed.py", "async def __call__("),
    Shown("C-RTD", "beside the views", DJANGO, "config/asgi.py", "self.feed = Feed(app, env)"),
    Shown("C-CON", "number of threads", DJANGO, "config/asgi.py", "env.database_pool_size"),
    Shown("C-CON", "number of threads", FLASK, "app/processes.py", '"threads": '),
    Shown("S-CON", "number of threads", FLASK, "app/processes.py", "(ThreadWorker)"),
]
BROUGHT = [
    Brought(EXPRESS, "zod, Drizzle and pino", EXPRESS, {"zod", "drizzle-orm", "pino"}),
    Brought(FLASK, "SQLAlchemy, Pydantic", FLASK, {"sqlalchemy", "pydantic"}),
    Brought("DEF03", "zod in the template", FASTIFY, {"zod", "fastify-type-provider-zod"}),
    Brought("API04", "REST framework to Django", DJANGO, {"djangorestframework"}),
    Brought("API04", "Pydantic", FLASK, {"pydantic"}),
    Brought("CON02", "on which NestJS runs too", NEST, {"@nestjs/platform-express"}),
    Brought("DAT02", "PostgreSQL", FASTAPI, {"psycopg"}),
    Brought("C-FAP", "adds Alembic", FASTAPI, {"alembic"}),
    Brought("C-FLA", "SQLAlchemy and Pydantic", FLASK, {"sqlalchemy", "pydantic"}),
    *(Brought("FJS01", "zod schemas", stack, {"zod"}) for stack in NODE),
]
MISSING = [
    Missing(NEST, "packages to add", (NEST,), ("@nestjs/graphql", "@nestjs/microservices")),
    Missing("GQL01", "you add one", NODE, ("graphql",)),
    Missing("GQL02", "does not bring it", (NEST,), ("graphql",)),
    Missing("GQL03", "does not bring it", PYTHON, ("graphql", "strawberry")),
    Missing("RT03", "without Channels", (DJANGO,), ('"channels', "import channels")),
    Missing("WEB02", "an API only", (FLASK,), ("render_template", "wtforms")),
    Missing("WEB03", "an API only", (EXPRESS, NEST), (".render(", "view engine")),
    Missing("WEB03", "an API only", (FASTAPI,), ("templateresponse",)),
    Missing("SAAS02", "accounts are yours", (NEST,), ("@useguards", "passport")),
    Missing("SAAS03", "signing up is yours", (DJANGO,), ("usercreationform", "signup")),
    Missing("SAAS04", "not in the template", (FASTAPI,), ("oauth2", "fastapi.security")),
    Missing("MS02", "does not bring it", (NEST,), ("@nestjs/microservices", "@messagepattern")),
    Missing("SLS01", "yours to add", NODE, ("serverless", "aws-lambda")),
    Missing("SLS03", "brings none", (FASTAPI, FLASK), ("serverless", "mangum", "awsgi")),
    Missing("C-WEB", "not in the template", (*NODE, FASTAPI), ("csrf", "express-session")),
    Missing("C-FAP", "neither admin nor accounts", (FASTAPI,), ("sqladmin", "fastapi-users")),
    Missing("C-FLA", "yours to keep up", (FLASK,), ("flask-sqlalchemy", "apiflask", "smorest")),
    Missing("C-RTF", "has no feed", (FLASK,), ("websocket", "flask-sock")),
    Missing("S-RT", "has no feed", (FLASK,), ("websocket",)),
]


@cache
def _files(stack: str) -> dict[str, str]:
    """The files of a template by the names that a project has them under, with their parts."""
    return dict(_read(ROOT / "templates" / stack))


def _read(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix().removesuffix(".jinja"), with_parts(path)


def _packages(stack: str) -> set[str]:
    return {named.rsplit(" ", 1)[0] for named in dependencies(stack)}


def _installed(stack: str) -> int:
    size: int = tomllib.loads(MEASUREMENTS.read_text())[stack]["installed_mb"]
    return size


@pytest.mark.parametrize("shown", SHOWN, ids=lambda row: f"{row.entry}-{row.stack}-{row.words}")
def test_what_is_said_of_a_template_is_seen_in_its_files(shown: Shown) -> None:
    assert shown.words in SENTENCES[shown.entry]
    assert shown.text in _files(shown.stack)[shown.file]


@pytest.mark.parametrize("brought", BROUGHT, ids=lambda row: f"{row.entry}-{row.stack}")
def test_a_template_depends_on_what_it_is_said_to_bring(brought: Brought) -> None:
    assert brought.words in SENTENCES[brought.entry]
    assert brought.packages <= _packages(brought.stack)


@pytest.mark.parametrize("missing", MISSING, ids=lambda row: f"{row.entry}-{row.words}")
def test_a_template_has_nothing_of_what_it_is_said_to_lack(missing: Missing) -> None:
    assert missing.words in SENTENCES[missing.entry]
    found = [
        (stack, file, name)
        for stack in missing.stacks
        for file, text in _files(stack).items()
        for name in missing.names
        if name in text.lower()
    ]
    assert found == []


def test_a_sentence_about_the_template_is_held_against_its_files() -> None:
    held = {row.entry for rows in (SHOWN, BROUGHT, MISSING) for row in rows}
    assert {name for name, text in SENTENCES.items() if re.search(r"\btemplate\b", text)} <= held


@pytest.mark.parametrize("feature", GUIDE.features, ids=lambda feature: feature.id)
def test_a_feature_is_in_the_templates_of_the_stacks_that_are_said_to_have_it(
    feature: Feature,
) -> None:
    name = FOLDERS[feature.id]
    having = {s.id for s in GUIDE.stacks if any(name in f.split("/") for f in _files(s.id))}
    assert having == set(feature.stacks)


def test_the_admin_and_accounts_are_in_the_template_that_an_admin_leaves() -> None:
    (screen,) = (screen for screen in GUIDE.screens if screen.id == "S-ADM")
    for file in ("notes/admin.py", "accounts/models.py"):
        assert {s.id for s in GUIDE.stacks if file in _files(s.id)} == set(screen.leaves)


@pytest.mark.parametrize("stack", NODE)
def test_a_browser_can_use_the_schemas_of_the_node_templates(stack: str) -> None:
    imports = re.compile(r"(?m)^import .* from '(.*)';$")
    assert imports.findall(_files(stack)["src/notes/schema.ts"]) == ["zod", "./cursor.ts"]
    assert not imports.findall(_files(stack)["src/notes/cursor.ts"])


def test_express_carries_the_least_of_the_node_stacks() -> None:
    assert "the least to learn and to carry" in SENTENCES["DEF02"]
    assert min(NODE, key=lambda stack: len(dependencies(stack))) == EXPRESS
    assert min(NODE, key=_installed) == EXPRESS


def test_flask_is_the_smallest_installation_of_the_python_stacks() -> None:
    assert "the smallest installation" in SENTENCES["A-FLA"]
    assert min(PYTHON, key=_installed) == FLASK


def test_the_small_node_stacks_install_about_half_of_what_nestjs_does() -> None:
    assert "about half of what NestJS does" in SENTENCES["SLS02"]
    for stack in (EXPRESS, FASTIFY):
        assert 0.4 < _installed(stack) / _installed(NEST) < 0.6


@pytest.mark.parametrize(("stack", "language"), [(NEST, NODE), (DJANGO, PYTHON)])
def test_the_large_stacks_are_more_than_twice_the_smallest_of_their_language(
    stack: str, language: tuple[str, ...]
) -> None:
    assert "over 100 MB, more than twice" in SENTENCES["C-SLS"]
    assert _installed(stack) > max(100, 2 * min(map(_installed, language)))
