"""A clip made anew: all of it a little, all of it but what a prompt does not name, or a part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.engine.latent.finish import composited, fitted
from kinema.engine.latent.inputs import around, clip_pictures, clip_prompt, pixel_mask
from kinema.engine.latent.order import Order
from kinema.engine.latent.plan import Draft
from kinema.sample.arrays import Array
from kinema.sample.constraints import latent_mask

MILD: Final = 0.5
"""How much of a clip a remix may change where the request does not say."""

EDITED: Final = 0.65
"""The same for an edit: less keeps more of the clip, and changes less."""

_FEATHER: Final = 12  # pixels over which what was made passes into what was there, at 480 lines


def remix(order: Order) -> Draft:
    """The clip under noise as strong as the change, sampled again under the new prompt."""
    canvas, request = order.canvas(), order.request
    path = order.path(request.clip, "clip")
    strength = MILD if request.strength is None else request.strength
    clip = order.latent_of(path, "clip", canvas, canvas.frames)
    rest = {"shape": canvas.shape, "clip_1CTHW": clip, "strength": strength}
    prompt = order.changed(clip_prompt(path, "clip"), request.prompt)
    return Draft((prompt,), order.negative, rest=rest)


def edit(order: Order) -> Draft:
    """The clip moved by what its own prompt and the new one make of it differently."""
    canvas, request = order.canvas(), order.request
    path = order.path(request.clip, "clip")
    source = clip_prompt(path, "clip")
    strength = EDITED if request.strength is None else request.strength
    clip = order.latent_of(path, "clip", canvas, canvas.frames)
    rest = {"shape": canvas.shape, "clip_1CTHW": clip, "strength": strength}
    notes = ()
    if not source:
        notes = ("the clip does not say what it shows, so that more of it may change",)
    prompt = order.changed(source, request.prompt)
    return Draft((prompt,), order.negative, source, rest, notes)


def region(order: Order) -> Draft:
    """The clip held outside a mask, and made anew inside."""
    canvas, request = order.canvas(), order.request
    path = order.path(request.clip, "clip")
    mask = pixel_mask(order.path(request.mask, "mask"), canvas)
    clip = order.latent_of(path, "clip", canvas, canvas.frames)
    rest = {"shape": canvas.shape, **_outside(order, clip, mask)}
    prompt = order.changed(clip_prompt(path, "clip"), request.prompt)
    return Draft((prompt,), order.negative, rest=rest)


def outpaint(order: Order) -> Draft:
    """The clip held in the middle of a larger picture whose rim is made."""
    canvas, request = order.canvas(), order.request
    path = order.path(request.clip, "clip")
    pictures = clip_pictures(path, "clip", canvas, request.fps, canvas.frames, whole=True)
    rest = {
        "shape": canvas.shape,
        **_outside(order, order.encoded(pictures), around(path, "clip", canvas)),
    }
    prompt = order.changed(clip_prompt(path, "clip"), request.prompt)
    return Draft((prompt,), order.negative, rest=rest)


def over_the_clip(order: Order, latent: Array) -> Iterator[Picture]:
    """What was made, inside the mask, over the clip's own pixels."""
    request = order.request
    path = order.path(request.clip, "clip")
    mask = pixel_mask(order.path(request.mask, "mask"), request.size)
    originals = order.frames_of(path, "clip", request.frames)
    return composited(_made(order, latent), originals, mask, _feather(order))


def around_the_clip(order: Order, latent: Array) -> Iterator[Picture]:
    """What was made, around the clip's own pixels."""
    request = order.request
    path = order.path(request.clip, "clip")
    originals = clip_pictures(path, "clip", request.size, request.fps, request.frames, whole=True)
    mask = around(path, "clip", request.size)
    return composited(_made(order, latent), originals, mask, _feather(order))


def _made(order: Order, latent: Array) -> Iterator[Picture]:
    request = order.request
    pictures = order.model.codec.decode(latent)
    return fitted(pictures, order.canvas(), request.size, request.frames)


def _feather(order: Order) -> int:
    size = order.request.size
    return max(1, round(_FEATHER * min(size.width, size.height) / 480))


def _outside(order: Order, clip: NDArray[np.float32], mask: NDArray[np.float32]) -> dict[str, Any]:
    """Fields of a plan that holds a clip wherever the mask is dark."""
    cell = order.model.codec.cell
    cells = latent_mask((mask > 0.0)[None], (order.rate, cell, cell))
    keep = np.broadcast_to(1.0 - cells[None, None], (1, 1, 1, *cells.shape[1:]))
    return {"known_1CTHW": clip, "keep_11THW": np.ascontiguousarray(keep, np.float32)}
