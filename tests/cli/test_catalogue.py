import json

from scaffold.guide import load_guide
from tests.cli.conftest import Invoke
from tests.conftest import ROOT


def test_stacks_are_listed_with_one_line_each(invoke: Invoke) -> None:
    lines = invoke("stacks").stdout
    for stack in load_guide().stacks:
        assert f"  {stack.id} " in lines


def test_a_stack_is_said_to_have_a_template_when_it_has_one(invoke: Invoke) -> None:
    data = json.loads(invoke("stacks", "--json").stdout)
    assert data["schema"] == 1
    for stack in data["stacks"]:
        assert stack["template"] == (ROOT / "templates" / stack["id"]).is_dir()


def test_needs_are_listed_as_the_flag_takes_them(invoke: Invoke) -> None:
    listed = [need["id"] for need in json.loads(invoke("needs", "--json").stdout)["needs"]]
    assert listed == [need.id for need in load_guide().needs]
    output = invoke("needs").stdout
    assert all(f"  {need} " in output for need in listed)
