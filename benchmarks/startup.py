"""How long the commands take that only say something: whole processes, from start to exit."""

from __future__ import annotations

from functools import partial

from benchmarks.bench import Bench
from benchmarks.comparison import Comparison, Target
from benchmarks.rounds import play

ROUNDS = 15
DJANGO = "django-admin --version"
OURS = {
    "scaffold --help": Target(0.7),
    "scaffold recommend --need saas --team javascript": Target(1.0),
}


def measure(bench: Bench, rounds: int) -> list[Comparison]:
    """Compare with the start of a tool that every Python developer knows."""
    contestants = {
        name: partial(bench.milliseconds, [bench.script(program), *words], bench.home)
        for name, (program, *words) in ((name, name.split()) for name in (DJANGO, *OURS))
    }
    taken = play(contestants, rounds, warm_up=2)
    return [
        Comparison(name, DJANGO, "ms", taken[name], taken[DJANGO], target)
        for name, target in OURS.items()
    ]
