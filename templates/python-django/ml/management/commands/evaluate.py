"""`manage.py evaluate`: evaluate the served model."""

from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ml import runtime
from ml.host import ModelRefused, warm_up
from ml.store import Store, StoreError
from ml.training import MIN_ACCURACY, BelowThresholdError, evaluate, load_data, require

log = structlog.stdlib.get_logger()


class Command(BaseCommand):
    """Loads what is served, and measures it."""

    help = "Evaluate the served model. Below the threshold it exits with 1"
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        """Do it."""
        store = Store(settings.ENV.ml_model_dir)
        try:
            version = store.current()
            if version is None:
                raise CommandError("No model has been published yet.")
            served = warm_up(store.read(version), runtime.load)
            metrics = evaluate(served.classifier, load_data()[1])
            log.info("evaluated", model=served.metadata.name, version=version, **metrics)
            require(metrics, MIN_ACCURACY)
        except (StoreError, ModelRefused, BelowThresholdError) as error:
            raise CommandError(f"The model is not good: {error}.") from None
