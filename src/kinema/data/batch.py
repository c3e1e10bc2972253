"""What networks learn from: clips of one shape, and what is known of them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

CAMERA: Final = 6
"""Numbers that say where the camera is in a frame: x, y, z, focal length, horizon, pan."""

Words = tuple[NDArray[np.int64], NDArray[np.float16]]
"""A caption's tokens (M,) and their frozen states (M, Z)."""


class Batch(NamedTuple):
    """Clips of one bucket. ``position`` is where the source goes on behind them.

    pixels_BTHWC: RGB bytes; of no clips (B = 0) where ``latent_BCTYX`` stands for them.
    camera_BTK: `CAMERA` numbers for each pixel frame; zeros where nobody knows.
    labels_BS: what the clips show, as `kinema.storybook.labels.SLOTS`; None for foreign clips.
    words: tokens and states of each caption, where the source was asked for them.
    latent_BCTYX: the clips as an autoencoder has encoded them, float16.
    """

    pixels_BTHWC: NDArray[np.uint8]
    captions: list[str]
    camera_BTK: NDArray[np.float32]
    fps: int
    position: int
    labels_BS: NDArray[np.int16] | None = None
    words: list[Words] | None = None
    latent_BCTYX: NDArray[np.float16] | None = None
