"""The card of `storybook`, our own model, and how it is run: facts that need no network."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from kinema.engine.cards.styles import STYLES
from kinema.models.configs import RATE
from kinema.types import (
    FPS_MAX,
    FPS_MIN,
    FRAMES_MAX,
    SIDE_MAX,
    SIDE_MIN,
    Feature,
    FrameRule,
    Grounding,
    ImageRole,
    Licence,
    ModelCard,
    Quality,
    Size,
    SizeRule,
    Task,
)

OWN: Final = "own"
"""The family: networks of this repository, whose weights are part of the package."""
FRAMES: Final = 49
FPS: Final = Fraction(12)
GUIDANCE: Final = 3.0
STEPS: Final = {Quality.DRAFT: 4, Quality.STANDARD: 8, Quality.HIGH: 16}
STEPS_UNTAUGHT: Final = {Quality.DRAFT: 12, Quality.STANDARD: 24, Quality.HIGH: 32}
"""For weights whose training stopped before they were taught large steps."""

_TRAINED: Final = {
    Task.TEXT_TO_VIDEO: "one pass a step: guidance is an input of the network",
    Task.TEXT_TO_IMAGE: "one frame; single pictures are part of the training",
    Task.IMAGE_TO_VIDEO: "given pictures are frames without noise: first, last or any between",
    Task.EXTEND: "the end of the clip is shown with little noise or none, and what follows is made",
    Task.BLEND: "the frames between the ends of both clips are made",
    Task.RECUT: "the kept frames are shown without noise, and the rest is made",
    Task.REGION_EDIT: "cells outside the mask are shown without noise",
    Task.STREAM: "each piece goes on from the last frames of the one before",
}
_ZERO_SHOT: Final = {
    Task.OUTPAINT: "the clip is held while what surrounds it is made",
    Task.REMIX: "the clip, made noisy as far as the strength says, is sampled again",
    Task.EDIT: "flows from the clip's own prompt to the new one (FlowEdit)",
    Task.LOOP: "the seam is sampled again on a ring of frames",
    Task.STORYBOARD: "each card's prompt rules its stretch of one clip",
}


def own_card() -> ModelCard:
    """The card of `storybook`."""
    trained = dict.fromkeys(_TRAINED, Grounding.TRAINED)
    longest = FRAMES_MAX - (FRAMES_MAX - 1) % RATE
    return ModelCard(
        name="storybook",
        family=OWN,
        summary="The storybook world painted by our own small network, on a laptop without a GPU.",
        licence=Licence(id="Apache-2.0"),
        tasks={**trained, **dict.fromkeys(_ZERO_SHOT, Grounding.ZERO_SHOT)},
        features=tuple(Feature),
        sizes=SizeRule(
            side_min=SIDE_MIN,
            side_max=SIDE_MAX,
            multiple=32,
            buckets=(
                Size(width=256, height=256),
                Size(width=320, height=192),
                Size(width=192, height=320),
                Size(width=128, height=128),
            ),
        ),
        frames=FrameRule(minimum=1, maximum=longest, stride=RATE, offset=1),
        fps=(FPS_MIN, FPS_MAX),
        default_size=Size(width=256, height=256),
        default_fps=FPS,
        default_seconds=Fraction(FRAMES) / FPS,
        steps=STEPS,
        roles=(ImageRole.FIRST, ImageRole.LAST, ImageRole.KEY),
        needs=("pip install 'kinema[storybook]'", "weights: kinema train, then --weights DIR"),
        styles=tuple(STYLES),
        notes={**_TRAINED, **_ZERO_SHOT},
    )
