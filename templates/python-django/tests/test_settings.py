import os
import subprocess
import sys

PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://shop:s3cret@127.0.0.1:1/shop",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "ALLOWED_HOSTS": "shop.example",
    "PATH": os.environ["PATH"],
}
TELL = """
from config import settings
print([getattr(settings, name, None) for name in {names}])
"""


def told(*names: str, **variables: str) -> str:
    command = [sys.executable, "-c", TELL.format(names=names)]
    return subprocess.run(
        command, env=PRODUCTION | variables, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_django_finds_nothing_to_say_against_production() -> None:
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(check, env=PRODUCTION, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_production_keeps_its_cookies_to_https_and_shows_no_debugging() -> None:
    assert told("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG") == "[True, True, False]"


def test_a_link_to_reset_a_password_is_not_offered_where_it_would_land_in_the_log() -> None:
    assert told("OFFER_PASSWORD_RESET") == "[False]"
    assert told("OFFER_PASSWORD_RESET", APP_ENV="development") == "[True]"
    assert told("OFFER_PASSWORD_RESET", EMAIL_URL="smtp://mail.example") == "[True]"


def test_static_files_are_for_our_own_pages() -> None:
    assert told("WHITENOISE_ALLOW_ALL_ORIGINS") == "[False]"


def test_mail_goes_where_the_url_says() -> None:
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST_PASSWORD")

    assert told(*names, EMAIL_URL="smtp://a:b%40c@mail.example") == (
        "['mail.example', 587, True, False, 'b@c']"
    )
    assert told(*names, EMAIL_URL="smtps://mail.example") == (
        "['mail.example', 465, False, True, '']"
    )


def test_a_proxy_is_believed_about_https_only_when_there_is_one() -> None:
    assert told("SECURE_PROXY_SSL_HEADER") == "[None]"
    assert "X_FORWARDED_PROTO" in told("SECURE_PROXY_SSL_HEADER", TRUSTED_PROXY_HOPS="1")
