import pytest

from app.realtime.announce import Joiner, split


@pytest.mark.parametrize("size", [1, 7899, 7900, 7901, 15_800, 60_000])
def test_a_message_of_any_size_comes_out_as_it_went_in(size: int) -> None:
    message = "a" * size
    joiner = Joiner()
    payloads = list(split(message))

    heard = [joiner.add(payload) for payload in payloads]

    assert all(len(payload) < 8000 for payload in payloads)
    assert len(set(payloads)) == len(payloads)
    assert heard == [None] * (len(payloads) - 1) + [message]
