"""How fast the models are here: what jobs took against what their cards say.

A card was measured on another machine and knows nothing of what a prompt asks for. What jobs of
the same model took corrects it, those most that were like the one in question; a few of them say
little, and the card is believed for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, select, update

from kinema.engine.estimate import estimate
from kinema.errors import RequestError
from kinema.serve.store.tables import cards
from kinema.types import Json, ModelCard, Request, Value, from_builtins, to_builtins

KEPT: Final = 120
"""Jobs of a model that are remembered."""

_FADES: Final = 0.97  # what a job still counts for when one more has come
_DOUBT: Final = 0.5  # jobs' worth of belief that the card is right, and that all jobs are alike
_LIKE: Final = 4.0  # how much more those count that are more alike
_FULL: Final = 1.0  # seconds that a job takes to count in full: what is over at once says little
_FACTOR_MAX: Final = 50.0
_READ: Final = "storybook"  # family of the models whose pace depends on what the prompt shows
_TAKES: Final = {
    **dict.fromkeys(("weather rain", "weather snow", "weather storm"), 1.25),
    "time night": 1.1,
    "does sleep": 0.75,
    "actors 2": 1.13,
    "actors 3": 1.26,
    "actors 4": 1.4,
}
"""How many times as long drawing takes what is beyond a plain scene, before anything is known."""


class Past(Value, kw_only=True):
    """A job that was made: what it was like, log(took / said by the card), what it counts for."""

    traits: tuple[str, ...]
    ratio: float
    weight: float


def traits(request: Request, model: ModelCard) -> tuple[str, ...]:
    """What makes a job take longer or shorter than another of the same model, in words.

    Cost:
        A millisecond for a model that reads prompts; the first one half a second.
    """
    size = round(2 * math.log2(request.size.width * request.size.height))
    found = [f"size {size}", f"task {request.task}", f"quality {request.quality}"]
    if model.family == _READ:
        prompts = [card.prompt for card in request.cards] or [request.prompt]
        found += [trait for prompt in prompts for trait in _shown(prompt, request)]
    return tuple(dict.fromkeys(found))


def said(request: Request, like: Collection[str]) -> float | None:
    """Seconds that the card says of a job of these traits; None where it says nothing."""
    try:
        seconds = estimate(request).seconds
    except RequestError:  # only the folder of its weights describes the model, and a worker has it
        return None
    return None if not seconds else seconds * math.prod(_TAKES.get(trait, 1.0) for trait in like)


def factor(jobs: Sequence[Past], like: Collection[str]) -> float:
    """How many times as long as its card says a job of these traits will take; 1 for no jobs."""
    ages = [_FADES**age for age in range(len(jobs) - 1, -1, -1)]
    usual = _mean([age * job.weight for age, job in zip(ages, jobs, strict=True)], jobs, 0.0)
    near = [
        age * job.weight * _likeness(job.traits, like) ** _LIKE
        for age, job in zip(ages, jobs, strict=True)
    ]
    found = math.exp(usual + _mean(near, jobs, usual))
    return min(_FACTOR_MAX, max(1 / _FACTOR_MAX, found))


def learn(connection: Connection, request: Request, model: ModelCard, took: float) -> None:
    """Remember the seconds that a job took from its beginning to its end without a break."""
    like = traits(request, model)
    card_says = said(request, like)
    if card_says is None or took <= 0:
        return
    row = select(cards.c.calibration).where(cards.c.name == model.name).with_for_update()
    jobs = remembered(connection.execute(row).scalar())
    new = Past(traits=like, ratio=math.log(took / card_says), weight=min(1.0, took / _FULL))
    kept: Json = {"jobs": [to_builtins(job) for job in (*jobs, new)[-KEPT:]]}
    connection.execute(update(cards).where(cards.c.name == model.name).values(calibration=kept))


def remembered(calibration: Json | None) -> tuple[Past, ...]:
    """The jobs of a model, oldest first."""
    return tuple(from_builtins(job, Past) for job in (calibration or {}).get("jobs", ()))


def _mean(weights: Sequence[float], jobs: Sequence[Past], around: float) -> float:
    """The mean of what jobs are off ``around``, drawn to zero where there are few."""
    total = sum(w * (job.ratio - around) for w, job in zip(weights, jobs, strict=True))
    return total / (sum(weights) + _DOUBT)


def _likeness(one: Collection[str], other: Collection[str]) -> float:
    both, either = set(one) & set(other), set(one) | set(other)
    return len(both) / max(len(either), 1)


def _shown(prompt: str, request: Request) -> list[str]:
    """What a prompt shows: who does what, where, in which weather, before which camera."""
    from kinema.storybook.reader import read  # slow to load, and not every model needs it

    try:
        reading = read(prompt, seed=request.seed, style=request.style, negative=request.negative)
    except RequestError:  # its job is a change of something else, or will fail
        return []
    scene = reading.scene
    found = [f"{name} {getattr(scene, name)}" for name in ("setting", "time", "weather", "style")]
    found.append(f"camera {scene.camera.move}")
    found.append(f"actors {len(scene.actors)}")
    for actor in scene.actors:
        found.append(f"who {actor.subject}")
        found += [f"does {beat.action}" for beat in actor.beats]
    return found
