"""Requests out of command lines: new ones, the same again, and changes of finished clips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from msgspec.structs import replace

from kinema import media
from kinema.cli import inputs as read
from kinema.cli.choosing import Choice, choose
from kinema.cli.inputs import Inputs
from kinema.engine.check import ANIMATIC_GUIDE, check
from kinema.engine.facts import Facts, read_facts, versions
from kinema.engine.shape import nearest_rings
from kinema.errors import MediaError, RequestError
from kinema.media.formats import is_sequence
from kinema.types import (
    CharacterRef,
    FileId,
    FrameRule,
    ImageRole,
    Quality,
    Request,
    Size,
    Task,
    parse_seconds,
)

STILLS: Final = frozenset({".png", ".jpg", ".jpeg"})
"""Endings of an output that ask for one frame."""

Given = Mapping[str, Any]
_E = TypeVar("_E", bound=StrEnum)


def new_request(given: Given, inputs: Inputs) -> Request:
    """The request of ``generate``: a new one, or that of a clip (``--from``) with changes."""
    source = given["source"]
    if source:
        request = _again(Path(source), inputs)
        choice = choose(given, request.model)
        request = replace(request, model=choice.card.name)
    else:
        choice = choose(given)
        request = _fresh(choice, given, Task.TEXT_TO_VIDEO)
    _take(choice, given, inputs)
    request = _with_words(request, given)
    request = _with_shape(request, given)
    request = _with_sampling(request, given, inputs)
    request = _with_guides(request, given, inputs)
    out = Path(given["out"]) if given["out"] is not None else None
    if out is not None and out.suffix.lower() in STILLS and not is_sequence(out):
        if given["seconds"] is not None:
            raise RequestError("seconds", "a still has no length", "leave it out, or write a video")
        return replace(request, task=Task.TEXT_TO_IMAGE, frames=1)
    if given["images"] and request.task is Task.TEXT_TO_VIDEO:
        return replace(request, task=Task.IMAGE_TO_VIDEO)
    return request


def stream_request(given: Given, inputs: Inputs) -> Request:
    """The request of ``stream``."""
    choice = choose(given)
    _take(choice, given, inputs)
    request = _with_words(_fresh(choice, given, Task.STREAM), given)
    return _with_sampling(_with_shape(request, given), given, inputs)


def estimate_request(given: Given, inputs: Inputs) -> Request:
    """The request of ``estimate``, checked like one that is to be made; any prompt will do."""
    choice = choose(given)
    _take(choice, given, inputs)
    makes = Task.TEXT_TO_VIDEO in choice.card.tasks
    request = _fresh(choice, {**given, "seed": "0"}, Task.TEXT_TO_VIDEO)
    request = _with_sampling(_with_shape(request, {**given, "seed": None}), given, inputs)
    request = replace(request, prompt=given["prompt"] or "a cat walks")
    if not makes:  # a picture costs nothing that counts here
        return replace(request, task=Task.IMAGE_TO_VIDEO)
    check(request, {}, choice.weights)
    return request


def board_defaults(given: Given, inputs: Inputs) -> Request:
    """The request of ``storyboard`` before its file is read."""
    choice = choose(given)
    _take(choice, given, inputs)
    return _with_sampling(_fresh(choice, given, Task.STORYBOARD), given, inputs)


def change_request(task: Task, given: Given, inputs: Inputs) -> Request:
    """A request that changes the clip ``given["clip"]``: its model, shape, length and seed."""
    path = Path(given["clip"])
    clip = inputs.add(path, "clip")
    choice, was = _changed(task, path, given, inputs)
    request = Request(
        task=task,
        prompt=given.get("prompt") or "",
        model=choice.card.name,
        size=was.size,
        frames=was.frames,
        fps=was.fps,
        seed=was.seed if given.get("seed") is None else read.seed(given["seed"]),
        clip=clip,
        strict=bool(given.get("strict")),
    )
    if given.get("negative") is not None:
        request = replace(request, negative=given["negative"])
    if given.get("style") is not None:
        request = replace(request, style=style(given["style"]))
    if given.get("strength") is not None:
        request = replace(request, strength=read.strength(given["strength"]))
    if given.get("characters"):
        request = replace(request, characters=characters(given["characters"]))
    if task is Task.LOOP:
        request = replace(request, frames=_ring(request.frames, choice.card.frames, request.fps))
    return _with_sampling(request, given, inputs)


def length_of(path: Path, field: str) -> Fraction:
    """Seconds that a clip lasts: as it was asked for, or of a video that says nothing, as it is."""
    try:
        return read_facts(path, field).request.seconds
    except MediaError:
        return media.probe(path, field=field).seconds or Fraction(0)


def frames_for(seconds: Fraction, fps: Fraction) -> int:
    """How many frames a length takes; `RequestError` where it is not even one."""
    frames = round(seconds * fps)
    if frames < 1:
        least = f"at least {float(1 / fps):.3g} at {float(fps):g} frames a second"
        raise RequestError("seconds", f"{float(seconds):g} is less than a frame", least)
    return frames


def characters(given: tuple[str, ...]) -> tuple[CharacterRef, ...]:
    """Read every ``--character``."""
    return tuple(read.character(text, index) for index, text in enumerate(given))


def style(text: str) -> str:
    """A style's name as the cards write it: "Pixel art" is pixel_art."""
    return text.strip().lower().replace("-", "_").replace(" ", "_")


def _fresh(choice: Choice, given: Given, task: Task) -> Request:
    model = choice.card
    return Request(
        task=task,
        model=model.name,
        size=model.default_size,
        fps=model.default_fps,
        frames=round(model.default_seconds * model.default_fps),
        seed=read.seed(given["seed"]),
    )


def _changed(task: Task, path: Path, given: Given, inputs: Inputs) -> tuple[Choice, Request]:
    """Who changes a clip, and the request that the clip was made from.

    A model that works on pictures changes any video; of one that carries no request, what can be
    seen of it stands in: its size, rate and length.
    """
    choice = choose(given) if given.get("model") else None
    try:
        facts = read_facts(path)
    except MediaError:
        if choice is None or choice.draws(task):
            raise
        was = _seen(path)
    else:
        inputs.search(_shown(facts), path.resolve().parent)
        was = facts.request
        choice = choice or choose(given, was.model)
    _take(choice, given, inputs)
    return choice, was


def _seen(path: Path) -> Request:
    """What a video without a request would have been asked for."""
    info = media.probe(path, field="clip")
    size, fps = info.size, info.fps
    if fps is None:
        raise MediaError("clip", f"{path.name} does not move", "a video")
    return Request(size=size, fps=fps, frames=info.frames, seed=read.seed(None))


def _ring(frames: int, rule: FrameRule, fps: Fraction) -> int:
    """The length of a loop that is nearest to a clip's; says so where it is another."""
    shorter, longer = nearest_rings(frames, rule)
    ring = shorter if shorter and frames - shorter <= longer - frames else longer
    if ring != frames:
        click.echo(f"note: the loop lasts {float(ring / fps):.2f} s, {ring} frames", err=True)
    return ring


def _again(path: Path, inputs: Inputs) -> Request:
    """The request that a clip was made from, with its input files looked for beside it."""
    if not path.is_file():
        raise RequestError("from", f"there is no file {str(path)!r}", "a clip made by Kinema")
    facts = read_facts(path, "from")
    request, now = facts.request, versions(tuple(facts.versions))
    changed = [name for name, was in facts.versions.items() if now[name] != was]
    if changed:
        names = ", ".join(f"{name} {facts.versions[name]}" for name in changed)
        click.echo(f"note: made with {names}; with other versions it may differ", err=True)
    if request.task is Task.STREAM:
        problem = "a recorded stream was steered while it played and has no single request"
        raise RequestError("from", problem, "`kinema remix` or `kinema extend` of it")
    inputs.search(set(_named(request)), path.resolve().parent)
    return request


def _with_words(request: Request, given: Given) -> Request:
    if given["prompt"]:
        request = replace(request, prompt=given["prompt"])
    if given.get("negative") is not None:
        request = replace(request, negative=given["negative"])
    if given["style"] is not None:
        request = replace(request, style=style(given["style"]))
    if given["characters"]:
        request = replace(request, characters=characters(given["characters"]))
    return replace(request, strict=True) if given.get("strict") else request


def _with_shape(request: Request, given: Given) -> Request:
    if given["size"] is not None:
        request = replace(request, size=Size.parse(given["size"]))
    if given["seed"] is not None:
        request = replace(request, seed=read.seed(given["seed"]))
    seconds = request.seconds
    if given["seconds"] is not None:
        seconds = parse_seconds(given["seconds"])
    fps = request.fps if given["fps"] is None else read.fps(given["fps"])
    return replace(request, fps=fps, frames=frames_for(seconds, fps))


def _take(choice: Choice, given: Given, inputs: Inputs) -> None:
    """Where the weights lie, and how much memory they may use."""
    inputs.weights = choice.weights
    inputs.budget = read.memory(given.get("memory"))


def _with_sampling(request: Request, given: Given, inputs: Inputs) -> Request:
    if given.get("quality") is not None:
        request = replace(request, quality=one_of(Quality, given["quality"], "quality"))
    sampling = request.sampling
    if given.get("steps") is not None:
        steps = read.number(given["steps"], "steps", int, "a whole number from 1 to 1000")
        sampling = replace(sampling, steps=steps)
    if given.get("guidance") is not None:
        pull = read.number(given["guidance"], "guidance", float, "a number from 0 to 100")
        sampling = replace(sampling, guidance=pull)
    if given.get("loras"):
        loras = (inputs.lora(text, index) for index, text in enumerate(given["loras"]))
        request = replace(request, loras=tuple(loras))
    return replace(request, sampling=sampling)


def _with_guides(request: Request, given: Given, inputs: Inputs) -> Request:
    if given["strength"] is not None:
        request = replace(request, strength=read.strength(given["strength"]))
    if given["guide"] is not None:
        named = given["guide"] == ANIMATIC_GUIDE
        guide = ANIMATIC_GUIDE if named else inputs.add(given["guide"], "guide")
        request = replace(request, guide=guide)
    if given["areas"]:
        areas = tuple(read.area(text, index) for index, text in enumerate(given["areas"]))
        request = replace(request, areas=areas)
    if given["images"]:
        role = None
        if given["image_role"] is not None:
            role = one_of(ImageRole, given["image_role"], "image-role")
        images = (inputs.image(text, i, role) for i, text in enumerate(given["images"]))
        request = replace(request, images=tuple(images))
    elif given["image_role"] is not None:
        raise RequestError("image-role", "there is no picture to have a role", "with --image")
    return request


def one_of(kind: type[_E], text: str, field: str) -> _E:
    """Read the name of a member of an enumeration; `RequestError` lists those there are."""
    try:
        return kind(text.strip().lower())
    except ValueError as error:
        allowed = ", ".join(member.value for member in kind)
        raise RequestError(field, f"there is no {field} {text!r}", allowed) from error


def _named(request: Request) -> Iterator[FileId]:
    """Every file that a request names."""
    yield from (image.file for image in request.images)
    yield from (one.image for one in request.cards if one.image is not None)
    yield from (one.image for one in request.characters if one.image is not None)
    yield from (lora.file for lora in request.loras)
    single = (request.clip, request.second, request.mask, request.guide)
    yield from (file for file in single if file not in (None, ANIMATIC_GUIDE))


def _shown(facts: Facts) -> set[FileId]:
    """Every picture of the user's that a clip's scenes show."""
    shots = facts.scene.shots if facts.scene is not None else ()
    scenes = [shot.scene for shot in shots]
    scenes += [shot.mix.scene for shot in shots if shot.mix is not None]
    return {picture.file for scene in scenes for picture in scene.pictures}
