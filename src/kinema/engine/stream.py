"""A live stream: the same stages without an end, steered by new prompts while it plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from kinema import media
from kinema.engine.adapters import (
    Adapter,
    Conditioning,
    Frames,
    Latent,
    Picture,
    Run,
)
from kinema.engine.facts import Facts
from kinema.engine.progress import ignore, never
from kinema.engine.stages import Stopwatch, admit, condition, decode, facts_of, load, sample, write
from kinema.errors import PromptError
from kinema.storybook.timeline import join
from kinema.types import Clip, FileId, IsCancelled, Log, OnEvent, Request, Size, check_text


def stream(
    request: Request,
    prompts: Iterator[str | None],
    *,
    files: Mapping[FileId, Path] | None = None,
    on_event: OnEvent = ignore,
    cancelled: IsCancelled = never,
    weights: Path | None = None,
    budget: int | None = None,
) -> Iterator[Picture]:
    """Yield frames without an end; the next prompt changes the scene that is running.

    Chunks are one second long (``round(fps)`` frames). Before each but the first, ``prompts`` is
    asked once: None lets the scene run on, a text remixes it, and the chunk moves into the new
    scene on the same clock. A text that cannot be read is reported as a `Log` and changes nothing.
    The stream ends when ``prompts`` does.

    Args:
        request: The first prompt, size, fps, seed and style; its task is ``stream`` and its length
            is not used.
        prompts: The next prompt or None, without waiting for one.
        files: Where the files that the request names lie.
        on_event: As in `generate.generate`; progress starts anew with each chunk.
        cancelled: Asked before each frame; true raises `Cancelled`.
        weights: The folder of the model's weights, as in `generate.generate`.
        budget: Bytes of memory, likewise.

    Yields:
        Frames (height, width, 3), uint8 RGB.

    Raises:
        RequestError: The first request cannot be answered.
        MissingPart: The model needs a part that is not installed.
        Cancelled: ``cancelled()`` was true.

    Cost:
        Bounded memory; each chunk is drawn when its first frame is taken.
    """
    run = admit(request, Run(files or {}, on_event, cancelled, weights=weights, budget=budget))
    model = load(request, run)
    for part in parts(model, request, prompts, run):
        yield from part.frames(model).pictures


def record(
    request: Request,
    prompts: Iterator[str | None],
    out: Path,
    *,
    files: Mapping[FileId, Path] | None = None,
    on_event: OnEvent = ignore,
    cancelled: IsCancelled = never,
    weights: Path | None = None,
    budget: int | None = None,
) -> Clip:
    """Write a stream into a clip that carries all its scenes, so that it can be changed like any.

    Arguments, errors and cost are those of `stream`; the request of the clip has the length that
    the stream had in the end. Cancelling leaves nothing behind; ending ``prompts`` keeps the clip.
    """
    watch = Stopwatch()
    run = admit(request, Run(files or {}, on_event, cancelled, weights=weights, budget=budget))
    media.check_output(out, size=request.size, fps=request.fps)
    model = load(request, run)
    made: list[Part] = []

    def pictures() -> Iterator[Picture]:
        for part in parts(model, request, prompts, run):
            made.append(part)
            yield from part.frames(model).pictures

    frames = Frames(pictures(), request.size, request.fps, None)
    return write(frames, out, lambda: whole(model, made), run, watch)


@dataclass(frozen=True, slots=True)
class Part:
    """One chunk of a stream, still without pixels: it can be drawn now, later, and again.

    request: what was asked of it; its prompt is "" where the scene runs on. run: what surrounded
    it, the chunk before among it.
    """

    request: Request
    conditioning: Conditioning
    latent: Latent
    run: Run

    def frames(self, model: Adapter, size: Size | None = None) -> Frames:
        """Its pictures, drawn as they are taken.

        Args:
            model: The model that made it.
            size: Another size of the same shape, where the model draws scenes.
        """
        request = self.request if size is None else msgspec.structs.replace(self.request, size=size)
        return decode(model, request, self.latent, self.run)


def parts(
    model: Adapter, request: Request, prompts: Iterator[str | None], run: Run
) -> Iterator[Part]:
    """The chunks of `stream`, each made when it is taken.

    Args:
        model: As `stages.load` gives it.
        request: As in `stream`, admitted.
        prompts: As in `stream`.
        run: As `stages.admit` gives it.
    """
    chunk = msgspec.structs.replace(request, frames=max(1, round(request.fps)))
    conditioning = condition(model, chunk, run)
    while True:
        latent = sample(model, chunk, conditioning, run)
        yield Part(chunk, conditioning, latent, run)
        try:
            prompt = next(prompts) or ""
        except StopIteration:
            return
        run = replace(run, before=latent)
        try:
            check_text("prompt", prompt)
            chunk = msgspec.structs.replace(chunk, prompt=prompt)
            conditioning = condition(model, chunk, run)
        except PromptError as error:
            run.on_event(Log(message=f"the scene runs on: {error}"))
            chunk = msgspec.structs.replace(chunk, prompt="")
            conditioning = condition(model, chunk, run)


def whole(model: Adapter, made: Sequence[Part]) -> Facts:
    """What a clip of those chunks, one behind the other, says about itself."""
    scenes = [part.latent.scene for part in made if part.latent.scene is not None]
    readings = [part.conditioning.reading for part in made if part.conditioning.reading]
    reading = readings[0] if len(readings) == 1 else {"prompts": readings}
    frames = sum(part.request.frames for part in made)
    request = msgspec.structs.replace(made[0].request, frames=frames)
    return facts_of(model, request, join(*scenes) if scenes else None, reading)
