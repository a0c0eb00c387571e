from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.pagination import Position


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 11, 23, 12, 0, 0, 123_457, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_cursor_keeps_the_microsecond(time: datetime) -> None:
    position = Position(time, uuid4())

    assert Position.decode(position.encode()) == position


@pytest.mark.parametrize(
    "cursor", ["", "a", "é", "A" * 28, "A" * 36, "_" * 32 + "=", "f" + "_" * 31, "A" * 31 + "+"]
)
def test_anything_else_is_no_cursor(cursor: str) -> None:
    with pytest.raises(ValueError, match="is not a cursor of this list"):
        Position.decode(cursor)


def test_a_cursor_may_stand_in_an_address_as_it_is() -> None:
    cursor = Position(datetime(2026, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1)).encode()

    assert cursor.replace("-", "").replace("_", "").isalnum()
