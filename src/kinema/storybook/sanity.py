"""What goes together: who is at home where, who can do what there, and what light allows.

The rules that keep sampled scenes sensible. Each table is worked out once from the catalogue, so
that new rows take part as soon as they are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from kinema.storybook.casting import fit_action
from kinema.storybook.catalogue import Setting, Subject, catalogue
from kinema.storybook.scene import Scene

COLOURLESS: Final = frozenset(("black_and_white", "neon", "pencil", "vintage"))
"""Styles under which nobody can tell what colour a thing has."""
TIMELESS: Final = frozenset(("neon", "pencil"))
"""Styles under which nobody can tell what time of day it is."""
COARSE: Final = frozenset(
    ("black_and_white", "comic", "neon", "paper_cutout", "pencil", "pixel_art", "vintage",
     "watercolour")
)  # fmt: skip
"""Styles under which what is small, pale or dim cannot be recognised."""
FAINT: Final = frozenset(("pencil", "vintage"))
"""Of these, styles in which subjects hardly stand out from what is behind them."""
BRIGHT: Final = frozenset(("morning", "noon", "golden_hour"))
DARK: Final = frozenset(("dusk", "night"))
"""Times of day at which the sun is up, and at which it is gone."""
CLOUDED: Final = frozenset(("overcast", "rain", "storm", "snow", "fog"))
"""Weathers that hide sun, moon and stars."""
ANY_TIME: Final = "morning"
"""The time of day of places where none shows."""
PAIRED: Final = frozenset(
    ("chase", "circle", "flee", "follow", "hug", "jump_over", "meet", "pass", "ride")
)
"""Actions that are done to somebody, or make sense beside somebody only."""
HANDLED: Final = frozenset(("eat", "play", "read"))
"""Actions that are done with a thing."""

_INDOOR_METRES = 3.3  # what is taller does not go into a room
_PARKED_METRES = 1.3  # nor does a vehicle taller than that
_OWN, _EXTRA = 1.0, 0.35  # weights of what a subject's row says, and of what any such body can
_FAVOURITE, _GOING = 1.5, 2.0  # times that for the first of the row, and for covering ground
# Small gestures would be half of all that is done, if each were as frequent as walking.
_SMALL = frozenset(
    ("bounce", "bow", "grow", "look_around", "nod", "rock", "shiver", "shrink", "sit", "stumble",
     "wink")
)  # fmt: skip
# Where an action would look wrong though nothing forbids it.
_STRANGE = {
    "air": frozenset(
        ("bounce", "bow", "eat", "fall", "jump", "launch", "nod", "play", "read", "shiver", "sit",
         "sleep", "sneak", "stumble")
    ),
    "space": frozenset(("bounce", "bow", "fall", "jump", "launch", "sit", "sneak", "stumble")),
    "underwater": frozenset(
        ("bounce", "bow", "cheer", "fall", "fly", "jump", "launch", "nod", "play", "read",
         "rise", "rock", "roll", "shiver", "sit", "sneak", "stumble")
    ),
    "water": frozenset(
        ("bounce", "bow", "cheer", "dance", "fall", "grow", "rise", "roll", "shiver", "shrink",
         "sit", "sneak", "spin", "stumble")
    ),
}  # fmt: skip
# What a kind of body can do besides what its row says.
_EXTRAS = {
    "plush": (
        "bounce", "bow", "cheer", "fall", "grow", "jump", "nod", "rise", "rock", "roll", "shiver",
        "shrink", "sit", "sneak", "spin", "stumble", "wave", "wink",
    ),
    "animal": ("bounce", "grow", "rock", "shiver", "shrink", "spin", "stumble"),
    "thing": ("bounce", "rock", "spin"),
}  # fmt: skip
_LEGGED = ("biped", "quadruped", "hop")
_ROADS = 4.0  # how much rather wheels are on a road


def indoors(setting: Setting) -> bool:
    """True for rooms, which have no sky."""
    return setting.wall is not None


def shows_time(setting: Setting) -> bool:
    """True where one can see what time of day it is."""
    return not setting.fixed_light and setting.wall in (None, "window")


def time_shows(scene: Scene) -> bool:
    """True where one can see in a clip of the scene what time of day it is."""
    return shows_time(catalogue().settings[scene.setting]) and scene.style not in TIMELESS


def shows_sky(setting: Setting) -> bool:
    """True where the sky can be seen and weather happens."""
    return not indoors(setting) and not setting.fixed_light and setting.medium != "underwater"


def at_home(subject: Subject, setting: Setting) -> bool:
    """True where a subject is sampled: its medium, the ground its art has, and a room's size."""
    if not subject.sampled or setting.medium not in subject.medium:
        return False
    if subject.surfaces and setting.name not in subject.surfaces:
        return False
    if not indoors(setting):
        return True
    vehicle = subject.group == "vehicle"
    return subject.metres <= (_PARKED_METRES if vehicle else _INDOOR_METRES)


@cache
def inhabitants(setting: str, group: str) -> tuple[str, ...]:
    """The subjects of a group that are at home in a setting."""
    where = catalogue().settings[setting]
    return tuple(
        name
        for name, subject in catalogue().subjects.items()
        if subject.group == group and at_home(subject, where)
    )


@cache
def homes(subject: str) -> Mapping[str, float]:
    """The settings where a subject is at home, with weights: wheels are mostly on roads."""
    who = catalogue().subjects[subject]
    return MappingProxyType(
        {
            name: _ROADS if who.gait == "wheels" and setting.ground == "road" else 1.0
            for name, setting in catalogue().settings.items()
            if at_home(who, setting)
        }
    )


@cache
def deeds(subject: str, setting: str) -> Mapping[str, float]:
    """What a subject can do alone in a setting, with weights; never empty."""
    who, where = catalogue().subjects[subject], catalogue().settings[setting]
    weights = dict.fromkeys(_extras(who), _EXTRA)
    weights |= dict.fromkeys(who.actions, _OWN)
    weights[who.actions[0]] *= _FAVOURITE
    for action in weights:
        row = catalogue().actions.get(action)
        weights[action] *= _GOING if row and row.locomotion else 0.5 if action in _SMALL else 1.0
    fitting = {
        action: weight
        for action, weight in weights.items()
        if action not in PAIRED and possible(who, action, where) and _can_handle(who, action)
    }
    return MappingProxyType(fitting or {"look_around": 1.0})


def _extras(who: Subject) -> tuple[str, ...]:
    if who.body == "plush":
        return _EXTRAS["plush"]
    if who.group in ("animal", "character"):
        legs = who.gait in _LEGGED
        return tuple(action for action in _EXTRAS["animal"] if legs or action != "stumble")
    if who.group not in ("food", "object"):
        return ()
    rooted = who.gait == "none"  # a house does not leave the ground
    return tuple(action for action in _EXTRAS["thing"] if not rooted or action != "bounce")


def _can_handle(who: Subject, action: str) -> bool:
    return action not in HANDLED or who.body == "plush"


def possible(who: Subject, action: str, where: Setting) -> bool:
    """True where the subject can do that there, and it would not look wrong."""
    row = catalogue().actions.get(action)
    if row is None or action in who.excludes:
        return False
    if row.media and where.medium not in row.media:
        return False
    if action == "float" and where.medium == "land" and not {"air", "space"} & {*who.medium}:
        return False  # it would hang in the air
    return action not in _STRANGE.get(where.medium, ()) or action == who.actions[0]


@cache
def gait_of(subject: str, setting: str) -> str | None:
    """The action by which a subject gets about in a setting; None where it stays on the spot."""
    where = catalogue().settings[setting]
    action = fit_action(subject, "move", where, [], said=False)
    who, row = catalogue().subjects[subject], catalogue().actions[action]
    moves = row.locomotion and action in who.actions and possible(who, action, where)
    return action if moves else None


def weathers(setting: str, time: str, style: str) -> Mapping[str, float]:
    """The weathers of a place at a time of day, with weights: clear is the most frequent.

    Fog and storm are left out under coarse styles: too little would be left to see.
    """
    where = catalogue().settings[setting]
    weights = {name: 1.0 for name in where.weathers if name in catalogue().weathers}
    weights["clear"] = max(2.0, 0.45 * len(weights))
    if time not in BRIGHT:
        weights.pop("rainbow", None)
    if style in COARSE:
        weights.pop("fog", None)
        weights.pop("storm", None)
    if time not in DARK or where.ground == "snow" or indoors(where):
        weights.pop("fireflies", None)
    return weights
