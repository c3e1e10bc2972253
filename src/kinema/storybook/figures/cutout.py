"""What a figure gives to the renderer: a cut-out picture that knows where its feet are."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.figures.glass import Lens
from kinema.storybook.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A picture ready to be put into a scene.

    image: (H, W, 4) uint8, read-only, red, green, blue multiplied by alpha, then alpha.
    anchor: column and row of the contact point (between the feet) in pixels of ``image``, pixel
    edges at whole numbers; it may lie on the lower edge.
    metre: pixels of ``image`` for one metre of the actor, so that an image wanted at ``k`` pixels a
    metre is scaled by ``k / metre``.
    key: equal keys mean equal pictures; for caches of rims and shadows.
    lens: of a glass body, what is seen through it. The image then is what it adds to that; its
    alpha is the whole silhouette, as ever.
    material: what its body is made of, or none.
    """

    image: NDArray[np.uint8]
    anchor: tuple[float, float]
    metre: float
    key: tuple[Hashable, ...]
    lens: Lens | None = None
    material: str | None = None


class Figure(Protocol):
    """An actor that can be drawn in any pose.

    Facing, roll, stretch and pivot of a pose are the renderer's business; loop, swing, stride,
    arms, mouth and emotion are the figure's. Figures may be used from several threads.
    """

    @property
    def width(self) -> float:
        """Drawn width over drawn height of the resting figure."""
        ...

    @property
    def flips(self) -> bool:
        """Whether the renderer mirrors it to face right: its picture always looks left.

        False for what looks at the viewer, and for the plush bodies of such heads, which turn by
        themselves.
        """
        ...

    def cutout(self, pose: Pose, pixels: float) -> Cutout:
        """Draw the figure in ``pose``, to be shown ``pixels`` high.

        The image is at least as large as wanted and at most twice that, as far as the art goes.
        """
        ...
