"""Predictions over HTTP: /api/predictions."""

from functools import partial
from typing import Any

import pydantic
import structlog
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from config.errors import problem
from ml.classifier import Rows
from ml.host import ServedModel
from ml.inputs import to_rows
from ml.pool import PoolFull
from ml.schemas import ModelOut, NewPredictions, PredictionOut, PredictionsOut
from ml.serving import serving
from notes.api.views import OpenToAll

log = structlog.stdlib.get_logger()


def _checked(body: object) -> NewPredictions:
    """Take a body, or name every fault of it by its place."""
    try:
        return NewPredictions.model_validate(body)
    except pydantic.ValidationError as error:
        faults: dict[str, Any] = {}
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            place = faults
            *steps, last = fault["loc"] or ("non_field_errors",)
            for step in steps:
                place = place.setdefault(str(step), {})
            place[str(last)] = [fault["msg"]]
        raise ValidationError(faults) from None


def _later(detail: str) -> HttpResponse:
    answer = problem(503, detail)
    answer["Retry-After"] = "1"
    return answer


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


class Predictions(OpenToAll):
    """Where to ask what a wine is."""

    http_method_names = ("post",)

    @extend_schema(
        operation_id="predict",
        summary="Tell the kind of each wine",
        tags=["predictions"],
        request=NewPredictions,
        responses=PredictionsOut,
    )
    def post(self, request: Request) -> Any:
        """Tell the kind of each wine. All answers of a request are by the same model."""
        new = _checked(request.data)
        ours = serving()
        served = ours.host.served
        if served is None:
            return _later(ours.host.reason)
        try:
            future = ours.pool.submit(partial(served.classifier.probabilities, to_rows(new.inputs)))
        except PoolFull:
            return _later("Too many predictions are waiting; try again later.")
        try:
            timed = future.result(ours.env.request_timeout_ms / 1000)
        except TimeoutError:
            # One that still waits is not made.
            future.cancel()
            return _later("The request took too long.")
        answer = _answer(served, timed.value)
        about = {"model": answer.model.name, "version": answer.model.version}
        log.info(
            "predicted",
            **about,
            rows=len(new.inputs),
            queue_ms=timed.queue_ms,
            inference_ms=timed.run_ms,
        )
        if ours.env.ml_log_inputs:
            # To compare what comes in with what was trained on. It may be personal: opt-in.
            labels = [prediction.label for prediction in answer.predictions]
            inputs = new.model_dump()["inputs"]
            log.info("prediction inputs", **about, inputs=inputs, labels=labels)
        return Response(answer.model_dump())
