"""The storybook stream: endless batches of drawn clips and their captions, from any position on.

Clip number n of a stream is a function of the stream's seed and n alone. So a run that stopped
goes on with the clips that it has not seen, and never sees one twice.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import EYE, FOCAL
from kinema.storybook.chance import chance
from kinema.storybook.clock import Clock
from kinema.storybook.motion import poses
from kinema.storybook.render import frame
from kinema.storybook.render.compose import camera_of
from kinema.storybook.sampler import sample
from kinema.types import Size

CAMERA: Final = 6
"""Numbers that say where the camera is in a frame: x, y, z, focal length, horizon, pan."""
_SHORTEST: Final = 5  # frames over which a clip is staged, even where fewer are drawn


@dataclass(frozen=True, slots=True)
class Bucket:
    """Clips of one shape, and how often they come: ``share`` in proportion to the others'."""

    width: int
    height: int
    frames: int
    clips: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """What comes out of the stream; ``processes`` draw it (0: the caller does, one by one)."""

    buckets: tuple[Bucket, ...]
    seed: int = 0
    fps: int = 12
    split: str = "train"
    processes: int = 0
    ahead: int = 4

    def __post_init__(self) -> None:
        if not self.buckets or any(b.clips < 1 or b.frames % 4 != 1 for b in self.buckets):
            raise ValueError("buckets hold at least one clip of 1 + 4 k frames")


class Batch(NamedTuple):
    """Clips of one bucket. ``position`` is where the stream goes on behind them."""

    pixels_BTHWC: NDArray[np.uint8]
    captions: list[str]
    camera_BTK: NDArray[np.float32]
    fps: int
    position: int


def stream(config: StreamConfig, position: int = 0) -> Iterator[Batch]:
    """Batches from a position on, without end.

    Args:
        config: Shapes, seed and split.
        position: Number of batches that were taken before.

    Yields:
        Batches; the same position gives the same bits, whatever ``processes`` is.
    """
    pool: Executor | None = None
    if config.processes:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(config.processes, mp_context=context)
    with pool or nullcontext():
        if pool is None:
            while True:
                jobs = _jobs(config, position)
                position += 1
                yield _batch([_clip(*job) for job in jobs], config.fps, position)
        waiting: deque[list[Future[_Clip]]] = deque()
        try:
            while True:
                while len(waiting) < config.ahead:
                    jobs = _jobs(config, position + len(waiting))
                    waiting.append([pool.submit(_clip, *job) for job in jobs])
                found = [clip.result() for clip in waiting.popleft()]
                position += 1
                yield _batch(found, config.fps, position)
        finally:
            for one in (future for batch in waiting for future in batch):
                one.cancel()


class _Clip(NamedTuple):
    pixels: NDArray[np.uint8]
    caption: str
    camera: NDArray[np.float32]


def _jobs(config: StreamConfig, number: int) -> list[tuple[int, Bucket, int, str]]:
    """The clips of one batch; seeds of different batches never meet."""
    largest = max(bucket.clips for bucket in config.buckets)
    roll = chance(config.seed, "bucket", str(number)) * sum(b.share for b in config.buckets)
    chosen = config.buckets[-1]
    for bucket in config.buckets:
        roll -= bucket.share
        if roll < 0:
            chosen = bucket
            break
    first = config.seed * 10**10 + number * largest
    return [(first + one, chosen, config.fps, config.split) for one in range(chosen.clips)]


def _clip(seed: int, bucket: Bucket, fps: int, split: str) -> _Clip:
    cv2.setNumThreads(1)
    drawn = sample(seed, split=split, seconds=Fraction(max(bucket.frames, _SHORTEST), fps))
    size = Size(width=bucket.width, height=bucket.height)
    pixels = np.empty((bucket.frames, bucket.height, bucket.width, 3), np.uint8)
    camera = np.zeros((bucket.frames, CAMERA), np.float32)
    for number in range(bucket.frames):
        at = Fraction(number, fps)
        pixels[number] = frame(drawn.timeline, size, at)
        clock = Clock(float(drawn.start + at), None)
        now = camera_of(drawn.scene, clock, poses(drawn.scene, clock))
        place = (now.x, now.y - EYE, now.z, now.focal / FOCAL - 1.0, now.horizon, now.pan)
        camera[number] = place
    return _Clip(pixels, drawn.caption.text, camera)


def _batch(clips: list[_Clip], fps: int, position: int) -> Batch:
    pixels, captions, camera = zip(*clips, strict=True)
    return Batch(np.stack(pixels), list(captions), np.stack(camera), fps, position)
