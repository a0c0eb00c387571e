"""An input of the sample model, and what it is asked with."""

from __future__ import annotations

from tests.support.http import Answer, Api

# The first row of the data set that the sample model is trained on: of class_0.
WINE = {
    "alcohol": 14.23,
    "malic_acid": 1.71,
    "ash": 2.43,
    "alcalinity_of_ash": 15.6,
    "magnesium": 127,
    "total_phenols": 2.8,
    "flavanoids": 3.06,
    "nonflavanoid_phenols": 0.28,
    "proanthocyanins": 2.29,
    "color_intensity": 5.64,
    "hue": 1.04,
    "od280_od315": 3.92,
    "proline": 1065,
}


def predict(api: Api, *inputs: object, **headers: str) -> Answer:
    """Ask for predictions."""
    return api.send("POST", "/api/predictions", {"inputs": list(inputs)}, **headers)
