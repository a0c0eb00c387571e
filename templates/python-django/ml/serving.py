"""The model that this process serves, and the threads that predict with it."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.errors import problem
from config.health import lifecycle
from ml.env import MlEnvironment
from ml.host import Host
from ml.pool import Pool
from ml.store import Store

# A small model is there within it, and the first caller finds the service ready.
SECONDS_FOR_THE_FIRST = 5


class Serving:
    """Follows the model store from now on."""

    def __init__(self, env: MlEnvironment) -> None:
        from ml import runtime  # noqa: PLC0415, slow to import, and most commands need none

        self.env = env
        self.store = Store(env.ml_model_dir)
        self.host = Host(self.store, runtime.load)
        self.pool = Pool(env.ml_threads, env.ml_room)
        self.host.start(env.ml_poll_seconds)
        self.host.tried.wait(SECONDS_FOR_THE_FIRST)

    def close(self) -> None:
        """Follow it no longer."""
        self.pool.close()
        self.host.stop()


@cache
def serving() -> Serving:
    """Give the one of this process; the first to ask has it start."""
    return Serving(settings.ENV)


class ModelMiddleware:
    """Starts with the service, which is not ready before a model is served."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        serving()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle a request."""
        host = serving().host
        asked = request.path == "/readyz" and request.method in {"GET", "HEAD"}
        if asked and host.served is None and not lifecycle.draining:
            return problem(503, host.reason)
        return self.get_response(request)
