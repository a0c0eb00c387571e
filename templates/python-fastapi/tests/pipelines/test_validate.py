from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from app.pipelines.measurements import measurements
from app.pipelines.sources import SourceError
from app.pipelines.validate import validate
from tests.pipelines.conftest import Row

GOOD: Row = {
    "station": "BER-01",
    "measured_at": "2026-05-01T08:00:00.5+02:00",
    "temperature": "50",
    "unit": "F",
    "humidity": "100",
}
NO_TIME = "measured_at: is not a time with its zone, as 2026-05-01T12:00:00Z"


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"station": "BER-1"}, ["station: is not like ABC-01"]),
        ({"station": "BER-01\n"}, ["station: is not like ABC-01"]),
        ({"station": None}, ["station: is missing"]),
        ({"station": "\ufffd"}, ["station: is not text", "station: is not like ABC-01"]),
        (
            {"measured_at": "2026-05-01T08:00:00"},
            [NO_TIME],
        ),
        ({"measured_at": "2100-01-01T00:00:00Z"}, ["measured_at: is not of 1900 to 2099"]),
        ({"temperature": ""}, ["temperature: is missing"]),
        ({"temperature": "12,5"}, ["temperature: is not a number"]),
        ({"temperature": "NaN"}, ["temperature: is not a number"]),
        ({"temperature": "1e999"}, ["temperature: is not a number"]),
        ({"temperature": "141"}, ["temperature: is not within -90 to 60 °C"]),
        (
            {"unit": "K", "humidity": "0"},
            ["unit: is neither C nor F", "humidity: is not above 0 and up to 100"],
        ),
    ],
)
def test_every_reason_is_given(change: Row, reasons: list[str]) -> None:
    rows = pl.DataFrame([GOOD, GOOD | change], schema=dict.fromkeys(GOOD, pl.String))

    good, bad = validate(rows, measurements)

    assert bad == ({1: reasons} if reasons else {})
    assert len(good) == (1 if reasons else 2)
    assert good.schema == pl.Schema(measurements.columns)


def test_values_that_have_their_type_already_are_taken_as_they_are() -> None:
    typed, _ = validate(pl.DataFrame([GOOD]), measurements)

    again, bad = validate(typed, measurements)

    assert again.equals(typed)
    assert bad == {}


def test_types_are_read_from_text_and_not_cut_to_fit() -> None:
    columns = {"count": pl.Int64(), "day": pl.Date(), "sunny": pl.Boolean()}
    rows = {
        "count": [1.0, 1.5, 2.0, 3.0],
        "day": ["2026-05-01", "2026-05-02", "May", "2026-05-04"],
        "sunny": ["true", "true", "false", "yes"],
    }

    good, bad = validate(pl.DataFrame(rows), replace(measurements, columns=columns, rules=()))

    assert good.rows() == [(1, date(2026, 5, 1), True)]
    assert bad == {
        1: ["count: is not a whole number"],
        2: ["day: is not a date, as 2026-05-01"],
        3: ["sunny: is not true or false"],
    }


def test_what_is_no_number_needs_no_rule_to_be_refused() -> None:
    columns = {"text": pl.Float64(), "typed": pl.Float64()}
    rows = {"text": ["1", "NaN", "-inf", "4"], "typed": [1.0, 2.0, 3.0, float("nan")]}

    good, bad = validate(pl.DataFrame(rows), replace(measurements, columns=columns, rules=()))

    assert good.rows() == [(1, 1)]
    assert bad == {
        1: ["text: is not a number"],
        2: ["text: is not a number"],
        3: ["typed: is not a number"],
    }


@pytest.mark.parametrize(
    ("found", "wanted", "message"),
    [
        (pl.Int64(), pl.Datetime("us", "UTC"), "holds Int64, and not a time with its zone"),
        (pl.Datetime("us"), pl.Datetime("us", "UTC"), "and not a time with its zone"),
        (pl.Date(), pl.Datetime("us", "UTC"), "holds Date, and not a time with its zone"),
        (pl.Boolean(), pl.Float64(), "holds Boolean, and not a number"),
        (pl.Int64(), pl.Boolean(), "holds Int64, and not true or false"),
        (pl.Datetime("us", "UTC"), pl.Date(), "and not a date"),
        (pl.Float64(), pl.String(), "holds Float64, and not text"),
        (pl.Binary(), pl.String(), "holds Binary, and not text"),
        (pl.List(pl.Float64()), pl.Float64(), "and not a number"),
        (pl.Struct({"a": pl.Float64()}), pl.Float64(), "and not a number"),
    ],
)
def test_a_column_of_another_kind_is_not_guessed_at(
    found: pl.DataType, wanted: pl.DataType, message: str
) -> None:
    rows = pl.DataFrame({"value": [None]}, schema={"value": found})

    with pytest.raises(SourceError, match=message):
        validate(rows, replace(measurements, columns={"value": wanted}, rules=()))


@pytest.mark.parametrize(
    ("value", "found", "wanted"),
    [
        (7, pl.Int64(), pl.Float64()),
        (7, pl.Int64(), pl.String()),
        (7, pl.Float32(), pl.Int64()),
        (datetime(2026, 5, 1, tzinfo=UTC), pl.Datetime("ns", "UTC"), pl.Datetime("us", "UTC")),
        ("C", pl.Categorical(), pl.String()),
        (date(2026, 5, 1), pl.Date(), pl.Date()),
    ],
)
def test_a_column_of_the_same_kind_is_taken(
    value: object, found: pl.DataType, wanted: pl.DataType
) -> None:
    rows = pl.DataFrame({"value": [value]}, schema={"value": found})

    good, bad = validate(rows, replace(measurements, columns={"value": wanted}, rules=()))

    assert (good.rows(), bad) == ([(str(value) if wanted == pl.String else value,)], {})


def test_a_column_without_any_value_is_missing_in_each_row() -> None:
    _, bad = validate(pl.DataFrame([GOOD | {"humidity": None}]), measurements)

    assert bad == {0: ["humidity: is missing"]}


def test_a_source_without_a_column_is_not_a_matter_of_rows() -> None:
    with pytest.raises(SourceError, match="has no column unit, humidity"):
        validate(pl.DataFrame([GOOD]).drop("unit", "humidity"), measurements)


def test_temperatures_come_out_in_celsius_with_the_dew_point() -> None:
    rows, _ = validate(
        pl.DataFrame([GOOD, GOOD | {"temperature": "20", "unit": "C", "humidity": "50"}]),
        measurements,
    )

    made = measurements.transform(rows)

    # 9.26 °C: what tables give for 20 °C and half the humidity there could be.
    assert made.select("temperature_c", "dew_point_c").rows() == [(10, 10), (20, 9.26)]
