"""Companions: who else is there, how the two stand to each other, and what each then does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.dressing import dressed
from kinema.storybook.scene import Actor, Beat, Relation, Scene

UNFOLLOWED: Final = frozenset(
    ("between", "circling", "hugging", "jumping_over", "meeting", "passing")
)
"""Relations that a camera which follows one actor would tear apart."""

# Shares are for what is drawn; leaps, embraces and chases are often drawn again for being unseen.
_KINDS = {
    "beside": 0.10, "left_of": 0.09, "right_of": 0.09, "behind": 0.07, "in_front_of": 0.07,
    "on_top_of": 0.10, "riding": 0.14, "chasing": 0.24, "following": 0.10, "circling": 0.14,
    "jumping_over": 0.30, "meeting": 0.06, "hugging": 0.20, "passing": 0.09,
}  # fmt: skip
_TRIES = 12
# Who runs does not do it slowly, nor does anybody stroll at full speed.
_PACES = {
    "walk": {0.5: 0.15}, "run": {1.6: 0.15}, "hop": {1.6: 0.15}, "fly": {0.5: 0.1, 1.6: 0.1},
    "swim": {0.5: 0.1, 1.6: 0.1}, "drive": {0.5: 0.1, 1.6: 0.15}, "sail": {0.5: 0.1},
}  # fmt: skip
_ALIVE = ("animal", "character", "person")
_GOING = ("animal", "character", "person", "vehicle")
# What takes somebody out of the place where the relation puts it.
_RESTLESS = frozenset(("fall", "grow", "launch", "rise", "roll", "shrink", "circle"))
_SEATED = frozenset(("look_around", "sleep", "wave", "cheer", "sit", "nod", "wink"))


def actor_id(subject: str, number: int = 1) -> str:
    """The id that the reader would give to that actor."""
    return f"{subject.replace(' ', '-')}-{number}"


def way(dice: Dice, subject: str, action: str) -> Beat:
    """A beat of that action, with a direction and a pace where it covers ground."""
    row = catalogue().actions[action]
    if not row.locomotion or action == "circle":
        return Beat(action=action)
    ways = {"left": 0.4, "right": 0.4}
    if catalogue().subjects[subject].body == "plush":  # the others show their side alone
        ways |= {"toward": 0.1, "away": 0.1}
    return Beat(
        action=action,
        direction=dice.weigh("direction", ways),
        pace=dice.weigh("pace", {1.0: 0.8} | _PACES.get(action, {})),
    )


def with_companion(dice: Dice, scene: Scene) -> Scene:
    """The scene of one actor with a second one, related to the first.

    The relation is drawn first; where nobody can be found for it another is drawn, and after the
    third the first actor stays alone.
    """
    lead = scene.actors[0]
    kinds = {
        kind: weight
        for kind, weight in _KINDS.items()
        if kind in catalogue().relations and _can_lead(kind, lead.subject, scene.setting)
    }
    kind, found = "", None
    for attempt in ("first", "second", "third"):
        kind = dice.weigh(f"{attempt} relation", kinds)
        found = _draw(dice.within(attempt), scene, (lead.subject,), _fitting(kind, scene.setting))
        if found is not None:
            break
        kinds = {name: weight for name, weight in kinds.items() if name != kind}
    if found is None:
        return scene
    other = Actor(id=actor_id(found), subject=found, beats=(), phase=0.382)
    lead, other = _directed(dice, kind, lead, other, scene.setting)
    other = dressed(dice.within("other"), other, scene, alone=False)
    if other.colour is not None and other.colour == lead.colour:
        other = replace(other, colour=None)
    relation = Relation(kind=kind, subject=lead.id, object=other.id)
    return replace(scene, actors=(lead, other), relations=(relation,))


def flanked(dice: Dice, scene: Scene) -> Scene:
    """The scene of one actor with one more on either side of it."""
    lead = _calm(dice, scene.actors[0], scene.setting)
    if "between" not in catalogue().relations or catalogue().subjects[lead.subject].height > 2.0:
        return with_companion(dice, scene)
    others: list[Actor] = []
    for side in ("one", "two"):
        taken = (lead.subject, *(other.subject for other in others))
        found = _draw(dice.within(side), scene, taken, lambda _a, b: b.height <= 1.8)
        if found is None:
            return with_companion(dice, scene)
        other = Actor(id=actor_id(found), subject=found, beats=(), phase=0.382 * len(taken))
        other = _calm(dice.within(side), other, scene.setting)
        others.append(dressed(dice.within(side), other, scene, alone=False))
    relations = tuple(
        Relation(kind="between", subject=lead.id, object=other.id) for other in others
    )
    return replace(scene, actors=(lead, *others), relations=relations)


def _draw(
    dice: Dice, scene: Scene, taken: tuple[str, ...], fits: Callable[[Subject, Subject], bool]
) -> str | None:
    """Somebody at home in the scene's setting who fits beside the first of those taken."""
    subjects = catalogue().subjects
    words = set().union(*(_words(subjects[name]) for name in taken))
    groups = {g: names for g in _SHARES if (names := sanity.inhabitants(scene.setting, g))}
    weights = {g: _SHARES[g] * min(1.0, len(names) / 5) for g, names in groups.items()}
    if not groups:
        return None
    for attempt in range(_TRIES):
        group = dice.weigh(f"group {attempt}", weights)
        name = dice.pick(f"name {attempt}", groups[group])
        if not words & _words(subjects[name]) and fits(subjects[taken[0]], subjects[name]):
            return name
    return None


_SHARES = {
    "animal": 0.28, "character": 0.24, "person": 0.16, "vehicle": 0.10, "object": 0.12,
    "food": 0.04, "plant": 0.06,
}  # fmt: skip


def _words(subject: Subject) -> set[str]:
    """Every word that the subject goes by, so that no two are taken for one another."""
    return {word for name in (subject.name, *subject.words) for word in name.split()}


def _goes(subject: Subject, setting: str) -> bool:
    return subject.group in _GOING and sanity.gait_of(subject.name, setting) is not None


def _able(subject: Subject, action: str, setting: str) -> bool:
    return sanity.possible(subject, action, catalogue().settings[setting])


def _can_lead(kind: str, name: str, setting: str) -> bool:
    """True where the subject can do its part in that relation."""
    subject = catalogue().subjects[name]
    action = {"chasing": "chase", "following": "follow", "circling": "circle"}.get(kind)
    if action is not None:
        return _goes(subject, setting) and _able(subject, action, setting)
    land = catalogue().settings[setting].medium == "land"
    if kind == "passing":
        return land and _goes(subject, setting)
    if kind == "meeting":
        return land and _goes(subject, setting) and _able(subject, "meet", setting)
    if kind == "jumping_over":
        limber = "jump_over" in subject.actions or subject.body == "plush"
        return land and limber and subject.height <= 2.0 and _goes(subject, setting)
    if kind in ("riding", "on_top_of"):
        return subject.group in _ALIVE and subject.height <= 1.5 and subject.body != "person"
    if kind == "hugging":
        return land and subject.body == "plush" and _able(subject, "hug", setting)
    return True


def _fitting(kind: str, setting: str) -> Callable[[Subject, Subject], bool]:
    return lambda a, b: _fits(kind, a, b, setting)


def _fits(kind: str, a: Subject, b: Subject, setting: str) -> bool:
    """True where ``b`` can be the other one in that relation of ``a``."""
    alike = 0.6 <= a.height / b.height <= 1.6
    tests: dict[str, Callable[[], bool]] = {
        "chasing": lambda: _goes(b, setting) and _able(b, "flee", setting),
        "following": lambda: _goes(b, setting),
        "circling": lambda: a.height <= 1.3 * b.height and b.gait != "wings",
        "jumping_over": lambda: b.height <= min(0.8 * a.height, 1.15) and b.gait != "wings",
        "meeting": lambda: b.group in _ALIVE and _goes(b, setting) and alike,
        "hugging": lambda: b.body == "plush" and _able(b, "hug", setting) and alike,
        "passing": lambda: b.height <= 2.2,
        "riding": lambda: _is_mount(b, setting) and a.height <= 0.8 * b.height,
        "on_top_of": lambda: _is_seat(b) and a.height <= 0.8 * b.height,
    }
    return tests[kind]() if kind in tests else True


def _is_mount(subject: Subject, setting: str) -> bool:
    ridden = subject.group == "vehicle" or subject.gait == "quadruped"
    return (
        ridden
        and subject.body == "sprite"
        and 1.2 <= subject.height <= 2.4
        and _goes(subject, setting)
    )


def _is_seat(subject: Subject) -> bool:
    broad = subject.group in ("object", "vehicle") or subject.gait == "quadruped"
    return broad and subject.body == "sprite" and 1.0 <= subject.height <= 2.6


def _calm(dice: Dice, actor: Actor, setting: str) -> Actor:
    """The actor doing something on the spot: what it did, where that is on the spot already."""
    deeds = sanity.deeds(actor.subject, setting)
    calm = {a: w for a, w in deeds.items() if _on_the_spot(a)} or {"look_around": 1.0}
    if actor.beats and actor.beats[0].action in calm:
        return replace(actor, beats=actor.beats[:1])
    emotion = actor.beats[0].emotion if actor.beats else None
    return replace(actor, beats=(Beat(action=dice.weigh("calm", calm), emotion=emotion),))


def _on_the_spot(action: str) -> bool:
    row = catalogue().actions[action]
    return not row.locomotion and action not in _RESTLESS and action not in sanity.HANDLED


def _directed(
    dice: Dice, kind: str, lead: Actor, other: Actor, setting: str
) -> tuple[Actor, Actor]:
    """Both with what they do in that relation."""
    emotion = lead.beats[0].emotion
    heading = dice.pick("heading", ("left", "right"))

    def going(actor: Actor) -> Beat:
        gait = sanity.gait_of(actor.subject, setting)
        return Beat(action=gait, direction=heading) if gait else Beat(action="look_around")

    one, two = lead.id, other.id
    beats: dict[str, tuple[Beat, Beat]] = {
        "chasing": (
            Beat(action="chase", target=two, direction=heading),
            Beat(action="flee", target=one, direction=heading),
        ),
        "following": (Beat(action="follow", target=two, direction=heading), going(other)),
        "circling": (Beat(action="circle", target=two), Beat(action="look_around")),
        "jumping_over": (
            Beat(action="jump_over", target=two, direction=heading),
            Beat(action="look_around"),
        ),
        "meeting": (Beat(action="meet", target=two), Beat(action="meet", target=one)),
        "hugging": (Beat(action="hug", target=two), Beat(action="hug", target=one)),
        "passing": (going(lead), Beat(action="look_around")),
        "riding": (Beat(action="look_around"), going(other)),
    }
    if kind in beats:
        first, second = beats[kind]
        first = replace(first, emotion=emotion)
        return replace(lead, beats=(first,)), replace(other, beats=(second,))
    if kind == "on_top_of":
        action = lead.beats[0].action
        first = Beat(action=action if action in _SEATED else "look_around", emotion=emotion)
        return replace(lead, beats=(first,)), replace(other, beats=(Beat(action="look_around"),))
    both_go = sanity.gait_of(lead.subject, setting) and sanity.gait_of(other.subject, setting)
    if kind == "beside" and both_go and dice.happens("together", 0.4):
        first = replace(going(lead), emotion=emotion)
        return replace(lead, beats=(first,)), replace(other, beats=(going(other),))
    return _calm(dice.within("lead"), lead, setting), _calm(dice.within("calm"), other, setting)
