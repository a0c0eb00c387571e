"""Rows from an HTTP service that gives `{"items": [...], "next_cursor": ...}`, page by page."""

import json
import random
from collections.abc import Iterator, Sequence
from itertools import count
from threading import Event
from typing import Any

import httpx2
import structlog

from app.pipelines.sources.base import Checkpoint, Chunk, Rejected, SourceError, frame

TIMEOUT = httpx2.Timeout(10)
ATTEMPTS = 6
LONGEST_DELAY = 30.0
LARGEST_PAGE = 16 << 20
WORTH_A_RETRY = {408, 425, 429, 500, 502, 503, 504}

# What a page holds, and the cursor of the next one.
Page = tuple[list[Any], str | None]

log = structlog.stdlib.get_logger()


def _body(answer: httpx2.Response) -> bytes:
    body = bytearray()
    for part in answer.iter_bytes():
        body += part
        if len(body) > LARGEST_PAGE:
            raise SourceError(f"{answer.url} gave a page of more than {LARGEST_PAGE} bytes.")
    return bytes(body)


def _asked_delay(answer: httpx2.Response) -> float:
    value = answer.headers.get("Retry-After", "")
    return min(float(value), LONGEST_DELAY) if value.isdecimal() else 0


class HttpPages:
    """A list over HTTP, as this service's own /api/notes."""

    # A list may change at any time, and does not tell.
    version = None

    def __init__(
        self,
        url: str,
        columns: Sequence[str],
        stop: Event,
        *,
        authorization: str | None = None,
        first_delay: float = 0.5,
    ) -> None:
        self.name = url
        try:
            self.url = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise SourceError(f"The URL is none: {error}.") from None
        if self.url.userinfo:
            raise SourceError("Put no password into the URL: set ETL_HTTP_AUTHORIZATION.")
        self.columns = columns
        self.stop = stop
        self.headers = {"Authorization": authorization} if authorization else {}
        self.first_delay = first_delay

    def chunks(self, size: int, after: Checkpoint | None) -> Iterator[Chunk]:
        """Gather whole pages, until there are enough rows or somebody wants to stop."""
        cursor: str | None = after["cursor"] if after else None
        if after and not cursor:
            return
        # Brent's method: a circle of any length is met, and one cursor is all that is remembered.
        met, steps, limit = cursor, 0, 1
        rows: list[tuple[str, Any]] = []
        with httpx2.Client(timeout=TIMEOUT, headers=self.headers) as client:
            while page := self._page(client, cursor):
                items, following = page
                place = f"page {cursor or 'one'}, item"
                rows += [(f"{place} {number}", item) for number, item in enumerate(items, 1)]
                cursor, steps = following, steps + 1
                if cursor and cursor == met:
                    raise SourceError(f"The pages go round in a circle: {cursor} came again.")
                if steps == limit:
                    met, steps, limit = cursor, 0, 2 * limit
                if cursor is None or len(rows) >= size or self.stop.is_set():
                    yield self._chunk(rows, {"cursor": cursor})
                    rows = []
                if cursor is None:
                    return

    def _chunk(self, rows: list[tuple[str, Any]], checkpoint: Checkpoint) -> Chunk:
        objects = [(place, item) for place, item in rows if isinstance(item, dict)]
        raw = [item for _, item in objects]
        return Chunk(
            frame(raw, self.columns),
            [place for place, _ in objects],
            [
                Rejected(place, item, ["is not an object"])
                for place, item in rows
                if not isinstance(item, dict)
            ],
            checkpoint,
            raw,
        )

    def _page(self, client: httpx2.Client, cursor: str | None) -> Page | None:
        """Get a page, or nothing when somebody wants to stop."""
        url = self.url.copy_set_param("cursor", cursor) if cursor else self.url
        way_out = " If its cursor has expired, `--restart` begins anew." if cursor else ""
        body = self._get(client, url, way_out)
        if body is None:
            return None
        try:
            # Numbers that JSON does not have: as text, which is not taken for a number.
            page = json.loads(body, parse_constant=str)
            items, following = page["items"], page["next_cursor"]
        except (ValueError, KeyError, TypeError, RecursionError):
            items, following = None, None
        if not isinstance(items, list) or not isinstance(following, str | None):
            raise SourceError(f'{url} did not give {{"items": [...], "next_cursor": ...}}.')
        # An empty cursor leads nowhere: some say so that there is no other page.
        return items, following or None

    def _get(self, client: httpx2.Client, url: httpx2.URL, way_out: str) -> bytes | None:
        """Try again what may go better the next time, later each time."""
        for attempt in count(1):
            try:
                with client.stream("GET", url) as answer:
                    if answer.is_success:
                        return _body(answer)
                    fault, asked = f"status {answer.status_code}", _asked_delay(answer)
                    hopeless = answer.status_code not in WORTH_A_RETRY
            except httpx2.RequestError as error:
                fault, asked, hopeless = type(error).__name__, 0.0, False
            if hopeless or attempt == ATTEMPTS:
                told = f"{url} could not be read, in {attempt} attempts: {fault}."
                raise SourceError(told + way_out if hopeless else told)
            log.warning("page not read, trying again", attempt=attempt, fault=fault)
            delay = min(self.first_delay * 2 ** (attempt - 1), LONGEST_DELAY)
            # Not in step with others that wait for the same service.
            if self.stop.wait(max(asked, delay * random.uniform(0.5, 1))):  # noqa: S311
                break
        return None
