"""The five steps that every clip goes through: check, condition, sample, decode, write.

Each is a plain function from one typed value to the next; the first has two, `admit` and `load`.
`generate` runs all of them once, `stream` the middle three again and again. A stage that a
checkpoint holds finished is not done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from kinema import media, trust
from kinema.engine.adapters import (
    Adapter,
    Conditioning,
    Frames,
    Latent,
    Picture,
    Run,
    adapter,
    weights_folder,
)
from kinema.engine.cards import is_pipeline
from kinema.engine.check import check
from kinema.engine.checkpoint import Arrays
from kinema.engine.estimate import check_memory
from kinema.engine.facts import Facts, versions
from kinema.engine.pictures import PREVIEW_EVERY, preview
from kinema.engine.progress import Meter
from kinema.errors import Cancelled
from kinema.storybook.scene import Timeline
from kinema.types import (
    Clip,
    Json,
    Log,
    Request,
    Value,
    from_json,
    to_builtins,
    to_json,
)


class _Kept(Value, kw_only=True):
    """What a checkpoint holds of a stage besides its arrays. Another request's is not used."""

    request: Request
    scene: Timeline | None = None
    reading: Json | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """How a clip that is served to others, or joined into a film, differs from one that is kept.

    silence: give an MP4 a sound track of silence. shown: what of the facts the file itself says.
    master: it will be encoded again, and nearly all of the picture is kept.
    """

    silence: bool = False
    master: bool = False
    shown: Callable[[Facts], Json] = to_builtins


@dataclass(slots=True)
class Stopwatch:
    """Seconds spent by stage."""

    timings: dict[str, float] = field(default_factory=dict[str, float])
    _last: float = field(default_factory=time.monotonic)

    def lap(self, stage: str) -> None:
        """The time since the last lap went into ``stage``."""
        now = time.monotonic()
        self.timings[stage] = round(self.timings.get(stage, 0.0) + now - self._last, 4)
        self._last = now


def admit(request: Request, run: Run) -> Run:
    """Refuse what cannot be made, and find the weights of the model that is to make it.

    Returns:
        The run with the folder of the weights in it.

    Raises:
        RequestError: As `check.check` and `adapters.weights_folder`.
        MissingPart: As `adapters.weights_folder`.
    """
    name = request.model
    # What such a model can do is said by its folder alone; of any other it is known beforehand.
    described = weights_folder(name, run.weights) if is_pipeline(name) else None
    check(request, run.files, described)
    return replace(run, weights=described or weights_folder(name, run.weights))


def load(request: Request, run: Run) -> Adapter:
    """The model of a request that was admitted, once what is asked of it fits into the memory.

    Raises:
        MissingPart, WeightsError, RequestError: As `adapters.adapter`.
        TooLittleMemory: It does not fit, however it is cut up; says how much would do.
    """
    loras = [(run.files[lora.file], lora.weight) for lora in request.loras]
    model = adapter(request.model, run.weights, loras=loras, budget=run.budget)
    check_memory(request, run.weights)
    return model


def condition(model: Adapter, request: Request, run: Run) -> Conditioning:
    """Read the prompt and the inputs; tell the listener what was understood otherwise than said."""
    stop_if_cancelled(run)
    meter = Meter("condition", 1, run.on_event)
    saved = _restored(run, "condition", request)
    if saved is None:
        made = model.condition(request, run)
        kept = _Kept(request=request, scene=made.scene, reading=made.reading, notes=made.notes)
        _keep(run, "condition", kept, made.arrays)
    else:
        kept, arrays = saved
        made = Conditioning(arrays, kept.scene, kept.reading, kept.notes)
    for note in made.notes:
        run.on_event(Log(message=note))
    meter.step()
    return made


def sample(model: Adapter, request: Request, conditioning: Conditioning, run: Run) -> Latent:
    """Make the clip, still without pixels."""
    stop_if_cancelled(run)
    saved = _restored(run, "sample", request)
    if saved is not None:
        kept, arrays = saved
        return Latent(arrays, kept.scene)
    latent = model.sample(request, conditioning, run)
    _keep(run, "sample", _Kept(request=request, scene=latent.scene), latent.arrays)
    return latent


def decode(model: Adapter, request: Request, latent: Latent, run: Run) -> Frames:
    """Turn the latent into pictures, as they are taken; between two, the run can be cancelled."""
    stop_if_cancelled(run)
    frames = model.decode(request, latent, run)
    return replace(frames, pictures=_watched(frames, request.frames, run))


def write(
    frames: Frames,
    out: Path,
    describe: Callable[[], Facts],
    run: Run,
    watch: Stopwatch,
    publication: Publication = Publication(),
) -> Clip:
    """Encode the pictures into ``out``, mark the file and describe it.

    The file appears under its name when all is done; until then it lies beside it under another,
    and is removed if anything goes wrong. ``describe`` is asked when the last picture is written.
    """
    with media.staged(out) as part:
        media.write(
            part,
            frames.pictures,
            size=frames.size,
            fps=frames.fps,
            count=frames.count,
            cancelled=run.cancelled,
            master=publication.master,
        )
        watch.lap("decode")
        if publication.silence and part.suffix == ".mp4":
            media.add_silence(part)
        facts = describe()
        trust.finish(part, to_builtins(facts), shown=publication.shown(facts))
        stop_if_cancelled(run)
    watch.lap("write")
    return Clip(
        file=media.file_id(out),
        request=facts.request,
        model=facts.model,
        weights=facts.weights,
        versions=facts.versions,
        fingerprint=media.fingerprint(out),
        scene=to_builtins(facts.scene) if facts.scene is not None else None,
        reading=facts.reading,
        timings=watch.timings,
    )


def facts_of(
    model: Adapter, request: Request, scene: Timeline | None, reading: Json | None
) -> Facts:
    """What the finished clip will say about itself."""
    found = versions(model.packages)
    return Facts(
        kinema=found["kinema"],
        request=request,
        model=request.model,
        weights=model.weights,
        versions=found,
        seed=request.seed,
        scene=scene,
        reading=reading,
    )


def stop_if_cancelled(run: Run) -> None:
    """Raise `Cancelled` if somebody asked to stop."""
    if run.cancelled():
        raise Cancelled("stopped before it was finished")


def _watched(frames: Frames, count: int, run: Run) -> Iterator[Picture]:
    meter = Meter("decode", count, run.on_event)
    due = time.monotonic()
    for picture in frames.pictures:
        stop_if_cancelled(run)
        if time.monotonic() >= due:
            run.on_event(preview(picture))
            due = time.monotonic() + PREVIEW_EVERY
        yield picture
        meter.step()


def _keep(run: Run, stage: str, kept: _Kept, arrays: Arrays) -> None:
    if run.checkpoint is not None:
        document = np.frombuffer(to_json(kept), np.uint8)
        run.checkpoint.save(stage, 1, {**arrays, "kept": document})


def _restored(run: Run, stage: str, request: Request) -> tuple[_Kept, Arrays] | None:
    saved = run.checkpoint.load(stage) if run.checkpoint is not None else None
    if saved is None:
        return None
    arrays = dict(saved[1])
    kept = from_json(arrays.pop("kept").tobytes(), _Kept)
    return (kept, arrays) if kept.request == request else None
