"""How many clips a second do two cores draw for training, and where does the time go?

    python benchmarks/training_stream.py [RESULTS.md]

Each of two processes samples, stages and draws clips of 17 frames of 128x128 at 12 frames a second
into byte arrays, as a trainer's loader would: 400 to warm up (a trainer's processes draw tens of
thousands), then for half a minute. One more process then draws the same kind of clips with a
stop-watch between the steps. Prints Markdown with the command, machine,
versions and date, and writes it where a path is given.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.dice import Dice
from kinema.storybook.director import stage
from kinema.storybook.figures import keep_more
from kinema.storybook.invention import invent
from kinema.storybook.render import frame
from kinema.storybook.sampler import Sample, sample
from kinema.types import Size
from machine import described

SIZE, FRAMES, FPS = Size(width=128, height=128), 17, Fraction(12)
PROCESSES, SECONDS, WARM = 2, 30.0, 400
GOAL = 25
FAR_APART = 10_000_000  # seeds between processes


def clip(drawn: Sample) -> NDArray[np.uint8]:
    """The frames of a sample: (17, 128, 128, 3) bytes."""
    out = np.empty((FRAMES, SIZE.height, SIZE.width, 3), np.uint8)
    for number in range(FRAMES):
        out[number] = frame(drawn.timeline, SIZE, number / FPS)
    return out


def stream(process: int) -> tuple[int, float]:
    """Draw clips for a while; how many, and the seconds of processor time they took."""
    cv2.setNumThreads(1)
    keep_more()
    seed = FAR_APART * (process + 1)
    for warm in range(WARM):
        clip(sample(seed + warm))
    count, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < SECONDS:
        clip(sample(seed + WARM + count))
        count += 1
    return count, time.process_time() - used


def where_time_goes(count: int = 150) -> dict[str, float]:
    """Milliseconds of processor time a clip, by step."""
    cv2.setNumThreads(1)
    keep_more()
    for warm in range(WARM):
        clip(sample(warm))
    spent: defaultdict[str, float] = defaultdict(float)

    def timed(step: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = work()
        spent[step] += time.process_time() - began
        return result

    for seed in range(500, 500 + count):
        drawn: Sample = timed("sampling: scene, place, visibility, caption", partial(sample, seed))
        scene = timed("(of it: one scene invented)", partial(invent, Dice(seed, ("benchmark",))))
        timed("(of it: one scene staged)", partial(stage, scene))
        first = partial(frame, drawn.timeline, SIZE, Fraction(0))
        timed("first frame: place and figures made ready", first)
        for number in range(1, FRAMES):
            timed("the other 16 frames", partial(frame, drawn.timeline, SIZE, number / FPS))
    return {step: 1e3 * seconds / count for step, seconds in spent.items()}


def main(path: Path | None) -> None:
    """Run both measurements and report."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        found = list(pool.map(stream, range(PROCESSES)))
    clips, used = sum(count for count, _ in found), sum(seconds for _, seconds in found)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        spent = pool.submit(where_time_goes).result()
    lines = [
        "# The training stream: clips of 17 frames of 128x128",
        "",
        *described("av", "numpy", "opencv-python-headless"),
        f"- {PROCESSES} processes for {SECONDS:g} s: {clips} clips, "
        f"**{clips / SECONDS:.1f} clips/s** "
        f"(goal {GOAL}); {1e3 * used / clips:.1f} ms of processor time a clip, that is "
        f"{clips / used * PROCESSES:.1f} clips/s where {PROCESSES} cores are free",
        "",
        "| step | ms of processor time a clip |",
        "| --- | --- |",
        *(f"| {step} | {milliseconds:.1f} |" for step, milliseconds in spent.items()),
    ]
    report = "\n".join(lines) + "\n"
    print(report)
    if path is not None:
        path.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
