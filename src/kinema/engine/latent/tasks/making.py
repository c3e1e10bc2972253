"""Clips out of words and pictures: from nothing, under a guide, between key frames, without end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import accumulate, islice
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kinema.engine.adapters import Latent, Picture, Run, adapter
from kinema.engine.check import ANIMATIC_GUIDE
from kinema.engine.latent.beside import grey
from kinema.engine.latent.finish import fitted
from kinema.engine.latent.inputs import Canvas, picture, still_latent
from kinema.engine.latent.order import CONTEXT, TRACE, Order, given
from kinema.engine.latent.plan import Draft
from kinema.engine.progress import ignore
from kinema.errors import RequestError
from kinema.sample.arrays import Array, on_host
from kinema.sample.mixture import Box, moving_mask, region_weights, segment_weights
from kinema.types import Area, Card, ImageRole, Task

GUIDED: Final = 0.6
"""Share of the steps that a guide goes through where the request does not say: its shapes, places
and movements stay, its surfaces go."""


def from_words(order: Order) -> Draft:
    """From a prompt alone, or painted over a guide."""
    canvas = order.canvas()
    prompt = order.said(order.request.prompt)
    guide, notes = _guide(order, canvas)
    others, weights = _areas(order, canvas)
    rest = {"shape": canvas.shape, **guide, **weights}
    return Draft((prompt, *others), order.negative, rest=rest, notes=notes)


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
        _check_free(order, min(at, last), stills, f"images[{number}].at")
        stills[min(at, last)] = picture(path, f"images[{number}].file", canvas)
    guide, notes = _guide(order, canvas)
    others, weights = _areas(order, canvas)
    rest: dict[str, Any] = {"shape": canvas.shape, **guide, **weights}
    abilities = order.model.denoiser.abilities
    if abilities.given_channels:
        rest |= _beside(order, canvas, stills)
    else:
        rest |= _held(order, canvas, stills)
    shown = [stills[at] for at in sorted(stills)]
    if abilities.pictures:
        rest["pictures"] = tuple((shown * abilities.pictures)[: abilities.pictures])
    prompts = (order.said(order.request.prompt), *others)
    return Draft(prompts, order.negative, rest=rest, notes=notes)


def storyboard(order: Order) -> Draft:
    """Cards on a time line: each prompt rules its stretch, each picture begins it."""
    canvas, cards = order.canvas(), order.request.cards
    lengths = _stretches(order, cards, canvas.shape[1])
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
        rest["weights_KTHW"] = segment_weights(lengths, _ramps(order, cards, lengths))
    prompts = tuple(order.said(card.prompt) for card in cards)
    return Draft(prompts, order.negative, rest=rest)


def chunk(order: Order) -> Draft:
    """The next piece of a stream: it goes on from the end of the one before, under its own prompt.

    Latent frames stand for several pictures, so that some may be left over from the piece before;
    these come first.
    """
    before = order.run.before
    if before is None:
        return from_words(order)
    latent = np.asarray(before.arrays["latent"], np.float32)
    context = latent[:, :, -CONTEXT:]
    missing = max(0, order.request.frames - _left_over(order, before))
    count = context.shape[2] + -(-missing // order.rate)
    prompt = order.request.prompt.strip()
    rest = {
        "shape": (latent.shape[1], count, *latent.shape[3:]),
        "trace": TRACE,
        "first_frame": int(before.arrays["first_frame"]) + latent.shape[2] - context.shape[2],
        **given({0: context}, count),
    }
    said = order.said(prompt) if prompt else str(before.arrays["prompt"])
    return Draft((said,), order.negative, rest=rest)


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
    shown = order.pictures_in(context) - _left_over(order, before)
    pictures = islice(order.model.codec.decode(latent), shown, None)
    return fitted(pictures, order.canvas(), order.request.size, order.request.frames)


def _left_over(order: Order, before: Latent) -> int:
    """Pictures at the end of a piece that were not shown with it."""
    made = int(before.arrays["first_frame"]) + before.arrays["latent"].shape[2]
    return order.pictures_in(made) - int(before.arrays["shown"])


def _areas(order: Order, canvas: Canvas) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Prompts of parts of the picture, and who rules where."""
    areas = order.request.areas
    if not areas:
        return (), {}
    cells = (1, *canvas.shape[2:])
    masks = np.stack([moving_mask({0: _on_canvas(area, canvas)}, cells) for area in areas])
    said = tuple(order.said(area.prompt) for area in areas)
    return said, {"weights_KTHW": region_weights(masks)}


def _on_canvas(area: Area, canvas: Canvas) -> Box:
    """The box in shares of the whole canvas, of which the middle is shown."""

    def moved(share: float, shown: int, whole: int) -> float:
        return ((whole - shown) / 2 + share * shown) / whole

    across = canvas.shown.width, canvas.size.width
    down = canvas.shown.height, canvas.size.height
    return Box(
        left=moved(area.left, *across),
        top=moved(area.top, *down),
        right=moved(area.right, *across),
        bottom=moved(area.bottom, *down),
    )


def _check_free(order: Order, at: int, stills: Collection[int], field: str) -> None:
    """Refuse a second picture for a latent frame, which can hold but one."""
    near = [other for other in stills if order.latent_at(other) == order.latent_at(at)]
    if near:
        moment = f"{float(near[0] / order.request.fps):g} s"
        problem = f"another picture is at {moment}, which is too near"
        apart = float(order.rate / order.request.fps)
        raise RequestError(field, problem, f"{apart:g} s or more between two pictures")


def _guide(order: Order, canvas: Canvas) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Previz to final: the latent of the guide, how much of it may change, and what to say."""
    request = order.request
    if request.guide is None:
        return {}, ()
    strength = GUIDED if request.strength is None else request.strength
    notes = ()
    if request.guide == ANIMATIC_GUIDE:
        pictures, notes = _animatic(order, canvas)
        clip = order.encoded(pictures)
    else:
        path = order.path(request.guide, "guide")
        clip = order.latent_of(path, "guide", canvas, canvas.frames)
    return {"clip_1CTHW": clip, "strength": strength}, notes


def _animatic(order: Order, canvas: Canvas) -> tuple[Iterator[Picture], tuple[str, ...]]:
    """The prompt drawn as an animatic on the canvas, and how it was understood otherwise."""
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
    drawer, run = adapter("animatic"), Run(order.run.files, ignore, order.run.cancelled)
    conditioning = drawer.condition(request, run)
    latent = drawer.sample(request, conditioning, run)
    return drawer.decode(request, latent, run).pictures, conditioning.notes


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
    """Pictures in a clip that is grey elsewhere, and which of its pictures are given."""
    frames = canvas.shape[1]
    nothing = grey(canvas.size.height, canvas.size.width)

    def clip() -> Iterator[Any]:
        for number in range(order.pictures_in(frames)):
            found = stills.get(number)
            yield nothing if found is None else found.astype(np.float32)

    given_TR = np.zeros((frames, order.rate), bool)
    for at in stills:
        frame, part = divmod(at + order.lone, order.rate)
        # The lone first picture stands for all of its latent frame.
        given_TR[frame, slice(None) if frame == 0 else part] = True
    return {"beside_1CTHW": order.encoded(clip()), "given_TR": given_TR}


def _ramps(order: Order, cards: tuple[Card, ...], lengths: list[int]) -> list[int]:
    """Latent frames over which each card but the first comes in."""
    wanted = [card.transition * order.request.fps / order.rate for card in cards[1:]]
    return [min(max(1, round(ramp)), *lengths) if ramp else 0 for ramp in wanted]


def _stretches(order: Order, cards: tuple[Card, ...], frames: int) -> list[int]:
    """Latent frames of each card; every card gets at least one."""
    ends = list(accumulate((card.seconds for card in cards), initial=Fraction(0)))[1:]
    # The latent frame whose first picture is nearest to the cut.
    cuts = [round((end * order.request.fps + order.lone) / order.rate) for end in ends[:-1]]
    lengths: list[int] = []
    start = 0
    for number, cut in enumerate(cuts):
        after = len(cuts) - number
        stop = min(max(cut, start + 1), frames - after)
        lengths.append(stop - start)
        start = stop
    return [*lengths, frames - start]
