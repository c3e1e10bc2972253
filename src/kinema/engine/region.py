"""Region edits: what of a changed scene comes into the old one when only a part may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kinema.engine.pictures import read_brightness
from kinema.errors import MediaError
from kinema.storybook.camera import View, camera_at
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.framing import followed
from kinema.storybook.motion import pose
from kinema.storybook.scene import Actor, Place, Region, Scene
from kinema.types import Size

COLUMNS: Final = 96
ROWS: Final = 54
"""Most cells of a mask that a scene keeps: a soft border needs no more."""
_DEPTH: Final = 6.0
"""Where somebody new stands, in metres from the camera."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Coverage of the frame, (rows, columns) uint8: 255 may change, 0 may not."""

    cells: NDArray[np.uint8]

    def covers(self, across: float, down: float) -> bool:
        """Whether that place of the frame (shares of its width and height) may change."""
        rows, columns = self.cells.shape
        if not (0.0 <= across < 1.0 and 0.0 <= down < 1.0):
            return False
        return bool(self.cells[int(down * rows), int(across * columns)] >= 128)

    def columns(self) -> NDArray[np.float64]:
        """Every column in which something may change, by its middle, in shares of the width."""
        across = np.flatnonzero((self.cells >= 128).any(axis=0))
        return (across + 0.5) / self.cells.shape[1]


def read_mask(path: Path) -> Mask:
    """Read a mask: bright, opaque pixels may change.

    Raises:
        MediaError: The picture cannot be read, or has no bright pixel.
    """
    grey = read_brightness(path, "mask")
    height, width = grey.shape
    scale = min(COLUMNS / width, ROWS / height, 1.0)
    shape = max(1, round(width * scale)), max(1, round(height * scale))
    cells = np.asarray(cv2.resize(grey, shape, interpolation=cv2.INTER_AREA), np.uint8)
    if not (cells >= 128).any():
        raise MediaError("mask", "has no bright pixel", "white where the picture may change")
    return Mask(cells)


def change_inside(scene: Scene, changed: Scene, mask: Mask, size: Size, seconds: float) -> Scene:
    """The scene with those changes that happen inside the mask.

    Actors whose centre is seen inside the mask become what they are in ``changed`` (or leave, where
    it has them no more); those that only ``changed`` has come in where there is room inside the
    mask. Where ``changed`` is in another setting, the ground inside the mask takes it. Camera,
    light, weather and style stay.

    Args:
        scene: The staged scene as it was.
        changed: The same scene remixed, ids kept.
        mask: What may change, stretched over the frame.
        size: Shape of the frame.
        seconds: The scene's time at which is looked who stands where.
    """
    inside = {actor.id for actor, at in _seen(scene, size, seconds) if mask.covers(*at)}
    after = {actor.id: actor for actor in changed.actors}
    before = {actor.id for actor in scene.actors}
    actors: list[Actor] = []
    for actor in scene.actors:
        if actor.id not in inside:
            actors.append(actor)
        elif actor.id in after:
            actors.append(after[actor.id])
    for actor in changed.actors:
        if actor.id not in before:
            place = _free_place(replace(scene, actors=tuple(actors)), mask, size, seconds)
            actors.append(replace(actor, place=place))
    regions = scene.regions
    if changed.setting != scene.setting:
        rows, columns = mask.cells.shape
        cells = mask.cells.tobytes()
        regions += (Region(setting=changed.setting, columns=columns, rows=rows, mask=cells),)
    ids = {actor.id for actor in actors}
    relations = tuple(r for r in changed.relations if r.subject in ids and r.object in ids)
    return replace(scene, actors=tuple(actors), relations=relations, regions=regions)


def view_at(scene: Scene, size: Size, seconds: float) -> View:
    """The camera's view of a staged scene at its time."""
    clock = Clock(seconds, None if scene.loop is None else float(scene.loop))
    lead = followed(scene)
    x = pose(scene, lead, clock).x if lead is not None else 0.0
    return View(size.width, size.height, camera_at(scene.camera.move, clock, target_x=x))


def _seen(scene: Scene, size: Size, seconds: float) -> Iterator[tuple[Actor, tuple[float, float]]]:
    """Every actor with the place of its middle in the frame, in shares of width and height."""
    staged = stage(scene)
    view = view_at(staged, size, seconds)
    clock = Clock(seconds, None if scene.loop is None else float(scene.loop))
    for actor in staged.actors:
        body = pose(staged, actor, clock)
        column, row = view.project(body.x, body.y + body.height / 2, body.z)
        yield actor, (column / size.width, row / size.height)


def _free_place(scene: Scene, mask: Mask, size: Size, seconds: float) -> Place:
    """The place on the ground, in a column of the mask, that is farthest from everybody there."""
    view = view_at(stage(scene), size, seconds)
    taken = [across for _, (across, _) in _seen(scene, size, seconds)]
    free = max(
        mask.columns().tolist(),
        key=lambda column: min((abs(column - other) for other in (*taken, -0.1, 1.1)), default=0),
    )
    x = view.camera.x + (free * size.width - view.centre) / view.scale(_DEPTH)
    return Place(x=round(x, 3), z=_DEPTH)
