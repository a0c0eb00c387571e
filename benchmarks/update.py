"""How long it takes to bring a project up to a newer version of its templates."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.bench import ROOT, Bench
from benchmarks.comparison import Comparison, Target
from benchmarks.rounds import play

ROUNDS = 9
OURS = "scaffold update"
COPIER = "copier update"
TARGET = Target(1.3)

STACK, FROM, TO = "python-django", "v1.1.0", "v1.2.0.dev1"
CHANGED = 10
COPY = f"copy --quiet --defaults --data stack={STACK} --data project_name=shop --data features=[]"
YOURS = "\n# A line of the user's own.\n"


def measure(bench: Bench, rounds: int) -> list[Comparison]:
    """Compare with the engine's own update, of the same project to the same version."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        templates, project = Path(folder, "templates"), Path(folder, "shop")
        _release(templates)
        copy = [*COPY.split(), "--vcs-ref", FROM, str(templates), str(project)]
        bench.milliseconds([bench.script("copier"), *copy], Path(folder))
        _live(project)
        scaffold, copier = bench.script("scaffold"), bench.script("copier")
        contestants = {
            OURS: [scaffold, "update", "--no-lock", "--to", TO],
            COPIER: [copier, "update", "--quiet", "--defaults", "--vcs-ref", TO],
        }
        runs = {name: partial(_update, bench, argv, project) for name, argv in contestants.items()}
        taken = play(runs, rounds)
    return [Comparison(OURS, COPIER, "ms", taken[OURS], taken[COPIER], TARGET)]


def _release(templates: Path) -> None:
    """Make a version that changes some files, after the released ones."""
    bundle = ROOT / "scaffold" / "templates.bundle"
    _git("clone", "--quiet", str(bundle), str(templates), cwd=ROOT)
    _git("checkout", "--quiet", FROM, cwd=templates)
    stack = templates / "templates" / STACK
    for path in sorted(stack.rglob("*.py"))[:CHANGED]:
        path.write_text(f"{path.read_text()}\n# A line of the template's.\n")
    _commit(templates)
    _git("tag", TO, cwd=templates)


def _live(project: Path) -> None:
    """Put the project under git, with an edit."""
    _git("init", "--quiet", cwd=project)
    _commit(project)
    readme = project / "README.md"
    readme.write_text(readme.read_text() + YOURS)
    _commit(project)


def _update(bench: Bench, argv: Sequence[str], project: Path) -> float:
    taken = bench.milliseconds(argv, project)
    changed = _git("status", "--porcelain", cwd=project).splitlines()
    if len(changed) <= CHANGED:
        raise SystemExit(f"{' '.join(argv)} changed {len(changed)} files")
    _git("reset", "--quiet", "--hard", cwd=project)
    _git("clean", "--quiet", "-fd", cwd=project)
    shutil.rmtree(project / ".git" / "scaffold", ignore_errors=True)
    return taken


def _commit(folder: Path) -> None:
    _git("add", "--all", cwd=folder)
    _git("commit", "--quiet", "--message", "x", cwd=folder)


def _git(*words: str, cwd: Path) -> str:
    identity = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    done = ["git", *identity, *words]
    return subprocess.run(done, cwd=cwd, capture_output=True, text=True, check=True).stdout
