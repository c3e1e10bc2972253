"""The animatic: the storybook world drawn directly, every task exact.

Reading the prompt is its conditioning, staging (who stands where, drawn from the seed) is its
sampling, and rendering is its decoding. It has no network and needs no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from kinema.engine.adapters import Adapter, Conditioning, Frames, Latent, Picture, Run
from kinema.engine.compose import TASKS, Draft, going_on
from kinema.engine.pictures import given_picture
from kinema.engine.progress import Meter
from kinema.storybook import render
from kinema.storybook.director import stage
from kinema.storybook.reader import Reading
from kinema.storybook.scene import Scene, Timeline
from kinema.storybook.timeline import map_scenes
from kinema.types import FileId, Json, Request, Sampling, Size, to_builtins


class Animatic:
    """Adapter of the model ``animatic``."""

    weights: str = ""
    packages: tuple[str, ...] = ("numpy", "opencv-python-headless", "av")

    def condition(self, request: Request, run: Run) -> Conditioning:
        """Read prompts, clips, masks and pictures into a timeline without places."""
        if run.before is not None and run.before.scene is not None:
            draft = going_on(request, run.before.scene)
        else:
            draft = TASKS[request.task](request, run.files)
        return Conditioning({}, draft.timeline, _reading(draft), _notes(request, draft))

    def sample(self, request: Request, conditioning: Conditioning, run: Run) -> Latent:  # noqa: ARG002
        """Give every actor its place and path, drawn from the scenes' own seeds."""
        draft = _timeline(conditioning)
        meter = Meter("sample", 1, run.on_event)
        staged = map_scenes(draft, stage)
        meter.step()
        return Latent({}, staged)

    def decode(self, request: Request, latent: Latent, run: Run) -> Frames:
        """Draw the frames, several at a time, never more in memory than the cores need."""
        timeline = _timeline(latent)
        pictures = _pictures(timeline, run.files)
        frames = render.frames(
            timeline, request.size, request.fps, request.frames, pictures=pictures
        )
        return Frames(frames, request.size, request.fps, request.frames)


def still(request: Request, files: Mapping[FileId, Path], at: Fraction, size: Size) -> Picture:
    """One frame of what a request would make, without making the rest.

    Args:
        request: What is wanted; one that `check` has passed.
        files: Where the files that it names lie.
        at: Seconds from the beginning of the clip.
        size: Of the frame, which shows the same at every size.

    Returns:
        (height, width, 3) RGB bytes.

    Cost:
        Tens of milliseconds for 480x270, most of them for painting the place.
    """
    timeline = map_scenes(TASKS[request.task](request, files).timeline, stage)
    return render.frame(timeline, size, at, _pictures(timeline, files))


def _pictures(timeline: Timeline, files: Mapping[FileId, Path]) -> dict[FileId, Any]:
    """Users' pictures that the scenes name."""
    named = {picture.file for scene in _scenes(timeline) for picture in scene.pictures}
    return {file: given_picture(file, files, "images") for file in named}


def _timeline(value: Conditioning | Latent) -> Timeline:
    if value.scene is None:
        raise ValueError("the animatic works on scenes, and this is another model's state")
    return value.scene


def _scenes(timeline: Timeline) -> list[Scene]:
    scenes = [shot.scene for shot in timeline.shots]
    return scenes + [shot.mix.scene for shot in timeline.shots if shot.mix is not None]


def _reading(draft: Draft) -> Json | None:
    """How the prompt was read; of several prompts (a storyboard's cards) all, in order."""
    documents = [_document(reading) for reading in draft.readings]
    if len(documents) > 1 and any(one != documents[0] for one in documents):
        return {"cards": documents}
    return documents[0] if documents else None


def _document(reading: Reading) -> dict[str, Any]:
    document: dict[str, Any] = to_builtins(reading)
    document.pop("scene", None)  # the clip carries the resolved one
    return document


def _notes(request: Request, draft: Draft) -> tuple[str, ...]:
    """What the user should know: how words were read, and what has no effect here."""
    said = [note for reading in draft.readings for note in reading.notes]
    idle = [
        f"the animatic draws {character.name} from words; the picture is not used"
        for character in request.characters
        if character.image is not None
    ]
    if request.sampling != Sampling():
        idle.append("the animatic has no solver: steps and guidance change nothing")
    return tuple(dict.fromkeys([*said, *draft.notes, *idle]))


ADAPTER: Final[Adapter] = Animatic()
