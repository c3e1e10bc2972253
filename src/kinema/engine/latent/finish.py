"""What becomes of a latent model's pictures: cut to size, laid over the originals, joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.engine.latent.cover import covering
from kinema.engine.latent.inputs import Canvas
from kinema.types import Size


def fitted(
    pictures: Iterable[Picture], canvas: Canvas, size: Size, count: int
) -> Iterator[Picture]:
    """Cut what a model made down to what was asked for.

    Args:
        pictures: (H, W, 3), uint8, of the canvas's size.
        canvas: What the model made.
        size: Scaled to cover this, and the middle taken; never stretched. Where a canvas is only
            larger, pixels stay as they are.
        count: How many pictures are wanted; those behind are not taken.
    """
    placement = covering(canvas.size, size)
    if size == canvas.size:
        return islice(pictures, count)
    return (placement.place(picture) for picture in islice(pictures, count))


def composited(
    pictures: Iterable[Picture],
    originals: Iterable[Picture],
    mask: NDArray[np.float32],
    feather: int,
) -> Iterator[Picture]:
    """Lay what was made inside a mask over the originals.

    Where the mask is 0 the original's pixels stay bit for bit. The seam is softened inwards, so
    that nothing outside is touched; a spot of the mask too thin for that is softened less.

    Args:
        pictures: What was made, (H, W, 3), uint8.
        originals: As many of the same size.
        mask: (H, W), in [0, 1]: the share of what was made.
        feather: Width of the soft border in pixels, 0 for a hard one.

    Raises:
        ValueError: Sizes or numbers of pictures differ.
    """
    weights = _feathered(mask, feather)
    rows, columns = _span(weights.max(axis=1) > 0), _span(weights.max(axis=0) > 0)
    share = weights[rows, columns, None]
    for made, original in zip(pictures, originals, strict=True):
        if made.shape != original.shape or made.shape[:2] != mask.shape:
            shapes = f"{made.shape}, {original.shape}, {mask.shape}"
            raise ValueError(f"picture, original and mask differ in size: {shapes}")
        result = original.copy()
        below = result[rows, columns].astype(np.float32)
        below += (made[rows, columns] - below) * share
        result[rows, columns] = np.rint(below).astype(np.uint8)
        yield result


def joined(
    made: Iterable[Picture], own: Iterable[Picture], start: int, ease: int
) -> Iterator[Picture]:
    """Put a clip's own pictures into what was made to go on from them.

    A codec loses a little of every picture. So that this does not show as a flicker where own and
    made pictures meet, the loss comes and goes over some of the made ones: the own stay as they
    are.

    Args:
        made: Pictures, (H, W, 3), uint8; where the own ones come to lie, the codec's version of
            them.
        own: Pictures that replace as many of those made.
        start: How many made pictures come before the own ones.
        ease: Over how many made pictures on either side the loss comes and goes; 0 for a cut.

    Yields:
        As many pictures as ``made`` has, or, where it is shorter, as ``start`` and ``own``.
    """
    source, before = iter(made), list[Picture]()
    for picture in islice(source, start):
        before.append(picture)
        if len(before) > ease:
            yield before.pop(0)
    lost: NDArray[np.float32] | None = None
    for original in own:
        remade = next(source, original)
        lost = original.astype(np.float32) - remade
        # They end at the own pictures, so the last of them carries most of the loss.
        behind = ease + 1 - len(before)
        yield from (_with(one, lost, (behind + k) / (ease + 1)) for k, one in enumerate(before))
        before.clear()
        yield original
    yield from before
    for number, picture in enumerate(source):
        share = (ease - number) / (ease + 1)
        yield picture if lost is None or share <= 0.0 else _with(picture, lost, share)


def _with(picture: Picture, lost: NDArray[np.float32], share: float) -> Picture:
    return np.rint((picture + share * lost).clip(0.0, 255.0)).astype(np.uint8)


def _feathered(mask: NDArray[np.float32], feather: int) -> NDArray[np.float32]:
    """The mask, rising from its border over ``feather`` pixels; the frame's edge is no border."""
    inside = (mask > 0).astype(np.uint8)
    if feather == 0 or inside.all():
        return mask
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    spots, labels = cv2.connectedComponents(inside)
    deepest = np.ones(spots, np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    ramp = depth / np.minimum(deepest, feather + 1.0)[labels]
    return (mask * np.minimum(ramp, 1.0)).astype(np.float32)


def _span(used: NDArray[np.bool_]) -> slice:
    """From the first true entry to the last."""
    found = np.flatnonzero(used)
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)
