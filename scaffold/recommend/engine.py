"""The recommendation itself."""

from collections.abc import Collection, Iterator, Sequence

from scaffold.guide import Caveat, Companion, Condition, Guide, Need, Screen, Stack
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
    made = services(guide, answers, best)
    margin = ranking[0].score - (runner_up.score if runner_up else 0)
    return Recommendation(
        recommended=best,
        language=guide.stack(best).language,
        services=made,
        confidence=_confidence(guide, margin) if runner_up else "clear",
        margin=margin,
        ranking=ranking,
        runner_up=runner_up.stack if runner_up else None,
        alternatives=_alternatives(guide, said, best),
        flips=tuple(sorted(_flips(guide, answers, best), key=lambda flip: flip.change.size)),
        features=made[0].features,
        effects=effects(guide, answers, made),
    )


def _rank(guide: Guide, said: Said, best: str) -> tuple[Ranked, ...]:
    """All stacks, the winner first, then by score, those screened out last."""
    screens = in_force(guide, said)
    ranked = [_ranked(guide, stack, said, screens) for stack in guide.stacks]
    return tuple(sorted(ranked, key=lambda r: (bool(r.screened), r.stack != best, -r.score)))


def services(guide: Guide, answers: Answers, stack: str) -> tuple[Service, ...]:
    """What to generate when the main service is built on `stack`: it, and its companions."""
    main = Service(
        guide.main_service, stack, guide.stack(stack).language, features(guide, answers, stack)
    )
    beside = [_beside(guide, answers, main, it) for it in companions(guide, answers, stack)]
    return (joined(guide, main, beside), *beside)


def joined(guide: Guide, main: Service, beside: Sequence[Service]) -> Service:
    """The main service with the features that it needs to work with those beside it."""
    gained = {
        feature
        for companion in guide.services
        if any(_is(companion, service) for service in beside)
        for feature in companion.main_features
    }
    having = {feature.id for feature in guide.features if main.stack in feature.stacks}
    return main._replace(features=with_required(guide, {*main.features, *gained & having}))


def _is(companion: Companion, service: Service) -> bool:
    named = (companion.name, companion.stack) == (service.name, service.stack)
    return named and set(companion.features) <= set(service.features)


def _beside(guide: Guide, answers: Answers, main: Service, companion: Companion) -> Service:
    """A companion with its own features, and with those called for that the main stack lacks."""
    lacking = [
        feature.id
        for feature in guide.features
        if feature.id in features(guide, answers, companion.stack)
        and main.stack not in feature.stacks
    ]
    own = with_required(guide, (*companion.features, *lacking))
    return Service(companion.name, companion.stack, guide.stack(companion.stack).language, own)


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
        if stack in feature.stacks and needs.keys() & set(feature.needs)
    )


def with_required(guide: Guide, names: Collection[str]) -> tuple[str, ...]:
    """Features with those that they do not work without, in the guide's order."""
    wanted = set(names)
    for feature in reversed(guide.features):
        if feature.id in wanted:
            wanted.update(feature.requires)
    return tuple(feature.id for feature in guide.features if feature.id in wanted)


def effects(guide: Guide, answers: Answers, made: Sequence[Service]) -> tuple[tuple[str, str], ...]:
    """What each need changes in the services that are made, or that it does not."""
    told = dict(answers.needs)
    return tuple((need.id, _effect(guide, need, made)) for need in guide.needs if need.id in told)


def _effect(guide: Guide, need: Need, made: Sequence[Service]) -> str:
    names = [service.name for service in made[1:]]
    added = [
        companion
        for companion in guide.services
        if companion.when == Condition("need", need.id) and companion.name in names
    ]
    concerned = {*need.features, *(name for it in added for name in it.main_features)}
    built = [
        f"the feature {feature}" + (f" in {service.name}" if names else "")
        for service in made
        for feature in service.features
        if feature in concerned
    ]
    text = ", ".join([*(f"the service {companion.name}" for companion in added), *built])
    return f"Adds {text}." if text else need.brings


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
