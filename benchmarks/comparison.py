"""What was measured, against what, and whether that is fast enough. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Target:
    """The ratio to reach: at most ``limit``, or at least that where more is better."""

    limit: float
    more_is_better: bool = False

    def is_met(self, ratio: float) -> bool:
        """Tell whether ``ratio`` is good enough."""
        return ratio >= self.limit if self.more_is_better else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.more_is_better else '<='} {self.limit:g}x"


@dataclass(frozen=True)
class Comparison:
    """The same rounds of two things: a ratio is only taken within a round.

    Whatever else the machine did in a round, it did to both.
    """

    what: str
    against: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    target: Target | None = None

    @property
    def ratios(self) -> list[float]:
        """The ratio of every round."""
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.ratios)

    @property
    def middle_half(self) -> tuple[float, float]:
        """Between which two ratios the middle half of the rounds lies."""
        if len(self.ratios) == 1:
            return self.ratio, self.ratio
        low, _, high = quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    @property
    def verdict(self) -> str:
        """One line on the target; empty where there is none."""
        if self.target is None:
            return ""
        low, high = map(self.target.is_met, self.middle_half)
        word = "met" if self.target.is_met(self.ratio) else "MISSED"
        doubt = "" if low == high else "; the rounds disagree: repeat it on a quiet machine"
        return f"{word}: {self.what} {self.target} of {self.against} ({self.ratio:.2f}x){doubt}"
