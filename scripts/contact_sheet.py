"""Draw the README's pictures: the contact sheet, the short GIF on top, a strip for each example.

    python scripts/contact_sheet.py docs/images

Writes `sheet.webp` (six frames of each prompt of `PROMPTS`, with the prompt below), `hero.gif`, and
`example-*.webp`, made by the very commands that the README shows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema import Request, Size, generate, media

PROMPTS = (
    "A happy dog runs through a sunny meadow while the camera follows it",
    "At dusk a little panda walks across a snowy field as snow falls, the camera pushes in",
    "A woman jogs along the beach at sunset",
    "A yellow taxi drives down a rainy city street at night",
    "A bear eats a doughnut in a bright kitchen",
    "A tropical fish and an octopus swim under the sea, the camera orbits",
    "A tiger plays the guitar while a robot dances on stage in a rain of confetti",
    "A fox jumps for joy beside an owl in a forest full of fireflies at night",
    "A sailboat glides across a mountain lake at sunset",
    "Watercolour: a person rides a bicycle through a village on a windy day",
    "A T-Rex chases a blue car through the desert; the camera pulls back",
    "A UFO hovers in outer space; the camera orbits",
    "Three little ducks swim on a lake in the morning",
    "A frog with an umbrella walks through a city street in the rain",
    "An elephant walks through a meadow under a rainbow",
    "A rocket launches from the moon, the camera tilts up",
    "A koala reads a book in a cosy bedroom at night",
    "A lion sleeps in the forest in thick fog",
    "An airplane flies above the clouds at golden hour",
    "A bunny hops through candy land, then it falls asleep",
    "A red racing car drives through the desert at noon, tracking shot",
    "Pixel art: a dragon flies over a castle at night",
    "Pencil sketch of a cat sitting to the left of a dog in a village",
    "A black-and-white film of a horse running on the beach in a storm",
)
HERO = "A fox jumps for joy beside an owl in a forest full of fireflies at night"
SIDE, FRAMES, COLUMNS = 160, 6, 2
SMALL = ("--size", "512x288", "--fps", "12", "--seed", "3")
EXAMPLES = {
    "dog": (
        "generate",
        "A happy dog runs through a sunny meadow while the camera follows it",
        *SMALL,
    ),
    "snowy": ("remix", "dog.mp4", "make it night and let it snow"),
    "nap": ("extend", "dog.mp4", "the dog falls asleep", "--seconds", "3"),
    "zorro": (
        "generate",
        "Un zorro baila en el bosque de noche",
        "--style",
        "paper_cutout",
        *SMALL,
    ),
    "story": ("storyboard", str(Path(__file__).parents[1] / "examples" / "storyboard.toml")),
}
"""Arguments of `kinema` by the name of the clip they make."""


def main(folder: Path) -> None:
    """Write both pictures into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        rows = [_row(prompt, seed, Path(scratch)) for seed, prompt in enumerate(PROMPTS, start=1)]
        half = -(-len(rows) // COLUMNS)
        columns = [np.concatenate(rows[i * half : (i + 1) * half]) for i in range(COLUMNS)]
        gap = np.full((columns[0].shape[0], 10, 3), 250, np.uint8)
        sheet = np.concatenate([columns[0], gap, columns[1]], 1)
    quality = [cv2.IMWRITE_WEBP_QUALITY, 84]
    cv2.imwrite(str(folder / "sheet.webp"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), quality)
    hero = Request(
        prompt=HERO, size=Size(width=384, height=216), fps=Fraction(12), frames=42, seed=8
    )
    generate(hero, folder / "hero.gif")
    _draw_examples(folder)
    print(folder / "sheet.webp", folder / "hero.gif")


def _draw_examples(folder: Path) -> None:
    """Run the README's commands and keep six frames of each clip side by side."""
    kinema = Path(sys.executable).with_name("kinema")
    with tempfile.TemporaryDirectory() as scratch:
        for name, arguments in EXAMPLES.items():
            command = [str(kinema), *arguments, "-o", f"{name}.mp4"]
            subprocess.run(command, check=True, cwd=scratch, capture_output=True)
            frames = list(media.frames(Path(scratch) / f"{name}.mp4"))
            shown = np.linspace(2, len(frames) - 2, FRAMES).astype(int)
            tiles = [
                cv2.resize(frames[i], (SIDE * 16 // 9, SIDE), interpolation=cv2.INTER_AREA)
                for i in shown
            ]
            strip = cv2.cvtColor(np.concatenate(tiles, 1), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(folder / f"example-{name}.webp"), strip, [cv2.IMWRITE_WEBP_QUALITY, 80])


def _row(prompt: str, seed: int, scratch: Path) -> NDArray[np.uint8]:
    """Six frames of one prompt side by side, the prompt below."""
    clip = scratch / f"{seed}.mp4"
    size = Size(width=SIDE * 2, height=SIDE * 2)
    request = Request(prompt=prompt, size=size, fps=Fraction(12), frames=48, seed=seed)
    generate(request, clip)
    shown = np.linspace(2, 46, FRAMES).astype(int).tolist()
    tiles = [
        cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        for i, frame in enumerate(media.frames(clip))
        if i in shown
    ]
    strip = np.concatenate(tiles, 1)
    line = np.full((20, strip.shape[1], 3), 250, np.uint8)
    font, ink = cv2.FONT_HERSHEY_SIMPLEX, (52, 48, 70)
    cv2.putText(line, prompt, (4, 14), font, 0.42, ink, 1, cv2.LINE_AA)
    return np.concatenate([strip, line])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
