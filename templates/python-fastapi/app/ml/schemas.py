"""What predictions look like from outside."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.ml.inputs import Wine

MOST_INPUTS = 100


class NewPredictions(BaseModel):
    """What to predict from: one input, or many."""

    model_config = ConfigDict(extra="forbid")

    inputs: Annotated[list[Wine], Field(min_length=1, max_length=MOST_INPUTS)]


class ModelOut(BaseModel):
    """Which model it was, to the byte."""

    name: str
    version: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PredictionOut(BaseModel):
    """The likeliest class, and how likely each is."""

    label: str
    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]]


class PredictionsOut(BaseModel):
    """A prediction for each input, in their order, all by the same model."""

    model: ModelOut
    predictions: list[PredictionOut]
