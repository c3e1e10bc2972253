"""Clips out of words and pictures: from nothing, under a guide, between key frames, without end."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, islice
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kinema.engine.adapters import Picture, adapter
from kinema.engine.latent.finish import fitted
from kinema.engine.latent.inputs import Canvas, picture, still_latent
from kinema.engine.latent.order import CONTEXT, Order, given
from kinema.engine.latent.plan import Draft
from kinema.sample.arrays import Array, on_host
from kinema.sample.mixture import segment_weights
from kinema.types import Card, ImageRole, Task

GUIDED: Final = 0.75
"""How much of a guide may change where the request does not say: its shapes, places and movements
stay, its surfaces go."""

GREY: Final = 127.5
"""The picture that stands for nothing given, between black and white."""


def from_words(order: Order) -> Draft:
    """From a prompt alone, or painted over a guide."""
    canvas = order.canvas()
    prompt = order.said(order.request.prompt)
    return Draft((prompt,), _negative(order), rest={"shape": canvas.shape, **_guide(order, canvas)})


def from_pictures(order: Order) -> Draft:
    """From a prompt and pictures at their times.

    A model that was trained to see given frames beside the latent gets them there. For any other
    they are frames of the latent that are held, which is what a model with a noise level for each
    frame was trained for.
    """
    canvas = order.canvas()
    last = order.request.frames - 1
    stills: dict[int, Picture] = {}
    for number, image in enumerate(order.request.images):
        at = last if image.role is ImageRole.LAST else round(image.at * order.request.fps)
        path = order.path(image.file, f"images[{number}].file")
        stills[min(at, last)] = picture(path, f"images[{number}].file", canvas)
    rest: dict[str, Any] = {"shape": canvas.shape, **_guide(order, canvas)}
    abilities = order.model.denoiser.abilities
    if abilities.given_channels:
        rest |= _beside(order, canvas, stills)
    else:
        rest |= _held(order, canvas, stills)
    shown = [stills[at] for at in sorted(stills)]
    if abilities.pictures:
        rest["pictures"] = tuple((shown * abilities.pictures)[: abilities.pictures])
    return Draft((order.said(order.request.prompt),), _negative(order), rest=rest)


def storyboard(order: Order) -> Draft:
    """Cards on a time line: each prompt rules its stretch, each picture begins it."""
    canvas, cards = order.canvas(), order.request.cards
    lengths = _stretches(order, cards, canvas.shape[1])
    ramp = 2 if any(card.transition for card in cards) and min(lengths) >= 2 else 0
    starts = [0, *accumulate(lengths)]
    known: dict[int, NDArray[np.float32]] = {}
    for number, card in enumerate(cards):
        if card.image is not None:
            field = f"cards[{number}].image"
            still = picture(order.path(card.image, field), field, canvas)
            known[starts[number]] = _still(order, still, first=number == 0)
    rest: dict[str, Any] = {"shape": canvas.shape}
    if known:
        rest |= given(known, canvas.shape[1])
    if len(cards) > 1:
        rest["weights_KTHW"] = segment_weights(lengths, ramp)
    prompts = tuple(order.said(card.prompt) for card in cards)
    return Draft(prompts, _negative(order), rest=rest)


def chunk(order: Order) -> Draft:
    """The next piece of a stream: it goes on from the end of the one before, under its own prompt.

    Pieces are whole latent frames, so that none but the very first has a lone picture in it.
    """
    before = order.run.before
    if before is None:
        return from_words(order)
    latent = np.asarray(before.arrays["latent"], np.float32)
    context = latent[:, :, -CONTEXT:]
    count = context.shape[2] + -(-order.request.frames // order.rate)
    prompt = order.request.prompt.strip()
    rest = {
        "shape": (latent.shape[1], count, *latent.shape[3:]),
        "first_frame": int(before.arrays["first_frame"]) + latent.shape[2] - context.shape[2],
        **given({0: context}, count),
    }
    said = order.said(prompt) if prompt else str(before.arrays["prompt"])
    return Draft((said,), _negative(order), rest=rest)


def whole(order: Order, latent: Array) -> Iterator[Picture]:
    """All pictures of the latent, cut to what was asked for."""
    request = order.request
    pictures = order.model.codec.decode(latent)
    return fitted(pictures, order.canvas(), request.size, request.frames)


def after_context(order: Order, latent: Array) -> Iterator[Picture]:
    """The pictures of a piece of a stream, behind those that it went on from."""
    before = order.run.before
    if before is None:
        return whole(order, latent)
    context = min(CONTEXT, before.arrays["latent"].shape[2])
    pictures = islice(order.model.codec.decode(latent), order.pictures_in(context), None)
    return fitted(pictures, order.canvas(), order.request.size, order.request.frames)


def _negative(order: Order) -> str | None:
    return order.request.negative.strip() or None


def _guide(order: Order, canvas: Canvas) -> dict[str, Any]:
    """Previz to final: the latent of the guide, and how much of it may change."""
    request = order.request
    if request.guide is None:
        return {}
    strength = GUIDED if request.strength is None else request.strength
    if request.guide == "animatic":
        clip = order.encoded(_animatic(order, canvas))
    else:
        path = order.path(request.guide, "guide")
        clip = order.latent_of(path, "guide", canvas, canvas.frames)
    return {"clip_1CTHW": clip, "strength": strength}


def _animatic(order: Order, canvas: Canvas) -> Iterator[Picture]:
    """The prompt drawn as an animatic on the canvas."""
    request = replace(
        order.request,
        task=Task.TEXT_TO_VIDEO,
        model="animatic",
        size=canvas.size,
        frames=canvas.frames,
        guide=None,
        strength=None,
        images=(),
    )
    drawer = adapter("animatic")
    conditioning = drawer.condition(request, order.run)
    latent = drawer.sample(request, conditioning, order.run)
    return drawer.decode(request, latent, order.run).pictures


def _held(order: Order, canvas: Canvas, stills: dict[int, Picture]) -> dict[str, Any]:
    """Pictures as latent frames that stay as they are."""
    known = {
        order.latent_at(at): _still(order, still, first=order.latent_at(at) == 0)
        for at, still in sorted(stills.items())
    }
    return given(known, canvas.shape[1])


def _still(order: Order, still: Picture, *, first: bool) -> NDArray[np.float32]:
    model = order.model
    latent = still_latent(model.codec, still, first, model.denoiser.abilities.first_alone)
    return np.asarray(on_host(latent), np.float32)


def _beside(order: Order, canvas: Canvas, stills: dict[int, Picture]) -> dict[str, Any]:
    """Pictures in a clip that is grey elsewhere, and which of its latent frames are given."""
    frames = canvas.shape[1]
    total = order.pictures_in(frames)
    at_latent = {order.latent_at(at): still for at, still in stills.items()}
    grey = np.full((canvas.size.height, canvas.size.width, 3), GREY, np.float32)

    def clip() -> Iterator[Any]:
        for number in range(total):
            found = at_latent.get(order.latent_at(number))
            yield grey if found is None else found.astype(np.float32)

    given_T = np.zeros(frames, bool)
    given_T[list(at_latent)] = True
    return {"beside_1CTHW": order.encoded(clip()), "given_T": given_T}


def _stretches(order: Order, cards: tuple[Card, ...], frames: int) -> list[int]:
    """Latent frames of each card; every card gets at least one."""
    ends = list(accumulate((card.seconds for card in cards), initial=Fraction(0)))[1:]
    cuts = [order.latent_at(round(end * order.request.fps)) for end in ends[:-1]]
    lengths: list[int] = []
    start = 0
    for number, cut in enumerate(cuts):
        after = len(cuts) - number
        stop = min(max(cut, start + 1), frames - after)
        lengths.append(stop - start)
        start = stop
    return [*lengths, frames - start]
