"""Write what is exactly known about one moment of a prompt as pictures.

    python examples/truths.py "a fox walks behind a tree" truths/

makes picture.png, depth.png (near is bright), owners.png (a colour for each thing, boxes around
actors) and flow.png (hue: where points go within a twelfth of a second; brightness: how far; grey:
what will be hidden) in that folder.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.media.picture import encode
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.render import frame
from kinema.storybook.timeline import single
from kinema.storybook.truth import Flow, Truth, flow, truth
from kinema.types import Size

SIZE = Size(width=640, height=360)
AT, LATER = Fraction(3, 2), Fraction(3, 2) + Fraction(1, 12)


def main(prompt: str, folder: Path) -> None:
    """Read the prompt, and write its picture and truths at 1.5 s into the folder."""
    timeline = single(stage(read(prompt).scene), Fraction(5))
    known = truth(timeline, SIZE, AT)
    pictures = {
        "picture": frame(timeline, SIZE, AT),
        "depth": depth_picture(known),
        "owners": owner_picture(known),
        "flow": flow_picture(flow(timeline, SIZE, AT, LATER)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (folder / f"{name}.png").write_bytes(encode(picture, ".png"))


def depth_picture(known: Truth) -> NDArray[np.uint8]:
    """Nearness (one over depth) as brightness."""
    nearness = 1 / known.depth
    grey = np.clip(nearness / np.quantile(nearness, 0.99), 0, 1) ** 0.5 * 255
    return cv2.cvtColor(grey.astype(np.uint8), cv2.COLOR_GRAY2RGB)


def owner_picture(known: Truth) -> NDArray[np.uint8]:
    """A colour for each owner, and a white box around what is to be seen of each actor."""
    palette = np.random.default_rng(8).integers(40, 230, (int(known.owner.max()) + 1, 3), np.uint8)
    picture = palette[known.owner]
    for box in known.boxes.values():
        if box.visible is not None:
            x0, y0, x1, y1 = (int(edge) for edge in box.visible)
            cv2.rectangle(picture, (x0, y0), (x1 - 1, y1 - 1), (255, 255, 255))
    return picture


def flow_picture(moved: Flow) -> NDArray[np.uint8]:
    """Direction as hue, speed as brightness, grey where a point is hidden later."""
    x, y = np.moveaxis(np.nan_to_num(moved.vectors), 2, 0)
    speed = np.hypot(x, y)
    hue = (np.arctan2(y, x) / np.pi * 90 % 180).astype(np.uint8)
    bright = np.clip(speed / max(float(np.quantile(speed, 0.98)), 0.5) * 255, 0, 255)
    colours = np.dstack((hue, np.full_like(hue, 220), bright.astype(np.uint8)))
    picture = np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2RGB), np.uint8)
    picture[moved.occluded] = 128
    return picture


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
