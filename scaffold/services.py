"""Services as words of the command line, and as answers to the questions of copier.yml. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scaffold.recommend import Service

WORKSPACE = "workspace"
# Where the ports of a workspace's services start, by language.
PORTS = {"node": 3000, "python": 8000}
PORTS_EACH = 1000
# Folders of a workspace that are no service.
TAKEN = frozenset({"docs", "workspace", "node_modules"})
# Where a service stands in a workspace: in a folder of its own, or at the root, others below it.
INSIDE = {WORKSPACE: "inside"}
AT_ROOT = {WORKSPACE: "root"}

Answers = dict[str, object]


def as_word(service: Service) -> str:
    """Return the word that asks for a service: `mail=a-stack+a-feature`."""
    return f"{service.name}={'+'.join([service.stack, *service.features])}"


def answers(package: str, service: Service, runtimes: Mapping[str, str]) -> Answers:
    """Return what copier.yml asks of a service; `runtimes` are by feature."""
    chosen = {f"{it}_runtime": runtimes[it] for it in service.features if it in runtimes}
    features = list(service.features)
    return {"stack": service.stack, "project_name": package, "features": features, **chosen}


def inside(project: str, service: Service, runtimes: Mapping[str, str]) -> Answers:
    """Return what copier.yml asks of a service that lies in a workspace."""
    said = answers(f"{project}-{service.name}", service, runtimes)
    return {**said, "needs": {}, **INSIDE}


def entries(services: Iterable[Service]) -> list[Answers]:
    """Return services as a workspace's answers list them, each in a folder of its own name."""
    found: list[Answers] = []
    for service in services:
        found.append(entry(service, found, service.name))
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
