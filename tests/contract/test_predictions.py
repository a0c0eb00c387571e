from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.expect import invalid, problem
from tests.support.http import Api
from tests.support.service import Installed
from tests.support.wine import WINE, predict


def test_every_answer_names_the_model_and_its_version(api: Api) -> None:
    answer = predict(api, WINE)
    assert answer.status == 200, answer
    model = answer.json()["model"]
    assert set(model) == {"name", "version", "sha256"}
    assert model["version"]
    assert re.fullmatch("[0-9a-f]{64}", model["sha256"])


def test_predictions_come_one_for_each_input_in_their_order(api: Api) -> None:
    light = WINE | {"alcohol": 11.5, "proline": 350, "color_intensity": 2.0}
    mixed = predict(api, WINE, light, WINE).json()["predictions"]
    alone = [predict(api, one).json()["predictions"][0] for one in (WINE, light, WINE)]
    assert [one["label"] for one in mixed] == [one["label"] for one in alone]
    for one, other in zip(mixed, alone, strict=True):
        assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-6)
    assert mixed[0]["label"] == "class_0" != mixed[1]["label"]
    for prediction in mixed:
        assert set(prediction) == {"label", "probabilities"}
        assert sum(prediction["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        best = max(prediction["probabilities"], key=prediction["probabilities"].get)
        assert best == prediction["label"]


def test_every_fault_of_an_input_is_pointed_at(api: Api) -> None:
    wrong = WINE | {"ash": "much", "hue": -1}
    invalid(predict(api, WINE, wrong), "/body/inputs/1/ash", "/body/inputs/1/hue")
    invalid(predict(api, {**WINE, "colour": 1}), "/body/inputs/0/colour")


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_is_of_1_to_100_inputs(api: Api, count: int) -> None:
    invalid(predict(api, *[WINE] * count), "/body/inputs")
    assert len(predict(api, *[WINE] * 100).json()["predictions"]) == 100


def test_without_a_model_it_is_live_but_not_ready(
    installed: Installed, database_url: str, tmp_path: Path
) -> None:
    with installed.service(database_url, ML_MODEL_DIR=str(tmp_path)) as service:
        problem(service.api.get("/readyz"), 503)
        answer = predict(service.api, WINE)
        problem(answer, 503)
        assert int(answer.headers["retry-after"]) >= 1
        assert service.api.create("Notes do without")["title"] == "Notes do without"
