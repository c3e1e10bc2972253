"""Build the pictures of lit spheres that materials are shaded with, from published matcaps.

They are built once and committed. To make them again:

    npm install --prefix ASSETS @pmndrs/assets@1.7.0
    python scripts/build_materials.py ASSETS src/kinema/storybook/data/materials

The pictures are CC0-1.0 (public domain), see NOTICE.
"""

from __future__ import annotations

import argparse
import base64
import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 128
LIMIT = 8_000
QUALITY = 90

# Matcap, what its colours (blue, green, red) are multiplied by, what is taken away before, and how
# far it is blurred (pixels): mirrors as sharp as the originals would hide what the art shows.
CHOSEN = {
    "gold": ("0170", (1.05, 0.93, 1.06), 0.0, 2.0),
    "glass": ("0061", (1.5, 1.46, 1.46), 92.0, 0.0),
    "clay": ("0001", (1.0, 1.0, 1.0), 0.0, 0.0),
    "chrome": ("0237", (0.96, 0.95, 0.94), -12.0, 3.0),
}


def read(path: Path) -> NDArray[np.uint8]:
    """The picture, (512, 512, 3) BGR bytes, of a module that holds it as base64."""
    found = re.search(r"base64,([^'\"]+)", path.read_text("ascii"))
    if found is None:
        raise SystemExit(f"{path} holds no picture")
    stored = np.frombuffer(base64.b64decode(found.group(1)), np.uint8)
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)


def main() -> None:
    """Convert the matcap of every material."""
    parser = argparse.ArgumentParser(description="Build the materials.")
    parser.add_argument("assets", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, (matcap, gain, floor, blur) in CHOSEN.items():
        picture = read(given.assets / f"node_modules/@pmndrs/assets/matcaps/{matcap}.webp.js")
        small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
        if blur:
            small = cv2.GaussianBlur(small, (0, 0), blur)
        graded = np.clip((small - floor) * np.array(gain, np.float32), 0, 255) + 0.5
        quality = [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
        done, stored = cv2.imencode(".webp", graded.astype(np.uint8), quality)
        if not done or len(stored) > LIMIT:
            raise SystemExit(f"{name}: {len(stored):,} bytes; the limit is {LIMIT:,}")
        (given.out / f"{name}.webp").write_bytes(stored.tobytes())
        print(f"{name:7} {len(stored):6,} bytes")


if __name__ == "__main__":
    main()
