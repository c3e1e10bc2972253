"""What one moment shows, layer by layer, in the order and with the matrices that draw it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.render.actors import Player, placed_emote
from kinema.storybook.render.compose import (
    Pictures,
    Take,
    far_cards,
    region_cover,
    standing,
    world_in,
)
from kinema.storybook.render.ground import first_row, plane_of
from kinema.storybook.render.paint import Box, Image, warped
from kinema.storybook.render.pictures import placed_backdrop, placed_picture
from kinema.storybook.render.world import SceneryCard, World
from kinema.storybook.scene import Picture

SKY = 0
"""Sky, its clouds, and nothing at all."""
GROUND = 1
"""The ground, water included, or the rows of clouds that stand for it."""
WALL = 2
"""The back wall of a room or stage."""
FAR = 3
"""Silhouettes on the horizon."""
FOREGROUND = 4
"""Leaves and flowers right before the lens."""
PICTURE = 5
"""A user's own picture."""
EMOTE = 6
"""Hearts, notes and the like beside an actor."""
REGION = 7
"""Scenery inside a region that lies in another setting."""
CARDS = 10
"""Scenery card ``i`` of the world, all its copies, is ``CARDS + i``."""
ACTORS = 100
"""Actor ``k`` of the scene is ``ACTORS + k``."""

NEAR_DEPTH = 0.8
"""Depth given to what has no place but right before the lens, metres: nothing else is nearer."""

Matrix = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One thing as it lies in the frame.

    key: the same at every moment that shows the thing.
    owner: its instance id.
    depth: metres from the camera along z; where they differ by row, (rows of the box, 1).
    surface: 3x3, from coordinates that stay with the thing to frame pixels, edges whole. After a
        camera or body has moved, the thing's points are found through the new surface.
    box: the part of the frame that it reaches; None where it is out of it.
    cover: bytes over the box, 0 to 255; None where it fills the box.
    period: its surface looks the same after so many units of the first coordinate; 0: never.
    actor: whose body it is.
    clip: frame pixels (H, W) to which it is confined.
    """

    key: Hashable
    owner: int
    depth: float | NDArray[np.floating]
    surface: Matrix
    box: Box | None
    cover: Image | None = None
    period: float = 0.0
    actor: str | None = None
    clip: NDArray[np.bool_] | None = None


def layers_of(shot: Take, view: View, players: list[Player], pictures: Pictures) -> Iterator[Layer]:
    """All layers of a take, in the order in which the renderer lays them over each other."""
    yield from _background(shot, view, pictures)
    ids = {actor.id: ACTORS + k for k, actor in enumerate(shot.scene.actors)}
    numbers = {id(card): CARDS + i for i, card in enumerate(shot.world.cards)}
    place = (shot.scene.setting, shot.scene.seed)
    for thing in standing(shot, players):
        if isinstance(thing, Player):
            yield _body(thing, view, ids[thing.actor.id])
            yield from _emotes(thing, view)
        elif isinstance(thing, Picture):
            yield _stood(thing, view, pictures)
        else:
            yield from _copies(thing, place, numbers[id(thing)], shot, view)
    for index, plant in enumerate(shot.world.foreground):
        matrix = plant.placed(view, shot.clock)
        key = (place, "foreground", index)
        yield _sheet(view, key, FOREGROUND, NEAR_DEPTH, (plant.image, matrix))


def alpha_of(image: Image) -> Image:
    """The coverage of a premultiplied picture, bytes."""
    return cv2.extractChannel(image, 3)


def _sheet(
    view: View,
    key: Hashable,
    owner: int,
    depth: float,
    what: tuple[Image, Matrix],
    *,
    smooth: bool = False,
    opacity: float = 1.0,
) -> Layer:
    """A picture under its 2x3 matrix; its surface is in pixels of the picture."""
    image, matrix = what
    laid = warped(alpha_of(image), matrix, (view.width, view.height), smooth=smooth)
    box, cover = laid or (None, None)
    if cover is not None and opacity < 1.0:
        cover = cv2.multiply(cover, opacity)
    return Layer(key, owner, depth, _square(matrix), box, cover)


def _square(matrix: Matrix) -> Matrix:
    return np.vstack((matrix, (0.0, 0.0, 1.0)))


def _background(shot: Take, view: View, pictures: Pictures) -> Iterator[Layer]:
    """Everything behind the actors' place."""
    scene, size = shot.scene, (view.width, view.height)
    hung = shot.backdrop
    if hung is not None:
        source, matrix = placed_backdrop(pictures[hung.file], size, view.camera)
        # In widths and heights of the picture, whose own size follows the zoom.
        surface = _square(matrix) @ np.diag((source.shape[1], source.shape[0], 1.0))
        yield Layer(("backdrop", hung.file), PICTURE, math.inf, surface, (0, 0, *size))
        return
    place = (scene.setting, scene.seed)
    yield from _distance(shot.world, place, shot, view)
    if not scene.regions:
        return
    numbers = {id(card): CARDS + i for i, card in enumerate(shot.world.cards)}
    for card in far_cards(shot.world):
        yield from _copies(card, place, numbers[id(card)], shot, view)
    for number, region in enumerate(scene.regions):
        other, place = world_in(region, scene, size), (region.setting, scene.seed)
        clip = region_cover(region.mask, region.columns, region.rows, size) >= 0.5
        cards = (
            layer
            for index, card in enumerate(far_cards(other))
            for layer in _copies(card, (place, index), REGION, shot, view)
        )
        for layer in chain(_distance(other, place, shot, view), cards):
            yield replace(layer, key=("region", number, layer.key), clip=clip)


def _distance(world: World, place: Hashable, shot: Take, view: View) -> Iterator[Layer]:
    """What `World.draw_distance` draws, without the light and shade on it."""
    width, height, camera = view.width, view.height, view.camera
    if world.wall is None:
        yield from _heavens(world, place, shot, view)
    first = first_row(view)
    if world.ground is not None and first < height - 1:
        rows = np.arange(first, height) + 0.5 - view.horizon
        depth = (view.focal * camera.y / rows)[:, None]
        surface = np.linalg.inv(plane_of(view))
        yield Layer((place, "ground"), GROUND, depth, surface, (0, first, width, height))
    if world.wall is not None:
        box = (0, 0, width, world.wall.rows(view))
        surface = _square(world.wall.placed(view))
        yield Layer((place, "wall"), WALL, world.wall.distance - camera.z, surface, box)
    for index, bank in enumerate(world.banks):
        u, v = view.project(-bank.drift(shot.clock), 0.0, bank.z)
        scale = view.scale(bank.z)
        surface = np.array([[scale, 0, u], [0, scale, v], [0, 0, 1]])
        for picture, matrix in bank.placed(view, shot.clock):
            key, depth = (place, "bank", index), bank.z - camera.z
            cloud = _sheet(view, key, GROUND, depth, (picture, matrix))
            # A row moves as one sheet, in metres, and begins anew after three clouds.
            yield replace(cloud, surface=surface, period=bank.period)


def _heavens(world: World, place: Hashable, shot: Take, view: View) -> Iterator[Layer]:
    """Sky, clouds, silhouettes."""
    if world.sky is None:
        return
    box = (0, 0, view.width, world.sky.rows(view))
    yield Layer((place, "sky"), SKY, math.inf, _square(world.sky.placed(view)), box)
    for index, cloud in enumerate(world.sky.clouds):
        # Other weather and light have other clouds.
        key = (place, shot.scene.time, shot.scene.weather, "cloud", index)
        yield _sheet(view, key, SKY, math.inf, (cloud.image, cloud.placed(view, shot.clock)))
    for index, strip in enumerate(world.far):
        piece, matrix, begins = strip.placed(view)
        key, depth = (place, "far", index), strip.distance - view.camera.z
        layer = _sheet(view, key, FAR, depth, (piece, matrix))
        yield replace(layer, surface=layer.surface @ _moved(-begins, 0.0))


def _moved(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0, x], [0, 1.0, y], [0, 0, 1.0]])


def _copies(
    card: SceneryCard, place: Hashable, owner: int, shot: Take, view: View
) -> Iterator[Layer]:
    """Every copy of a piece of scenery."""
    depth = math.inf if card.standing.sky else card.standing.z - view.camera.z
    for copy, matrix in card.placed(view, shot.clock, storm=shot.storm):
        yield _sheet(view, (place, "card", owner, copy), owner, depth, (card.cutout.image, matrix))


def _body(who: Player, view: View, owner: int) -> Layer:
    """An actor's cut-out; its surface is in its own drawn heights, right and down of its feet."""
    matrix, smooth = who.placed(view)
    what = (who.cutout.image, matrix)
    depth, opacity = who.z - view.camera.z, who.pose.opacity
    key = ("actor", who.actor.id)
    layer = _sheet(view, key, owner, depth, what, smooth=smooth, opacity=opacity)
    (x, y), height = who.cutout.anchor, who.cutout.metre * who.stand.height
    heights = np.array([[height, 0, x], [0, height, y], [0, 0, 1]])
    return replace(layer, surface=layer.surface @ heights, actor=who.actor.id)


def _emotes(who: Player, view: View) -> Iterator[Layer]:
    """What pops up beside the actor; surfaces in heights of the sprite."""
    for index, emote in enumerate(who.pose.emotes):
        laid = placed_emote(view, who, emote)
        if laid is None:
            continue
        cutout, matrix = laid
        key = ("emote", who.actor.id, emote.sprite, index)
        depth, what = who.z - view.camera.z, (cutout.image, matrix)
        layer = _sheet(view, key, EMOTE, depth, what, opacity=emote.opacity)
        yield replace(layer, surface=layer.surface @ np.diag((cutout.metre, cutout.metre, 1.0)))


def _stood(what: Picture, view: View, pictures: Pictures) -> Layer:
    """A user's picture as prop or poster, in heights of it."""
    assert what.place is not None
    image, matrix = placed_picture(view, what, pictures[what.file])
    depth = what.place.z - view.camera.z
    layer = _sheet(view, ("picture", what), PICTURE, depth, (image, matrix))
    rows, columns = image.shape[:2]
    return replace(layer, surface=layer.surface @ np.diag((columns, rows, 1.0)))
