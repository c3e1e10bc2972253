"""Invention: a scene drawn by chance that makes sense, before anybody is placed in it.

What goes with what is for `sanity` to say; here it is only drawn, so that every subject, setting,
action, camera move and style comes up, skin tones and genders evenly, and the plain look most.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.bodies import shown
from kinema.storybook.catalogue import catalogue
from kinema.storybook.companions import UNFOLLOWED, actor_id, flanked, way, with_companion
from kinema.storybook.dice import Dice
from kinema.storybook.dressing import dressed
from kinema.storybook.scene import SECOND_BEAT, Actor, Camera, Scene

PLAIN_STYLE: Final = "storybook"
KINDS: Final[Mapping[str, float]] = {
    "single": 0.33, "two_beats": 0.11, "moods": 0.03, "group": 0.15, "pair": 0.34, "trio": 0.03,
    "landscape": 0.01,
}  # fmt: skip
"""How often a scene is about what."""

_GROUPS = {
    "animal": 0.24, "character": 0.20, "person": 0.20, "vehicle": 0.10, "object": 0.13,
    "food": 0.08, "plant": 0.05,
}  # fmt: skip
_PLAIN_SHARE = 0.4
_CROWD = 5  # groups of fewer than that in a place come up less often there
_COUNTS = {2: 0.4, 3: 0.4, 4: 0.2}
_CAMERAS = {"static": 2.0, "tracking": 3.0}  # every other move weighs 1
_STILL_CAMERAS = ("static", "handheld")
_UPWARD = ("launch", "rise")
_UNIQUE = frozenset(
    ("santa claus", "mrs claus", "earth", "ringed planet", "sickle moon", "smiling moon",
     "smiling sun")
)  # fmt: skip
_FEMALE = frozenset(
    ("woman", "girl", "princess", "mermaid", "fairy", "dancer", "bride", "mother", "queen",
     "grandmother", "lady", "witch")
)  # fmt: skip
_MALE = frozenset(
    ("man", "boy", "prince", "father", "king", "grandfather", "groom", "santa", "gentleman")
)


def invent(dice: Dice) -> Scene:
    """Draw a scene; the same dice give the same scene while the catalogue stays as it is.

    Its actors have no place yet. ``seed`` of the scene is drawn as well.

    Cost:
        About 0.1 ms.
    """
    kind = dice.weigh("kind", KINDS)
    style = _style(dice)
    seed = int(dice.roll("seed") * 2**53)
    if kind == "landscape":
        setting = dice.pick("setting", tuple(catalogue().settings))
        scene = Scene(setting=setting, style=style, seed=seed)
        return _lit(replace(scene, camera=Camera(move=_camera(dice, scene))), dice)
    subject, setting = _subject_and_setting(dice, kind)
    scene = Scene(setting=setting, style=style, seed=seed)
    scene = replace(scene, actors=(_lead(dice.within("lead"), subject, scene, kind),))
    if kind == "group" and subject not in _UNIQUE:
        scene = _multiplied(dice, scene)
    elif kind == "pair":
        scene = with_companion(dice.within("pair"), scene)
    elif kind == "trio":
        scene = flanked(dice.within("trio"), scene)
    target = scene.actors[0].id
    scene = replace(scene, camera=Camera(move=_camera(dice, scene), target=target))
    return _lit(scene, dice)


def _style(dice: Dice) -> str:
    if dice.happens("plain", _PLAIN_SHARE):
        return PLAIN_STYLE
    return dice.pick("style", [name for name in catalogue().styles if name != PLAIN_STYLE])


def _subject_and_setting(dice: Dice, kind: str) -> tuple[str, str]:
    """Who and where; half the time the place is drawn first, so that rare places come up too."""
    groups = {"moods": ("character", "animal")}.get(kind, tuple(_GROUPS))
    if dice.happens("place first", 0.5):
        setting = dice.pick("setting", tuple(catalogue().settings))
        present = {g: len(_able(sanity.inhabitants(setting, g), kind)) for g in groups}
        weights = {g: _GROUPS[g] * min(1.0, n / _CROWD) for g, n in present.items() if n}
        if weights:
            group = dice.weigh("group", weights)
            return _member(dice, _able(sanity.inhabitants(setting, group), kind)), setting
    everybody = {group: _able(_roll_call(group), kind) for group in groups}
    group = dice.weigh("group", {g: _GROUPS[g] for g, names in everybody.items() if names})
    subject = _member(dice, everybody[group])
    return subject, dice.weigh("home", sanity.homes(subject))


@cache
def _roll_call(group: str) -> tuple[str, ...]:
    subjects = catalogue().subjects
    return tuple(n for n, s in subjects.items() if s.group == group and sanity.homes(n))


@cache
def _able(names: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Of these those that the kind of scene can be about: moods need two faces."""
    if kind != "moods":
        return names
    return tuple(name for name in names if len(catalogue().subjects[name].emotions) > 1)


def gender(subject: str) -> str:
    """female, male or neutral: by the subject's name."""
    words = set(subject.split())
    return "female" if words & _FEMALE else "male" if words & _MALE else "neutral"


def _member(dice: Dice, names: tuple[str, ...]) -> str:
    """One of a group, people of each gender equally often."""
    by_gender: dict[str, list[str]] = {}
    for name in names:
        key = gender(name) if catalogue().subjects[name].group == "person" else "neutral"
        by_gender.setdefault(key, []).append(name)
    weights = {key: min(1.0, len(by_gender[key]) / _CROWD) for key in sorted(by_gender)}
    return dice.pick("member", by_gender[dice.weigh("gender", weights)])


def _lead(dice: Dice, subject: str, scene: Scene, kind: str) -> Actor:
    deeds = sanity.deeds(subject, scene.setting)
    action = dice.weigh("action", deeds)
    if kind in ("group", "pair", "trio") and action in sanity.HANDLED:
        action = "look_around" if "look_around" in deeds else dice.weigh("calm", _tame(deeds))
    actor = Actor(id=actor_id(subject), subject=subject, beats=(way(dice, subject, action),))
    if kind == "two_beats":
        actor = _with_second(dice, actor, scene)
    actor = dressed(dice, actor, scene, alone=kind in ("single", "moods", "two_beats"))
    if kind == "moods":
        faces = tuple(catalogue().subjects[subject].emotions)
        first, second = dice.shuffle("faces", faces)[:2]
        beat = replace(actor.beats[0], emotion=first)
        beats = (beat, replace(beat, at=SECOND_BEAT, emotion=second))
        actor = replace(actor, beats=beats)
    return actor


def _tame(deeds: Mapping[str, float]) -> Mapping[str, float]:
    tame = {action: weight for action, weight in deeds.items() if action not in sanity.HANDLED}
    return tame or {"look_around": 1.0}


def _with_second(dice: Dice, actor: Actor, scene: Scene) -> Actor:
    """A second event: another thing that it does, with the same kind of body."""
    first = actor.beats[0]
    others = {
        action: weight
        for action, weight in sanity.deeds(actor.subject, scene.setting).items()
        if action != first.action
        and action not in (*sanity.HANDLED, *_UPWARD)
        and shown(actor, action).body == shown(actor, first.action).body
    }
    if not others or first.action in ("fall", "launch", *sanity.HANDLED):
        return actor
    second = way(dice, actor.subject, dice.weigh("second", others))
    heading = second.direction and (first.direction or second.direction)
    return replace(actor, beats=(first, replace(second, at=SECOND_BEAT, direction=heading)))


def _multiplied(dice: Dice, scene: Scene) -> Scene:
    """Two to four of a kind, all doing the same."""
    lead = scene.actors[0]
    count = dice.weigh("count", _COUNTS)
    slug = lead.subject.replace(" ", "-")
    actors = tuple(
        replace(
            lead,
            id=actor_id(lead.subject, number + 1),
            group=f"{slug}-group-1",
            phase=round(number * 0.381966 % 1.0, 4),
            tone=dice.pick(f"tone {number}", tuple(catalogue().tones)) if lead.tone else None,
        )
        for number in range(count)
    )
    return replace(scene, actors=actors)


def _camera(dice: Dice, scene: Scene) -> str:
    """A move that suits what happens; a fall is over before another has begun."""
    weights = {name: _CAMERAS.get(name, 1.0) for name in catalogue().cameras}
    actions = {beat.action for beat in scene.actors[0].beats} if scene.actors else set()
    if "fall" in {beat.action for actor in scene.actors for beat in actor.beats}:
        return dice.pick("still camera", _STILL_CAMERAS)
    travels = bool(actions) and all(
        catalogue().actions[action].locomotion and action not in ("circle", "roll")
        for action in actions
    )
    sideways = all(
        beat.direction in ("left", "right") for actor in scene.actors[:1] for beat in actor.beats
    )
    if not (travels and sideways) or any(r.kind in UNFOLLOWED for r in scene.relations):
        weights.pop("tracking", None)
    if actions & set(_UPWARD):
        weights |= {"tilt_up": 4.0, "crane_up": 3.0}
    return dice.weigh("camera", weights)


def _lit(scene: Scene, dice: Dice) -> Scene:
    """Time of day and weather as the place allows."""
    where = catalogue().settings[scene.setting]
    shown = sanity.shows_time(where)
    time = dice.pick("time", tuple(catalogue().times)) if shown else sanity.ANY_TIME
    weather = dice.weigh("weather", sanity.weathers(scene.setting, time, scene.style))
    return replace(scene, time=time, weather=weather)
