"""What digests look like from outside."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, WithJsonSchema


def _real(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError("must be a day, such as 2026-11-23") from None
    return day


# Not `date`, which would also take numbers and times.
Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_real),
    WithJsonSchema({"type": "string", "format": "date"}),
]


class NewDigest(BaseModel):
    """The day (in UTC) of which to write a digest."""

    model_config = ConfigDict(extra="forbid")

    day: Day


class PendingDigest(BaseModel):
    """A digest that is to be written."""

    day: str
