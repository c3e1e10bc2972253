"""From a timeline to frames: `frame` for one moment, `frames` for a stream of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction

import cv2

from kinema.storybook.clock import Clock
from kinema.storybook.render.compose import Pictures, Take, draw, mixed, take
from kinema.storybook.render.paint import Image
from kinema.storybook.render.styles import held
from kinema.storybook.scene import Scene, Timeline
from kinema.storybook.timeline import moment
from kinema.types import Size


def frame(timeline: Timeline, size: Size, at: Fraction, pictures: Pictures | None = None) -> Image:
    """Draw one moment of a staged timeline.

    Args:
        timeline: Shots whose scenes have been staged by the director.
        size: Of the frame in pixels; the same scene is drawn at every size.
        at: Seconds from the start of the timeline.
        pictures: Users' pictures that the scenes name, (H, W, 4) RGBA bytes by content.

    Returns:
        (height, width, 3) RGB bytes.

    Cost:
        A new place is painted first (tens of milliseconds); after that only warps are left. Figures
        for whole clips are in benchmarks/results.
    """
    shown, pixels = takes(timeline, size, at), (size.width, size.height)
    pictured = [draw(shot, pixels, pictures or {}) for shot, _ in shown]
    if len(shown) == 1:
        return pictured[0]
    (first, second), (_, weight) = pictured, shown[1]
    return cv2.addWeighted(first, 1 - weight, second, weight, 0)


def takes(timeline: Timeline, size: Size, at: Fraction) -> list[tuple[Take, float]]:
    """The one take, or the two in a dissolve, that one moment shows, and their weights."""
    pixels = (size.width, size.height)
    (first, weight), *rest = (
        (take(scene, clock, pixels), weight) for scene, clock, weight in scenes_at(timeline, at)
    )
    if not rest:
        return [(first, weight)]
    first, second = mixed(first, rest[0][0], rest[0][1])
    return [(first, weight), (second, rest[0][1])]


def scenes_at(timeline: Timeline, at: Fraction) -> list[tuple[Scene, Clock, float]]:
    """The one scene, or the two in a dissolve, to be seen at one moment: clocks and weights."""
    now = moment(timeline, at)
    first = (now.scene, _clock(now.scene, now.clock))
    if now.other is None or now.weight <= 0.0:
        return [(*first, 1.0)]
    second = (now.other, _clock(now.other, now.other_clock))
    if now.weight >= 1.0:
        return [(*second, 1.0)]
    return [(*first, 1 - now.weight), (*second, now.weight)]


def frames(
    timeline: Timeline,
    size: Size,
    fps: Fraction,
    count: int,
    *,
    pictures: Pictures | None = None,
    first: int = 0,
    threads: int | None = None,
) -> Iterator[Image]:
    """Draw ``count`` frames from frame ``first`` on, in order, several at once.

    Every frame is a function of its own time, so the result does not depend on ``threads`` (None:
    as many as there are cores). At most ``threads + 1`` frames are in memory.
    """
    workers = threads or min(os.cpu_count() or 1, 16)
    # One frame a thread: OpenCV's own threads would only get in each other's way.
    cv2.setNumThreads(1)
    if workers == 1:
        for i in range(first, first + count):
            yield frame(timeline, size, i / fps, pictures)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="render") as pool:
        waiting: deque[Future[Image]] = deque()
        try:
            for i in range(first, first + count):
                waiting.append(pool.submit(frame, timeline, size, i / fps, pictures))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for pending in waiting:
                pending.cancel()


def _clock(scene: Scene, t: Fraction) -> Clock:
    shown = held(scene.style, t, scene.loop)
    return Clock(float(shown), None if scene.loop is None else float(scene.loop))
