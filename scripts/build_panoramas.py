"""Build the panoramas of the live-action style from published high-dynamic-range pictures.

They are built once and committed. To make them again:

    npm install --prefix ASSETS @pmndrs/assets@1.7.0
    pip install "openexr>=3.3,<4" numpy "opencv-python-headless>=5,<6" "msgspec==0.22.*"
    python scripts/build_panoramas.py ASSETS src/kinema/storybook/data/panoramas.msgpack

The pictures are CC0-1.0 (public domain), see NOTICE.
"""

from __future__ import annotations

import argparse
import base64
import re
import tempfile
from pathlib import Path

import cv2
import msgspec
import numpy as np
import OpenEXR  # pyright: ignore[reportMissingImports]  (needed only to build)
from numpy.typing import NDArray

from kinema.storybook.render.photographs import Panorama

LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)
LIMIT = 600_000
QUALITY = 90

# Exposures, found by eye: how the middle of each picture should sit, against the automatic one.
EXPOSURES = {
    "apartment": 1.25, "city": 1.0, "dawn": 1.05, "forest": 0.9, "hall": 0.85, "lab": 1.1,
    "lobby": 1.15, "night": 0.55, "park": 1.05, "sky": 1.1, "sunrise": 0.95, "sunset": 1.0,
    "venice": 1.0,
}  # fmt: skip


def read(path: Path) -> NDArray[np.floating]:
    """Linear light, (256, 512, 3) float32, of a module that holds an EXR as base64."""
    found = re.search(r"base64,([^'\"]+)", path.read_text("ascii"))
    if found is None:
        raise SystemExit(f"{path} holds no picture")
    with tempfile.NamedTemporaryFile(suffix=".exr") as file:
        file.write(base64.b64decode(found.group(1)))
        file.flush()
        channels = OpenEXR.File(file.name).channels()
        light = np.asarray(channels["RGB"].pixels, np.float32)
    return mended(light)


def mended(light: NDArray[np.floating]) -> NDArray[np.floating]:
    """Take away the dark rings that the codec left around lamps, windows and the sun."""
    light = np.clip(np.nan_to_num(light, nan=0.0, posinf=6e4), 0.0, 6e4)
    white = 5 * np.exp(np.log(light[60:200].max(2) + 1e-3).mean())
    # The codec's blocks are 8 pixels wide: rings reach as far from what is hottest.
    for times, reach in ((1.5, 3), (8.0, 5), (60.0, 9)):
        around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        hot = (light.max(2) > times * white).astype(np.uint8)
        near = cv2.dilate(hot, around)[..., None] > 0
        capped = np.minimum(np.concatenate((light[:, -9:], light, light[:, :9]), 1), 3 * white)
        closed = cv2.morphologyEx(capped, cv2.MORPH_CLOSE, around)[:, 9:-9]
        light = np.where(near, np.maximum(light, closed), light)
    # What is far brighter than any screen is white: a blue sun is the codec's, too.
    share = np.clip(light.max(2, keepdims=True) / (8 * white) - 1, 0, 1)
    return light + (light.max(2, keepdims=True) - light) * share


def tone_mapped(light: NDArray[np.floating], exposure: float) -> NDArray[np.uint8]:
    """Film-like curve (Narkowicz 2015, a fit of ACES), then the sRGB exponent."""
    belt = light[60:200] @ LUMA
    x = light * np.float32(0.2 * exposure / np.exp(np.log(belt + 1e-3).mean()))
    x = np.minimum(x, 400)
    mapped = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    return (np.clip(mapped, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


def measured(light: NDArray[np.floating]) -> tuple[tuple[float, float], NDArray, float]:
    """Direction of the brightest light, colour of the light from above, share of hard light."""
    rows, columns = light.shape[:2]
    height = (0.5 - (np.arange(rows) + 0.5) / rows) * 180
    heading = ((np.arange(columns) + 0.5) / columns - 0.5) * 360
    solid = np.cos(np.radians(height))[:, None].astype(np.float32)
    power = cv2.GaussianBlur(np.minimum(light @ LUMA, 2000), (0, 0), 2) * solid
    power[height < 2] = 0
    row, column = np.unravel_index(int(power.argmax()), power.shape)
    upper = (np.maximum(np.sin(np.radians(height)), 0) * solid[:, 0])[:, None].astype(np.float32)
    total = np.minimum(light, 60) * upper[..., None]
    colour = total.sum((0, 1))
    across = np.radians(heading[None] - heading[column])
    apart = np.hypot(np.sin(across / 2) * 2, np.radians(height[:, None] - height[row]))
    hard = float((total @ LUMA)[apart < 0.18].sum() / (total @ LUMA).sum())
    return (float(heading[column]), float(height[row])), colour / colour.max(), hard


def main() -> None:
    """Convert every panorama that has an exposure."""
    parser = argparse.ArgumentParser(description="Build the panoramas.")
    parser.add_argument("assets", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    found = []
    for name, exposure in sorted(EXPOSURES.items()):
        light = read(given.assets / "node_modules/@pmndrs/assets/hdri" / f"{name}.exr.js")
        picture = cv2.cvtColor(tone_mapped(light, exposure), cv2.COLOR_RGB2BGR)
        done, stored = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
        if not done:
            raise SystemExit(f"{name} could not be encoded")
        sun, ambient, hard = measured(light)
        rounded = tuple(round(float(c), 3) for c in ambient)
        found.append(
            Panorama(
                name=name,
                picture=stored.tobytes(),
                sun=(round(sun[0], 1), round(sun[1], 1)),
                ambient=rounded,  # pyright: ignore[reportArgumentType]  (three channels)
                hard=round(hard, 3),
            )
        )
        print(f"{name:10} {len(stored):7,} bytes, sun at {sun}, ambient {rounded}, hard {hard:.2f}")
    encoded = msgspec.msgpack.encode(found)
    if len(encoded) > LIMIT:
        raise SystemExit(f"{len(encoded):,} bytes; the limit is {LIMIT:,}")
    given.out.write_bytes(encoded)
    print(f"{len(found)} panoramas, {len(encoded):,} bytes")


if __name__ == "__main__":
    main()
