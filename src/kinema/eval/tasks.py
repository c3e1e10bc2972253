"""What a model does besides words to video: a given first frame kept, loops closed, no drift."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace

from kinema import media
from kinema.engine.cards import card
from kinema.engine.shape import nearest_rings
from kinema.errors import RequestError
from kinema.eval import measures
from kinema.eval.cases import Case
from kinema.eval.making import Maker
from kinema.eval.report import Measure
from kinema.eval.score import Shape
from kinema.eval.watching import Pixels
from kinema.storybook.render import frame
from kinema.types import ImageInput, ImageRole, Request, Task

EXTENSIONS: Final = 4


def task_measures(
    maker: Maker, found: Sequence[Case], shape: Shape, folder: Path
) -> dict[str, Measure]:
    """Measure every task that the model does, on these prompts.

    Args:
        maker: Makes clips of the model.
        found: A few prompts; each is made up to seven times.
        shape: Of the clips.
        folder: Of what is made.

    Returns:
        By what is measured: PSNR of a given first frame, the step over a loop's seam in mean
        steps, and how far light and contrast have gone after four extensions. Tasks that the
        model refuses are left out.
    """
    kinds: dict[str, tuple[Task, _Measured, str]] = {
        "first frame of image to video": (Task.IMAGE_TO_VIDEO, first_frame, "dB"),
        "step over the seam of a loop": (Task.LOOP, loop_seam, "mean steps"),
        "drift of the light over four extensions": (Task.EXTEND, drift, "of the range"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    able = card(maker.model).tasks if ":" not in maker.model else dict.fromkeys(Task)
    table: dict[str, Measure] = {}
    for name, (task, measured, unit) in kinds.items():
        values: list[float] = []
        for number, case in enumerate(found if task in able else ()):
            try:
                values.append(measured(maker, case, number, shape, folder))
            except RequestError:
                break
        if values:
            mean = float(np.mean(values))
            table[name] = Measure(generated=mean, real=None, unit=unit, clips=len(values))
    return table


def first_frame(maker: Maker, case: Case, number: int, shape: Shape, folder: Path) -> float:
    """PSNR of the first frame made, to the real one that was given, dB."""
    path = folder / f"first-{number:05}.png"
    real = frame(case.sample.timeline, shape.size, Fraction(0))
    cv2.imwrite(str(path), cv2.cvtColor(real, cv2.COLOR_RGB2BGR))
    name = media.file_id(path)
    request = replace(
        maker.request(case, number),
        task=Task.IMAGE_TO_VIDEO,
        images=(ImageInput(file=name, role=ImageRole.FIRST),),
    )
    made = maker.make(request, folder / f"moved-{number:05}.mp4", {name: path})
    (first,) = media.frames(made, count=1)
    return measures.psnr(first, real)


def loop_seam(maker: Maker, case: Case, number: int, shape: Shape, folder: Path) -> float:
    """The step from a loop's last frame to its first, in mean steps between its frames."""
    clip = maker(case, number)
    rule = card(maker.model).frames if ":" not in maker.model else None
    frames = shape.frames if rule is None else nearest_rings(shape.frames, rule)[1]
    request = _of_clip(maker.request(case, number), Task.LOOP, clip, frames)
    made = maker.make(request, folder / f"loop-{number:05}.mp4", {media.file_id(clip): clip})
    return measures.seam(_whole(made))


def drift(maker: Maker, case: Case, number: int, shape: Shape, folder: Path) -> float:
    """How far mean and spread of the light are from the first clip's in the last extension."""
    clip = maker(case, number)
    for extension in range(1, EXTENSIONS + 1):
        frames = shape.frames + extension * (shape.frames - 1)
        request = _of_clip(maker.request(case, number), Task.EXTEND, clip, frames)
        out = folder / f"longer-{number:05}-{extension}.mp4"
        clip = maker.make(request, out, {media.file_id(clip): clip})
    frames = _whole(clip).astype(np.float32) / 255
    begin, end = frames[: shape.frames], frames[-shape.frames :]
    return max(abs(float(begin.mean() - end.mean())), abs(float(begin.std() - end.std())))


_Measured = Callable[[Maker, Case, int, Shape, Path], float]


def _of_clip(request: Request, task: Task, clip: Path, frames: int) -> Request:
    return replace(request, task=task, prompt="", clip=media.file_id(clip), frames=frames)


def _whole(path: Path) -> Pixels:
    return np.stack(list(media.frames(path)))
