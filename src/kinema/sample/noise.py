"""What a seed means: the same noise on every machine, whatever the clip, window or batch.

Noise is counted, not streamed: each latent frame of each draw is a function of the clip's seed,
the frame's index and the noise level it is drawn for. A longer clip only adds frames, a window is
a cut of the whole, and a run that is resumed draws what it would have drawn.

Two things would make it differ between machines: the order in which a generator is asked, which
counting removes, and the mathematical library's logarithm, which is why this file has its own.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEED_LIMIT: Final = 2**63
WORD: Final = 2**64
START_LEVEL: Final = 1.0

Float64 = NDArray[np.float64]

# Wichura 1988, algorithm AS 241, PPND7: numerators and denominators, highest power first.
CENTRE: Final = (
    (59.109374720, 159.29113202, 50.434271938, 3.3871327179),
    (67.187563600, 78.757757664, 17.895169469, 1.0),
)
SHOULDER: Final = (
    (0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777),
    (0.12021132975, 0.73700164250, 1.0),
)
TAIL: Final = (
    (0.017337203997, 0.42868294337, 3.0812263860, 6.6579051150),
    (0.012258202635, 0.24197894225, 1.0),
)


@dataclass(frozen=True)
class Noise:
    """All the noise that one run can ask for.

    Args:
        seeds: One for each clip of the batch, 0 <= seed < 2**63. A clip's noise does not depend
            on its neighbours in the batch.
        shape: (C, T, H, W): channels, latent frames, rows and columns of one clip.
        first_frame: Index of the first latent frame. A clip that is extended backward counts its
            new frames -1, -2, ... and keeps the noise of the old ones.

    Source:
        Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Philox-4x64-10; the key
        is the seed, the counter is draw, level and frame). Only the generator's raw bits are used,
        which NumPy promises to keep.

    Example:
        >>> short, long = Noise((7,), (4, 2, 8, 8)), Noise((7,), (4, 9, 8, 8))
        >>> bool((short.start() == long.start()[:, :, :2]).all())
        True
    """

    seeds: tuple[int, ...]
    shape: tuple[int, int, int, int]
    first_frame: int = 0

    def __post_init__(self) -> None:
        for seed in self.seeds:
            if not 0 <= seed < SEED_LIMIT:
                raise ValueError(f"a seed must be at least 0 and below 2**63, got {seed}")

    def start(self) -> NDArray[np.float32]:
        """The noise that sampling starts from.

        Returns:
            (B, C, T, H, W), float32, independent standard normal values, on the host.

        Cost:
            About 0.05 microseconds a value on one CPU core.
        """
        return self._draw(START_LEVEL, 0)

    def fresh(self, sigma: float, draw: int = 0) -> NDArray[np.float32]:
        """Noise that no other level, and no other draw at this level, has seen.

        Args:
            sigma: The noise level it is drawn for, in [0, 1].
            draw: Which of several draws at this level, at least 0.

        Returns:
            As `start`.
        """
        return self._draw(sigma, draw + 1)

    def _draw(self, sigma: float, draw: int) -> NDArray[np.float32]:
        channels, frames, rows, columns = self.shape
        noise = np.empty((len(self.seeds), *self.shape), np.float32)
        for clip, seed in enumerate(self.seeds):
            for frame in range(frames):
                counter = (draw, _bits(sigma), (self.first_frame + frame) % WORD)
                words = _words(seed, counter, channels * rows * columns)
                noise[clip, :, frame] = normal(words).reshape(channels, rows, columns)
        return noise


def choice(seed: int, count: int) -> int:
    """A whole number in [0, count) that the seed chooses, apart from all noise."""
    return int(_words(seed, (0, 0, 0), 1, purpose=1)[0] % count)


def normal(words: NDArray[np.uint64]) -> Float64:
    """Standard normal values from random bits, the same on every machine.

    The value is the quantile of the number in (0, 1) that the upper 52 bits spell. Only additions,
    multiplications, divisions and square roots are used, which IEEE 754 rounds alike everywhere.

    Returns:
        Same shape, within +-8.3, relative error below 3e-7, float64.

    Source:
        Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND7.
    """
    uniform = ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    centred = uniform - 0.5
    value = centred * _ratio(CENTRE, 0.180625 - centred * centred)
    outer = np.abs(centred) > 0.425
    beyond = np.minimum(uniform[outer], 1.0 - uniform[outer])
    depth = np.sqrt(-_log(beyond))
    size = np.where(depth <= 5.0, _ratio(SHOULDER, depth - 1.6), _ratio(TAIL, depth - 5.0))
    value[outer] = np.where(centred[outer] < 0.0, -size, size)
    return value


def _words(
    seed: int, counter: tuple[int, int, int], count: int, *, purpose: int = 0
) -> NDArray[np.uint64]:
    """Random bits; the lowest word of the counter is the generator's own."""
    # uint64 arrays, since NumPy would turn a list of large Python integers into floats.
    generator = np.random.Philox(
        counter=np.array([0, *counter], np.uint64), key=np.array([seed, purpose], np.uint64)
    )
    return generator.random_raw(count)


def _bits(sigma: float) -> int:
    return struct.unpack("<Q", struct.pack("<d", sigma))[0]


def _ratio(coefficients: tuple[Sequence[float], Sequence[float]], at: Float64) -> Float64:
    above, below = (_polynomial(powers, at) for powers in coefficients)
    return above / below


def _polynomial(coefficients: Sequence[float], at: Float64) -> Float64:
    return reduce(lambda total, c: total * at + c, coefficients, np.zeros_like(at))


def _log(positive: Float64) -> Float64:
    """Natural logarithm to 1e-12: log m = 2 artanh((m - 1) / (m + 1)) near m = 1."""
    mantissa, exponent = np.frexp(positive)
    small = mantissa < math.sqrt(0.5)
    mantissa = np.where(small, mantissa * 2.0, mantissa)
    part = (mantissa - 1.0) / (mantissa + 1.0)
    series = _polynomial([1.0 / (2 * k + 1) for k in range(8, -1, -1)], part * part)
    return 2.0 * part * series + (exponent - small) * math.log(2.0)
