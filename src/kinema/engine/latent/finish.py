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


def crossfaded(
    first: Iterable[Picture], second: Iterable[Picture], overlap: int, first_count: int
) -> Iterator[Picture]:
    """Join two runs of pictures, the last of one dissolving into the first of the other.

    Args:
        first: ``first_count`` pictures.
        second: At least ``overlap`` pictures of the same size.
        overlap: How many the two share; 0 for a cut.
        first_count: How many ``first`` has.

    Yields:
        ``first_count - overlap`` pictures of the first as they are, ``overlap`` mixed ones in which
        the second's share rises evenly, neither 0 nor 1, and the rest of the second as it is.

    Raises:
        ValueError: ``overlap`` is negative or more than one of the two has.
    """
    if not 0 <= overlap <= first_count:
        raise ValueError(f"overlap must be 0 to {first_count}, got {overlap}")
    before, after = iter(first), iter(second)
    yield from islice(before, first_count - overlap)
    pairs = zip(islice(before, overlap), islice(after, overlap), strict=True)
    mixed = 0
    for mixed, (old, new) in enumerate(pairs, start=1):
        share = mixed / (overlap + 1)
        yield np.asarray(cv2.addWeighted(old, 1.0 - share, new, share, 0.0), np.uint8)
    if mixed < overlap:
        raise ValueError(f"both must have {overlap} pictures to share, got {mixed}")
    yield from after


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
