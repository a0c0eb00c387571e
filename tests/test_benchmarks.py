import json
from typing import Any

import pytest

from benchmarks import load, table
from benchmarks.comparison import Comparison, Target
from benchmarks.generate import newest_tag
from benchmarks.rounds import order, play


def compare(
    ours: list[float], theirs: list[float], target: Target | None = None, unit: str = "ms"
) -> Comparison:
    return Comparison("ours", "theirs", unit, ours, theirs, target)


def report(**changes: object) -> str:
    whole: dict[str, Any] = {
        "2xx": 3000,
        "non2xx": 0,
        "errors": 0,
        "timeouts": 0,
        "duration": 2.0,
        "latency": {"p99": 7},
    }
    return json.dumps(whole | changes)


def test_a_ratio_is_taken_within_a_round_and_not_between_medians() -> None:
    assert compare([10, 300, 20], [20, 100, 10]).ratio == 2.0


def test_rounds_that_do_not_pair_up_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _ = compare([1, 2], [1]).ratio


def test_one_wild_round_does_not_move_the_middle_half() -> None:
    assert compare([1, 1, 1, 1, 99], [1, 1, 1, 1, 1]).middle_half == (1, 1)


def test_the_middle_half_of_a_single_round_is_that_round() -> None:
    assert compare([3], [2]).middle_half == (1.5, 1.5)


@pytest.mark.parametrize(
    ("target", "ratio", "is_met"),
    [
        (Target(0.7), 0.7, True),
        (Target(0.7), 0.71, False),
        (Target(0.85, more_is_better=True), 0.85, True),
        (Target(0.85, more_is_better=True), 0.84, False),
    ],
)
def test_a_target_is_an_upper_or_a_lower_limit(target: Target, ratio: float, is_met: bool) -> None:
    assert target.is_met(ratio) is is_met


def test_a_verdict_says_whether_the_target_is_met() -> None:
    met = compare([6], [10], Target(0.7)).verdict
    missed = compare([8], [10], Target(0.85, more_is_better=True)).verdict
    assert met == "met: ours <= 0.7x of theirs (0.60x)"
    assert missed == "MISSED: ours >= 0.85x of theirs (0.80x)"


def test_a_verdict_doubts_rounds_on_both_sides_of_the_target() -> None:
    verdict = compare([5, 6, 9, 9], [10, 10, 10, 10], Target(0.8)).verdict
    assert verdict.startswith("met: ")
    assert verdict.endswith("the rounds disagree: repeat it on a quiet machine")


def test_only_targets_have_verdicts() -> None:
    comparisons = [compare([1], [1]), compare([1], [1], Target(1))]
    assert table.verdicts(comparisons) == ["met: ours <= 1x of theirs (1.00x)"]


def test_the_table_is_aligned_markdown() -> None:
    rows = table.lines([compare([50, 70, 60], [100, 100, 100], Target(0.7)), compare([9], [3])])
    assert rows == [
        "| what | median | against | median | ratio | middle half | target  |",
        "| ---- | ------ | ------- | ------ | ----- | ----------- | ------- |",
        "| ours | 60 ms  | theirs  | 100 ms | 0.60x | 0.55 - 0.65 | <= 0.7x |",
        "| ours | 9 ms   | theirs  | 3 ms   | 3.00x | 3.00 - 3.00 | -       |",
    ]


def test_every_round_begins_with_another_contestant() -> None:
    assert [order(["a", "b", "c"], turn)[0] for turn in range(4)] == ["a", "b", "c", "a"]


def test_every_contestant_plays_every_round_and_the_warm_up_does_not_count() -> None:
    calls: list[str] = []

    def contestant(name: str) -> int:
        calls.append(name)
        return len(calls)

    measured = play({"a": lambda: contestant("a"), "b": lambda: contestant("b")}, 3, warm_up=2)
    assert {name: len(values) for name, values in measured.items()} == {"a": 3, "b": 3}
    assert len(calls) == 10
    assert min(min(values) for values in measured.values()) > 4


def test_a_report_of_the_load_becomes_rates_of_answers() -> None:
    assert load.parse(report(), cpu_seconds=1.5) == load.Load(1500, 7, 500)


def test_a_latency_below_the_resolution_counts_as_one_millisecond() -> None:
    assert load.parse(report(latency={"p99": 0}), 1).p99_ms == 1


@pytest.mark.parametrize("fault", [{"non2xx": 1}, {"errors": 2}, {"timeouts": 3}, {"2xx": 0}])
def test_a_report_with_failed_requests_is_refused(fault: dict[str, int]) -> None:
    with pytest.raises(SystemExit, match="requests failed under load"):
        load.parse(report(**fault), 1)


def test_the_load_of_a_method_names_its_path_and_its_body() -> None:
    get, post = (load.command(["cannon"], method, 80) for method in load.METHODS)
    assert get[-1] == "http://127.0.0.1:80/api/notes?limit=20"
    assert post[-1] == "http://127.0.0.1:80/api/notes"
    assert load.NOTE in post


def test_the_newest_release_in_a_bundle_is_found_by_number() -> None:
    heads = "a1 refs/heads/main\nb2 refs/tags/v1.9.0\nc3 refs/tags/v1.10.0\n"
    assert newest_tag(heads) == "v1.10.0"
