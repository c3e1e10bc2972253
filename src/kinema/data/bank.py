"""The bank: batches that were drawn once and are shown several times, each time in other words.

Drawing a clip takes longer than learning from it. So batch c is shown when it is drawn, and again
each time that ``apart`` further ones have come, ``passes`` times in all. What is shown at a
position depends on the position alone; the bank's folder only saves the work of drawing again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kinema.data.batch import Batch
from kinema.data.stream import StreamConfig, Visit, bucket_of, visited
from kinema.errors import OutputError

_BEGUN: Final = "begun.json"

Encode = Callable[[NDArray[np.uint8]], NDArray[np.float16]]
"""Clips (B, T, H, W, 3) into latents (B, C, T', Y, X)."""


@dataclass(frozen=True, slots=True)
class BankConfig:
    """How often each batch is shown, and how many others are drawn between two times.

    Where the captions are not learned from, ``said`` is false: only the first time has any.
    """

    passes: int = 1
    apart: int = 512
    said: bool = True

    def __post_init__(self) -> None:
        if self.passes < 1 or self.apart < 1:
            raise ValueError("passes and apart must be 1 at least")


ONCE: Final = BankConfig()
"""No bank: every batch is drawn, and shown once."""


class Kept(NamedTuple):
    """What a bank keeps of a batch: latents, or pixels where nothing encodes them."""

    clips: NDArray[np.float16] | NDArray[np.uint8]
    camera_BTK: NDArray[np.float32]
    labels_BS: NDArray[np.int16]


def bank(
    config: StreamConfig,
    passes: BankConfig,
    folder: Path,
    *,
    position: int = 0,
    encode: Encode | None = None,
) -> Generator[Batch]:
    """Batches of a stream, each shown several times, from a position on, without end.

    Args:
        config: The stream that is drawn.
        passes: How often each batch comes, and how far apart.
        folder: Where what was drawn is kept while it is needed. On a new folder the bank begins
            anew: from ``position`` on it shows what it has drawn itself.
        position: Number of batches that were taken before, as the last one said.
        encode: Makes latents of pixels; called on this thread. None: the pixels are kept.

    Yields:
        Batches with latents (or pixels), and captions that differ from pass to pass.

    Raises:
        KinemaError: The drawing processes die again and again.
        OutputError: There is no room for the bank.

    Cost:
        ``passes * apart`` batches on the disk, one in memory besides the stream's own.
    """
    store = _Store(folder, passes, position)
    for visit, found in visited(config, _visits(passes, position, store)):
        kept = None if visit.drawn else store.get(visit.number)
        if kept is None:
            batch = found if visit.drawn else _redrawn(config, visit)
            kept = _kept(batch, encode)
        if visit.passed == 0:
            store.put(visit.number, kept)
        yield _filled(found, kept, config, visit, passes)


def _visits(passes: BankConfig, position: int, store: _Store) -> Iterator[Visit]:
    """What comes at each position: a new batch, then old ones, the older the later."""
    first = position // passes.passes
    have = store.numbers()
    while True:
        cycle, passed = divmod(position, passes.passes)
        number = cycle - passed * passes.apart
        if number >= store.begun:
            drawn = passed == 0 or (number < first and number not in have)
            yield Visit(number, passed, drawn, passes.said)
        position += 1


def _redrawn(config: StreamConfig, visit: Visit) -> Batch:
    """A batch whose file has been lost in the meantime."""
    ((_, batch),) = visited(config, (visit._replace(drawn=True),))
    return batch


def _kept(batch: Batch, encode: Encode | None) -> Kept:
    assert batch.labels_BS is not None
    clips = batch.pixels_BTHWC if encode is None else encode(batch.pixels_BTHWC)
    return Kept(clips, batch.camera_BTK, batch.labels_BS)


def _filled(
    found: Batch, kept: Kept, config: StreamConfig, visit: Visit, passes: BankConfig
) -> Batch:
    position = (visit.number + visit.passed * passes.apart) * passes.passes + visit.passed + 1
    rest = {"camera_BTK": kept.camera_BTK, "labels_BS": kept.labels_BS, "position": position}
    if kept.clips.dtype == np.uint8:
        return found._replace(pixels_BTHWC=kept.clips, **rest)
    shape = bucket_of(config, visit.number)
    none = np.empty((0, shape.frames, shape.height, shape.width, 3), np.uint8)
    return found._replace(pixels_BTHWC=none, latent_BCTYX=kept.clips, **rest)


class _Store:
    """The bank's folder: one file for each batch, written whole or not at all."""

    def __init__(self, folder: Path, passes: BankConfig, position: int) -> None:
        self._folder, self._reach = folder, passes.passes * passes.apart
        self._shows_again = passes.passes > 1
        mark = folder / _BEGUN
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not mark.is_file():
                mark.write_text(json.dumps({"batch": position // passes.passes}), "utf-8")
            self.begun: int = json.loads(mark.read_text("utf-8"))["batch"]
        except OSError as error:
            raise OutputError("out", f"cannot write to {folder.name}/: {error}") from error

    def numbers(self) -> frozenset[int]:
        """The batches that are there."""
        return frozenset(int(path.stem) for path in self._folder.glob("[0-9]*.npz"))

    def get(self, number: int) -> Kept | None:
        try:
            with np.load(self._path(number)) as file:
                return Kept(*(file[name] for name in Kept._fields))
        except (OSError, EOFError, BadZipFile, KeyError, ValueError):
            return None

    def put(self, number: int, kept: Kept) -> None:
        """Keep a batch, and forget those that will not be shown again."""
        if not self._shows_again:
            return
        half = self._folder / f".{number}.part"
        try:
            with half.open("wb") as file:
                np.savez(file, **kept._asdict())
            half.replace(self._path(number))
        except OSError as error:
            half.unlink(missing_ok=True)
            problem = f"no room for the bank ({error})"
            raise OutputError("out", problem, "a folder with room, or fewer passes") from error
        # One stretch more than is shown again: a run that goes on from a checkpoint goes back.
        for old in range(number - self._reach - 2, number - self._reach):
            if old >= 0:
                self._path(old).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:09}.npz"
