"""Actors set apart from what is behind them, in styles that make everything alike.

A pencil draws a tree as firmly as a fox, neon shows nothing of what is dark: there the picture
is washed before the actors are laid over it, and they are drawn a little darker or brighter.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kinema.storybook.render.paint import Image

_EDGE, _FIRM = 0.03, 0.6  # width of an edge over the picture's height, and how firm it is


@dataclass(frozen=True, slots=True)
class Apart:
    """How a style sets actors apart.

    A wash of ``colour`` (RGB bytes) takes that share of the picture; ``lift`` brings actors nearer
    to white, below 0 to black; so are the edges of ``outlined`` ones, much more.
    """

    colour: tuple[int, int, int]
    wash: float
    lift: float
    outlined: bool = False

    def lay_wash(self, frame: Image) -> None:
        """Wash what has been painted so far, in place."""
        wash = tuple(self.wash * value for value in self.colour)
        frame[...] = cv2.add(cv2.multiply(frame, (1 - self.wash,) * 3 + (0.0,)), (*wash, 0.0))

    def mark(self, image: Image) -> Image:
        """An actor's picture (premultiplied) as it is laid over the wash."""
        cover = cv2.extractChannel(image, 3)
        aim = cv2.merge([cover if self.lift > 0 else np.zeros_like(cover)] * 3 + [cover])
        image = cv2.addWeighted(image, 1 - abs(self.lift), aim, abs(self.lift), 0)
        if self.outlined:
            width = 2 * max(1, round(_EDGE * cover.shape[0] / 2)) + 1
            edge = cv2.subtract(cover, cv2.erode(cover, np.ones((width, width), np.uint8)))
            edge = cv2.multiply(edge, _FIRM)
            ring = cv2.merge([edge, edge, edge, np.zeros_like(edge)])
            drawn = cv2.add(image, ring) if self.lift > 0 else cv2.subtract(image, ring)
            image = cv2.min(drawn, cv2.merge([cover] * 4))
        return image


APART = {
    "pencil": Apart((250, 250, 250), 0.14, -0.2, outlined=True),
    "vintage": Apart((214, 214, 206), 0.18, -0.14),
    "neon": Apart((8, 6, 20), 0.2, 0.2, outlined=True),
}
"""By style; other styles let actors stand out by themselves."""
