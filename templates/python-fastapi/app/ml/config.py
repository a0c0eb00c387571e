"""What predictions and training read from the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.config import Settings


class StoreSettings(BaseSettings):
    """What training needs: not even a database."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore")

    ml_model_dir: Path = Path("dist/models")


class MlSettings(StoreSettings, Settings):
    """The variables of predictions."""

    ml_poll_seconds: Annotated[float, Field(gt=0)] = 5
    ml_threads: Annotated[int, Field(ge=1)] = 2
    ml_queue_limit: Annotated[int, Field(ge=0)] = 32
    ml_log_inputs: bool = False
