"""The recommendation itself."""

from collections.abc import Iterator

from scaffold.guide import Caveat, Companion, Guide, Screen, Stack
from scaffold.recommend.answers import Answers
from scaffold.recommend.changes import ladders
from scaffold.recommend.conflict import contradiction
from scaffold.recommend.result import Against, Flip, Offer, Ranked, Reason, Recommendation, Service
from scaffold.recommend.scoring import Said, candidates, in_force, points, winner


def recommend(guide: Guide, answers: Answers) -> Recommendation:
    """The best stack, with every reason; a Contradiction when the musts leave none."""
    said = answers.said()
    best = winner(guide, said)
    if best is None:
        raise contradiction(guide, answers)
    ranking = _rank(guide, said, best)
    rivals = set(candidates(guide, said)) - {best}
    runner_up = next((ranked for ranked in ranking if ranked.stack in rivals), None)
    margin = ranking[0].score - (runner_up.score if runner_up else 0)
    return Recommendation(
        recommended=best,
        language=guide.stack(best).language,
        services=services(guide, answers, best),
        confidence=_confidence(guide, margin) if runner_up else "clear",
        margin=margin,
        ranking=ranking,
        runner_up=runner_up.stack if runner_up else None,
        alternatives=_alternatives(guide, said, best),
        flips=tuple(sorted(_flips(guide, answers, best), key=lambda flip: flip.change.size)),
        features=features(guide, answers, best),
    )


def _rank(guide: Guide, said: Said, best: str) -> tuple[Ranked, ...]:
    """All stacks, the winner first, then by score, those screened out last."""
    screens = in_force(guide, said)
    ranked = [_ranked(guide, stack, said, screens) for stack in guide.stacks]
    return tuple(sorted(ranked, key=lambda r: (bool(r.screened), r.stack != best, -r.score)))


def services(guide: Guide, answers: Answers, stack: str) -> tuple[Service, ...]:
    """What to generate when the main service is built on `stack`: it, and its companions."""
    also = [Service(c.name, c.stack) for c in companions(guide, answers, stack)]
    return (Service(guide.main_service, stack), *also)


def companions(guide: Guide, answers: Answers, stack: str) -> tuple[Companion, ...]:
    """The services that the answers add beside a main one on `stack`, and that no must forbids."""
    said = answers.said()
    bans = [screen for screen in in_force(guide, said) if screen.everywhere]
    return tuple(
        companion
        for companion in guide.services
        if companion.when in said
        and stack in companion.beside
        and all(companion.stack in screen.leaves for screen in bans)
    )


def features(guide: Guide, answers: Answers, stack: str) -> tuple[str, ...]:
    """The features that the needs switch on, of those that `stack` has."""
    needs = dict(answers.needs)
    return tuple(
        feature.id
        for feature in guide.features
        if stack in feature.stacks and any(need in needs for need in feature.needs)
    )


def _ranked(guide: Guide, stack: Stack, said: Said, screens: tuple[Screen, ...]) -> Ranked:
    reasons = [
        Reason(rule.id, worth, rule.because, rule.sources, rule.link)
        for rule in guide.rules
        if stack.id in rule.favours and (worth := points(rule, said))
    ]
    reasons.sort(key=lambda reason: -reason.points)
    against = [
        _against(caveat)
        for caveat in guide.caveats
        if stack.id in caveat.against and (caveat.when is None or caveat.when in said)
    ]
    out = [_against(screen) for screen in screens if stack.id not in screen.leaves]
    score = sum(reason.points for reason in reasons)
    return Ranked(stack.id, score, tuple(reasons), tuple(against), tuple(out))


def _against(item: Caveat | Screen) -> Against:
    return Against(item.id, item.because, item.sources, item.link)


def _confidence(guide: Guide, margin: int) -> str:
    if margin >= guide.clear_from:
        return "clear"
    return "close" if margin >= guide.close_from else "toss-up"


def _alternatives(guide: Guide, said: Said, best: str) -> tuple[Offer, ...]:
    needs = {condition.value for condition in said if condition.question == "need"}
    screens = in_force(guide, said)
    return tuple(
        Offer(offer.stack, offer.because, offer.sources, offer.link)
        for offer in guide.alternatives
        if best in offer.beside
        and not needs.intersection(offer.not_for)
        and all(offer.stack in screen.leaves for screen in screens)
    )


def _flips(guide: Guide, answers: Answers, best: str) -> Iterator[Flip]:
    for ladder in ladders(guide, answers):
        for change in ladder:
            other = winner(guide, change.answers.said())
            if other not in (None, best):
                yield Flip(change, other)
                break
