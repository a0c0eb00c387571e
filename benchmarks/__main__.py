"""Take the measurements and print them: `python -m benchmarks`, or `make bench`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks import generate, service, startup, table, update
from benchmarks.bench import Bench, bench
from benchmarks.comparison import Comparison

Measure = Callable[[Bench, int], list[Comparison]]
PARTS: dict[str, tuple[Measure, int]] = {
    "cli": (startup.measure, startup.ROUNDS),
    "new": (generate.measure, generate.ROUNDS),
    "update": (update.measure, update.ROUNDS),
    "service": (service.measure, service.ROUNDS),
}


def main() -> None:
    """Measure what was asked for; a missed target is told, and no failure."""
    options = _options()
    comparisons: list[Comparison] = []
    parts: Mapping[str, tuple[Measure, int]] = PARTS
    if options.only:
        parts = {options.only: PARTS[options.only]}
    if options.stack:
        parts = {"service": (partial(service.measure, names=options.stack), service.ROUNDS)}
    with bench() as place:
        for name, (measure, rounds) in parts.items():
            print(f"Measuring: {name} ...", file=sys.stderr, flush=True)
            comparisons += measure(place, options.rounds or rounds)
    print("\n".join([*table.lines(comparisons), "", *table.verdicts(comparisons)]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="measure this part alone")
    parser.add_argument(
        "--stack",
        action="append",
        choices=service.YARDSTICKS,
        help="measure the service of this stack alone; may be repeated",
    )
    parser.add_argument("--rounds", type=_rounds, help="counted rounds (default: by part)")
    options = parser.parse_args()
    if options.stack and options.only not in (None, "service"):
        parser.error("--stack is for services")
    return options


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number of at least 1")
    return int(text)


if __name__ == "__main__":
    main()
