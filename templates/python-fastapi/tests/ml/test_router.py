import asyncio
import hashlib
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from httpx2 import AsyncClient, Response
from structlog.testing import capture_logs

from app.main import AppSettings
from app.ml.store import FILE, Store
from tests.conftest import serving
from tests.ml.support import ONE, WINE, damaged, publish, running, slow, until

if TYPE_CHECKING:
    from app.openapi import DescribedAPI

PATH = "/api/predictions"
PROBLEM = "application/problem+json"


async def test_a_prediction_says_which_model_it_is_by(client: AsyncClient, models: Path) -> None:
    answer = await client.post(PATH, json=ONE)

    assert answer.status_code == 200
    version = (models / "current").read_text().strip()
    data = (models / version / FILE).read_bytes()
    assert answer.json()["model"] == {
        "name": "wine",
        "version": version,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (prediction,) = answer.json()["predictions"]
    assert prediction["label"] == "class_0"
    assert sorted(prediction["probabilities"]) == ["class_0", "class_1", "class_2"]
    assert sum(prediction["probabilities"].values()) == pytest.approx(1)


async def test_many_at_once_are_predicted_as_each_alone(client: AsyncClient) -> None:
    wines = [
        WINE | {"alcohol": 11 + number / 10, "proline": 300 + 50 * number} for number in range(20)
    ]

    batch = (await client.post(PATH, json={"inputs": wines})).json()["predictions"]
    alone = [
        (await client.post(PATH, json={"inputs": [wine]})).json()["predictions"][0]
        for wine in wines
    ]

    assert len({prediction["label"] for prediction in batch}) > 1
    for one, other in zip(batch, alone, strict=True):
        assert one["label"] == other["label"]
        assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/body/inputs"]),
        ({"inputs": []}, ["/body/inputs"]),
        ({"inputs": [WINE] * 101}, ["/body/inputs"]),
        ({"inputs": [WINE, {**WINE, "ash": "2"}]}, ["/body/inputs/1/ash"]),
        (
            {"inputs": [WINE | {"ash": -1, "hue": True}]},
            ["/body/inputs/0/ash", "/body/inputs/0/hue"],
        ),
        ({"inputs": [WINE | {"ash": 10**400}]}, ["/body/inputs/0/ash"]),
        ({"inputs": [WINE | {"sugar": 1}]}, ["/body/inputs/0/sugar"]),
    ],
)
async def test_every_fault_of_an_input_is_pointed_at(
    client: AsyncClient, body: object, pointers: list[str]
) -> None:
    answer = await client.post(PATH, json=body)

    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("number", "status"), [("NaN", 400), ("Infinity", 400), ("1e999", 422), ("-1e999", 422)]
)
async def test_what_is_no_number_is_refused(client: AsyncClient, number: str, status: int) -> None:
    body = json.dumps(ONE).replace("13.2", number)

    answer = await client.post(PATH, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)


async def test_the_most_inputs_fit_into_a_body_and_more_do_not(client: AsyncClient) -> None:
    assert (await client.post(PATH, json={"inputs": [WINE] * 100})).status_code == 200
    assert (await client.post(PATH, json={"inputs": [WINE] * 1000})).status_code == 413


async def test_without_a_model_it_is_not_ready_until_one_is_published(
    settings: AppSettings, store: Store, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    async with running(settings, ml_model_dir=empty, ml_poll_seconds=0.02) as (app, client):
        for answer in (await client.get("/readyz"), await client.post(PATH, json=ONE)):
            assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
            assert answer.json()["detail"] == "No model has been published yet."
        assert answer.headers["retry-after"] == "1"
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/api/notes")).status_code == 200

        store.directory.rename(empty)
        await until(lambda: app.state.model_host.served is not None)
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert (await client.post(PATH, json=ONE)).status_code == 200


async def test_it_is_not_ready_before_the_model_has_been_tried(
    settings: AppSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ml.router.SECONDS_FOR_THE_FIRST", 0)
    monkeypatch.setattr("app.ml.host.Host.refresh", lambda _host: None)
    async with running(settings) as (_app, client):
        answer = await client.get("/readyz")

    assert (answer.status_code, answer.json()["detail"]) == (503, "The model is not loaded yet.")


async def test_what_is_too_much_is_refused_and_what_waits_is_answered(
    settings: AppSettings,
) -> None:
    async with running(settings, ml_threads=1, ml_queue_limit=1) as (app, client):
        model = slow(app)
        calls = [asyncio.create_task(client.post(PATH, json=ONE)) for _ in range(3)]
        (refused,), waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)

        answer = await refused
        assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
        assert answer.headers["retry-after"] == "1"
        assert (await client.get("/readyz")).status_code == 200

        model.let.set()
        assert [(await call).status_code for call in waiting] == [200, 200]
        assert (await client.post(PATH, json=ONE)).status_code == 200


async def test_a_prediction_that_takes_too_long_is_a_503(settings: AppSettings) -> None:
    hasty = settings.model_copy(update={"request_timeout_ms": 1000})
    async with running(hasty, ml_threads=1, ml_queue_limit=1) as (app, client):
        model = slow(app)
        answers = await asyncio.gather(*(client.post(PATH, json=ONE) for _ in range(2)))
        assert [answer.status_code for answer in answers] == [503, 503]
        assert {answer.json()["detail"] for answer in answers} == {"The request took too long."}

        model.let.set()
        async with asyncio.timeout(20):
            while (await client.post(PATH, json=ONE)).status_code == 503:
                await asyncio.sleep(0.01)
        # The one that was given up while it waited has not been made.
        assert model.started == 2


async def test_predictions_in_flight_are_answered_when_the_process_leaves(
    settings: AppSettings,
) -> None:
    async with serving(settings) as server:
        model = slow(cast("DescribedAPI", server.config.app))
        async with AsyncClient(base_url=server.url) as caller:
            begun = asyncio.create_task(caller.post(PATH, json=ONE))
            await until(lambda: model.started == 1)
            server.handle_exit(signal.SIGTERM, None)
            await until(lambda: not server.servers[0].is_serving())
            assert not begun.done()
            model.let.set()
            assert (await begun).status_code == 200


async def test_new_versions_are_taken_up_while_requests_go_on(
    settings: AppSettings, store: Store
) -> None:
    changes = {"ml_model_dir": store.directory, "ml_poll_seconds": 0.02}
    async with serving(settings.model_copy(update=changes)) as server:
        answers: list[Response] = []
        going_on = True

        async def call() -> None:
            async with AsyncClient(base_url=server.url) as caller:
                while going_on:
                    answers.append(await caller.post(PATH, json=ONE))

        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(call())
            versions = [store.current()]
            for _ in range(3):
                await until(lambda: versions[-1] in [_version(a) for a in answers])
                versions.append(publish(store))
            await until(lambda: versions[-1] in [_version(a) for a in answers])
            going_on = False

    assert {answer.status_code for answer in answers} == {200}
    seen = list(dict.fromkeys(_version(answer) for answer in answers))
    assert seen == versions


def _version(answer: Response) -> str | None:
    version: str | None = answer.json()["model"]["version"]
    return version


async def test_a_request_in_flight_is_finished_by_the_model_it_began_with(
    settings: AppSettings, store: Store
) -> None:
    changes = {"ml_model_dir": store.directory, "ml_poll_seconds": 0.02}
    async with running(settings, **changes) as (app, client):
        old, model = store.current(), slow(app)
        begun = asyncio.create_task(client.post(PATH, json=ONE))
        await until(lambda: model.started == 1)

        new = publish(store)
        await until(lambda: app.state.model_host.served.metadata.version == new)
        assert _version(await client.post(PATH, json=ONE)) == new
        model.let.set()
        assert _version(await begun) == old


async def test_a_damaged_version_is_refused_and_the_old_one_serves_on(
    settings: AppSettings, store: Store
) -> None:
    changes = {"ml_model_dir": store.directory, "ml_poll_seconds": 0.02}
    good, bad = store.current(), damaged(store)
    assert good
    with capture_logs() as lines:
        async with running(settings, **changes) as (app, client):
            store.point_to(bad)
            await until(lambda: any(line["event"] == "a model is refused" for line in lines))

            assert (await client.get("/readyz")).status_code == 200
            assert _version(await client.post(PATH, json=ONE)) == good

            store.point_to(good)
            new = publish(store)
            await until(lambda: app.state.model_host.served.metadata.version == new)

    (refusal,) = [line for line in lines if line["event"] == "a model is refused"]
    assert (refusal["log_level"], refusal["serving"]) == ("error", good)
    assert bad in refusal["reason"]
    assert "sha256" in refusal["reason"]


async def test_with_nothing_but_a_damaged_version_it_is_not_ready(
    settings: AppSettings, store: Store
) -> None:
    store.point_to(damaged(store))
    async with running(settings, ml_model_dir=store.directory) as (_app, client):
        for answer in (await client.get("/readyz"), await client.post(PATH, json=ONE)):
            assert answer.status_code == 503
            assert answer.json()["detail"] == "The published model cannot be served."


@pytest.mark.parametrize("wanted", [True, False])
async def test_inputs_are_logged_only_when_asked_for(settings: AppSettings, wanted: bool) -> None:
    async with running(settings, ml_log_inputs=wanted) as (_app, client):
        with capture_logs() as lines:
            answer = await client.post(PATH, json=ONE)

    (timing,) = [line for line in lines if line["event"] == "predicted"]
    assert (timing["version"], timing["rows"]) == (_version(answer), 1)
    assert timing["queue_ms"] >= 0
    assert timing["inference_ms"] > 0
    logged = [line for line in lines if line["event"] == "prediction inputs"]
    assert [(line["inputs"], line["labels"]) for line in logged] == (
        [([WINE], ["class_0"])] if wanted else []
    )
    assert wanted or "proline" not in str(lines)
