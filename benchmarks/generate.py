"""How long it takes to write a new project, without installing its dependencies."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.comparison import Comparison, Target
from benchmarks.rounds import play

ROUNDS = 7
OURS = "scaffold new"
NEST = "nest new"
BETTER_T = "create-better-t-stack"
COPIER = "copier copy"
AGAINST = {NEST: Target(0.7), BETTER_T: None, COPIER: Target(1.15)}

NEW = "new shop --stack node-express --yes --no-install"
NEST_NEW = "new shop --skip-install --skip-git --package-manager npm --language ts"
# A back end of the same kind, and nothing that the others do not write either.
BETTER_T_NEW = (
    "shop --no-install --no-git --package-manager npm --runtime node --backend express "
    "--database postgres --orm drizzle --db-setup none --api none --auth none --payments none "
    "--frontend none --addons none --examples none --web-deploy none --server-deploy none"
)
COPIER_COPY = "copy --quiet --defaults --data stack=node-express --data project_name=shop"


def measure(bench: Bench, rounds: int) -> list[Comparison]:
    """Compare with other generators, and with the engine alone on the same templates."""
    _in_fresh_folder(bench, [bench.script("scaffold"), *NEW.split()])
    commands = {
        OURS: [bench.script("scaffold"), *NEW.split()],
        NEST: [*bench.node_script("@nestjs/cli", "nest"), *NEST_NEW.split()],
        BETTER_T: [*bench.node_script(BETTER_T, BETTER_T), *BETTER_T_NEW.split()],
        COPIER: _copier(bench),
    }
    contestants = {name: partial(_in_fresh_folder, bench, argv) for name, argv in commands.items()}
    taken = play(contestants, rounds)
    return [
        Comparison(OURS, other, "ms", taken[OURS], taken[other], target)
        for other, target in AGAINST.items()
    ]


def _copier(bench: Bench) -> list[str]:
    """Return the bare copy of what `scaffold new` has just put into the home folder."""
    bundle = bench.home / ".scaffold" / "templates.bundle"
    heads = ["git", "bundle", "list-heads", str(bundle)]
    listed = subprocess.run(heads, capture_output=True, text=True, check=True).stdout
    newest = newest_tag(listed)
    options = ["--data", "features=[]", "--vcs-ref", newest]
    return [bench.script("copier"), *COPIER_COPY.split(), *options, str(bundle), "shop"]


def newest_tag(heads: str) -> str:
    """Return the newest release among the references of a bundle."""
    tags = [line.rpartition("refs/tags/v")[2] for line in heads.splitlines() if "/tags/v" in line]
    return "v" + max(tags, key=lambda tag: tuple(map(int, tag.split("."))))


def _in_fresh_folder(bench: Bench, argv: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        taken = bench.milliseconds(argv, Path(folder))
        if not any(Path(folder, "shop").iterdir()):
            raise SystemExit(f"{' '.join(argv)} wrote nothing")
        return taken
