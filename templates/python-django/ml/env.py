"""What predictions and training read from the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from config.env import Environment


class MlEnvironment(Environment):
    """The variables of predictions."""

    ml_model_dir: Path = Path(".models")
    ml_poll_seconds: Annotated[float, Field(gt=0)] = 5
    ml_threads: Annotated[int, Field(ge=1)] = 2
    ml_queue_limit: Annotated[int, Field(ge=0)] = 4
    ml_log_inputs: bool = False

    @property
    def ml_room(self) -> int:
        """How many requests may wait: each holds a thread, and one at least is left to others."""
        return max(0, min(self.ml_queue_limit, self.database_pool_size - self.ml_threads - 1))
