"""Where a video cuts from one scene to another."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE: Final = 24
_STEP: Final = 0.11  # mean difference of two thumbnails, of the full range, that may be a cut
_AROUND: Final = 4.0  # times what is usual around it
_REACH: Final = 4  # frames on either side that say what is usual


def cuts(frames: Iterable[NDArray[np.uint8]]) -> list[int]:
    """Numbers of the frames with which a new scene begins; 0 is not among them.

    A cut is a step much larger than the steps around it. Pans and fast motion have many large
    steps in a row, and a flash leads back to what was there before it; neither is a cut.

    Args:
        frames: RGB, any size, in order; taken one at a time.

    Cost:
        About 0.1 ms a frame; a thumbnail of each is kept.
    """
    seen = [_thumbnail(frame) for frame in frames]
    steps = [_apart(a, b) for a, b in itertools.pairwise(seen)]
    return [n + 1 for n in range(len(steps)) if _is_cut(steps, seen, n)]


def _thumbnail(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    small = cv2.resize(frame, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32) / 255


def _apart(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.abs(a - b).mean())


def _is_cut(steps: list[float], seen: list[NDArray[np.float32]], n: int) -> bool:
    if steps[n] < _STEP:
        return False
    around = steps[max(0, n - _REACH) : n] + steps[n + 1 : n + 1 + _REACH]
    if around and steps[n] < _AROUND * float(np.median(around)):
        return False
    # A flash: within two frames it looks as it did before.
    back = [_apart(seen[n], later) for later in seen[n + 2 : n + 4]]
    before = [_apart(earlier, seen[n + 1]) for earlier in seen[max(0, n - 2) : n]]
    return min([*back, *before], default=1.0) > steps[n] / 3
