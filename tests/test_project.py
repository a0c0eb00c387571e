import json
import shlex
import tomllib

import pytest

from scaffold.naming import check_description
from scaffold.project import Project, told
from scaffold.recommend import Service
from scaffold.services import entries
from tests.conftest import ROOT

MAIN = Service("api", "a-stack", "node")


def test_what_the_recommender_was_told_is_kept_for_the_answers_file() -> None:
    flags = ["--need", "saas", "--need", "realtime=must", "--team", "python=must"]
    assert told(flags) == {"saas": "important", "realtime": "must", "team": "python=must"}


def test_the_command_says_everything_that_was_decided() -> None:
    project = Project(
        directory="my folder/shop",
        name="shop",
        main=Service("api", "a-stack", "node", ("realtime",)),
        flags=("--need", "saas"),
        install=True,
        git=False,
        source="../own templates",
        ref="v2",
    )
    assert shlex.split(project.command()) == [
        *("scaffold", "new", "my folder/shop", "--stack", "a-stack", "--need", "saas"),
        *("--feature", "realtime", "--source", "../own templates", "--ref", "v2"),
        *("--install", "--no-git", "--yes"),
    ]


@pytest.mark.parametrize("text", ["A", 'The shop of Ada & Grace: "best" - 1.', "é" * 160])
def test_a_description_is_any_line_that_is_not_long(text: str) -> None:
    assert check_description(text) == text
    project = Project("shop", "shop", MAIN, description=text)
    assert project.parts()[0].answers["description"] == text
    assert shlex.split(project.command())[-3:] == ["--description", text, "--yes"]


def test_the_command_says_that_there_is_no_feature() -> None:
    assert "--feature none" in Project("shop", "shop", MAIN).command()


def test_the_data_for_copier_is_plain() -> None:
    main = Service("api", "a-stack", "node", ("f",))
    (part,) = Project("shop", "shop", main, told={"saas": "must"}).parts()
    assert part.folder == ""
    assert json.loads(json.dumps(part.answers)) == {
        "stack": "a-stack",
        "project_name": "shop",
        "features": ["f"],
        "needs": {"saas": "must"},
    }


def test_services_beside_the_main_one_make_a_workspace_with_a_folder_each() -> None:
    ml = Service("ml", "b-stack", "python", ("ml",))
    project = Project("shop", "shop", MAIN, (ml,), {"saas": "must"}, runtime={"ml": "fast"})
    root, api, beside = project.parts()
    assert [part.folder for part in (root, api, beside)] == ["", "api", "ml"]
    assert root.answers == {
        "stack": "workspace",
        "project_name": "shop",
        "features": [],
        "needs": {"saas": "must"},
        "services": entries([MAIN, ml], {"ml": "fast"}),
    }
    assert api.answers["project_name"] == "shop-api"
    assert "ml_runtime" not in api.answers
    assert beside.answers == {
        "stack": "b-stack",
        "project_name": "shop-ml",
        "features": ["ml"],
        "needs": {},
        "workspace": "inside",
        "ml_runtime": "fast",
    }
    words = shlex.split(project.command())
    assert words[words.index("--service") + 1] == "ml=b-stack+ml"
    assert words[words.index("--ml-runtime") + 1] == "fast"


def test_the_wheel_names_the_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == "scaffold-new"
    assert project["scripts"] == {"scaffold": "scaffold.cli:main"}
