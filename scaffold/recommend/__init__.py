"""From answers to a recommendation: pure, deterministic, offline."""

from scaffold.recommend.answers import Answers
from scaffold.recommend.changes import Change
from scaffold.recommend.conflict import Contradiction, Relaxation
from scaffold.recommend.engine import companions, features, recommend, services
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
    "features",
    "recommend",
    "services",
    "why_not",
]
