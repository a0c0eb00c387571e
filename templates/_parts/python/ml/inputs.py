"""What a prediction is made from: the features by name, and what each may be."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from .classifier import Rows

MODEL = "wine"


class Wine(BaseModel):
    """A chemical analysis of a wine. The bounds refuse what no wine can have."""

    # Strict: a number as text is a mistake of the caller's.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    alcohol: Annotated[float, Field(ge=0, le=30, description="% by volume", examples=[13.2])]
    malic_acid: Annotated[float, Field(ge=0, le=20, description="g/l", examples=[1.78])]
    ash: Annotated[float, Field(ge=0, le=10, description="g/l", examples=[2.14])]
    alcalinity_of_ash: Annotated[float, Field(ge=0, le=100, examples=[11.2])]
    magnesium: Annotated[float, Field(ge=0, le=500, description="mg/l", examples=[100])]
    total_phenols: Annotated[float, Field(ge=0, le=10, examples=[2.65])]
    flavanoids: Annotated[float, Field(ge=0, le=10, examples=[2.76])]
    nonflavanoid_phenols: Annotated[float, Field(ge=0, le=10, examples=[0.26])]
    proanthocyanins: Annotated[float, Field(ge=0, le=10, examples=[1.28])]
    color_intensity: Annotated[float, Field(ge=0, le=50, examples=[4.38])]
    hue: Annotated[float, Field(ge=0, le=5, examples=[1.05])]
    od280_od315: Annotated[
        float, Field(ge=0, le=10, description="OD280/OD315 of the diluted wine", examples=[3.4])
    ]
    proline: Annotated[float, Field(ge=0, le=5000, description="mg/l", examples=[1050])]


FEATURES = tuple(Wine.model_fields)


def to_rows(inputs: Sequence[Wine]) -> Rows:
    """Put inputs into the order that the model was trained with."""
    return np.array([[getattr(wine, name) for name in FEATURES] for wine in inputs], np.float64)
