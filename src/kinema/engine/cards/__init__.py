"""Model cards: what each model is and can do, as data that is read without loading anything.

The animatic has a row here and our own network one in `own`; open weights have theirs in
`models.registry`, and a pipeline of ``diffusers`` is described by its folder. A new family is a new
line here and one in `adapters`; nothing else names a model.
"""

from __future__ import annotations

from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Final

from kinema.engine.cards.folders import describe
from kinema.engine.cards.latent import PIPELINES, pipeline_card, wan_card
from kinema.engine.cards.own import own_card
from kinema.errors import UnknownModel, UnsupportedTask, WeightsError
from kinema.models.registry import models
from kinema.types import (
    FPS_MAX,
    FPS_MIN,
    FRAMES_MAX,
    SIDE_MAX,
    SIDE_MIN,
    Cost,
    Feature,
    FrameRule,
    Grounding,
    Licence,
    ModelCard,
    Quality,
    Size,
    SizeRule,
    Task,
)

_ANIMATIC: Final = ModelCard(
    name="animatic",
    family="storybook",
    summary="The storybook world drawn directly: exact, any size, in real time, on any computer.",
    licence=Licence(id="Apache-2.0"),
    tasks=dict.fromkeys(Task, Grounding.EXACT),
    features=(Feature.VARIATIONS, Feature.CHARACTERS, Feature.STYLES, Feature.NEGATIVE),
    sizes=SizeRule(side_min=SIDE_MIN, side_max=SIDE_MAX, multiple=2),
    frames=FrameRule(minimum=1, maximum=FRAMES_MAX),
    fps=(FPS_MIN, FPS_MAX),
    default_size=Size(width=1280, height=720),
    default_fps=Fraction(24),
    default_seconds=Fraction(4),
    steps=dict.fromkeys(Quality, 1),
    cost=Cost(
        seconds_fixed=0.15,
        seconds_once_per_megapixel=0.26,
        seconds_per_frame=0.002,
        seconds_per_megapixel=0.024,
        megabytes_fixed=150.0,
        megabytes_per_megapixel=190.0,
        measured="2 shared cores, x86-64, November 2026",
    ),
    styles=(
        "storybook",
        "watercolour",
        "pixel_art",
        "black_and_white",
        "pencil",
        "vintage",
        "neon",
        "paper_cutout",
        "anime",
        "claymation",
        "tilt_shift",
        "comic",
        "live_action",
    ),
    notes={
        Task.IMAGE_TO_VIDEO: "a picture becomes a backdrop, a prop or a poster in the scene",
        Task.EXTEND: "reads the scene that the clip carries",
        Task.REMIX: "reads the scene that the clip carries",
        Task.EDIT: "reads the scene that the clip carries",
        Task.REGION_EDIT: "changes the actors and the ground inside the mask",
        Task.OUTPAINT: "draws the same scene in the new shape",
    },
)


def cards() -> tuple[ModelCard, ...]:
    """The cards of all models known by name, the default one first."""
    return (_ANIMATIC, own_card(), *(wan_card(spec) for spec in models()))


def card(name: str, weights: Path | None = None) -> ModelCard:
    """The card of that model.

    Args:
        name: One of those in `cards`, or ``diffusers:NAME``.
        weights: Where its weights lie. Only a pipeline of ``diffusers`` is described by them.

    Raises:
        UnknownModel: No model has that name; the message names those that exist, nearest first.
        WeightsError: It is a pipeline's, and ``weights`` is none or cannot be described.
    """
    if is_pipeline(name):
        if weights is None:
            problem = f"nothing is known of {name} without its folder"
            raise WeightsError("weights", problem, "--weights DIR")
        return pipeline_card(name, describe(weights))
    known = {one.name: one for one in cards()}
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        ordered = [*near, *(other for other in known if other not in near)]
        allowed = f"{', '.join(ordered)}, {PIPELINES}:PATH"
        raise UnknownModel("model", f"there is no model {name!r}", allowed)
    return known[name]


def is_pipeline(name: str) -> bool:
    """Whether it is the name of a pipeline of ``diffusers``, which only its folder describes."""
    return name.startswith(f"{PIPELINES}:")


def can_do(task: Task) -> list[str]:
    """Names of the models that do the task."""
    return [model.name for model in cards() if task in model.tasks]


def check_task(model: ModelCard, task: Task) -> None:
    """Refuse a task that the model cannot do.

    Raises:
        UnsupportedTask: The model cannot; the message names the models that can.
    """
    if task not in model.tasks:
        words = task.replace("_", " ")
        others = ", ".join(can_do(task)) or "no model here does it"
        raise UnsupportedTask("task", f"{model.name} does not do {words}", others)


def check_feature(model: ModelCard, feature: Feature, field: str) -> None:
    """Refuse a feature, asked for by ``field`` of a request, that the model does not have.

    Raises:
        UnsupportedTask: The model has it not; the message names the models that do.
    """
    if feature not in model.features:
        others = [other.name for other in cards() if feature in other.features]
        allowed = ", ".join(others) or "no model here does"
        raise UnsupportedTask(field, f"{model.name} does not take it", f"with {allowed}")
