"""`manage.py train`: train a model and publish it."""

import argparse
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ml.store import Store

log = structlog.stdlib.get_logger()


class Command(BaseCommand):
    """Trains, evaluates, publishes."""

    help = "Train a model and publish it. Below the threshold it exits with 1"
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take what may differ."""
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--min-accuracy", type=float, help="instead of the usual threshold")
        parser.add_argument("--if-none", action="store_true", help="only if there is no model yet")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        store = Store(settings.ENV.ml_model_dir)
        if options["if_none"] and store.current():
            return
        # Slow to import, and not needed when there is a model.
        from ml.training import BelowThresholdError, train  # noqa: PLC0415

        try:
            metadata, metrics = train(
                store, seed=options["seed"], min_accuracy=options["min_accuracy"]
            )
        except BelowThresholdError as error:
            raise CommandError(f"Nothing is published: {error}.") from None
        log.info(
            "published",
            model=metadata.name,
            version=metadata.version,
            sha256=metadata.sha256,
            **metrics,
        )
