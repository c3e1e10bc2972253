"""Draw the sheet of training samples: seeds 0 to 47, six frames each, with their captions.

    python scripts/sample_sheet.py docs/images [FIRST_SEED] [SPLIT]

Writes `samples.webp`. The seeds are fixed: what the sheet shows is what training gets, faults and
all. Another first seed or split gives another sheet, to look at and throw away.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.render import frame
from kinema.storybook.sampler import sample
from kinema.types import Size

FIRST, COUNT, COLUMNS = 0, 48, 2
SIDE, FRAMES = 128, 6
FONT, INK, PAPER, LINE, LETTERS = cv2.FONT_HERSHEY_SIMPLEX, (52, 48, 70), 250, 13, 132
QUALITY, GAP = 80, 10


def main(folder: Path, first: int, split: str) -> None:
    """Write the sheet into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_row(seed, split) for seed in range(first, first + COUNT)]
    half = -(-len(rows) // COLUMNS)
    columns = [np.concatenate(rows[i * half : (i + 1) * half]) for i in range(COLUMNS)]
    height = max(len(column) for column in columns)
    padded = [_extended(column, height) for column in columns]
    gap = np.full((height, GAP, 3), PAPER, np.uint8)
    sheet = np.concatenate([part for column in padded for part in (column, gap)][:-1], 1)
    path = folder / "samples.webp"
    cv2.imwrite(
        str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
    )
    print(path, f"{path.stat().st_size / 1e6:.2f} MB")


def _row(seed: int, split: str) -> NDArray[np.uint8]:
    """Six frames of one sample, evenly spread over its clip, the caption below."""
    drawn = sample(seed, split=split)
    large = Size(width=SIDE * 2, height=SIDE * 2)
    tiles = [
        cv2.resize(
            frame(drawn.timeline, large, drawn.seconds * index / FRAMES),
            (SIDE, SIDE),
            interpolation=cv2.INTER_AREA,
        )
        for index in range(FRAMES)
    ]
    strip = np.concatenate(tiles, 1)
    lines = textwrap.wrap(f"{seed}: {drawn.caption.text}", LETTERS)
    text = np.full((LINE * len(lines) + 7, strip.shape[1], 3), PAPER, np.uint8)
    for index, line in enumerate(lines):
        at = (3, LINE * (index + 1) - 1)
        cv2.putText(text, line, at, FONT, 0.36, INK, 1, cv2.LINE_AA)
    return np.concatenate([strip, text])


def _extended(column: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """The column with empty paper below, up to that height."""
    missing = height - len(column)
    return np.concatenate([column, np.full((missing, column.shape[1], 3), PAPER, np.uint8)])


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"),
        int(sys.argv[2]) if len(sys.argv) > 2 else FIRST,
        sys.argv[3] if len(sys.argv) > 3 else "train",
    )
