"""What a model must be shown that was trained on given pictures alone: no plan goes without.

Such a model takes given frames beside the latent, as channels, and some look at the pictures with
an encoder of their own. Image to video says itself what is given; for every other task it is what
the plan holds whole, or else the beginning of the clip that the run starts from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.engine.latent.order import Order

GREY: Final = 127.5
"""The picture that stands for nothing given, between black and white."""

_SETTLED: Final = 4  # latent frames of a standing picture after which the codec's next are alike


def shown(order: Order, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a plan, completed by what the model must be shown.

    Args:
        order: Whose plan it is.
        fields: Of the plan, as its task drafted them.
    """
    abilities = order.model.denoiser.abilities
    done = dict(fields)
    if not abilities.given_channels or "given_TR" in fields:
        return done
    clip = fields.get("known_1CTHW", fields.get("clip_1CTHW"))
    given_T = np.zeros(fields["shape"][1], bool)
    if "keep_11THW" in fields:
        given_T |= (fields["keep_11THW"] == 1.0).all((0, 1, 3, 4))
    elif clip is not None:
        given_T[0] = True
    beside = _nothing(order, fields["shape"])
    if clip is not None:
        beside[:, :, given_T] = clip[:, :, given_T]
        if abilities.pictures:
            done["pictures"] = _ends(order, clip, given_T, abilities.pictures)
    given_TR = np.repeat(given_T[:, None], order.rate, axis=1)
    return {**done, "beside_1CTHW": beside, "given_TR": given_TR}


def grey(rows: int, columns: int) -> NDArray[np.float32]:
    """The picture that stands for nothing given, (rows, columns, 3)."""
    return np.full((rows, columns, 3), GREY, np.float32)


def _nothing(order: Order, shape: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """The latent of a clip that is grey throughout."""
    _, frames, rows, columns = shape
    some = min(frames, _SETTLED)
    cell = order.model.codec.cell
    pictures: Any = [grey(rows * cell, columns * cell)] * order.pictures_in(some)
    latent = order.encoded(pictures)
    rest = np.repeat(latent[:, :, -1:], frames - some, axis=2)
    return np.concatenate([latent, rest], axis=2)


def _ends(
    order: Order, clip: NDArray[np.float32], given_T: NDArray[np.bool_], count: int
) -> tuple[Picture, ...]:
    """The first given picture, and the last where the image encoder wants two."""
    given = np.flatnonzero(given_T) if given_T.any() else np.array([0])
    model = order.model
    pictures = [
        [*model.codec.decode(model.denoiser.device_array(clip[:, :, at : at + 1]))][-1]
        for at in (given[0], given[-1])
    ]
    return tuple(pictures[:count])
