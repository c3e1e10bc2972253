"""Cutting a picture into overlapping tiles and laying them together again without seams.

In the overlap of two tiles the weight of one falls while that of the other rises, so that they add
up to 1 everywhere.
"""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

OVERLAP: Final = 4
"""The part of a tile's side, one in so many, over which it overlaps the next at least."""


class Span(NamedTuple):
    """Where a tile lies along one axis, in cells, and over how many it overlaps its neighbours."""

    start: int
    stop: int
    before: int
    after: int

    def weights(self, scale: int) -> NDArray[np.float32]:
        """How much the tile counts at each of ``scale`` places a cell: 1 where it is alone."""
        ramp = np.ones((self.stop - self.start) * scale, np.float32)
        rising, falling = self.before * scale, self.after * scale
        if rising:
            ramp[:rising] = (np.arange(rising) + 0.5) / rising
        if falling:
            ramp[-falling:] = 1.0 - (np.arange(falling) + 0.5) / falling
        return ramp


class Tile(NamedTuple):
    """A piece of a picture or of a latent, in cells."""

    rows: Span
    columns: Span

    def of(self, whole: Any, scale: int) -> Any:
        """Its part of (..., rows, columns) with ``scale`` places a cell: a view."""
        down, across = (slice(span.start * scale, span.stop * scale) for span in self)
        return whole[..., down, across]

    def weights(self, scale: int) -> NDArray[np.float32]:
        """How much each place counts, of the shape of its part."""
        return np.outer(self.rows.weights(scale), self.columns.weights(scale))


def tiles(rows: int, columns: int, side: int) -> list[Tile]:
    """Tiles that cover rows and columns of cells."""
    return [Tile(*pair) for pair in product(spans(rows, side), spans(columns, side))]


def spans(length: int, side: int) -> list[Span]:
    """Tiles of one side, at most ``side``, that cover a length.

    Each overlaps the next by about a quarter of ``side``; no place is covered by more than two.
    """
    count, even = _tiles(length, side)
    if count == 1:
        return [Span(0, length, 0, 0)]
    starts = [round(number * (length - even) / (count - 1)) for number in range(count)]
    shared = [first + even - second for first, second in pairwise(starts)]
    return [
        Span(start, start + even, before, after)
        for start, before, after in zip(starts, [0, *shared], [*shared, 0], strict=True)
    ]


def overlapped(length: int, side: int) -> int:
    """The sum of the lengths of all tiles."""
    return math.prod(_tiles(length, side))


def _tiles(length: int, side: int) -> tuple[int, int]:
    """How many tiles, and the length of each."""
    if side >= length:
        return 1, length
    overlap = side // OVERLAP
    count = math.ceil((length - overlap) / (side - overlap))
    return count, math.ceil((length + (count - 1) * overlap) / count)
