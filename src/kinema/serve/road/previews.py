"""Previews and drafts: the first pictures of a wish, or a small film of it, without a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import msgspec

from kinema.engine import stages
from kinema.engine.adapters import Adapter, Latent, Run
from kinema.engine.pictures import preview
from kinema.engine.progress import ignore
from kinema.engine.shape import check_size
from kinema.errors import RequestError
from kinema.serve.jobs.make import Maker, fetched
from kinema.serve.road.fragments import Fragments
from kinema.types import (
    FileId,
    Grounding,
    IsCancelled,
    Json,
    ModelCard,
    Quality,
    Request,
    Size,
    Task,
)

SIDE: Final = 480
"""Longest side of what is drawn for a look, pixels, where the model can draw it so small."""
_FPS: Final = Fraction(12)  # of a draft that is drawn
_PIECES: Final = 4  # pieces of film a second


@dataclass(frozen=True, slots=True)
class Look:
    """A picture of a preview: seconds from the beginning, its type, its bytes."""

    at: float
    media_type: str
    image: bytes


def looks(
    maker: Maker, request: Request, inputs: dict[FileId, Json], count: int, cancelled: IsCancelled
) -> Iterator[Look]:
    """The first pictures of a clip, or some along it, as soon as each is there.

    Args:
        maker: Of the worker.
        request: What is wanted, as a job would have it.
        inputs: Where the files lie that it names.
        count: How many: 1 is the first picture.
        cancelled: Asked between steps and pictures.

    Raises:
        KinemaError: It cannot be made; `Cancelled` where it was to stop.
    """
    small = lightened(request, maker.models[request.model].card)
    if small.task is Task.TEXT_TO_VIDEO and _is_drawn(small, maker.models[request.model].card):
        # A scene can be drawn at any time of it: only the pictures that are wanted are.
        fps = max(maker.models[request.model].card.fps[0], count / request.seconds)
        frames = max(1, int(request.seconds * fps))
        small = msgspec.structs.replace(small, fps=fps, frames=frames)
    with _made(maker, small, inputs, cancelled) as (model, latent, around):
        frames = stages.decode(model, small, latent, around)
        wanted = {number * small.frames // count for number in range(count)}
        for number, picture in enumerate(frames.pictures):
            if number in wanted:
                shown = preview(picture)
                yield Look(float(number / small.fps), shown.media_type, shown.image)
            if number >= max(wanted):
                return


def draft(
    maker: Maker, request: Request, inputs: dict[FileId, Json], cancelled: IsCancelled
) -> Iterator[bytes]:
    """The clip as a small film of fragments, each as soon as it is there; as `looks`."""
    card = maker.models[request.model].card
    small = lightened(request, card)
    if _is_drawn(small, card) and small.clip is None and small.fps > _FPS:
        frames = max(1, round(small.seconds * _FPS))
        small = msgspec.structs.replace(small, fps=_FPS, frames=frames)
    with _made(maker, small, inputs, cancelled) as (model, latent, around):
        frames = stages.decode(model, small, latent, around)
        every = max(1, round(small.fps / _PIECES))
        with Fragments(small.size, small.fps) as film:
            yield film.init
            for number, picture in enumerate(frames.pictures):
                film.put(picture, key=number % (every * _PIECES) == 0)
                if number % every == 0 and (piece := film.take()):
                    yield piece
            yield film.finish()


def lightened(request: Request, card: ModelCard) -> Request:
    """The same in draft quality, and as small as the model draws it."""
    light = msgspec.structs.replace(request, quality=Quality.DRAFT)
    longest = max(request.size.width, request.size.height)
    if longest <= SIDE:
        return light
    step = max(2, card.sizes.multiple)
    width, height = (
        max(step, round(side * SIDE / longest / step) * step)
        for side in (request.size.width, request.size.height)
    )
    size = Size(width=width, height=height)
    try:
        check_size(size, card)
    except RequestError:
        return light
    return msgspec.structs.replace(light, size=size)


@contextmanager
def _made(
    maker: Maker, request: Request, inputs: dict[FileId, Json], cancelled: IsCancelled
) -> Iterator[tuple[Adapter, Latent, Run]]:
    with fetched(maker.objects, inputs) as files:
        weights: Path | None = maker.models[request.model].weights
        around = stages.admit(request, Run(files, ignore, cancelled, weights=weights))
        model = stages.load(request, around)
        conditioning = stages.condition(model, request, around)
        yield model, stages.sample(model, request, conditioning, around), around


def _is_drawn(request: Request, card: ModelCard) -> bool:
    return card.tasks.get(request.task) is Grounding.EXACT
