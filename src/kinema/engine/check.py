"""The first stage: refuse what cannot be done, before anything is loaded or written.

Every refusal is a `RequestError` that names the field and what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from kinema.engine.cards import card, check_feature, check_task
from kinema.engine.shape import check_frames, check_size
from kinema.errors import MediaError, PromptError, RequestError
from kinema.types import (
    Area,
    Feature,
    FileId,
    Grounding,
    ModelCard,
    Request,
    Task,
    check_request,
    check_text,
)

ANIMATIC_GUIDE: Final = "animatic"
"""The guide that is no file: the prompt itself, drawn."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a request that a task cannot do without, and those it may have besides."""

    needs: frozenset[str]
    takes: frozenset[str] = frozenset()


_CAST = frozenset({"style", "negative", "characters"})
_LED = frozenset({"guide", "strength", "areas"})

_FIELDS: Final = {
    Task.TEXT_TO_VIDEO: _Fields(frozenset({"prompt"}), _CAST | _LED),
    Task.TEXT_TO_IMAGE: _Fields(frozenset({"prompt"}), _CAST | _LED | {"images"}),
    Task.IMAGE_TO_VIDEO: _Fields(frozenset({"prompt", "images"}), _CAST | _LED),
    Task.EXTEND: _Fields(frozenset({"clip"}), frozenset({"prompt", "strength", "characters"})),
    Task.REMIX: _Fields(
        frozenset({"prompt", "clip"}), frozenset({"strength", "style", "characters", "images"})
    ),
    Task.EDIT: _Fields(
        frozenset({"clip"}), frozenset({"prompt", "style", "characters", "images"})
    ),
    Task.REGION_EDIT: _Fields(frozenset({"prompt", "clip", "mask"}), frozenset({"characters"})),
    Task.OUTPAINT: _Fields(frozenset({"clip"})),
    Task.LOOP: _Fields(frozenset({"clip"})),
    Task.BLEND: _Fields(frozenset({"clip", "second"})),
    Task.RECUT: _Fields(
        frozenset({"clip", "keep"}), frozenset({"prompt", "strength", "characters"})
    ),
    Task.STORYBOARD: _Fields(frozenset({"cards"}), _CAST),
    Task.STREAM: _Fields(frozenset({"prompt"}), _CAST),
}  # fmt: skip

# A model that does a task by sampling has other uses for some fields than one that draws scenes: a
# negative prompt steers every task, a clip that carries no prompt needs one, and pictures are
# frames of the clip, which only image to video puts into it.
_WORDS: Final = frozenset({"prompt", "negative", "style"})

_SAMPLED: Final = _FIELDS | {
    Task.TEXT_TO_IMAGE: _Fields(frozenset({"prompt"}), _CAST | _LED),
    Task.EXTEND: _Fields(frozenset({"clip"}), _WORDS | {"characters"}),
    Task.REMIX: _Fields(frozenset({"prompt", "clip"}), _CAST | {"strength"}),
    Task.EDIT: _Fields(frozenset({"clip"}), _CAST | {"prompt", "strength"}),
    Task.REGION_EDIT: _Fields(frozenset({"prompt", "clip", "mask"}), _CAST),
    Task.OUTPAINT: _Fields(frozenset({"clip"}), _WORDS),
    Task.LOOP: _Fields(frozenset({"clip"}), _WORDS),
    Task.BLEND: _Fields(frozenset({"clip", "second"}), _WORDS),
    Task.RECUT: _Fields(frozenset({"clip", "keep"}), _CAST | {"prompt"}),
}

_OPTIONAL: Final = (
    "prompt", "negative", "images", "clip", "second", "mask", "strength", "keep", "cards",
    "characters", "style", "guide", "areas",
)  # fmt: skip


def check(request: Request, files: Mapping[FileId, Path], weights: Path | None = None) -> ModelCard:
    """Refuse a request that no model, or not this one, can answer.

    Args:
        request: What is asked.
        files: Where the files that the request names lie.
        weights: Where the weights of the model lie; needed only for one that they describe.

    Returns:
        The card of the model that is asked for.

    Raises:
        UnknownModel, UnsupportedTask: The model, or the task with this model, does not exist.
        PromptError: The prompt is empty where one is needed, too long, or not printable.
        MediaError: A file that the request names was not given.
        WeightsError: The folder that describes the model cannot be read.
        RequestError: Size, length, fps, style or another field is out of range or out of place.
    """
    model = card(request.model, weights)
    check_with(model, request, files)
    return model


def check_with(model: ModelCard, request: Request, files: Mapping[FileId, Path]) -> None:
    """Refuse a request that the model of this card cannot answer, wherever its weights are.

    Raises:
        RequestError: As `check`.
    """
    check_request(request)
    check_task(model, request.task)
    _check_fields(model, request)
    _check_shape(model, request)
    _check_style(model, request.style)
    _check_features(model, request)
    _check_images(model, request)
    _check_cards(request)
    _check_areas(request.areas)
    _check_guide(request.guide)
    for field, file in _files(request):
        if file not in files or not files[file].is_file():
            raise MediaError(field, f"the file {file[:19]}... was not given with the request")


def _check_fields(model: ModelCard, request: Request) -> None:
    drawn = model.tasks[request.task] is Grounding.EXACT
    fields = (_FIELDS if drawn else _SAMPLED)[request.task]
    words = request.task.replace("_", " ")
    for name in _OPTIONAL:
        value = getattr(request, name)
        given = bool(value.strip()) if isinstance(value, str) else value not in (None, ())
        if name in fields.needs and not given:
            if name == "prompt":
                raise PromptError("prompt", "is empty", "a description of what is to be seen")
            raise RequestError(name, f"is missing, and {words} needs it")
        if given and name not in fields.needs | fields.takes:
            takes = ", ".join(n for n in _OPTIONAL if n in fields.needs | fields.takes)
            raise RequestError(name, f"has no meaning for {words}", f"{takes} for this task")
    if request.task is Task.EDIT and not (
        request.prompt.strip() or request.style or request.images
    ):
        raise PromptError("prompt", "is empty", "what is to change, or another style or picture")
    if request.strength is not None and "guide" in fields.takes and request.guide is None:
        raise RequestError("strength", f"has no meaning for {words} without a guide", "with guide")
    if request.task is Task.TEXT_TO_IMAGE and request.frames != 1:
        raise RequestError("frames", f"is {request.frames} for a still", "1")


def _check_shape(model: ModelCard, request: Request) -> None:
    check_size(request.size, model)
    low, high = model.fps
    if not low <= request.fps <= high:
        raise RequestError("fps", f"{request.fps} is out of range", f"{low} to {high}")
    check_frames(request.frames, model, ring=request.task is Task.LOOP)


def _check_style(model: ModelCard, style: str | None) -> None:
    if style is None or style in model.styles:
        return
    near = get_close_matches(style, model.styles, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise RequestError("style", f"there is no style {style!r}{hint}", ", ".join(model.styles))


def _check_features(model: ModelCard, request: Request) -> None:
    for feature, field, asked in (
        (Feature.STYLES, "style", request.style),
        (Feature.NEGATIVE, "negative", request.negative),
        (Feature.CHARACTERS, "characters", request.characters),
        (Feature.GUIDE, "guide", request.guide),
        (Feature.AREAS, "areas", request.areas),
        (Feature.LORAS, "loras", request.loras),
    ):
        if asked:
            check_feature(model, feature, field)


def _check_images(model: ModelCard, request: Request) -> None:
    for index, image in enumerate(request.images):
        if image.role not in model.roles:
            problem = f"{model.name} has no use for a {image.role} picture"
            raise RequestError(f"images[{index}].role", problem, ", ".join(model.roles))
        if not 0 <= image.at <= request.seconds:
            limits = f"0 to the clip's {float(request.seconds):g} seconds"
            raise RequestError(f"images[{index}].at", f"is {float(image.at):g}", limits)


def _check_guide(guide: str | None) -> None:
    if guide is not None and guide != ANIMATIC_GUIDE and not guide.startswith("sha256:"):
        allowed = f"{ANIMATIC_GUIDE}, or a clip named by its content"
        raise RequestError("guide", f"there is no guide {guide[:40]!r}", allowed)


def _check_areas(areas: tuple[Area, ...]) -> None:
    for index, area in enumerate(areas):
        field = f"areas[{index}]"
        check_text(f"{field}.prompt", area.prompt)
        if not area.prompt.strip():
            raise PromptError(f"{field}.prompt", "is empty", "a description of what is to be seen")
        for low, high in (("left", "right"), ("top", "bottom")):
            if not getattr(area, low) < getattr(area, high):
                problem = f"is not left or above of {high}"
                raise RequestError(f"{field}.{low}", problem, f"less than {getattr(area, high):g}")


def _check_cards(request: Request) -> None:
    for index, one in enumerate(request.cards):
        field = f"cards[{index}]"
        check_text(f"{field}.prompt", one.prompt)
        if not one.prompt.strip():
            raise PromptError(f"{field}.prompt", "is empty", "a description of what is to be seen")
        if one.seconds <= 0:
            raise RequestError(f"{field}.seconds", f"is {one.seconds}", "more than 0")
        if not 0 <= one.transition <= one.seconds:
            limits = f"0 to the card's {float(one.seconds):g} seconds"
            raise RequestError(f"{field}.transition", f"is {one.transition}", limits)
    if request.cards and request.cards[0].transition:
        raise RequestError("cards[0].transition", "there is nothing before the first card", "0")
    for index, character in enumerate(request.characters):
        check_text(f"characters[{index}].looks", character.looks)


def _files(request: Request) -> Iterator[tuple[str, FileId]]:
    """Every file that the request names, with the field that names it."""
    for index, image in enumerate(request.images):
        yield f"images[{index}].file", image.file
    for index, one in enumerate(request.cards):
        if one.image is not None:
            yield f"cards[{index}].image", one.image
    for index, character in enumerate(request.characters):
        if character.image is not None:
            yield f"characters[{index}].image", character.image
    for index, lora in enumerate(request.loras):
        yield f"loras[{index}].file", lora.file
    for field, file in (("clip", request.clip), ("second", request.second), ("mask", request.mask)):
        if file is not None:
            yield field, file
    if request.guide is not None and request.guide != ANIMATIC_GUIDE:
        yield "guide", request.guide
