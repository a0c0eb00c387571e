import asyncio
import hashlib
import json
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from config.settings import AppEnvironment
from ml.store import FILE, Store
from tests.ml.fixtures import Serve
from tests.ml.support import ONE, PATH, WINE, damaged, publish, slow, until
from tests.serving import serving

PROBLEM = "application/problem+json"


def predict(client: Client, body: object = ONE) -> Any:
    return client.post(PATH, body, content_type="application/json")


def version(answer: Any) -> str:
    found: str = answer.json()["model"]["version"]
    return found


def test_a_prediction_says_which_model_it_is_by(client: Client, models: Path) -> None:
    answer = predict(client)

    assert answer.status_code == 200
    current = (models / "current").read_text().strip()
    data = (models / current / FILE).read_bytes()
    assert answer.json()["model"] == {
        "name": "wine",
        "version": current,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (prediction,) = answer.json()["predictions"]
    assert prediction["label"] == "class_0"
    assert sorted(prediction["probabilities"]) == ["class_0", "class_1", "class_2"]
    assert sum(prediction["probabilities"].values()) == pytest.approx(1)


def test_many_at_once_are_predicted_as_each_alone(client: Client) -> None:
    wines = [
        WINE | {"alcohol": 11 + number / 10, "proline": 300 + 50 * number} for number in range(20)
    ]

    batch = predict(client, {"inputs": wines}).json()["predictions"]
    alone = [predict(client, {"inputs": [wine]}).json()["predictions"][0] for wine in wines]

    assert len({prediction["label"] for prediction in batch}) > 1
    for one, other in zip(batch, alone, strict=True):
        assert one["label"] == other["label"]
        assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], ["/body"]),
        ({}, ["/body/inputs"]),
        ({"inputs": []}, ["/body/inputs"]),
        ({"inputs": [WINE] * 101}, ["/body/inputs"]),
        ({"inputs": [WINE, {**WINE, "ash": "2"}]}, ["/body/inputs/1/ash"]),
        (
            {"inputs": [WINE | {"ash": -1, "hue": True}]},
            ["/body/inputs/0/ash", "/body/inputs/0/hue"],
        ),
        ({"inputs": [WINE | {"ash": 10**400}]}, ["/body/inputs/0/ash"]),
        ({"inputs": [WINE | {"sugar": 1}], "more": 1}, ["/body/inputs/0/sugar", "/body/more"]),
    ],
)
def test_every_fault_of_an_input_is_pointed_at(
    client: Client, body: object, pointers: list[str]
) -> None:
    answer = predict(client, body)

    assert (answer.status_code, answer["content-type"]) == (422, PROBLEM)
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("number", "status"), [("NaN", 400), ("Infinity", 400), ("1e999", 422), ("-1e999", 422)]
)
def test_what_is_no_number_is_refused(client: Client, number: str, status: int) -> None:
    answer = predict(client, json.dumps(ONE).replace("13.2", number))

    assert (answer.status_code, answer["content-type"]) == (status, PROBLEM)


@pytest.mark.usefixtures("app")
def test_without_a_model_it_is_not_ready_until_one_is_published(
    client: Client, serve: Serve, store: Store, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    ours = serve(ml_model_dir=empty)
    for answer in (client.get("/readyz"), predict(client)):
        assert (answer.status_code, answer["content-type"]) == (503, PROBLEM)
        assert answer.json()["detail"] == "No model has been published yet."
    assert answer["Retry-After"] == "1"
    assert client.get("/livez").status_code == 200
    assert client.get("/api/notes").status_code == 200

    store.directory.rename(empty)
    until(lambda: ours.host.served is not None)
    assert client.get("/readyz").json() == {"status": "ready"}
    assert predict(client).status_code == 200


def test_what_is_too_much_is_refused_and_what_waits_is_answered(
    client: Client, serve: Serve
) -> None:
    model = slow(serve(ml_threads=1, ml_queue_limit=1))
    with ThreadPoolExecutor(3) as others:
        calls = [others.submit(predict, Client()) for _ in range(3)]
        (refused,), waiting = wait(calls, timeout=20, return_when=FIRST_COMPLETED)

        answer = refused.result()
        assert (answer.status_code, answer["content-type"]) == (503, PROBLEM)
        assert answer["Retry-After"] == "1"

        model.let.set()
        assert [call.result(20).status_code for call in waiting] == [200, 200]
    until(lambda: predict(client).status_code == 200)


def test_a_prediction_that_takes_too_long_is_a_503(client: Client, serve: Serve) -> None:
    model = slow(serve(ml_threads=1, request_timeout_ms=50))

    answer = predict(client)

    assert answer.status_code == 503
    assert answer.json()["detail"] == "The request took too long."
    assert predict(client).status_code == 503
    model.let.set()
    until(lambda: predict(client).status_code == 200)


async def test_predictions_in_flight_are_answered_when_the_process_leaves(
    env: AppEnvironment, serve: Serve
) -> None:
    model = slow(serve())
    async with AsyncClient() as caller:
        async with serving(env) as (server, _):
            begun = asyncio.create_task(caller.post(f"{server.url}{PATH}", json=ONE))
            async with asyncio.timeout(20):
                while not model.started:
                    await asyncio.sleep(0.01)
                server.handle_exit(signal.SIGTERM, None)
                while server.servers[0].is_serving():
                    await asyncio.sleep(0.01)
            assert not begun.done()
            model.let.set()
        assert (await begun).status_code == 200


def test_new_versions_are_taken_up_while_requests_go_on(serve: Serve, store: Store) -> None:
    serve(ml_model_dir=store.directory)
    answers: list[Any] = []
    going_on = True

    def call() -> None:
        client = Client()
        while going_on:
            answers.append(predict(client))

    callers = [threading.Thread(target=call) for _ in range(3)]
    for thread in callers:
        thread.start()
    versions = [store.current()]
    for _ in range(3):
        until(lambda: versions[-1] in {version(answer) for answer in list(answers)})
        versions.append(publish(store))
    until(lambda: versions[-1] in {version(answer) for answer in list(answers)})
    going_on = False
    for thread in callers:
        thread.join()

    assert {answer.status_code for answer in answers} == {200}
    assert {version(answer) for answer in answers} == set(versions)


def test_a_request_in_flight_is_finished_by_the_model_it_began_with(
    client: Client, serve: Serve, store: Store
) -> None:
    ours = serve(ml_model_dir=store.directory)
    old, model = store.current(), slow(ours)
    with ThreadPoolExecutor(1) as other:
        begun = other.submit(predict, Client())
        until(lambda: model.started == 1)

        new = publish(store)
        until(lambda: bool(ours.host.served and ours.host.served.metadata.version == new))
        assert version(predict(client)) == new
        model.let.set()
        assert version(begun.result(20)) == old


@pytest.mark.usefixtures("app")
def test_a_damaged_version_is_refused_and_the_old_one_serves_on(
    client: Client, serve: Serve, store: Store
) -> None:
    good, bad = store.current(), damaged(store)
    with capture_logs() as lines:
        serve(ml_model_dir=store.directory)
        store.point_to(bad)
        until(lambda: any(line["event"] == "a model is refused" for line in lines))

        assert client.get("/readyz").status_code == 200
        assert version(predict(client)) == good


@pytest.mark.usefixtures("app")
def test_with_nothing_but_a_damaged_version_it_is_not_ready(
    client: Client, serve: Serve, store: Store
) -> None:
    store.point_to(damaged(store))
    serve(ml_model_dir=store.directory)

    for answer in (client.get("/readyz"), predict(client)):
        assert answer.status_code == 503
        assert answer.json()["detail"] == "The published model cannot be served."


@pytest.mark.parametrize("wanted", [True, False])
def test_inputs_are_logged_only_when_asked_for(client: Client, serve: Serve, wanted: bool) -> None:
    serve(ml_log_inputs=wanted)
    with capture_logs() as lines:
        answer = predict(client)

    (timing,) = [line for line in lines if line["event"] == "predicted"]
    assert (timing["version"], timing["rows"]) == (version(answer), 1)
    assert timing["queue_ms"] >= 0
    assert timing["inference_ms"] > 0
    logged = [line for line in lines if line["event"] == "prediction inputs"]
    assert [(line["inputs"], line["labels"]) for line in logged] == (
        [([WINE], ["class_0"])] if wanted else []
    )
    assert wanted or "proline" not in str(lines)


def test_the_description_tells_what_a_wine_must_be(client: Client) -> None:
    document = client.get("/openapi.json").json()

    operation = document["paths"][PATH]["post"]
    assert sorted(operation["responses"]) == ["200", "400", "413", "415", "422", "500", "503"]
    assert document["components"]["schemas"]["Wine"]["additionalProperties"] is False
