"""Panoramas of real places, and which of them stands for which setting.

``data/panoramas.msgpack`` holds the pictures, equirectangular and tone-mapped, and what was
measured in the originals; ``scripts/build_panoramas.py`` writes it. ``data/panoramas.toml`` says by
hand which one stands for a setting at an hour.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

import cv2
import msgspec
import numpy as np

from kinema.storybook.render.paint import Image
from kinema.types import Value, from_builtins, learnt


class Panorama(msgspec.Struct, frozen=True):
    """One panorama as it is stored.

    picture: WebP, 512 x 256 pixels, from 180 degrees left to 180 degrees right of heading 0 and
    from straight up to straight down; its horizon is the middle row.
    sun: heading in degrees (clockwise) and height in degrees of the brightest light.
    ambient: colour of the light from above, RGB, the brightest channel 1.
    hard: share of the light that comes from around the sun, 0 to 1: how hard shadows are.
    """

    name: str
    picture: bytes
    sun: tuple[float, float]
    ambient: tuple[float, float, float]
    hard: float


class Location(Value, kw_only=True):
    """The photograph that stands for a setting.

    panorama: name of the picture; heading: degrees, what lies straight ahead; pitch: degrees that
    the camera looks up in it. hour: time of day that the photograph shows; the grade brings it to
    the scene's own. distance: metres to what stands around the place of action.
    floor: "photo" (the photograph's own ground), "tinted" (the ground of panorama ``soil`` in the
    setting's colours), "painted" (the painted ground: water and its waves), "none".
    props: whether the setting's scenery stands in it, as toys do.
    gain: what the photograph is multiplied by; colour: how clear its colours are, 1 as they are.
    """

    panorama: str
    heading: float = 0.0
    pitch: float = 0.0
    hour: str = "noon"
    lens: float = 0.8
    distance: float = 30.0
    floor: str = "photo"
    soil: str = ""
    props: bool = False
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    colour: float = 1.0
    indoor: bool = False


@cache
def panoramas() -> dict[str, Panorama]:
    """All panoramas by name."""
    stored = files("kinema.storybook").joinpath("data", "panoramas.msgpack").read_bytes()
    rows = msgspec.msgpack.decode(stored, type=learnt(list[Panorama]))
    return {one.name: one for one in rows}


@lru_cache(maxsize=4)
def picture_of(name: str) -> Image:
    """A panorama's picture, (256, 512, 3) RGB bytes."""
    stored = np.frombuffer(panoramas()[name].picture, np.uint8)
    return cv2.cvtColor(cv2.imdecode(stored, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


@cache
def _locations() -> dict[str, dict[str, Location]]:
    """Locations by setting and time of day; "" is the setting's own for all other hours."""
    text = files("kinema.storybook").joinpath("data", "panoramas.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Location]] = {}
    for row in tomllib.loads(text)["location"]:
        times, settings = row.pop("times", [""]), row.pop("settings")
        for setting in settings:
            place = found.setdefault(setting, {})
            place.update({time: from_builtins(row, Location) for time in times})
    return found


def location(setting: str, time: str) -> Location | None:
    """The photograph for a setting at a time of day; None where no photograph can stand for it."""
    by_time = _locations().get(setting, {})
    return by_time.get(time, by_time.get(""))
