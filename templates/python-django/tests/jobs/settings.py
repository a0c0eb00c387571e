"""The settings that workers in tests run with: they have the tests' tasks as well."""

from tests.settings import *  # noqa: F403
from tests.settings import PROCRASTINATE_IMPORT_PATHS

PROCRASTINATE_IMPORT_PATHS += ["tests.jobs.tasks"]
