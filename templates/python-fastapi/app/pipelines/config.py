"""What pipelines read from the environment."""

from pydantic import SecretStr

from app.config import Settings


class PipelineSettings(Settings):
    """The variables of sources; secrets are here and not on the command line, where others see."""

    etl_http_authorization: SecretStr | None = None
    etl_source_database_url: SecretStr | None = None

    @property
    def source_conninfo(self) -> str:
        """The database that `postgres:TABLE` is read from: another one, or the service's own."""
        return (self.etl_source_database_url or self.database_url).get_secret_value()
