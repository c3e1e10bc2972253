"""Clips that stay, and what grows before, after, between and around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.engine.latent.finish import fitted, joined
from kinema.engine.latent.inputs import Canvas, clip_prompt
from kinema.engine.latent.order import CONTEXT, TRACE, Order, given
from kinema.engine.latent.plan import Draft
from kinema.errors import RequestError
from kinema.sample.arrays import Array, on_host
from kinema.sample.edit import slerp
from kinema.sample.windows import take
from kinema.types import Curve, Direction, Span

BLENDED: Final = 0.6
"""Share of the steps that two mixed clips go through, so that one scene comes out and not two."""

_SEAM: Final = 4
"""A loop is made anew in this part of it before its seam and as much behind: to come back within a
shorter time, what moves would have to hurry.
"""


def extend(order: Order) -> Draft:
    """The end (or the beginning) of a clip, held, and what follows (or precedes) it."""
    request = order.request
    path, part = order.path(request.clip, "clip"), _Extension.of(order)
    if request.direction is Direction.FORWARD:
        context = order.latent_of(path, "clip", part.canvas, part.shared, part.start)
        known = {0: context}
    else:
        context = order.later_latent_of(path, "clip", part.canvas, part.shared)
        known = {part.canvas.shape[1] - context.shape[2]: context}
    rest = {"shape": part.canvas.shape, "trace": TRACE, **given(known, part.canvas.shape[1])}
    source = clip_prompt(path, "clip")
    prompt = order.said(request.prompt if request.prompt.strip() else source)
    return Draft((prompt,), order.negative, rest=rest)


def extended(order: Order, latent: Array) -> Iterator[Picture]:
    """The clip's own pictures and the new ones, in their order."""
    request = order.request
    path, part = order.path(request.clip, "clip"), _Extension.of(order)
    own = order.frames_of(path, "clip", part.length)
    made = fitted(order.model.codec.decode(latent), part.canvas, request.size, part.canvas.frames)
    ease, shared = order.rate, min(part.shared, part.length)
    if request.direction is Direction.FORWARD:
        # Of a short clip the codec was given more pictures than there are: they are left out.
        made = chain(islice(made, shared), islice(made, part.shared - shared, None))
        alone = islice(own, part.length - shared)
        return chain(alone, islice(joined(made, own, 0, ease), shared + part.fresh))
    surplus = part.canvas.frames - part.shared - part.fresh
    made = islice(made, surplus, surplus + part.fresh + shared)
    return joined(made, own, part.fresh, ease)


@dataclass(frozen=True, slots=True)
class _Extension:
    """How an extension is laid out, in pictures.

    length: of the clip. fresh: new ones. shared: those at the clip's end that are held. start: the
    first of them. canvas: of what is sampled, shared and fresh.
    """

    length: int
    fresh: int
    shared: int
    start: int
    canvas: Canvas

    @classmethod
    def of(cls, order: Order) -> _Extension:
        """The layout for a request."""
        request = order.request
        length = order.length_of(order.path(request.clip, "clip"), "clip")
        fresh = request.frames - length
        if fresh < 1:
            problem = f"the clip has {length} frames already"
            raise RequestError("frames", f"is {request.frames}: {problem}", f"above {length}")
        if request.direction is Direction.FORWARD:
            # Whole latent frames; of a clip too short for one, the last picture stays.
            shared = order.pictures_in(max(1, min(CONTEXT, (length + order.lone) // order.rate)))
            canvas = order.canvas(shared + fresh)
            return cls(length, fresh, shared, max(0, length - shared), canvas)
        blocks = max(1, min(CONTEXT, length // order.rate))
        shared = min(blocks * order.rate, length - length % order.rate or order.rate)
        new = order.latent_at(fresh - 1) + 1
        canvas = order.canvas(order.pictures_in(new + shared // order.rate))
        return cls(length, fresh, shared, 0, canvas)


def loop(order: Order) -> Draft:
    """The clip on a ring, whose seam is made anew."""
    request = order.request
    canvas, path = order.canvas(ring=True), order.path(request.clip, "clip")
    frames = canvas.shape[1]
    clip = order.later_latent_of(path, "clip", canvas, request.frames)
    seam = max(1, frames // _SEAM)
    keep = np.ones((1, 1, frames, 1, 1), np.float32)
    if frames > 2 * seam:
        keep[:, :, :seam] = keep[:, :, frames - seam :] = 0.0
    else:
        keep[:] = 0.0
    rest = {"shape": canvas.shape, "known_1CTHW": clip, "keep_11THW": keep, "ring": True}
    prompt = order.changed(clip_prompt(path, "clip"), request.prompt)
    return Draft((prompt,), order.negative, rest=rest)


def around_the_ring(order: Order, latent: Array) -> Iterator[Picture]:
    """The pictures of a ring, decoded with its own end before its beginning."""
    request, canvas = order.request, order.canvas(ring=True)
    frames = canvas.shape[1]
    before = min(CONTEXT, frames)
    wrapped = order.model.codec.decode(take(latent, range(frames - before, 2 * frames)))
    pictures = islice(wrapped, order.pictures_in(before), None)
    return fitted(pictures, canvas, request.size, request.frames)


def blend(order: Order) -> Draft:
    """Two clips, and a way from one to the other: prompts and latents pass over along a curve."""
    request, canvas = order.request, order.canvas()
    frames = canvas.shape[1]
    paths = [order.path(request.clip, "clip"), order.path(request.second, "second")]
    first, second = (
        order.latent_of(path, field, canvas, canvas.frames)
        for path, field in zip(paths, ("clip", "second"), strict=True)
    )
    share_T = shares(request.curve, frames)
    mixed = np.array(on_host(slerp(first, second, share_T)), np.float32)
    for clip, end in ((first, 0.0), (second, 1.0)):
        mixed[:, :, share_T == end] = clip[:, :, share_T == end]
    keep_T = ((share_T == 0.0) | (share_T == 1.0)).astype(np.float32)
    said = [order.changed(clip_prompt(path, "clip"), request.prompt) for path in paths]
    weights = np.stack([1.0 - share_T, share_T]).astype(np.float32)[:, :, None, None]
    rest = {
        "shape": canvas.shape,
        "clip_1CTHW": mixed,
        "strength": BLENDED,
        "known_1CTHW": mixed,
        "keep_11THW": keep_T[None, None, :, None, None],
        "weights_KTHW": weights,
    }
    return Draft(tuple(said), order.negative, rest=rest)


def shares(curve: Curve, frames: int) -> NDArray[np.float64]:
    """Share of the second clip in each latent frame, in [0, 1].

    ``transition`` passes over in the middle half, ``mix`` is half of each throughout, and ``dip``
    goes to the second clip and comes back.
    """
    at = np.linspace(0.0, 1.0, frames)
    if curve is Curve.MIX:
        return np.full(frames, 0.5)
    if curve is Curve.DIP:
        rise = 1.0 - np.abs(2.0 * at - 1.0)
    else:
        rise = ((at - 0.25) / 0.5).clip(0.0, 1.0)
    return rise * rise * (3.0 - 2.0 * rise)


def recut(order: Order) -> Draft:
    """A stretch of the clip, held, and everything around it grown anew."""
    request, canvas = order.request, order.canvas()
    path = order.path(request.clip, "clip")
    start, stop = _kept(order)
    # Latent frames all of whose pictures are kept, or the one in their middle where there is none.
    first, last = order.latent_at(start + order.rate - 1 if start else 0), order.latent_at(stop)
    if last <= first:
        first = order.latent_at((start + stop - 1) // 2)
        last = first + 1
    clip = order.latent_of(path, "clip", canvas, order.pictures_in(last))
    rest = {"shape": canvas.shape, **given({first: clip[:, :, first:last]}, canvas.shape[1])}
    prompt = order.changed(clip_prompt(path, "clip"), request.prompt)
    return Draft((prompt,), order.negative, rest=rest)


def with_the_kept(order: Order, latent: Array) -> Iterator[Picture]:
    """What was made, and in the kept stretch the clip's own pictures."""
    request = order.request
    path = order.path(request.clip, "clip")
    start, stop = _kept(order)
    made = fitted(order.model.codec.decode(latent), order.canvas(), request.size, request.frames)
    kept = order.frames_of(path, "clip", stop - start, start)
    return joined(made, kept, start, order.rate)


def _kept(order: Order) -> tuple[int, int]:
    """The stretch that is kept, in pictures."""
    request = order.request
    keep = request.keep or Span(start=request.seconds, end=request.seconds)
    length = order.length_of(order.path(request.clip, "clip"), "clip")
    start, stop = (round(time * request.fps) for time in (keep.start, keep.end))
    if not 0 <= start < stop <= min(length, request.frames):
        end = float(min(length, request.frames) / request.fps)
        span = f"{float(keep.start):g}-{float(keep.end):g}"
        raise RequestError("keep", f"{span} does not lie in the clip", f"within 0-{end:g}")
    return start, stop
