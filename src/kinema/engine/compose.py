"""What each task means for scenes: a request and its inputs become a timeline, not yet staged.

One function a task. `storybook.reader` reads prompts and `storybook.timeline` changes clips; here
is only which of them a task asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from kinema.engine.facts import read_facts, read_scene
from kinema.engine.pictures import read_picture
from kinema.engine.region import change_inside, read_mask, view_at
from kinema.errors import RequestError
from kinema.storybook import timeline as tl
from kinema.storybook.casting import Looks, looks_over
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.reading import Reading, check_strict
from kinema.storybook.remix import STRENGTHS
from kinema.storybook.remix import remix as remix_scene
from kinema.storybook.scene import Actor, Picture, Place, Scene, Timeline
from kinema.types import (
    Direction,
    FileId,
    ImageInput,
    ImageRole,
    Request,
    Task,
)

_ROLES: Final = {
    ImageRole.FIRST: ImageRole.BACKDROP,
    ImageRole.LAST: ImageRole.BACKDROP,
    ImageRole.KEY: ImageRole.BACKDROP,
    ImageRole.REFERENCE: ImageRole.PROP,
}
"""What a picture with a latent model's role is here: the animatic draws scenes, not key frames."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A timeline whose actors may still lack places, and how the prompts were read."""

    timeline: Timeline
    readings: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()


Files = Mapping[FileId, Path]
Compose = Callable[[Request, Files], Draft]
_Hung = tuple[Picture, ...]


def from_prompt(request: Request, files: Files) -> Draft:
    """Text to video, text to image, image to video and the first scene of a stream."""
    reading = _read(request, request.prompt)
    pictures, notes = _pictures(request.images, files)
    scene = _with_pictures(reading.scene, pictures, request)
    return Draft(tl.single(scene, request.seconds), (reading,), notes)


def storyboard(request: Request, files: Files) -> Draft:
    """Cards one after the other; whoever comes again looks as before."""
    panels: list[tl.Panel] = []
    readings: list[Reading] = []
    notes: list[str] = []
    seen: tuple[Actor, ...] = ()
    for index, card in enumerate(request.cards):
        reading = _read(request, card.prompt, f"cards[{index}].prompt")
        scene = replace(
            reading.scene, actors=tuple(_as_before(actor, seen) for actor in reading.scene.actors)
        )
        if card.image is not None:
            image = ImageInput(file=card.image, role=ImageRole.BACKDROP)
            pictures, more = _pictures((image,), files)
            scene = _with_pictures(scene, pictures, request)
            notes.extend(more)
        seen = (*scene.actors, *seen)
        panels.append(tl.Panel(scene, card.seconds, card.transition))
        readings.append(reading)
    timeline = tl.storyboard(tuple(panels))
    return Draft(tl.fit(timeline, request.seconds), tuple(readings), tuple(notes))


def remix(request: Request, files: Files) -> Draft:
    """Change what the prompt describes, as much as the strength allows, in every scene.

    A seed other than the clip's gives new scenery besides.
    """
    timeline = _clip(request, files)
    was = read_facts(_path(files, request.clip, "clip")).request.seed
    strength = STRENGTHS["mild"] if request.strength is None else request.strength
    readings: list[Reading] = []
    pictures, notes = _pictures(request.images, files)

    def changed(scene: Scene) -> Scene:
        reading = _remix(request, scene, strength)
        readings.append(reading)
        scene = reading.scene
        if request.seed != was:
            scene = replace(scene, seed=request.seed)
        return _dressed(scene, request, pictures)

    return Draft(_fitted(request, tl.map_scenes(timeline, changed)), tuple(readings), notes)


def edit(request: Request, files: Files) -> Draft:
    """Change only what the prompt names, or the style; everything else, the seed too, stays."""
    timeline = _clip(request, files)
    readings: list[Reading] = []
    pictures, notes = _pictures(request.images, files)

    def changed(scene: Scene) -> Scene:
        if request.prompt.strip():
            reading = _remix(request, scene, STRENGTHS["subtle"])
            readings.append(reading)
            scene = reading.scene
        return _dressed(scene, request, pictures)

    return Draft(_fitted(request, tl.map_scenes(timeline, changed)), tuple(readings), notes)


def region_edit(request: Request, files: Files) -> Draft:
    """Change the actors that stand inside the mask, and the ground there."""
    timeline = _clip(request, files)
    mask = read_mask(_path(files, request.mask, "mask"))
    readings: list[Reading] = []
    shots = list(timeline.shots)
    for index, shot in enumerate(shots):
        reading = _remix(request, shot.scene, STRENGTHS["subtle"])
        readings.append(reading)
        middle = shot.start + shot.seconds / 2
        inside = change_inside(shot.scene, reading.scene, mask, request.size, float(middle))
        shots[index] = replace(shot, scene=inside)
    return Draft(_fitted(request, Timeline(shots=tuple(shots))), tuple(readings))


def reshape(request: Request, files: Files) -> Draft:
    """Outpaint: the same scenes in another shape; a wider frame shows more of them."""
    timeline = _clip(request, files)
    return Draft(_fitted(request, timeline))


def extend(request: Request, files: Files) -> Draft:
    """Grow the clip at one end to the request's length, into the prompt's scene if there is one."""
    timeline = _clip(request, files)
    more = request.seconds - timeline.seconds
    if more <= 0:
        problem = f"{float(request.seconds):g} is not longer than the clip"
        raise RequestError("seconds", problem, f"more than {float(timeline.seconds):g}")
    forward = request.direction is Direction.FORWARD
    at = timeline.seconds if forward else timeline.seconds * 0
    into, readings = _regrown(request, tl.moment(timeline, at).main[0])
    return Draft(tl.extend(timeline, more, direction=request.direction, into=into), readings)


def loop(request: Request, files: Files) -> Draft:
    """Close the clip into a seamless loop."""
    timeline = _clip(request, files)
    return Draft(tl.loop(_fitted(request, timeline)))


def blend(request: Request, files: Files) -> Draft:
    """Move from one clip to the other over the length of the longer."""
    first = _clip(request, files)
    second = read_scene(_path(files, request.second, "second"), "second")
    notes = ()
    if any(shot.mix is not None for shot in (*first.shots, *second.shots)):
        notes = ("a dissolve inside a clip becomes a cut where it is half done",)
    return Draft(_fitted(request, tl.blend(first, second, request.curve)), notes=notes)


def recut(request: Request, files: Files) -> Draft:
    """Keep a stretch of the clip and grow everything around it anew."""
    timeline = _clip(request, files)
    keep = request.keep
    if keep is None:
        raise ValueError("a request without keep has passed the check")
    end = min(timeline.seconds, request.seconds)
    if not 0 <= keep.start < keep.end <= end:
        span = f"{float(keep.start):g}-{float(keep.end):g}"
        raise RequestError("keep", f"{span} does not lie in the clip", f"within 0-{float(end):g}")
    regrown, readings = _regrown(request, tl.moment(timeline, keep.start).main[0])
    return Draft(tl.recut(timeline, keep, request.seconds, regrown=regrown), readings)


TASKS: Final[dict[Task, Compose]] = {
    Task.TEXT_TO_VIDEO: from_prompt,
    Task.TEXT_TO_IMAGE: from_prompt,
    Task.IMAGE_TO_VIDEO: from_prompt,
    Task.STREAM: from_prompt,
    Task.STORYBOARD: storyboard,
    Task.REMIX: remix,
    Task.EDIT: edit,
    Task.REGION_EDIT: region_edit,
    Task.OUTPAINT: reshape,
    Task.EXTEND: extend,
    Task.LOOP: loop,
    Task.BLEND: blend,
    Task.RECUT: recut,
}


def going_on(request: Request, before: Timeline) -> Draft:
    """The next part of a stream: the running scene, or the way into its remix by a new prompt."""
    if not request.prompt.strip():
        return Draft(tl.follow(before, request.seconds))
    scene = tl.moment(before, before.seconds).main[0]
    reading = _remix(request, scene, STRENGTHS["mild"])
    return Draft(tl.follow(before, request.seconds, reading.scene), (reading,))


def _read(request: Request, prompt: str, field: str = "prompt") -> Reading:
    try:
        reading = read(
            prompt,
            seed=request.seed,
            style=request.style,
            characters=request.characters,
            negative=request.negative,
        )
        if request.strict:
            check_strict(reading)
    except RequestError as error:
        if field == "prompt" or error.field != "prompt":
            raise
        raise type(error)(field, error.problem, error.allowed) from error
    return reading


def _remix(request: Request, scene: Scene, strength: float) -> Reading:
    reading = remix_scene(scene, request.prompt, strength=strength, characters=request.characters)
    if request.strict:
        check_strict(reading)
    return reading


def _regrown(request: Request, scene: Scene) -> tuple[Scene | None, tuple[Reading, ...]]:
    """The scene that the prompt makes of ``scene``, or None where there is no prompt."""
    if not request.prompt.strip():
        return None, ()
    strength = STRENGTHS["mild"] if request.strength is None else request.strength
    reading = _remix(request, scene, strength)
    return reading.scene, (reading,)


def _clip(request: Request, files: Files) -> Timeline:
    return read_scene(_path(files, request.clip, "clip"))


def _path(files: Files, file: FileId | None, field: str) -> Path:
    if file is None:
        raise ValueError(f"a request without {field} has passed the check")
    return files[file]


def _fitted(request: Request, timeline: Timeline) -> Timeline:
    return tl.fit(timeline, request.seconds)


def _dressed(scene: Scene, request: Request, pictures: _Hung) -> Scene:
    style = scene.style if request.style is None else request.style
    return _with_pictures(replace(scene, style=style), pictures, request)


def _as_before(actor: Actor, seen: tuple[Actor, ...]) -> Actor:
    """The actor with the looks of the last one of its name or kind, where nothing else is said."""
    for old in seen:
        if old.subject == actor.subject and actor.name in (None, old.name):
            return replace(
                actor,
                name=actor.name or old.name,
                size=actor.size or old.size,
                wears=actor.wears or old.wears,
                **looks_over(old, Looks(actor.colour, actor.tone, actor.material)),
            )
    return actor


def _pictures(images: tuple[ImageInput, ...], files: Files) -> tuple[_Hung, tuple[str, ...]]:
    """The pictures with their roles here, and what has to be said about them."""
    pictures: list[Picture] = []
    notes: list[str] = []
    for index, image in enumerate(images):
        role = _ROLES.get(image.role, image.role)
        if role is not image.role:
            notes.append(
                f"the animatic draws scenes and has no key frames: "
                f"the {image.role} picture stands in the scene as a {role}"
            )
        if image.at:
            notes.append(f"the {role} is there from the beginning, not only at {image.at} s")
        height, width = read_picture(files[image.file], f"images[{index}].file").shape[:2]
        pictures.append(Picture(file=image.file, role=role, aspect=round(width / height, 4)))
    return tuple(pictures), tuple(notes)


def _with_pictures(scene: Scene, pictures: _Hung, request: Request) -> Scene:
    """The scene with pictures in it, where the camera looks in the middle of the clip."""
    if not pictures:
        return scene
    x = view_at(stage(scene), request.size, float(request.seconds) / 2).camera.x
    placed = tuple(_placed(picture, x, index) for index, picture in enumerate(pictures))
    return replace(scene, pictures=scene.pictures + placed)


def _placed(picture: Picture, x: float, index: int) -> Picture:
    """Posters stand behind the actors and props beside them, right and left of ``x`` in turn."""
    if picture.role == ImageRole.BACKDROP:
        return picture
    side = 1 if index % 2 == 0 else -1
    step = 0.8 * (index // 2)
    aside, z, tallest, widest = 1.6, 6.4, 1.5, 1.8
    if picture.role == ImageRole.POSTER:
        aside, z, tallest, widest = 1.7, 8.0, 2.3, 3.0
    place = Place(x=round(x + side * (aside + step), 3), z=z + step, facing=-side)
    return replace(picture, place=place, height=min(tallest, widest / picture.aspect))
