"""Services as words of the command line, and as answers to the questions of copier.yml. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scaffold.recommend import Service

WORKSPACE = "workspace"
# Where the ports of a workspace's services start, by language.
PORTS = {"node": 3000, "python": 8000}
PORTS_EACH = 1000
# What a service beside others cannot be called: folders of the workspace or that its services build
# into, parts of its compose file and its CI, variables that `<NAME>_URL` would set, databases that
# PostgreSQL has, and words that YAML reads as something else.
TAKEN = frozenset(
    [
        *("docs", "workspace", "dist", "build", "coverage", "database", "databases", "changes"),
        *("email", "postgres", "template0", "template1", "true", "false", "null"),
    ]
)
# What a service's name gets in a compose file and in CI for what belongs to it.
SUFFIXES = ("-worker", "-migrate", "-client")
# Where a service stands in a workspace: in a folder of its own, or at the root, others below it.
INSIDE = {WORKSPACE: "inside"}
AT_ROOT = {WORKSPACE: "root"}

Answers = dict[str, object]


def as_word(service: Service) -> str:
    """Return the word that asks for a service: `mail=a-stack+a-feature`."""
    return f"{service.name}={'+'.join([service.stack, *service.features])}"


def as_service(told: Mapping[str, object]) -> Service:
    """Return a service as a workspace's answers list it; its language is not among these."""
    own = told.get("features")
    features = tuple(own) if isinstance(own, list) else ()
    return Service(str(told.get("name")), str(told.get("stack")), "", features)


def listed(told: Mapping[str, object]) -> list[Answers]:
    """Return the services that a workspace's answers list; none, where it is no workspace."""
    found = told.get("services")
    return [dict(it) for it in found if isinstance(it, dict)] if isinstance(found, list) else []


def answers(package: str, service: Service, runtimes: Mapping[str, str]) -> Answers:
    """Return what copier.yml asks of a service; `runtimes` are by feature."""
    features = list(service.features)
    return {
        "stack": service.stack,
        "project_name": package,
        "features": features,
        **chosen(service, runtimes),
    }


def chosen(service: Service, runtimes: Mapping[str, str]) -> Answers:
    """Return the answers that say what features of a service run on; `runtimes` are by feature."""
    return {f"{it}_runtime": runtimes[it] for it in service.features if it in runtimes}


def inside(project: str, service: Service, runtimes: Mapping[str, str]) -> Answers:
    """Return what copier.yml asks of a service that lies in a workspace."""
    said = answers(f"{project}-{service.name}", service, runtimes)
    return {**said, "needs": {}, **INSIDE}


def entries(services: Iterable[Service], runtimes: Mapping[str, str]) -> list[Answers]:
    """Return services as a workspace's answers list them, each in a folder of its own name."""
    found: list[Answers] = []
    for service in services:
        found.append(entry(service, found, service.name) | chosen(service, runtimes))
    return found


def entry(service: Service, others: Sequence[Mapping[str, object]], folder: str) -> Answers:
    """Return one more service as a workspace's answers list it; "." is the root.

    Its port is the next of its language's, so that it changes no other's.
    """
    first = PORTS[service.language]
    ports = [port for it in others if isinstance(port := it.get("port"), int)]
    taken = [port for port in ports if first <= port < first + PORTS_EACH]
    return {
        "name": service.name,
        "stack": service.stack,
        "folder": folder,
        "port": max(taken, default=first - 1) + 1,
        "features": list(service.features),
    }
