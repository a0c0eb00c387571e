"""Who is counted for, and what they are told who have asked too often."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.errors import error_answer


def client_address(request: HttpRequest) -> str | None:
    """Whom to count for: an address. Of IPv6 it is the network, whose addresses one client has."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        # A proxy that tells something else: its clients count as one.
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or ip_network((int(address), 64), strict=False)[0]
    return str(address)


def too_often(request: HttpRequest, detail: str, period: timedelta) -> HttpResponse:
    """Answer who must wait; `period` is the longest that it can take."""
    answer = error_answer(request, 429, detail)
    answer["Retry-After"] = str(int(period.total_seconds()))
    return answer


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """Answer a log-in after too many failures, for django-axes."""
    period: timedelta = settings.AXES_COOLOFF_TIME
    minutes = int(period.total_seconds() / 60)
    return too_often(
        request, f"Too many log-ins have failed; try again in {minutes} minutes.", period
    )
