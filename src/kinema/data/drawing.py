"""What the stream's processes do: draw a clip, or say anew what one shows."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.data.batch import CAMERA, Words
from kinema.models.minilm import MiniLmStates
from kinema.storybook.camera import EYE, FOCAL
from kinema.storybook.captions import describe
from kinema.storybook.clock import Clock
from kinema.storybook.dice import Dice
from kinema.storybook.labels import labels, numbers
from kinema.storybook.motion import poses
from kinema.storybook.render import frame
from kinema.storybook.render.compose import camera_of
from kinema.storybook.sampler import Sample, sample
from kinema.types import Size

_SHORTEST: Final = 5  # frames over which a clip is staged, even where fewer are drawn


class Order(NamedTuple):
    """One clip that is wanted: its seed and split, frames and their pace, and its words.

    ``passed`` is how often the clip was seen before, which chooses the wording. ``tokens`` is how
    many tokens of the caption are read; 0: none. A ``finer`` clip is drawn twice as large and made
    small again, as clips of a larger size look to who sees them small.
    """

    seed: int
    split: str
    size: tuple[int, int]
    frames: int
    fps: int
    passed: int = 0
    tokens: int = 0
    finer: bool = False


class Said(NamedTuple):
    """A caption, and its tokens and states where they were asked for."""

    caption: str
    words: Words | None


class Drawn(NamedTuple):
    """A clip as it was ordered: (T, H, W, 3) bytes, (T, K) camera, (S,) labels."""

    pixels: NDArray[np.uint8]
    camera: NDArray[np.float32]
    labels: NDArray[np.int16]
    said: Said


def draw(order: Order) -> Drawn:
    """Draw the clip of an order.

    Cost:
        About 5 ms of one core for each frame of 128 x 128, four times that for 256 x 256.
    """
    cv2.setNumThreads(1)
    drawn = _sampled(order)
    pixels = np.empty((order.frames, order.size[1], order.size[0], 3), np.uint8)
    camera = np.zeros((order.frames, CAMERA), np.float32)
    scale = 2 if order.finer else 1
    size = Size(width=order.size[0] * scale, height=order.size[1] * scale)
    for number in range(order.frames):
        at = Fraction(number, order.fps)
        picture = frame(drawn.timeline, size, at)
        if order.finer:
            picture = cv2.resize(picture, order.size, interpolation=cv2.INTER_AREA)
        pixels[number] = picture
        clock = Clock(float(drawn.start + at), None)
        now = camera_of(drawn.scene, clock, poses(drawn.scene, clock))
        place = (now.x, now.y - EYE, now.z, now.focal / FOCAL - 1.0, now.horizon, now.pan)
        camera[number] = place
    return Drawn(pixels, camera, numbers(labels(drawn)), _said(drawn, order))


def say(order: Order) -> Said:
    """The caption of an order, without its clip; other words each time that it has passed."""
    return _said(_sampled(order), order)


def _sampled(order: Order) -> Sample:
    seconds = Fraction(max(order.frames, _SHORTEST), order.fps)
    return sample(order.seed, split=order.split, seconds=seconds)


def _said(drawn: Sample, order: Order) -> Said:
    text = drawn.caption.text
    if order.passed:
        roll = Dice(order.seed, ("said again", str(order.passed))).roll("caption")
        text = describe(
            drawn.scene, seed=int(roll * 2**53), visible=drawn.visible, split=order.split
        ).text
    return Said(text, words_of(text, order.tokens) if order.tokens else None)


def words_of(text: str, tokens: int) -> Words:
    """Tokens of a text and their frozen states, as small as they travel between processes."""
    ids, states = _reader(tokens)(text)
    return ids, states.astype(np.float16)


@cache
def _reader(tokens: int) -> MiniLmStates:
    return MiniLmStates(tokens)
