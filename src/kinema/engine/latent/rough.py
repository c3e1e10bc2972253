"""Previews without a decoder: a linear map from a latent cell to its mean colour.

Shape legend for this file:
    C = latent channels, T = latent frames, H, W = latent rows and columns, N = cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.sample.arrays import Array, on_host

SIDE: Final = 16
"""Rows and columns of cells in the picture that the map is fitted to."""

RIDGE: Final = 1e-2
"""Share of a channel's variance that keeps channels of no use out of the map."""


@dataclass(frozen=True, eq=False, slots=True)
class Rough:
    """Colour of a cell, in [0, 1]: ``latent @ to_colour + offset``, of shapes (C, 3) and (3,)."""

    to_colour: NDArray[np.float64]
    offset: NDArray[np.float64]

    @classmethod
    def fitted(
        cls, encode: Callable[[Sequence[Picture]], Array], cell: int, frames: int = 1
    ) -> Rough:
        """The map that comes nearest, for one autoencoder, by least squares.

        Args:
            encode: Pictures to a latent (1, C, T, H, W).
            cell: Rows and columns of pixels in a latent cell.
            frames: Pictures in the shortest clip that ``encode`` takes.

        Cost:
            One encode of a small still clip.
        """
        shown = _colours(cell)
        latent_CN = on_host(encode([shown] * frames))[0].mean(1).reshape(-1, SIDE * SIDE)
        cells = shown.reshape(SIDE, cell, SIDE, cell, 3).mean((1, 3)).reshape(-1, 3) / 255.0
        features_NC = latent_CN.T.astype(np.float64)
        centre_C, middle_3 = features_NC.mean(0), cells.mean(0)
        features_NC = features_NC - centre_C
        gram_CC = features_NC.T @ features_NC
        # The mean variance and not each channel's own: dead channels must not blow up.
        gram_CC += RIDGE * np.trace(gram_CC) / len(gram_CC) * np.eye(len(gram_CC))
        to_colour = cast(
            "NDArray[np.float64]", np.linalg.solve(gram_CC, features_NC.T @ (cells - middle_3))
        )
        return cls(to_colour, middle_3 - centre_C @ to_colour)

    @classmethod
    def false_colours(cls, latent_1CTHW: Array) -> Rough:
        """The three directions in which this latent varies most: shapes, but no true colours."""
        flat_CN = on_host(latent_1CTHW)[0].astype(np.float64)
        flat_CN = flat_CN.reshape(len(flat_CN), -1)
        centre_C = flat_CN.mean(1)
        variance_C, axes_CC = np.linalg.eigh(np.cov(flat_CN, bias=True).reshape(len(flat_CN), -1))
        axes_CC = axes_CC[:, ::-1] * np.sign(axes_CC[:, ::-1].sum(0) + 1e-12)
        spread = 6.0 * np.sqrt(max(float(variance_C[-1]), 1e-12))
        to_colour = np.zeros((len(flat_CN), 3))
        to_colour[:, : axes_CC[:, :3].shape[1]] = axes_CC[:, :3] / spread
        return cls(to_colour, 0.5 - centre_C @ to_colour)

    def pictures(self, latent_1CTHW: Array) -> list[Picture]:
        """One picture (H, W, 3) a latent frame."""
        latent_CTHW = on_host(latent_1CTHW)[0]
        colours = np.einsum("cthw,cd->thwd", latent_CTHW, self.to_colour) + self.offset
        bright = np.clip(colours * 255.0, 0.0, 255.0)
        return list(np.nan_to_num(bright).round().astype(np.uint8))


def _colours(cell: int) -> Picture:
    """Patches of 2 by 2 cells in colours spread evenly over the cube, next to one another."""
    count = (SIDE // 2) ** 2
    # Multiples of the plastic number's powers fill a cube evenly (Roberts' sequence).
    steps = 1.22074408460575947536 ** -np.arange(1.0, 4.0)
    colours = (0.5 + np.outer(np.arange(count), steps)) % 1.0 * 255.0
    patches = colours.reshape(SIDE // 2, SIDE // 2, 3).repeat(2 * cell, 0).repeat(2 * cell, 1)
    return patches.round().astype(np.uint8)
