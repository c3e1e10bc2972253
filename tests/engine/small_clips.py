"""Small real clips, made once, that the engine's tests change and continue."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec

from kinema import media
from kinema.engine.generate import generate
from kinema.types import Clip, FileId, Request, Size

SMALL = Size(width=128, height=128)
FOX = Request(
    prompt="a red fox walks in a meadow at noon",
    size=SMALL,
    fps=Fraction(8),
    frames=8,
    seed=11,
)


class Clips:
    """Two finished clips and the pictures that tests hand in, with their names by content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[FileId, Path] = {}
        self.fox = self.make(FOX, "fox.mp4")
        duck = msgspec.structs.replace(FOX, prompt="a duck swims on a lake at night", frames=12)
        self.duck = self.make(duck, "duck.mp4")

    def make(self, request: Request, name: str) -> Clip:
        clip = generate(request, self.folder / name, files=self.files)
        self.files[clip.file] = self.folder / name
        return clip

    def take(self, path: Path) -> FileId:
        name = media.file_id(path)
        self.files[name] = path
        return name
