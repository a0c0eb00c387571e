import pytest

from scaffold.errors import UsageProblem
from scaffold.wish import Wish


def test_a_file_fills_up_what_no_flag_has_said() -> None:
    file = {"stack": "a", "needs": {"saas": "must", "web-app": None}, "features": ["f"]}
    assert Wish(directory="shop").over(file) == Wish(
        directory="shop", stack="a", needs=("saas=must", "web-app"), features=("f",)
    )


def test_a_flag_wins_over_the_file() -> None:
    assert Wish(stack="b", needs=("x",)).over({"stack": "a", "needs": ["y"]}) == Wish(
        stack="b", needs=("x",)
    )


def test_a_projects_own_answers_file_will_do() -> None:
    own = {
        "_commit": "v1.0.0",
        "_src_path": "~/.scaffold/templates.bundle",
        "project_name": "shop",
        "stack": "a",
        "features": [],
        "needs": {"saas": "important", "team": "python=must", "workload": "io"},
    }
    assert Wish().over(own) == Wish(
        directory="shop",
        stack="a",
        needs=("saas=important",),
        team="python=must",
        workload="io",
        features=(),
    )


def test_a_workspaces_own_answers_file_will_do() -> None:
    ml = {"name": "ml", "stack": "b", "folder": "ml", "port": 2, "features": ["ml"]}
    services = [
        {"name": "api", "stack": "a", "folder": "api", "port": 1, "features": ["f"]},
        {**ml, "ml_runtime": "onnx"},
    ]
    own = {"project_name": "shop", "stack": "workspace", "features": [], "services": services}
    assert Wish().over(own) == Wish(
        directory="shop", stack="a", features=("f",), services=("ml=b+ml",), ml_runtime="onnx"
    )


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({"stak": "a"}, "unknown answer 'stak'"),
        ({"install": True}, "unknown answer 'install'"),
        ({"needs": 3}, "neither a list nor a mapping"),
        ({"needs": [3]}, "'needs' is not a list of words"),
        ({"features": "realtime"}, "'features' is not a list of words"),
        ({"stack": ["a"]}, "'stack' is not a text"),
        ({"team": 1}, "'team' is not a text"),
    ],
)
def test_a_broken_file_is_one_sentence(file: dict[str, object], words: str) -> None:
    with pytest.raises(UsageProblem, match=words):
        Wish().over(file)


def test_the_nearest_known_answer_is_offered() -> None:
    with pytest.raises(UsageProblem) as caught:
        Wish().over({"stak": "a"})
    assert caught.value.hint == "Did you mean 'stack'?"
