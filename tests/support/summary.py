"""The table at the end of a run: every line of the contract, for every stack."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.support.stacks import STACKS

FOLDER = "tests/contract/"
NODE_ID = re.compile(r".*::test_(?P<name>\w+)\[(?P<parameters>[^\]]*)\]")
OUTCOMES = (("passed", "ok"), ("failed", "FAIL"), ("error", "FAIL"))

Table = dict[str, dict[str, str]]


def stack_of(node_id: str) -> str | None:
    """Return the stack that a test is about: its name is one of the test's parameters."""
    match = NODE_ID.match(node_id)
    names = [stack.name for stack in STACKS]
    pattern = rf"(^|-)({'|'.join(names)})($|[-+])"
    found = match and re.search(pattern, match["parameters"])
    return found[2] if found else None


def tabulate(results: Iterable[tuple[str, str]]) -> Table:
    """Turn (node id, word) into check -> stack -> word; one FAIL outweighs any ok."""
    table: Table = {}
    for node_id, word in results:
        match = NODE_ID.match(node_id)
        stack = stack_of(node_id)
        if match and stack:
            row = table.setdefault(match["name"].replace("_", " "), {})
            row[stack] = "FAIL" if "FAIL" in (word, row.get(stack)) else word
    return table


def lines(table: Table) -> list[str]:
    """Lay the table out as text."""
    stacks = [s.name for s in STACKS if any(s.name in row for row in table.values())]
    width = max(map(len, table), default=0)
    rows = [
        f"{check:<{width}}  " + "  ".join(f"{row.get(s, '-'):<{len(s)}}" for s in stacks)
        for check, row in table.items()
    ]
    return [f"{'':<{width}}  " + "  ".join(stacks), *(row.rstrip() for row in rows)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table when contract tests ran."""
    results = [
        (report.nodeid, word)
        for outcome, word in OUTCOMES
        for report in terminalreporter.getreports(outcome)
        if report.nodeid.startswith(FOLDER) and (word == "FAIL" or report.when == "call")
    ]
    if table := tabulate(sorted(results)):
        terminalreporter.section("the contract")
        for line in lines(table):
            terminalreporter.line(line)
