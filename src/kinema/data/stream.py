"""The storybook stream: endless batches of drawn clips and their captions, from any position on.

Clip number n of a stream is a function of the stream's seed and n alone. So a run that stopped
goes on with the clips that it has not seen, and never sees one twice; where drawing is slower than
learning, `kinema.data.bank` shows each clip several times, in other words.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from kinema.data.batch import CAMERA, Batch
from kinema.data.crew import Crew, Job
from kinema.data.drawing import Drawn, Order, Said, draw, say
from kinema.storybook.chance import chance

__all__ = ["CAMERA", "Batch", "Bucket", "StreamConfig", "Visit", "stream", "visited"]


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
    """What comes out of the stream; ``processes`` draw it (0: the caller does, one by one).

    ``ahead`` batches are held ready. Of each caption ``tokens`` tokens are read and come with their
    frozen states; none where it is 0. A share ``finer`` of the batches is drawn twice as large and
    made small again.
    """

    buckets: tuple[Bucket, ...]
    seed: int = 0
    fps: int = 12
    split: str = "train"
    processes: int = 0
    ahead: int = 4
    tokens: int = 0
    finer: float = 0.0

    def __post_init__(self) -> None:
        if not self.buckets or any(b.clips < 1 or b.frames % 4 != 1 for b in self.buckets):
            raise ValueError("buckets hold at least one clip of 1 + 4 k frames")


class Visit(NamedTuple):
    """Batch ``number`` of a stream, shown ``passed`` times before; drawn, or only said anew.

    Without ``said`` a batch that is not drawn has empty captions, and costs nothing.
    """

    number: int
    passed: int = 0
    drawn: bool = True
    said: bool = True


def stream(config: StreamConfig, position: int = 0) -> Generator[Batch]:
    """Batches from a position on, without end.

    Args:
        config: Shapes, seed and split.
        position: Number of batches that were taken before.

    Yields:
        Batches; the same position gives the same bits, whatever ``processes`` is.

    Raises:
        KinemaError: The drawing processes die again and again.

    Cost:
        ``ahead`` batches in memory.
    """
    for _, batch in visited(config, (Visit(number) for number in count(position))):
        yield batch


def visited(config: StreamConfig, visits: Iterable[Visit]) -> Generator[tuple[Visit, Batch]]:
    """The batches of a stream that visits name, in their order; those not drawn have no clips."""
    plan = iter(visits)
    waiting: deque[tuple[Visit, Bucket, list[Job]]] = deque()
    with Crew(config.processes) as crew:
        while True:
            _fill(config, plan, crew, waiting)
            if not waiting:
                return
            visit, bucket, jobs = waiting.popleft()
            answers = [crew.answer(job) for job in jobs]
            yield visit, _batch(config, visit, bucket, answers)


def _fill(
    config: StreamConfig,
    plan: Iterator[Visit],
    crew: Crew,
    waiting: deque[tuple[Visit, Bucket, list[Job]]],
) -> None:
    """Begin visits until enough are ahead."""
    while len(waiting) < (config.ahead if config.processes else 1):
        visit = next(plan, None)
        if visit is None:
            return
        bucket = bucket_of(config, visit.number)
        work = draw if visit.drawn else say
        orders = _orders(config, visit, bucket) if visit.drawn or visit.said else []
        waiting.append((visit, bucket, [crew.begin(work, order) for order in orders]))


def bucket_of(config: StreamConfig, number: int) -> Bucket:
    """The bucket of a batch."""
    roll = chance(config.seed, "bucket", str(number)) * sum(b.share for b in config.buckets)
    for bucket in config.buckets:
        roll -= bucket.share
        if roll < 0:
            return bucket
    return config.buckets[-1]


def _orders(config: StreamConfig, visit: Visit, bucket: Bucket) -> list[Order]:
    """The clips of one batch; seeds of different batches never meet."""
    largest = max(bucket.clips for bucket in config.buckets)
    first = config.seed * 10**10 + visit.number * largest
    finer = chance(config.seed, "finer", str(visit.number)) < config.finer
    order = Order(
        first,
        config.split,
        (bucket.width, bucket.height),
        bucket.frames,
        config.fps,
        visit.passed,
        config.tokens,
        finer,
    )
    return [order._replace(seed=first + one) for one in range(bucket.clips)]


def _batch(
    config: StreamConfig, visit: Visit, bucket: Bucket, answers: list[Drawn] | list[Said]
) -> Batch:
    drawn = [one for one in answers if isinstance(one, Drawn)]
    said = [one.said if isinstance(one, Drawn) else one for one in answers]
    shape = (0, bucket.frames, bucket.height, bucket.width, 3)
    words = [one.words for one in said if one.words is not None]
    return Batch(
        np.stack([one.pixels for one in drawn]) if drawn else np.empty(shape, np.uint8),
        [one.caption for one in said] or [""] * bucket.clips,
        np.stack([one.camera for one in drawn]) if drawn else np.empty((0, 0, CAMERA), np.float32),
        config.fps,
        visit.number + 1,
        labels_BS=np.stack([one.labels for one in drawn]) if drawn else None,
        words=words or None,
    )
