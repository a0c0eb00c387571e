import pytest

from {{ "" if stack == "python-django" else "app." }}realtime.origins import may_listen, parse_origins, refusal

ALLOWED = frozenset({"https://app.example.com"})


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("https://shop.example", "shop.example", True),
        ("https://shop.example", "Shop.example:443", True),
        ("http://shop.example", "shop.example:80", True),
        ("http://localhost:8000", "localhost:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://app.example.com", "shop.example", True),
        ("http://localhost:8000", "localhost:9000", False),
        ("http://shop.example", "shop.example:443", False),
        ("http://app.example.com", "shop.example", False),
        ("https://shop.example.evil.example", "shop.example", False),
        ("https://evil.example", "shop.example", False),
        ("file://", "", False),
        ("null", "null", False),
        ("", "", False),
        ("https://shop.example,https://evil.example", "shop.example", False),
    ],
)
def test_pages_of_our_own_host_and_allowed_ones_may_listen(
    origin: str, host: str, may: bool
) -> None:
    assert may_listen(origin, host, ALLOWED) is may


def test_allowed_origins_are_read_as_browsers_write_them() -> None:
    given = "https://App.example.com:443, http://localhost:5173 ,https://[::1]/"

    assert parse_origins(given) == {
        "https://app.example.com",
        "http://localhost:5173",
        "https://[::1]",
    }


@pytest.mark.parametrize("origin", ["", "http://\x07", "http://" + "a" * 200])
def test_a_refusal_repeats_only_what_can_be_read(origin: str) -> None:
    assert refusal("http://a").startswith("Pages of http://a may not listen; ")
    assert refusal(origin).startswith("Pages of this origin may not listen; ")
