"""From answers to a recommendation: pure, deterministic, offline."""

from scaffold.recommend.answers import Answers
from scaffold.recommend.changes import Change
from scaffold.recommend.conflict import Contradiction, Relaxation
from scaffold.recommend.engine import (
    companions,
    effects,
    features,
    joined,
    recommend,
    services,
    with_required,
)
from scaffold.recommend.result import Against, Flip, Offer, Ranked, Reason, Recommendation, Service
from scaffold.recommend.why import Comparison, WhyNot, why_not

__all__ = [
    "Against",
    "Answers",
    "Change",
    "Comparison",
    "Contradiction",
    "Flip",
    "Offer",
    "Ranked",
    "Reason",
    "Recommendation",
    "Relaxation",
    "Service",
    "WhyNot",
    "companions",
    "effects",
    "features",
    "joined",
    "recommend",
    "services",
    "why_not",
    "with_required",
]
