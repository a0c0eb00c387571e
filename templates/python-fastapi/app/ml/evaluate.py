"""Evaluate the served model: `python -m app.ml.evaluate`. Below the threshold it exits with 1."""

import sys

import structlog

from app.log import configure_logging
from app.ml import runtime
from app.ml.config import StoreSettings
from app.ml.host import ModelRefused, warm_up
from app.ml.store import Store, StoreError
from app.ml.training import MIN_ACCURACY, BelowThresholdError, evaluate, load_data, require

log = structlog.stdlib.get_logger()


def main() -> None:
    """Load what is served, and measure it."""
    configure_logging("info")
    store = Store(StoreSettings().ml_model_dir)
    try:
        version = store.current()
        if version is None:
            sys.exit("No model has been published yet.")
        served = warm_up(store.read(version), runtime.load)
        metrics = evaluate(served.classifier, load_data()[1])
        log.info("evaluated", model=served.metadata.name, version=version, **metrics)
        require(metrics, MIN_ACCURACY)
    except (StoreError, ModelRefused, BelowThresholdError) as error:
        sys.exit(f"The model is not good: {error}.")


if __name__ == "__main__":
    main()
