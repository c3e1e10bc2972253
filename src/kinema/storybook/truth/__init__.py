"""Exact truths of every clip: depth, masks, optical flow, actor boxes, camera path, contacts.

They are read off the matrices that draw the picture, so truth and picture cannot disagree. Truths
are about surfaces: what only lights or veils them (shadows, reflections, haze, weather before the
lens, styles) has none of its own.
"""

from __future__ import annotations

from kinema.storybook.truth.clips import camera_path, clip_contacts
from kinema.storybook.truth.layers import (
    ACTORS,
    CARDS,
    EMOTE,
    FAR,
    FOREGROUND,
    GROUND,
    PICTURE,
    REGION,
    SKY,
    WALL,
)
from kinema.storybook.truth.optical_flow import Flow, flow
from kinema.storybook.truth.stills import Box, Truth, truth

__all__ = [
    "ACTORS",
    "CARDS",
    "EMOTE",
    "FAR",
    "FOREGROUND",
    "GROUND",
    "PICTURE",
    "REGION",
    "SKY",
    "WALL",
    "Box",
    "Flow",
    "Truth",
    "camera_path",
    "clip_contacts",
    "flow",
    "truth",
]
