"""JSON in, JSON out."""

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer


class JSONParser(parsers.JSONParser):
    """Reads JSON; what is nested too deeply to be read is none."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Give the value that the body holds."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError from None


class JSONOnly(DefaultContentNegotiation):
    """Answers with JSON, whatever the caller would rather have."""

    def select_renderer(self, _request: Any, renderers: Any, *_: Any) -> tuple[BaseRenderer, str]:
        """Take the first."""
        return renderers[0], renderers[0].media_type
