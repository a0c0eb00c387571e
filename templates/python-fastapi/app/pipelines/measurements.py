"""The sample pipeline: measurements of weather stations, with the dew point worked out."""

import polars as pl

from app.pipelines.pipeline import Pipeline, Rule

# Magnus' formula, with the constants of Alduchov and Eskridge (1996): right to 0.4 %.
A, B = 17.625, 243.04

temperature, humidity, unit = pl.col("temperature"), pl.col("humidity"), pl.col("unit")
celsius = pl.when(unit == "F").then((temperature - 32) / 1.8).otherwise(temperature)


def transform(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring temperatures to Celsius, and work out the dew point."""
    gamma = (humidity / 100).log() + A * celsius / (B + celsius)
    return rows.select(
        "station",
        "measured_at",
        celsius.round(2).alias("temperature_c"),
        humidity.alias("humidity_pct"),
        (B * gamma / (A - gamma)).round(2).alias("dew_point_c"),
    )


measurements = Pipeline(
    name="measurements",
    columns={
        "station": pl.String(),
        "measured_at": pl.Datetime("us", "UTC"),
        "temperature": pl.Float64(),
        "unit": pl.String(),
        "humidity": pl.Float64(),
    },
    rules=(
        Rule("station: is not like ABC-01", pl.col("station").str.contains(r"^[A-Z]{3}-\d{2}$")),
        Rule(
            "measured_at: is not of 1900 to 2099",
            pl.col("measured_at").dt.year().is_between(1900, 2099),
        ),
        Rule("unit: is neither C nor F", unit.is_in(["C", "F"])),
        Rule("temperature: is not within -90 to 60 °C", celsius.is_between(-90, 60)),
        Rule("humidity: is not above 0 and up to 100", humidity.is_between(0, 100, closed="right")),
    ),
    transform=transform,
    table=("pipelines", "measurements"),
    key=("station", "measured_at"),
)
