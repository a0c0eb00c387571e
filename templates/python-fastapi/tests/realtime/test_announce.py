import pytest

from app.realtime.announce import OURS, Joiner, split


@pytest.mark.parametrize("size", [20, 7899, 7900, 7901, 15_800, 60_000])
def test_a_message_of_any_size_comes_out_as_it_went_in(size: int) -> None:
    message = OURS + "a" * (size - len(OURS))
    joiner = Joiner()
    payloads = list(split(message))

    heard = [joiner.add(payload) for payload in payloads]

    assert all(len(payload) < 8000 for payload in payloads)
    assert len(set(payloads)) == len(payloads)
    assert heard == [None] * (len(payloads) - 1) + [message]


@pytest.mark.parametrize(
    "payload",
    ["hello", "", "1:2", "a:b:c", "0:x:anything", "0:0123456789abcdef:anything", "0:٣:x\n"],
)
def test_what_others_say_on_the_channel_is_no_message_and_spoils_none(payload: str) -> None:
    joiner = Joiner()
    first, *others = split(OURS + "a" * 10_000)

    assert joiner.add("1:0123456789abcdef:never ended") is None
    with pytest.raises(ValueError, match=r"^not a "):
        joiner.add(payload)
    joiner.add(first)

    assert [joiner.add(chunk) for chunk in others] == [OURS + "a" * 10_000]
