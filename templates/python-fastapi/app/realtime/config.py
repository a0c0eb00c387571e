"""What the feed reads from the environment."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from app.config import Settings
from app.realtime.origins import parse_origins


def _origins(value: object) -> object:
    return parse_origins(value) if isinstance(value, str) else value


class RealtimeSettings(Settings):
    """The feed's variables."""

    ws_max_connections: Annotated[int, Field(ge=1)] = 1000
    ws_heartbeat_seconds: Annotated[float, Field(gt=0)] = 30
    allowed_origins: Annotated[frozenset[str], NoDecode, BeforeValidator(_origins)] = frozenset()
