"""Labels: what a sample shows, slot by slot, as names and as numbers that a classifier can learn.

A slot has no label where the clip does not show it: no time of day indoors, no colour in a pencil
drawing, no single action where the first actor does two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kinema.storybook import sanity
from kinema.storybook.catalogue import catalogue
from kinema.storybook.sampler import Sample

SLOTS: Final = (
    "subject", "action", "direction", "setting", "time", "weather", "camera", "style", "count",
    "colour", "relation",
)  # fmt: skip
"""What is labelled, in the order of the numbers."""
NONE: Final = -1
"""The number of a slot without a label."""
_HEADINGS = ("left", "right", "away", "toward")
_COUNTS = ("1", "2", "3", "4")
_RELATIONS = (
    "left_of", "right_of", "behind", "in_front_of", "on_top_of", "beside", "between", "chasing",
    "circling", "jumping_over", "following", "meeting", "hugging", "riding", "passing",
)  # fmt: skip


@cache
def classes() -> Mapping[str, tuple[str, ...]]:
    """The names that each slot's label can have, in the order of their numbers."""
    world = catalogue()
    sampled = tuple(name for name, row in world.subjects.items() if row.sampled)
    return MappingProxyType(
        {
            "subject": sampled,
            "action": tuple(world.actions),
            "direction": _HEADINGS,
            "setting": tuple(world.settings),
            "time": tuple(world.times),
            "weather": tuple(world.weathers),
            "camera": tuple(world.cameras),
            "style": tuple(world.styles),
            "count": _COUNTS,
            "colour": tuple(world.colours),
            "relation": _RELATIONS,
        }
    )


def labels(drawn: Sample) -> dict[str, str]:
    """The label of every slot that the clip of a sample shows.

    Subject, action, direction, count and colour are the first actor's.

    Cost:
        A few microseconds; nothing is drawn.
    """
    scene = drawn.scene
    where = catalogue().settings[scene.setting]
    found = {"setting": scene.setting, "camera": scene.camera.move, "style": scene.style}
    if sanity.time_shows(scene):
        found["time"] = scene.time
    if sanity.shows_sky(where):
        found["weather"] = scene.weather
    if scene.actors:
        found |= _of_lead(drawn)
    if scene.relations:
        found["relation"] = scene.relations[0].kind
    known = classes()
    return {slot: found[slot] for slot in SLOTS if slot in found and found[slot] in known[slot]}


def _of_lead(drawn: Sample) -> dict[str, str]:
    scene, lead = drawn.scene, drawn.scene.actors[0]
    found = {"subject": lead.subject}
    actions = {beat.action for beat in lead.beats}
    if len(actions) == 1:
        found["action"] = actions.pop()
    seen = drawn.visible.actors.get(lead.id)
    if seen is not None and seen.heading is not None:
        found["direction"] = seen.heading
    group = [actor for actor in scene.actors if actor.group == lead.group]
    if lead.group is not None:
        found["count"] = str(len(group))
    elif len(scene.actors) == 1:
        found["count"] = "1"
    if lead.colour is not None and lead.material is None and scene.style not in sanity.COLOURLESS:
        found["colour"] = lead.colour
    return found


def numbers(named: Mapping[str, str]) -> NDArray[np.int16]:
    """Labels as numbers in the order of `SLOTS`, `NONE` where there is none; int16 (11,)."""
    known = _numbered()
    return np.array(
        [known[slot][named[slot]] if slot in named else NONE for slot in SLOTS], np.int16
    )


@cache
def _numbered() -> Mapping[str, Mapping[str, int]]:
    return {
        slot: {name: number for number, name in enumerate(names)}
        for slot, names in classes().items()
    }
