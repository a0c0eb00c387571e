"""Write docs/stacks.md from the guide, the templates and docs/measurements.toml.

usage: python scripts/stacks_page.py      (after scripts/measure_stacks.py, for new measurements)
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from scaffold.guide import Stack, load_guide
from scaffold.tools import LANGUAGES

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/stacks.md"
MEASUREMENTS = ROOT / "docs/measurements.toml"
INTRODUCTION = """\
# The stacks side by side

Written by `python scripts/stacks_page.py` from the guide, the templates and
`docs/measurements.toml`: change those, then run it.

Every one does the same over HTTP ([the contract](contract.md)) and has the same files around the
code: README, AGENTS.md, CI, Dockerfile, compose, editor, lint, format and type settings, Renovate,
a decision record, a PostgreSQL of its own for development and tests."""
MEASURED = """\
Measured in one run on a machine of two cores, features off. Start-up is the time from starting the
process, as in production, to its first answer, the median of seven; installed is what production
needs on disk without the language itself. How a service is compared with a minimal one on the same
framework and driver, and how noisy that is, is in [benchmarks.md](benchmarks.md)."""
INCLUDE = re.compile(r'\{% include "(templates/_parts/[\w./-]+)"(?: ~ ml_runtime ~ "\.py")? -%\}\n')
SWITCHED = re.compile(r"'([\w-]+)' not in features[^%]*%\}([\w-]+)\{%")
# By its name the folder that is left out when a feature is off.
FOLDERS = dict(SWITCHED.findall((ROOT / "copier.yml").read_text()))
USUAL_RUNTIME = "scikit-learn.py"

Row = tuple[str, Callable[[Stack], str]]


def page() -> str:
    """The whole page, as Markdown."""
    stacks = [stack for stack in load_guide().stacks if stack.ready]
    rows: list[Row] = [
        ("for", lambda stack: stack.summary),
        ("language", lambda stack: stack.language),
        ("features", _features),
        ("install", lambda stack: f"`{LANGUAGES[stack.language].first}`"),
        *((name, partial(_command, name)) for name in _COMMANDS),
        ("code, lines", lambda stack: str(_lines(stack, _SOURCE))),
        ("tests, lines", lambda stack: str(_lines(stack, _TESTS))),
        ("depends on", lambda stack: _listed(dependencies(stack.id))),
    ]
    measured: list[Row] = [(title, partial(_measurement, key)) for title, key in _MEASURED.items()]
    parts = [INTRODUCTION, _table(stacks, rows), "## Measured", MEASURED, _table(stacks, measured)]
    return "\n\n".join(parts) + "\n"


_COMMANDS = ("dev", "test", "check", "fix", "migrate", "build", "start")
_SOURCE, _TESTS = ("src", "app", "config", "accounts", "notes"), ("test", "tests")
_MEASURED = {
    "start-up, ms": "startup_ms",
    "installed, MB": "installed_mb",
    "`GET`, requests/s against a minimal service": "get_ratio",
    "`POST`, requests/s against a minimal service": "post_ratio",
    "`GET`, processor time a request against it": "get_cpu_ratio",
    "`POST`, processor time a request against it": "post_cpu_ratio",
}


def dependencies(stack: str) -> list[str]:
    """The direct run-time dependencies of a stack without features, with their versions."""
    folder = ROOT / "templates" / stack
    manifest = folder / "package.json.jinja"
    if manifest.exists():
        named: dict[str, str] = json.loads(_plain(manifest))["dependencies"]
        return [f"{name} {version}" for name, version in named.items()]
    listed = tomllib.loads(_plain(folder / "pyproject.toml.jinja"))["project"]["dependencies"]
    return [re.sub(r"\[.*\]|;.*", "", text).replace("==", " ").strip() for text in listed]


def _plain(path: Path) -> str:
    """The manifest as it is without any feature."""
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    environment.filters["to_json"] = lambda value, **_: json.dumps(value)
    answers = {"project_name": "shop", "description": "", "features": [], "workspace": ""}
    return environment.from_string(path.read_text()).render(answers)


def _features(stack: Stack) -> str:
    names = [feature.id for feature in load_guide().features if stack.id in feature.stacks]
    return _listed(names) or "none"


def _command(name: str, stack: Stack) -> str:
    if stack.language == "python":
        return f"`uv run poe {name}`"
    return f"`npm {name}`" if name in {"test", "start"} else f"`npm run {name}`"


def _lines(stack: Stack, folders: tuple[str, ...]) -> int:
    paths = [
        path
        for folder in folders
        for path in (ROOT / "templates" / stack.id / folder).rglob("*")
        if path.is_file() and not set(FOLDERS.values()) & set(path.parts)
    ]
    return sum(len(with_parts(path).splitlines()) for path in paths)


def with_parts(path: Path) -> str:
    """A template's file with what it shares with other stacks."""
    return INCLUDE.sub(lambda part: _part(ROOT / part[1]).read_text(), path.read_text())


def _part(path: Path) -> Path:
    return path / USUAL_RUNTIME if path.is_dir() else path


def _measurement(key: str, stack: Stack) -> str:
    return str(tomllib.loads(MEASUREMENTS.read_text())[stack.id][key])


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _table(stacks: list[Stack], rows: list[Row]) -> str:
    head = ["", *(f"{stack.title}<br>`{stack.id}`" for stack in stacks)]
    body = [[title, *(cell(stack) for stack in stacks)] for title, cell in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
