"""What the feed reads from the environment."""

from typing import Annotated

from pydantic import Field

from config.env import Environment


class RealtimeEnvironment(Environment):
    """The feed's variables."""

    ws_max_connections: Annotated[int, Field(ge=1)] = 1000
    ws_heartbeat_seconds: Annotated[float, Field(gt=0)] = 30
