"""Predictions over HTTP: /api/predictions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.errors import problem
from app.ml.classifier import Classifier, Rows
from app.ml.config import MlSettings
from app.ml.host import Host, ServedModel
from app.ml.inputs import to_rows
from app.ml.pool import Pool, PoolFull
from app.ml.schemas import ModelOut, NewPredictions, PredictionOut, PredictionsOut
from app.ml.store import Store

RETRY_AFTER = {"Retry-After": "1"}
# A small model is there within it, and the first caller finds the service ready.
SECONDS_FOR_THE_FIRST = 15

log = structlog.stdlib.get_logger()


def _load(data: bytes) -> Classifier:
    # When there is a model to load, and so not by a worker: importing it takes seconds.
    from app.ml import runtime  # noqa: PLC0415

    return runtime.load(data)


def _answer(served: ServedModel, probabilities: Rows) -> PredictionsOut:
    metadata = served.metadata
    return PredictionsOut(
        model=ModelOut(name=metadata.name, version=metadata.version, sha256=metadata.sha256),
        predictions=[
            PredictionOut(
                label=metadata.classes[row.argmax()],
                probabilities=dict(zip(metadata.classes, row.tolist(), strict=True)),
            )
            for row in probabilities
        ],
    )


async def predict(new: NewPredictions, request: Request) -> PredictionsOut:
    """Tell the kind of each wine. All answers of a request are by the same model."""
    state = request.app.state
    served: ServedModel | None = state.model_host.served
    if served is None:
        raise HTTPException(503, state.model_host.reason, headers=RETRY_AFTER)
    pool: Pool = state.prediction_pool
    try:
        future = pool.submit(partial(served.classifier.probabilities, to_rows(new.inputs)))
    except PoolFull:
        raise HTTPException(
            503, "Too many predictions are waiting; try again later.", headers=RETRY_AFTER
        ) from None
    timed = await asyncio.wrap_future(future)
    answer = _answer(served, timed.value)
    about = {"model": answer.model.name, "version": answer.model.version}
    log.info(
        "predicted",
        **about,
        rows=len(new.inputs),
        queue_ms=timed.queue_ms,
        inference_ms=timed.run_ms,
    )
    if state.log_inputs:
        # To compare what comes in with what was trained on; it may be personal, so it is asked for.
        labels = [prediction.label for prediction in answer.predictions]
        inputs = new.model_dump()["inputs"]
        log.info("prediction inputs", **about, inputs=inputs, labels=labels)
    return answer


class NotReady(Route):
    """Answers /readyz instead of the service's own route for as long as no model is served."""

    def __init__(self, app: FastAPI, host: Host) -> None:
        async def readyz(_request: Request) -> Response:
            return problem(503, host.reason)

        super().__init__("/readyz", readyz, methods=["GET"], include_in_schema=False)
        self._lifecycle = app.state.lifecycle
        self._host = host

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is this route's turn."""
        if self._host.served or self._lifecycle.draining:
            return Match.NONE, {}
        return super().matches(scope)


def add_ml(app: FastAPI, settings: MlSettings) -> None:
    """Keep a model served while the application runs, and predict with it."""
    host = app.state.model_host = Host(Store(settings.ml_model_dir), _load)
    app.state.log_inputs = settings.ml_log_inputs

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        pool = app.state.prediction_pool = Pool(settings.ml_threads, settings.ml_queue_limit)
        host.start(settings.ml_poll_seconds)
        await asyncio.to_thread(host.tried.wait, SECONDS_FOR_THE_FIRST)
        yield
        pool.close()
        await asyncio.to_thread(host.stop)

    router = APIRouter(lifespan=lifespan)
    router.post("/api/predictions", tags=["predictions"])(predict)
    app.include_router(router)
    app.router.routes.insert(0, NotReady(app, host))
