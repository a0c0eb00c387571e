import json

import pytest

from tests.cli.conftest import Invoke


def test_the_recommendation_names_winner_reasons_runner_up_and_flips(invoke: Invoke) -> None:
    output = invoke("recommend", "--need", "saas", "--team", "javascript").stdout
    for words in ("Recommended: NestJS", "Why NestJS, and not Express", "[G31]", "Against NestJS"):
        assert words in output
    assert "What would change the answer" in output
    assert "saas: important → nice" in output


def test_json_is_one_object_and_nothing_else(invoke: Invoke) -> None:
    result = invoke("recommend", "--need", "saas", "--team", "javascript", "--json")
    data = json.loads(result.stdout)
    assert (data["schema"], data["recommended"]) == (1, "node-nestjs")
    assert result.stderr == ""
    best = data["ranking"][0]
    assert round(sum(reason["points"] for reason in best["reasons"]), 2) == best["score"]


def test_why_not_compares_with_the_winner(invoke: Invoke) -> None:
    output = invoke("recommend", "--need", "saas", "--why-not", "python-django").stdout
    assert output.startswith("Not Django")
    assert "What would make it win" in output


def test_why_not_the_winner_says_that_it_is_the_winner(invoke: Invoke) -> None:
    output = invoke("recommend", "--why-not", "node-express").stdout
    assert output == "Express is what these answers recommend.\n"


def test_why_not_something_that_cannot_win_says_so(invoke: Invoke) -> None:
    output = invoke("recommend", "--why-not", "python-flask").stdout
    assert "taken with --stack" in output


def test_contradictory_musts_name_the_smallest_way_out(invoke: Invoke) -> None:
    words = ["recommend", "--need", "admin=must", "--team", "javascript=must"]
    result = invoke(*words, code=1)
    assert "No stack satisfies" in result.stderr
    assert "Lower" in result.stderr
    data = json.loads(invoke(*words, "--json", code=1).stdout)
    assert data["relaxations"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--need", "realtme"], "Did you mean realtime?"),
        (["--need", "saas=mist"], "Did you mean must?"),
        (["--team", "pyton"], "Did you mean python?"),
        (["--workload", "cpuu"], "Did you mean cpu?"),
        (["--why-not", "node-expres"], "Did you mean node-express?"),
        (["--language", "ruby"], "'ruby' is not one of"),
        (["--need", "saas", "--need", "saas=must"], "asked for twice"),
    ],
)
def test_an_unknown_name_is_usage_with_the_nearest_right_one(
    invoke: Invoke, words: list[str], says: str
) -> None:
    assert says in invoke("recommend", *words, code=2).stderr
