"""Captions: English for a scene, at three lengths, in any of many wordings, and true to the clip.

The scene is the truth and a caption is a view of it: nothing is named that a clip does not show.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kinema.storybook.captions.dense import dense
from kinema.storybook.captions.mentions import in_capitals
from kinema.storybook.captions.noise import careless
from kinema.storybook.captions.sentences import RESERVED, SHORT_WORDS, medium, short, tags
from kinema.storybook.captions.story import Story, tell
from kinema.storybook.dice import Dice
from kinema.storybook.scene import Scene
from kinema.storybook.visibility import Visible

__all__ = ["LENGTHS", "RESERVED_TEMPLATES", "Caption", "caption", "describe"]

LENGTHS: Final = {"short": 0.35, "medium": 0.40, "dense": 0.25}
"""How often each length comes up where none is asked for."""
RESERVED_TEMPLATES: Final = tuple(RESERVED)
"""Names of the templates that training never reads: split G."""
_TAGS = 0.03
_CARELESS = 0.03
_ATTEMPTS = 4  # short captions tried, until one is short enough


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """A caption, its length, its template, and the slots of the scene that its words tell.

    Slots: subject, action, setting, time, weather, camera, style, colour, size, count, emotion,
    tone, holds, wears, direction, pace, relation; kind where only a kind of subject is named
    ("an animal"), unseen where one is named that the world does not have.
    """

    text: str
    length: str
    template: str
    told: frozenset[str]


def caption(
    scene: Scene,
    *,
    seed: int,
    length: str | None = None,
    visible: Visible | None = None,
    split: str = "train",
) -> str:
    """Say what a clip of a scene shows; see `describe`."""
    return describe(scene, seed=seed, length=length, visible=visible, split=split).text


def describe(
    scene: Scene,
    *,
    seed: int,
    length: str | None = None,
    visible: Visible | None = None,
    split: str = "train",
) -> Caption:
    """Say what a clip of a scene shows, and which of its slots were said.

    Args:
        scene: Any scene; it need not be staged where ``visible`` is None.
        seed: Chooses the wording; the same seed gives the same caption.
        length: short (3 to 8 words), medium (one to three sentences) or dense (a paragraph of 40 to
            80 words). None chooses one, and now and then tags or a careless writer.
        visible: What the clip shows (`visibility.look`); None where all of it is to be taken as
            visible. Actors that are not seen well are not named.
        split: "F" says reserved names and verbs wherever there are any, "G" uses reserved
            templates alone, "H" names subjects that the world does not have; with any other split
            none of that comes up.

    Returns:
        The caption. Colours are not named under styles that have none, times and weathers not
        where they do not show, and no sky indoors.

    Raises:
        ValueError: There is no such length.

    Cost:
        About 0.3 ms.
    """
    dice = Dice(seed, ("caption",))
    lengths = {name: share for name, share in LENGTHS.items() if split != "G" or name != "dense"}
    chosen = length or dice.weigh("length", lengths)
    if chosen not in LENGTHS:
        raise ValueError(f"no caption is {length!r}; allowed: {', '.join(LENGTHS)}")
    story = tell(scene, dice, chosen, split, visible)
    free = length is None and split not in ("E", "F", "G", "H")
    if free and chosen != "dense" and dice.happens("tags", _TAGS):
        text, template = tags(story), "tags"
    elif chosen == "dense":
        text, template = dense(story, visible), "dense"
    elif chosen == "medium":
        text, template = medium(story)
    else:
        story, text, template = _shortest(scene, dice, split, visible)
    told = story.slots_in(text[0].lower() + text[1:])
    text = in_capitals(text)
    if free and dice.happens("careless", _CARELESS):
        text = careless(text, dice)
    return Caption(text=text, length=chosen, template=template, told=told)


def _shortest(
    scene: Scene, dice: Dice, split: str, visible: Visible | None
) -> tuple[Story, str, str]:
    """The first of a few short captions that is short enough, or else the shortest."""
    found: list[tuple[Story, str, str]] = []
    for attempt in range(_ATTEMPTS):
        story = tell(scene, dice.within(str(attempt)), "short", split, visible)
        found.append((story, *short(story)))
        if len(found[-1][1].split()) <= SHORT_WORDS[1]:
            return found[-1]
    return min(found, key=lambda one: len(one[1].split()))
