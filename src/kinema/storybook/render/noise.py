"""Periodic noise, made once: the grain of everything that is not a sprite.

Spectral synthesis: white noise shaped by 1/f^beta between two frequencies, so that every tile
repeats without a seam. A tile is a (256, 256) array of mean 0 and variance 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

N = 256
"""Side of a noise tile, in samples."""


@dataclass(frozen=True, slots=True)
class Grain:
    """Exponent and band (cycles a tile) of a noise, and its seed."""

    beta: float
    low: float
    high: float
    seed: int


CLOUDY = Grain(1.7, 1, 200, 1)
SOFT = Grain(2.6, 1, 12, 2)
FINE = Grain(0.8, 6, 200, 3)
BLOTCH = Grain(1.2, 2, 24, 4)


@cache
def tile(grain: Grain) -> NDArray[np.float32]:
    """The (256, 256) float32 tile of that grain: periodic, mean 0, variance 1."""
    rng = np.random.default_rng(grain.seed)
    f = np.fft.fftfreq(N) * N
    k = np.hypot(f[:, None], f[None, :])
    band = (k >= grain.low) & (k <= grain.high)
    amplitude = np.where(band, np.where(k > 0, k, 1.0) ** -grain.beta, 0.0)
    z = np.fft.ifft2(np.fft.fft2(rng.standard_normal((N, N))) * amplitude).real
    return np.ascontiguousarray((z - z.mean()) / z.std(), dtype=np.float32)


def spread(grain: Grain, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The tile repeated and cut to (rows, columns)."""
    rows, columns = shape
    repeats = (-(-rows // N), -(-columns // N))
    return np.tile(tile(grain), repeats)[:rows, :columns]
