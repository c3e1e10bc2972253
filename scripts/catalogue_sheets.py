"""Draw the contact sheets of the catalogue: every subject as the world draws it.

    python scripts/catalogue_sheets.py docs/catalogue

Each tile shows a subject standing on its contact line, an arrow where its art looks (a dot: at the
viewer), a bar of its true size as on a map, and what its loop shows. Sheets are in the order of the
catalogue, and each begins with the name of its group. One more sheet shows what the materials look
like on a few subjects, before a chequered cloth that shows through glass.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.figures import figure
from kinema.storybook.pose import Pose
from kinema.storybook.render.material import lay_glass
from kinema.storybook.render.paint import warp_over
from kinema.storybook.scene import Actor

COLUMNS, ROWS = 10, 11
WIDTH, HEIGHT = 132, 150
"""Size of a tile in pixels."""
_BODY = (108, 84)  # the most that a body takes up, across and upwards
_GROUND = 106  # row of the contact line in a tile
_QUALITY = 74
_SHOWN = (  # on the sheet of materials
    "fox", "robot", "panda", "dragon", "elephant", "snail", "soccer ball", "car", "rocket",
    "teddy bear", "guitar", "princess",
)  # fmt: skip
_LOOKS = (("", ""), ("gold", ""), ("glass", ""), ("glass", "blue"), ("clay", ""), ("chrome", ""))
_PAPER, _INK, _FAINT = (238, 240, 234), (60, 48, 46), (150, 140, 132)  # blue, green, red
_BARS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)

Picture = NDArray[np.uint8]


def sheets() -> dict[str, list[str]]:
    """File name of every sheet to the subjects on it, in the order of its tiles."""
    laid: dict[str, list[str]] = {}
    rows = catalogue().subjects.values()
    for group, members in groupby(rows, key=lambda subject: subject.group):
        names = [subject.name for subject in members]
        size = COLUMNS * ROWS
        for number, start in enumerate(range(0, len(names), size), start=1):
            laid[f"{group}-{number}.webp"] = names[start : start + size]
    return laid


def main(folder: Path) -> None:
    """Write all sheets into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, subjects in sheets().items():
        picture = _sheet(name.removesuffix(".webp").replace("-", " "), subjects)
        cv2.imwrite(str(folder / name), picture, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
        print(folder / name, len(subjects))
    cv2.imwrite(str(folder / "materials.webp"), materials(), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])


def _sheet(title: str, subjects: list[str]) -> Picture:
    tiles = [tile(catalogue().subjects[name]) for name in subjects]
    tiles += [np.full_like(tiles[0], _PAPER)] * (-len(tiles) % COLUMNS)
    lines = [np.concatenate(tiles[i : i + COLUMNS], axis=1) for i in range(0, len(tiles), COLUMNS)]
    head = np.full((24, COLUMNS * WIDTH, 3), _PAPER, np.uint8)
    _write(head, f"{title}: {len(subjects)} subjects", (6, 17), 0.5, _INK)
    return np.concatenate([head, *lines])


def materials() -> Picture:
    """A few subjects, each as it is and of every material: bytes, blue, green, red."""
    lines = [
        np.concatenate([_of(name, material, tint) for name in _SHOWN], axis=1)
        for material, tint in _LOOKS
    ]
    return np.concatenate(lines)


def _of(name: str, material: str, tint: str) -> Picture:
    """One subject of a material, standing before a chequered cloth: (150, 132, 3) bytes."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] // 11
    cloth = np.where((rows + columns)[..., None] % 2, (226, 214, 200), (196, 190, 208))
    canvas = np.ascontiguousarray(cloth.astype(np.uint8))
    shown = Actor(
        id="shown", subject=name, beats=(), material=material or None, colour=tint or None
    )
    body, subject = figure(shown), catalogue().subjects[name]
    pixels = min(_BODY[1] / subject.share, _BODY[0] / body.width)
    pose = Pose(actor="shown", x=0, y=0, z=6, height=subject.height, facing=-0.4)
    cutout = body.cutout(pose, 2 * pixels)
    scale = pixels / (cutout.metre * subject.height)
    column, row = cutout.anchor
    matrix = np.array(
        [[scale, 0, WIDTH / 2 - scale * column], [0, scale, _GROUND + 20 - scale * row]]
    )
    canvas = np.ascontiguousarray(canvas[..., ::-1])
    if cutout.lens is None:
        warp_over(canvas, cutout.image, matrix)
    else:
        lay_glass(canvas, cutout.image, cutout.lens, matrix)
    canvas = np.ascontiguousarray(canvas[..., ::-1])
    _write(canvas, " ".join((tint, material, name)).strip(), (4, 12), 0.36, _INK)
    return canvas


def tile(subject: Subject) -> Picture:
    """One subject with its arrow, bar and words: (150, 132, 3) uint8, blue, green, red."""
    canvas = np.full((HEIGHT, WIDTH, 3), _PAPER, np.uint8)
    body = figure(Actor(id="shown", subject=subject.name, beats=()))
    pixels = min(_BODY[1] / subject.share, _BODY[0] / body.width)
    faces = {"left": -1.0, "right": 1.0, "front": 0.0}[subject.faces]
    looks = -1.0 if body.flips else faces
    pose = Pose(actor="shown", x=0, y=0, z=6, height=subject.height, facing=looks)
    cutout = body.cutout(pose, 2 * pixels)
    scale = pixels / (cutout.metre * subject.height)
    mirror = -scale if subject.faces == "right" else scale  # as the art is stored
    column, row = cutout.anchor
    matrix = np.array([[mirror, 0, WIDTH / 2 - mirror * column], [0, scale, _GROUND - scale * row]])
    cv2.line(canvas, (8, _GROUND), (WIDTH - 9, _GROUND), (214, 216, 208), 1)
    warped = cv2.warpAffine(cutout.image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    clear = 1 - warped[..., 3:].astype(np.float32) / 255
    canvas = (canvas * clear + warped[..., 2::-1] + 0.5).clip(0, 255).astype(np.uint8)
    _arrow(canvas, faces)
    _bar(canvas, pixels / subject.metres)
    _write(canvas, subject.name, (4, 12), 0.36, _INK)
    words = f"{subject.loop}: {subject.gesture}" if subject.gesture else subject.loop
    _write(canvas, words, (4, HEIGHT - 22), 0.3, _FAINT)
    return canvas


def _arrow(canvas: Picture, faces: float) -> None:
    """Where the art looks."""
    middle = (WIDTH - 20, HEIGHT - 10)
    if not faces:
        cv2.circle(canvas, middle, 3, _INK, -1, cv2.LINE_AA)
        return
    ends = [(middle[0] + round(side * faces * 10), middle[1]) for side in (-1, 1)]
    cv2.arrowedLine(canvas, ends[0], ends[1], _INK, 1, cv2.LINE_AA, tipLength=0.4)


def _bar(canvas: Picture, metre: float) -> None:
    """A bar of a round length, at ``metre`` pixels a metre of the living subject."""
    length = min(_BARS, key=lambda bar: abs(np.log(bar * metre / 30)))
    end, y = 6 + round(length * metre), HEIGHT - 8
    for first, second in (
        ((6, y), (end, y)),
        ((6, y - 3), (6, y + 3)),
        ((end, y - 3), (end, y + 3)),
    ):
        cv2.line(canvas, first, second, _INK, 1)
    label = f"{length:g} m" if length >= 1 else f"{100 * length:g} cm"
    _write(canvas, label, (end + 4, HEIGHT - 5), 0.3, _INK)


def _write(
    canvas: Picture, text: str, at: tuple[int, int], size: float, ink: tuple[int, int, int]
) -> None:
    """One line of text, made smaller where it would not fit."""
    font = cv2.FONT_HERSHEY_SIMPLEX
    long = cv2.getTextSize(text, font, size, 1)[0][0]
    room = canvas.shape[1] - at[0] - 4
    cv2.putText(canvas, text, at, font, size * min(1.0, 0.95 * room / long), ink, 1, cv2.LINE_AA)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/catalogue"))
