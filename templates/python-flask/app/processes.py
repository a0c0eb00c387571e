"""gunicorn as we want it: who listens, who serves, and how they leave."""

import logging
import selectors
import signal
import socket
import time
import uuid
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Timer
from typing import Any, cast

import structlog
from flask import Response
from gunicorn import glogging, http
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.http import errors, wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.context import security_headers
from app.deadline import DeadlineError, remaining, within
from app.errors import PROBLEM, TOOK_TOO_LONG, problem, problem_content
from app.lifecycle import Lifecycle
from app.main import AppSettings, create_app

# A platform commonly kills after ten seconds, or thirty; be gone before.
SECONDS_TO_LEAVE = 8
# Beside those that use a connection to the database: they wait for one, or answer probes.
MORE_THREADS = 30
# Where the memory is, if there is such a place: gunicorn touches a file every second.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108
# The number of a socket that is no more.
CLOSED = -1
STATUSES = {
    errors.LimitRequestLine: 414,
    errors.ExpectationFailed: 417,
    errors.LimitRequestHeaders: 431,
    errors.UnsupportedTransferCoding: 501,
    DeadlineError: 503,
}

log = structlog.stdlib.get_logger()


class GunicornLog(glogging.Logger):
    """gunicorn's own lines, when they matter, in our log."""

    def setup(self, cfg: Config) -> None:
        """Have no handlers but those of the whole process."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(max(logging.WARNING, logging.getLogger().level))


class QuietResponse(wsgi.Response):
    """An answer that does not tell the software, and closes the connection if the view says so."""

    def default_headers(self) -> list[str]:
        """Leave out the name of the server."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Heed what gunicorn drops."""
        headers = list(headers)
        if ("Connection", "close") in headers:
            self.force_close()
        super().process_headers(headers)


# The class is not for choosing otherwise.
wsgi.Response = QuietResponse  # type: ignore[misc]


class TimedSocket:
    """What a request is read from, for no longer than it may take."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.gettimeout = connection.gettimeout
        self.settimeout = connection.settimeout

    def recv(self, size: int) -> bytes:
        """Wait for something. The limit stays on the connection, for the answer to be taken in."""
        left = remaining()
        if not left:
            raise DeadlineError
        self.settimeout(min(left, self.gettimeout() or left))
        try:
            return self.connection.recv(size)
        except TimeoutError:
            if remaining():
                raise
            raise DeadlineError from None


class Worker(ThreadWorker):
    """gunicorn's worker with threads, that nobody can keep waiting without end."""

    app: "Service"

    def init_signals(self) -> None:
        """Leave it to the arbiter what a Ctrl-C means, which reaches every process."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection a thread once something has come over it, and not before."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def handle(self, conn: TConn) -> bool:
        """Serve one request, within its time."""
        if conn.parser is None:
            source = cast("socket.socket", TimedSocket(conn.sock))
            conn.parser = http.get_parser(self.cfg, source, conn.client)
        with within(self.app.settings.request_timeout_ms / 1000):
            keep = super().handle(conn)
        if not keep and conn.sock.fileno() != CLOSED:
            # Here, and not in the loop that all connections share: it waits for the other end.
            conn.close(graceful=True)
        return keep

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """Count out what `handle` has closed."""
        if conn.sock.fileno() == CLOSED:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)

    def handle_error(
        self,
        req: Any,  # noqa: ARG002
        client: socket.socket,
        addr: Any,
        exc: BaseException,
    ) -> None:
        """Answer what never got to the application as the application would."""
        client_error = isinstance(exc, (errors.ParseException, DeadlineError))
        status = STATUSES.get(type(exc), 400 if client_error else 500)
        request_id = str(uuid.uuid4())
        if not client_error:
            log.error("a request failed", request_id=request_id, exc_info=exc)
        log.info("request", request_id=request_id, status=status, client=addr[0] if addr else None)
        body = problem_content(status, TOOK_TOO_LONG if status == 503 else None)
        headers = {
            "Content-Type": PROBLEM,
            "Content-Length": str(len(body)),
            "Connection": "close",
            "X-Request-Id": request_id,
            **security_headers(https_only=self.app.settings.production),
        }
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += (f"{name}: {value}" for name, value in headers.items())
        client.settimeout(1)
        client.sendall("\r\n".join([*lines, "", body]).encode())

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """Once on the way out, be done with listening, and with who connects but asks nothing."""
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for listener in self.sockets:
            accepted = -1
            while accepted < self.nr_conns:
                accepted = self.nr_conns
                self.accept(listener)
            listener.close()
        soon = time.monotonic() + 1
        for conn in self.pending_conns:
            conn.timeout = min(cast("float", conn.timeout), soon)

    def run(self) -> None:
        """Serve until told to stop, then hang up on the database."""
        super().run()
        self.app.close()


class Chief(Arbiter):
    """gunicorn's arbiter, but it leaves politely: first not ready, and only then not there."""

    app: "Service"

    def start(self) -> None:
        """Say where we are; with the port 0, the system has chosen one."""
        super().start()
        host, port = self.LISTENERS[0].getsockname()[:2]
        log.info("serving", url=f"http://{host}:{port}")

    def handle_term(self) -> None:
        """Serve on until those who route requests have seen that we are not ready."""
        seconds = self.app.settings.drain_seconds
        if self.app.lifecycle.draining or not seconds:
            log.info("leaving")
            super().handle_term()
        self.app.lifecycle.drain()
        timer = Timer(seconds, self.SIG_QUEUE.put, [signal.SIGTERM])
        timer.daemon = True
        timer.start()

    def stop(self, graceful: bool = True) -> None:
        """Leave nobody behind: who had to be killed is not gone at once."""
        super().stop(graceful)
        end = time.monotonic() + 1
        while self.WORKERS and time.monotonic() < end:
            time.sleep(0.01)
            self.reap_workers()


class Service(BaseApplication):
    """The application with all it takes to serve it."""

    def __init__(self, settings: AppSettings) -> None:
        self.settings = settings
        # Before the processes are forked, which share it.
        self.lifecycle = Lifecycle()
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what to do; it reads no file, and of the environment nothing we do not."""
        settings = self.settings
        options = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.web_concurrency,
            "worker_class": Worker,
            "threads": settings.database_pool_size + MORE_THREADS,
            "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
            "limit_request_line": 8190,
            "keepalive": 75,
            "graceful_timeout": max(1, SECONDS_TO_LEAVE - settings.drain_seconds),
            "logger_class": GunicornLog,
            # Proxies are the application's business.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application, in each process its own."""
        self.flask = create_app(self.settings, self.lifecycle)
        self.flask.register_error_handler(errors.ParseException, self._bad_chunks)
        return self.flask

    def close(self) -> None:
        """Hang up on the database."""
        self.flask.extensions["engine"].dispose()

    @staticmethod
    def _bad_chunks(_error: Exception) -> Response:
        return problem(400, "The body's chunks cannot be read.")

    def run(self) -> None:
        """Serve until told to stop."""
        Chief(self).run()
