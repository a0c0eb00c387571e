"""Train a model and publish it: `python -m app.ml.train`. Below the threshold it exits with 1."""

import argparse
import sys

import structlog

from app.log import configure_logging
from app.ml.config import StoreSettings
from app.ml.store import Store

log = structlog.stdlib.get_logger()


def main() -> None:
    """Train, evaluate, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--min-accuracy", type=float, help="instead of the usual threshold")
    parser.add_argument("--if-none", action="store_true", help="only if there is no model yet")
    options = parser.parse_args()
    configure_logging("info")
    store = Store(StoreSettings().ml_model_dir)
    if options.if_none and store.current():
        return
    # Slow to import, and not needed when there is a model.
    from app.ml.training import BelowThresholdError, train  # noqa: PLC0415

    try:
        metadata, metrics = train(store, seed=options.seed, min_accuracy=options.min_accuracy)
    except BelowThresholdError as error:
        sys.exit(f"Nothing is published: {error}.")
    log.info(
        "published",
        model=metadata.name,
        version=metadata.version,
        sha256=metadata.sha256,
        **metrics,
    )


if __name__ == "__main__":
    main()
