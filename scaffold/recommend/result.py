"""What a recommendation is made of, and its form as JSON."""

from typing import Any, NamedTuple

from scaffold.recommend.changes import Change


class Reason(NamedTuple):
    """Points, in hundredths, that a rule gave a stack."""

    rule: str
    points: int
    because: str
    sources: tuple[str, ...]
    link: str


class Against(NamedTuple):
    """What speaks against a stack: a caveat, or the screen that took it out."""

    rule: str
    because: str
    sources: tuple[str, ...]
    link: str


class Ranked(NamedTuple):
    """A stack with its score, in hundredths: the sum of its reasons' points."""

    stack: str
    score: int
    reasons: tuple[Reason, ...]
    against: tuple[Against, ...]
    screened: tuple[Against, ...]

    @property
    def screened_out(self) -> str | None:
        """Why the stack is out whatever it scores, if it is."""
        return " ".join(screen.because for screen in self.screened) or None

    def as_json(self) -> dict[str, Any]:
        """The stack's place in `ranking`."""
        return {
            "stack": self.stack,
            "score": self.score / 100,
            "reasons": [_sourced(reason, points=reason.points / 100) for reason in self.reasons],
            "against": [_sourced(against) for against in self.against],
            "screened_out": self.screened_out,
        }


class Service(NamedTuple):
    """A service to generate: the stack it is built on, that one's language, what is built in."""

    name: str
    stack: str
    language: str
    features: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The service's place in `services`."""
        return {"name": self.name, "stack": self.stack, "features": list(self.features)}


class Offer(NamedTuple):
    """A stack worth a look beside the recommended one."""

    stack: str
    because: str
    sources: tuple[str, ...]
    link: str


class Flip(NamedTuple):
    """The smallest change of one answer, in its direction, after which another stack wins."""

    change: Change
    winner: str


class Recommendation(NamedTuple):
    """The winner and all that explains it; `margin`, in hundredths, is its lead.

    `effects` say of each need what it changes in `services`, or that it does not.
    """

    recommended: str
    language: str
    services: tuple[Service, ...]
    confidence: str
    margin: int
    ranking: tuple[Ranked, ...]
    runner_up: str | None
    alternatives: tuple[Offer, ...]
    flips: tuple[Flip, ...]
    features: tuple[str, ...]
    effects: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The form that `recommend --json` prints: schema 1, points as decimal fractions."""
        return {
            "schema": 1,
            "recommended": self.recommended,
            "language": self.language,
            "services": [service.as_json() for service in self.services],
            "confidence": self.confidence,
            "margin": self.margin / 100,
            "runner_up": self.runner_up,
            "ranking": [ranked.as_json() for ranked in self.ranking],
            "alternatives": [{"stack": o.stack, "because": o.because} for o in self.alternatives],
            "flips": [{"change": f.change.as_json(), "winner": f.winner} for f in self.flips],
            "features": list(self.features),
            "effects": dict(self.effects),
        }


def _sourced(item: Reason | Against, **extra: float) -> dict[str, Any]:
    link = {"link": item.link} if item.link else {}
    told = {"because": item.because, "source": item.sources[0], "sources": list(item.sources)}
    return {"rule": item.rule, **extra, **told, **link}
