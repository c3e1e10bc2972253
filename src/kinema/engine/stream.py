"""A live stream: the same stages without an end, steered by new prompts while it plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from kinema.engine.progress import ignore, never
from kinema.engine.stages import Stopwatch, admit, condition, decode, facts_of, load, sample, write
from kinema.errors import PromptError
from kinema.storybook.scene import Timeline
from kinema.storybook.timeline import join
from kinema.types import Clip, FileId, IsCancelled, Json, Log, OnEvent, Request, check_text


def stream(
    request: Request,
    prompts: Iterator[str | None],
    *,
    files: Mapping[FileId, Path] | None = None,
    on_event: OnEvent = ignore,
    cancelled: IsCancelled = never,
    weights: Path | None = None,
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

    Yields:
        Frames (height, width, 3), uint8 RGB.

    Raises:
        RequestError: The first request cannot be answered.
        MissingPart: The model needs a part that is not installed.
        Cancelled: ``cancelled()`` was true.

    Cost:
        Bounded memory; each chunk is drawn when its first frame is taken.
    """
    run = admit(request, Run(files or {}, on_event, cancelled, weights=weights))
    model = load(request, run)
    for part in _parts(model, request, prompts, run):
        yield from part.frames.pictures


def record(
    request: Request,
    prompts: Iterator[str | None],
    out: Path,
    *,
    files: Mapping[FileId, Path] | None = None,
    on_event: OnEvent = ignore,
    cancelled: IsCancelled = never,
    weights: Path | None = None,
) -> Clip:
    """Write a stream into a clip that carries all its scenes, so that it can be changed like any.

    Arguments, errors and cost are those of `stream`; the request of the clip has the length that
    the stream had in the end. Cancelling leaves nothing behind; ending ``prompts`` keeps the clip.
    """
    watch = Stopwatch()
    run = admit(request, Run(files or {}, on_event, cancelled, weights=weights))
    media.check_output(out, size=request.size, fps=request.fps)
    model = load(request, run)
    made: list[_Part] = []

    def pictures() -> Iterator[Picture]:
        for part in _parts(model, request, prompts, run):
            made.append(replace(part, frames=replace(part.frames, pictures=iter(()))))
            yield from part.frames.pictures

    frames = Frames(pictures(), request.size, request.fps, None)
    return write(frames, out, lambda: facts_of(model, *_whole(request, made)), run, watch)


@dataclass(frozen=True, slots=True)
class _Part:
    """One chunk of a stream."""

    conditioning: Conditioning
    latent: Latent
    frames: Frames


def _parts(
    model: Adapter, request: Request, prompts: Iterator[str | None], run: Run
) -> Iterator[_Part]:
    chunk = msgspec.structs.replace(request, frames=max(1, round(request.fps)))
    conditioning = condition(model, chunk, run)
    while True:
        latent = sample(model, chunk, conditioning, run)
        yield _Part(conditioning, latent, decode(model, chunk, latent, run))
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


def _whole(request: Request, made: list[_Part]) -> tuple[Request, Timeline | None, Json | None]:
    """Request, scenes and readings of all chunks together."""
    chunk = max(1, round(request.fps))
    scenes = [part.latent.scene for part in made if part.latent.scene is not None]
    readings = [part.conditioning.reading for part in made if part.conditioning.reading]
    reading = readings[0] if len(readings) == 1 else {"prompts": readings}
    total = msgspec.structs.replace(request, frames=chunk * len(made))
    return total, join(*scenes) if scenes else None, reading
